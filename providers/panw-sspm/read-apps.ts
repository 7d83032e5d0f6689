import type { AppRecord } from "../../src/model/objects.js";
import type { ReadRecord } from "../../src/model/snapshot.js";
import { known } from "../../src/provider/decode.js";
import type { Reader } from "../../src/provider/provider.js";
import type { SspmConnection } from "./connection.js";
import { readRole } from "./dialect.js";
import { type WatchedApp, watchedApps } from "./places.js";
import { decodeAll, losses } from "./read.js";
import { decodePlugin, plugins } from "./read-plugins.js";

/** Apps that are watched, and third-party apps that were let into them. */
export const apps: Reader<SspmConnection> = {
	collection: "apps",
	after: [],
	scopes: [readRole, "THIRD_PARTY_APPS"],
	async *read(connection, context) {
		const lost = losses();
		const { apps: watched, bad, request } = await watchedApps(connection, lost, context.signal);
		const records: ReadRecord[] = watched.map((app) => ({ id: app.id, body: appRecord(app) }));
		yield { records, request, ...(bad.length > 0 && { quarantined: bad }) };
		for await (const { items, gone, request: from } of plugins(connection, context, lost))
			yield { ...decodeAll(items, decodePlugin, ({ id }) => id), request: from, gone };
		yield { records: [], request: null, end: lost.end() };
	},
};

function appRecord({ id, name, type, status, created }: WatchedApp): AppRecord {
	return known<AppRecord>({ id, name, type, active: status === undefined || status === "Active", nonHuman: false, clientId: null, created } as AppRecord);
}
