import type { ReadContext, Reader, ReadPage } from "../../src/provider/provider.js";
import type { AppRecord } from "../../src/model/objects.js";
import type { OktaConnection } from "./connection.js";
import { concurrently } from "./pool.js";
import { decodePage, list } from "./read.js";
import { appList } from "./read-app-list.js";
import { type Tally, tally } from "./read-tally.js";
import { decodeAppGroup, decodeAppUser } from "./schema-app.js";

const scope = "okta.apps.read";

/** Apps, active or not. */
export const apps: Reader<OktaConnection> = {
	collection: "apps",
	after: [],
	scopes: [scope],
	async *read(connection, context) {
		const found = await appList(connection, context);
		for (const page of found.pages) {
			yield { records: page.apps.map((app) => ({ id: app.record.id, body: app.record })), request: page.request, ...(page.quarantined.length > 0 && { quarantined: page.quarantined }) };
		}
		yield { records: [], request: null, end: { closed: found.closed, reasons: found.reasons } };
	},
};

/**
 * Who may use which app: groups, and the users assigned directly. Users who come through a group are in the group's membership.
 * The vendor can't leave them out of the list, so this is the slowest collection of a large tenant (README, "Limits").
 */
export const appAssignments: Reader<OktaConnection> = {
	collection: "appAssignments",
	after: ["apps"],
	scopes: [scope],
	async *read(connection, context) {
		const ids: string[] = [];
		for await (const record of context.current("apps")) ids.push((record.body as AppRecord).id);
		const failures = tally();
		let done = 0;
		for await (const pages of concurrently(ids, 8, (app) => assignmentsOf(connection, context, app, failures))) {
			yield* pages;
			context.progress(++done, ids.length);
		}
		yield { records: [], request: null, end: { closed: failures.failed() === 0, reasons: failures.reasons("lists of an app's users or groups") } };
	},
};

async function assignmentsOf(connection: OktaConnection, context: ReadContext, app: string, failures: Tally): Promise<ReadPage[]> {
	const parts = [
		{ path: "/api/v1/apps/{appId}/groups", limit: 200, decode: decodeAppGroup },
		{ path: "/api/v1/apps/{appId}/users", limit: 500, decode: decodeAppUser },
	];
	const pages: ReadPage[] = [];
	for (const { path, limit, decode } of parts) {
		for await (const page of list(connection, { method: "GET", path, params: { appId: app }, query: { limit } }, { scope, signal: context.signal })) {
			pages.push({ ...decodePage(page, { decode: (item) => decode(item, app), id: (found) => `${app}/${found.principal}` }), request: page.request });
			// An app that was deleted since it was listed is assigned to nobody.
			if (page.end && page.end.error?.status !== 404) failures.end(page.end, scope);
		}
	}
	return pages;
}
