import type { Known } from "../../src/model/known.js";
import type { SettingRecord } from "../../src/model/objects.js";
import { at, date, identified, known, word } from "../../src/provider/decode.js";
import type { ReadContext, Reader, ReadPage } from "../../src/provider/provider.js";
import { type Catalogue, catalogueOf, controlBook } from "./catalogue.js";
import type { SspmConnection } from "./connection.js";
import { readRole } from "./dialect.js";
import { type Instance, instanceOf, instances, type WatchedApp, watchedApps } from "./places.js";
import { bareList, countedList, decodeAll, type Losses, losses, one } from "./read.js";
import { decodeConfig, decodePlain, isStale } from "./schema-config.js";
import { ticketsOf } from "./tickets.js";

/** Features of an identity provider, in the vendor's words. */
const features = ["ENROLLMENT", "ACTIVITY", "LOGOUT", "IDENTITY_NHI", "IDENTITY_ACTIVITY"];

/** What the vendor watches, each of its configurations with the vendor's verdict, and the identity providers. The vendor tells of no changes: each scan reads all. */
export const settings: Reader<SspmConnection> = {
	collection: "settings",
	after: [],
	scopes: [readRole, "SCAN", "IDENTITY"],
	async *read(connection, context) {
		const lost = losses();
		const { apps, bad, request } = await watchedApps(connection, lost, context.signal);
		const now = connection.config.now();
		yield { records: apps.map((app) => ({ id: `app/${app.id}`, body: appSetting(app, now) })), request, ...(bad.length > 0 && { quarantined: bad }) };
		const before = await countsBefore(context);
		// Without the identity part tickets are unknown, and everything else is there.
		const aside = losses();
		const places = await instances(connection, aside, context.signal);
		const controls = await controlBook(connection, context, lost);
		const catalogues = new Map<string, Catalogue | null>();
		for (const [done, app] of apps.entries()) {
			if (!catalogues.has(app.type)) catalogues.set(app.type, await catalogueOf(connection, app.type, lost, context.signal));
			const tickets = await ticketMap(connection, places?.closed ? instanceOf(app, places.found, apps) : undefined, aside, context.signal);
			const surroundings = { catalogue: catalogues.get(app.type) ?? null, controls, tickets };
			yield* configsOf(connection, context, app, surroundings, lost, before.get(app.id) ?? 0);
			context.progress(done + 1, apps.length);
		}
		for (const reason of aside.end().reasons) lost.note(reason);
		yield* idps(connection, lost, context.signal);
		await controls.keep();
		yield { records: [], request: null, end: lost.end() };
	},
};

function appSetting(app: WatchedApp, now: number): SettingRecord {
	const { id, name, type, status, health, features: states, intervalMinutes } = app;
	const values = { type, status, health, features: states, intervalMinutes, stale: isStale(app, now) };
	const active = status === undefined ? undefined : status === "Active";
	return known<SettingRecord>({ id: `app/${id}`, kind: "app", name, active, builtIn: false, values: known(values), verdict: null });
}

interface Joined {
	catalogue: Catalogue | null;
	controls: Awaited<ReturnType<typeof controlBook>>;
	tickets: Known<Map<string, string[]>>;
}

async function* configsOf(
	connection: SspmConnection,
	context: ReadContext,
	app: WatchedApp,
	{ catalogue, controls, tickets }: Joined,
	lost: Losses,
	before: number,
): AsyncGenerator<ReadPage> {
	const params = { app_id: app.id };
	const list = await bareList(connection, { method: "GET", path: "/sspm/api/v1/apps/{app_id}/configs", params }, lost, context.signal);
	if (!list) return;
	if (list.items.length === 0 && before > 0)
		lost.add({ cause: "floor", detail: `${list.request.call}: no configuration of ${app.name}, of which ${before} were read the last time` });
	const looked = new Map<string, string[]>();
	for (const item of list.items) {
		const control = word(at(item, "common_control_id"));
		const ids = control === undefined || looked.has(control) ? undefined : await controls.of(control);
		if (control !== undefined && ids) looked.set(control, ids);
	}
	const now = connection.config.now();
	const decode = (item: unknown) => {
		const entry = catalogue?.entries.get(word(at(item, "config_id")) ?? "") ?? (catalogue?.whole ? null : undefined);
		const control = word(at(item, "common_control_id"));
		const ids = control === undefined ? undefined : (looked.get(control) ?? Object.assign([control], { partial: true as const }));
		return decodeConfig(item, { app, entry, controls: ids, tickets, now });
	};
	yield { ...decodeAll(list.items, decode, ({ id }) => id), request: list.request };
	if (isStale(app, now))
		lost.note({ cause: "depends", detail: `${app.name} was not scanned for more than two of its intervals: its verdicts are not believed` });
	const plain = await bareList(connection, { method: "GET", path: "/sspm/api/v1/apps/{app_id}/settings", params }, lost, context.signal);
	if (!plain) return;
	const checked = new Set(list.items.map((item) => word(at(item, "id"))));
	const others = plain.items.filter((item) => {
		const id = word(at(item, "id"));
		return id === undefined || !checked.has(id);
	});
	yield {
		...decodeAll(
			others,
			(item) => decodePlain(item, app),
			({ id }) => id,
		),
		request: plain.request,
	};
}

/** Configurations of each app that the last scan had. */
async function countsBefore(context: ReadContext): Promise<Map<string, number>> {
	const counts = new Map<string, number>();
	for await (const { body } of context.previous("settings")) {
		const app = (body as SettingRecord).verdict?.app;
		if (app !== undefined) counts.set(app, (counts.get(app) ?? 0) + 1);
	}
	return counts;
}

async function ticketMap(connection: SspmConnection, place: Known<Instance | null>, lost: Losses, signal?: AbortSignal): Promise<Known<Map<string, string[]>>> {
	if (place === undefined) return undefined;
	const found = new Map<string, string[]>();
	if (place === null) return found;
	const { tickets } = await ticketsOf(connection, place.id, lost, signal);
	if (!tickets) return undefined;
	for (const { key, resources } of tickets) for (const id of resources) found.set(id, [...(found.get(id) ?? []), key]);
	return found;
}

async function* idps(connection: SspmConnection, lost: Losses, signal?: AbortSignal): AsyncGenerator<ReadPage> {
	const path = "/sspm/identity/v1/idps";
	const list = await countedList(connection, { method: "GET", path }, lost, signal);
	if (!list) return;
	const aside = losses();
	const named = await countedList(connection, { method: "GET", path, query: { designated: true } }, aside, signal);
	const designated = named?.closed ? new Set(named.items.map((item) => word(at(item, "idpId")))) : null;
	const states = new Map<string, Record<string, unknown>>();
	for (const item of list.items) {
		const id = word(at(item, "idpId"));
		if (id !== undefined) states.set(id, await statesOf(connection, id, aside, signal));
	}
	for (const reason of aside.end().reasons) lost.note(reason);
	const decode = (item: unknown) => {
		const found = identified(item, "identity provider", "idpId");
		if ("bad" in found) return found;
		const { id, raw } = found;
		const values = { appType: raw.appType, ...(designated && { designated: designated.has(id) }), features: states.get(id) ?? {} };
		const name = word(raw.displayName) ?? id;
		return { ok: known<SettingRecord>({ id: `idp/${id}`, kind: "idp", name, active: undefined, builtIn: false, values, verdict: null }) };
	};
	yield { ...decodeAll(list.items, decode, ({ id }) => id), request: list.request };
}

async function statesOf(connection: SspmConnection, idpId: string, lost: Losses, signal?: AbortSignal): Promise<Record<string, unknown>> {
	const states: Record<string, unknown> = {};
	for (const feature of features) {
		const answer = await one(
			connection,
			{ method: "GET", path: "/sspm/identity/v1/idps/{idpId}/feature_state", params: { idpId }, query: { feature } },
			signal,
		);
		if ("error" in answer) {
			// A feature that the provider does not have.
			if (answer.error.status !== 404 && answer.error.status !== 400) lost.add({ cause: answer.error.cause, detail: answer.error.message });
			continue;
		}
		const [status, at_] = [word(at(answer.body, "status")), date(at(answer.body, "lastScannedAt"))];
		if (status !== undefined) states[feature] = { status, ...(at_ !== undefined && { lastScannedAt: at_ }) };
	}
	return states;
}
