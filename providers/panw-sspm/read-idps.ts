import type { Known } from "../../src/model/known.js";
import type { SettingRecord } from "../../src/model/objects.js";
import { at, count, identified, known, object, texts, word } from "../../src/provider/decode.js";
import type { HttpRequest } from "../../src/provider/http.js";
import type { ReadPage } from "../../src/provider/provider.js";
import type { SspmConnection } from "./connection.js";
import { pageSize } from "./paging.js";
import { countedList, decodeAll, type Losses, losses, one } from "./read.js";
import { nothingOfSignIn } from "./schema-config.js";

const path = "/sspm/identity/v1/idps";

/** Some hundred types of app there are, by pages of ten at the least. */
const mostPages = 50;

/** Features of an identity provider, in the vendor's words. */
const features = ["ENROLLMENT", "ACTIVITY", "LOGOUT", "IDENTITY_NHI", "IDENTITY_ACTIVITY"];

/** The identity providers that the product watches (`idp/<id>`): how it stands with each of its features, and which apps are signed in to through it. */
export async function* idps(connection: SspmConnection, lost: Losses, signal?: AbortSignal): AsyncGenerator<ReadPage> {
	const list = await countedList(connection, { method: "GET", path }, lost, signal);
	if (!list) return;
	const aside = losses();
	const ask = (request: Omit<HttpRequest, "method">) => answered(connection, request, aside, signal);
	const named = await countedList(connection, { method: "GET", path, query: { designated: true } }, aside, signal);
	const designated = named?.closed ? new Set(named.items.map((item) => word(at(item, "idpId")))) : null;
	const details = new Map<string, Record<string, unknown>>();
	for (const item of list.items) {
		const [idpId, type] = [word(at(item, "idpId")), word(at(item, "appType"))];
		if (idpId === undefined) continue;
		const params = { idpId };
		const states: Record<string, string> = {};
		for (const feature of features) {
			const state = word(at(await ask({ path: `${path}/{idpId}/feature_state`, params, query: { feature } }), "status"));
			if (state !== undefined) states[feature] = state;
		}
		const offered = type === undefined ? undefined : await ask({ path: "/sspm/identity/v1/catalog/{appType}", params: { appType: type } });
		const accounts = countIn(await ask({ path: `${path}/{idpId}/idp_accounts/count`, params }));
		const apps = await appTypesOf(params, ask);
		details.set(idpId, known({ features: states, offers: texts(at(offered, "features")), accounts, apps }));
	}
	// The identity providers themselves are there: what is missing of them is a missing value.
	for (const reason of aside.end().reasons) lost.note(reason);
	const decode = (item: unknown) => {
		const found = identified(item, "identity provider", "idpId");
		if ("bad" in found) return found;
		const { id, raw } = found;
		const values = { appType: raw.appType, ...(designated && { designated: designated.has(id) }), ...details.get(id) };
		const name = word(raw.displayName) ?? id;
		return { ok: known<SettingRecord>({ id: `idp/${id}`, kind: "idp", name, active: undefined, builtIn: false, values, ...nothingOfSignIn, verdict: null }) };
	};
	yield { ...decodeAll(list.items, decode, ({ id }) => id), request: list.request };
}

/** The answer; undefined where there is none. What this kind of provider does not have answers 400 or 404. */
async function answered(connection: SspmConnection, request: Omit<HttpRequest, "method">, lost: Losses, signal?: AbortSignal): Promise<unknown> {
	const answer = await one(connection, { method: "GET", ...request }, signal);
	if ("body" in answer) return answer.body;
	if (![400, 404].includes(answer.error.status)) lost.add({ cause: answer.error.cause, detail: answer.error.message });
	return undefined;
}

/** A count is a map whose keys are not documented: the greatest number is the one of them all. */
export function countIn(counts: unknown): Known<number> {
	const numbers = Object.values(object(counts) ?? {}).flatMap((value) => count(value) ?? []);
	return numbers.length === 0 ? undefined : Math.max(...numbers);
}

/**
 * Types of the apps that are signed in to; undefined where they can't be read to the end. A bare list by pages, whose first may be 0 or 1, so that
 * page 1 may be page 0 again. The types only: how many sign-ins there were changes by the hour.
 */
async function appTypesOf(params: { idpId: string }, ask: (request: Omit<HttpRequest, "method">) => Promise<unknown>): Promise<Known<string[]>> {
	const types = new Set<string>();
	for (let page = 0; page < mostPages; page++) {
		const rows = await ask({ path: `${path}/{idpId}/mfa_activity/count_by_app_type`, params, query: { limit: pageSize, page } });
		if (!Array.isArray(rows)) return undefined;
		const before = types.size;
		for (const row of rows) types.add(word(at(row, "appType")) ?? "");
		if (types.size === before && page !== 1) return [...types].filter((type) => type !== "").sort();
	}
	return undefined;
}
