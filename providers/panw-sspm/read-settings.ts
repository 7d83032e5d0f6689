import type { SettingRecord } from "../../src/model/objects.js";
import { known } from "../../src/provider/decode.js";
import type { Reader } from "../../src/provider/provider.js";
import { type Catalogue, catalogueOf, controlBook } from "./catalogue.js";
import type { SspmConnection } from "./connection.js";
import { readRole } from "./dialect.js";
import { instanceOf, instances, type WatchedApp, watchedApps } from "./places.js";
import { losses } from "./read.js";
import { appTypes, thirdPartyCounts } from "./read-app-types.js";
import { configsOf, countsBefore, ticketMap } from "./read-configs.js";
import { idps } from "./read-idps.js";
import { isStale, nothingOfSignIn } from "./schema-config.js";
import { linkCounts } from "./ticket-links.js";
import { issueStates } from "./ticket-state.js";

/** What the vendor watches, each of its configurations with the vendor's verdict, and the identity providers. The vendor tells of no changes: each scan reads all. */
export const settings: Reader<SspmConnection> = {
	collection: "settings",
	after: [],
	scopes: [readRole, "SCAN", "IDENTITY"],
	async *read(connection, context) {
		const { signal } = context;
		const lost = losses();
		const { apps, bad, request } = await watchedApps(connection, lost, signal);
		const now = connection.config.now();
		yield { records: apps.map((app) => ({ id: `app/${app.id}`, body: appSetting(app, now) })), request, ...(bad.length > 0 && { quarantined: bad }) };
		yield* appTypes(connection, new Set(apps.map(({ type }) => type)), lost, signal);
		const counts = await countsBefore(context);
		// Without the identity part tickets are unknown, and everything else is there.
		const aside = losses();
		const places = await instances(connection, aside, signal);
		const controls = await controlBook(connection, context, lost);
		const stateOf = issueStates(connection, signal);
		const links = linkCounts(connection, aside, signal);
		const catalogues = new Map<string, Catalogue | null>();
		for (const [done, app] of apps.entries()) {
			if (!catalogues.has(app.type)) catalogues.set(app.type, await catalogueOf(connection, app.type, lost, signal));
			const place = places?.closed ? instanceOf(app, places.found, apps) : undefined;
			const tickets = await ticketMap(connection, place, aside, signal);
			const joined = { controls, tickets, stateOf, countOf: place ? links(place.id) : null };
			yield* configsOf(connection, context, app, { ...joined, catalogue: catalogues.get(app.type) ?? null, before: counts.get(app.id) ?? 0 }, lost);
			context.progress(done + 1, apps.length);
		}
		for (const reason of aside.end().reasons) lost.note(reason);
		yield* idps(connection, lost, signal);
		yield* thirdPartyCounts(connection, lost, signal);
		await controls.keep();
		yield { records: [], request: null, end: lost.end() };
	},
};

function appSetting(app: WatchedApp, now: number): SettingRecord {
	const { id, name, type, status, health, features: states, intervalMinutes } = app;
	const values = { type, status, health, features: states, intervalMinutes, stale: isStale(app, now) };
	const active = status === undefined ? undefined : status === "Active";
	return known<SettingRecord>({ id: `app/${id}`, kind: "app", name, active, builtIn: false, values: known(values), ...nothingOfSignIn, verdict: null });
}
