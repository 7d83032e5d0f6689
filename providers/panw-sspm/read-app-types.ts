import type { SettingRecord } from "../../src/model/objects.js";
import { at, count, known, texts, word } from "../../src/provider/decode.js";
import { reasonOf } from "../../src/provider/http-error.js";
import type { ReadPage } from "../../src/provider/provider.js";
import type { SspmConnection } from "./connection.js";
import { bareList, type Losses, losses, one } from "./read.js";
import { nothingOfSignIn } from "./schema-config.js";

/**
 * By type of app (`app-type/<type>`): what the product does with it, how it signs in there, and which permissions of third-party apps it calls risky.
 * It is the vendor's own catalogue, not the tenant's state: what can't be read of it is told and leaves no gap.
 */
export async function* appTypes(connection: SspmConnection, types: Set<string>, lost: Losses, signal?: AbortSignal): AsyncGenerator<ReadPage> {
	if (types.size === 0) return;
	const aside = losses();
	const list = await bareList(connection, { method: "GET", path: "/sspm/api/v1/catalog/apps" }, losses(), signal);
	for (const type of types) {
		const params = { app: type };
		const read = async (path: string): Promise<unknown> => {
			const answer = await one(connection, { method: "GET", path, params }, signal);
			if ("body" in answer) return answer.body;
			if (answer.error.status !== 404) aside.add(reasonOf(answer.error));
			return undefined;
		};
		const entry = list?.items.find((item) => word(at(item, "name")) === type) ?? (await read("/sspm/api/v1/catalog/apps/{app}"));
		const features = texts(at(entry, "features"))?.sort();
		const info = await read("/sspm/api/v1/auth/{app}/info");
		const scopes = features?.includes("THIRD_PARTY_APPS") ? await read("/sspm/api/v1/catalog/apps/{app}/scopes") : undefined;
		const values = {
			features,
			signIn: word(at(info, "strategy")),
			singleSignOn: wordsIn(at(info, "sso_fields"), "sso_provider"),
			riskyPermissions: Array.isArray(scopes) ? wordsIn(scopes.filter(isRisky), "id") : undefined,
		};
		const name = word(at(entry, "display_name")) ?? type;
		const body: SettingRecord = {
			id: `app-type/${type}`,
			kind: "app-type",
			name,
			active: undefined,
			builtIn: true,
			values: known(values),
			...nothingOfSignIn,
			verdict: null,
		};
		yield { records: [{ id: body.id, body: known(body) }], request: null };
	}
	for (const reason of aside.end().reasons) lost.note(reason);
}

function isRisky(scope: unknown): boolean {
	return /^(high|critical)$/i.test(word(at(scope, "severity")) ?? "");
}

function wordsIn(list: unknown, key: string): string[] | undefined {
	return Array.isArray(list) ? list.flatMap((item) => word(at(item, key)) ?? []).sort() : undefined;
}

/** How many third-party apps there are, and how many somebody has approved (`third-party-apps`), as the product counts them. */
export async function* thirdPartyCounts(connection: SspmConnection, lost: Losses, signal?: AbortSignal): AsyncGenerator<ReadPage> {
	const answer = await one(connection, { method: "GET", path: "/sspm/api/v1/plugins/classification-aggregates" }, signal);
	// Third-party apps are a part with a licence of its own, of which the collection of apps tells: here only the numbers are unknown.
	if ("error" in answer) lost.note(reasonOf(answer.error));
	const number = (key: string) => ("body" in answer ? count(at(answer.body, key)) : undefined);
	const values = known({
		all: number("total_third_party_apps"),
		sanctioned: number("sanctioned_third_party_apps"),
		usersOfOthers: number("users_using_unsanctioned_apps"),
	});
	const id = "third-party-apps";
	const body: SettingRecord = {
		id: `${id}/all`,
		kind: id,
		name: "Third-party apps",
		active: undefined,
		builtIn: true,
		values,
		...nothingOfSignIn,
		verdict: null,
	};
	yield { records: [{ id: body.id, body: known(body) }], request: "error" in answer ? answer.error.request : answer.request };
}
