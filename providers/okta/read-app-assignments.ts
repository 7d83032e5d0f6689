import type { AppAssignmentRecord } from "../../src/model/objects.js";
import type { ReadContext, Reader, ReadPage } from "../../src/provider/provider.js";
import type { OktaConnection } from "./connection.js";
import { changedSince, keptJson, type LogPoint, type LogQuery, logPoint } from "./log-events.js";
import { isDue } from "./moment.js";
import { concurrently } from "./pool.js";
import { decodePage, list } from "./read.js";
import { appList, appsOf } from "./read-app-list.js";
import { hasGone } from "./read-gone.js";
import { type Tally, tally } from "./read-tally.js";
import { decodeAppGroup, decodeAppUser } from "./schema-app.js";

const scope = "okta.apps.read";
const cursor = "okta.appAssignments";

/** https://developer.okta.com/docs/reference/api/event-types/ */
const assignmentEvents: LogQuery = {
	filter: 'eventType sw "application.user_membership" or eventType sw "group.application_assignment"',
	entities: ["AppInstance"],
};

/** What the last scan that ended knew: the point in the log, and the apps whose assignments it read whole or confirmed. */
interface Memory {
	point: LogPoint;
	apps: string[];
}

/**
 * Who may use which app: groups, and the users assigned directly. Users who come through a group are in the group's membership;
 * the vendor can't leave them out of the list, so this is the slowest collection of a large tenant (README, "Limits").
 * Apps that the System Log does not name since the last scan are confirmed without a request.
 */
export const appAssignments: Reader<OktaConnection> = {
	collection: "appAssignments",
	after: ["accounts", "groups", "apps"],
	scopes: [scope, "okta.logs.read"],
	async *read(connection, context) {
		const ids: string[] = [];
		for await (const record of context.current("apps")) ids.push(record.id);
		const point = logPoint(connection, context);
		const unchanged = await unchangedApps(connection, context, ids, point);
		yield* confirmedIn(context, unchanged);

		const failures = tally();
		const failed = new Set<string>();
		let done = unchanged.size;
		const waiting = ids.filter((id) => !unchanged.has(id));
		const names = new Map(waiting.length === 0 ? [] : appsOf(await appList(connection, context)).map(({ record, vendorName }) => [record.id, vendorName]));
		for await (const pages of concurrently(waiting, 8, (app) => assignmentsOf(connection, context, app, names.get(app), failures, failed))) {
			yield* pages;
			context.progress(++done, ids.length);
		}
		await context.setCursor(cursor, JSON.stringify({ point, apps: ids.filter((id) => !failed.has(id)) } satisfies Memory));
		yield { records: [], request: null, end: { closed: failures.failed() === 0, reasons: failures.reasons("lists of an app's users or groups") } };
	},
};

async function unchangedApps(connection: OktaConnection, context: ReadContext, ids: string[], point: LogPoint): Promise<Set<string>> {
	const memory = context.full ? null : await keptJson<Memory>(context, cursor);
	const changed = memory && (await changedSince(connection, memory.point, point, assignmentEvents, context.signal));
	if (!memory || !changed) return new Set();
	const known = new Set(memory.apps);
	return new Set(ids.filter((id) => known.has(id) && !changed.has(id) && !isDue(id, memory.point.at, context.scanStarted, context.budget.perAccountMaxAge)));
}

/** The stored assignments of unchanged apps, as confirmed; an account or a group that is gone takes its own along. */
async function* confirmedIn(context: ReadContext, unchanged: Set<string>): AsyncGenerator<ReadPage> {
	if (unchanged.size === 0) return;
	const exists = { account: await idsOf(context, "accounts"), group: await idsOf(context, "groups") };
	let ids: string[] = [];
	for await (const record of context.previous("appAssignments")) {
		const { app, principalType, principal } = record.body as AppAssignmentRecord;
		if (!unchanged.has(app) || exists[principalType]?.has(principal) === false) continue;
		ids.push(record.id);
		if (ids.length < 5000) continue;
		yield { records: [], request: null, confirmed: ids };
		ids = [];
	}
	if (ids.length > 0) yield { records: [], request: null, confirmed: ids };
}

/** Ids of a collection that was read whole; null where it wasn't, and absence proves nothing. */
async function idsOf(context: ReadContext, collection: "accounts" | "groups"): Promise<Set<string> | null> {
	if (context.coverage(collection)?.state !== "complete") return null;
	const ids = new Set<string>();
	for await (const record of context.current(collection)) ids.add(record.id);
	return ids;
}

async function assignmentsOf(
	connection: OktaConnection,
	context: ReadContext,
	app: string,
	vendorName: string | undefined,
	failures: Tally,
	failed: Set<string>,
): Promise<ReadPage[]> {
	const parts = [
		{ path: "/api/v1/apps/{appId}/groups", limit: 200, decode: decodeAppGroup },
		{ path: "/api/v1/apps/{appId}/users", limit: 500, decode: (item: unknown) => decodeAppUser(item, app, vendorName) },
	];
	const pages: ReadPage[] = [];
	for (const { path, limit, decode } of parts) {
		let first = true;
		for await (const page of list(connection, { method: "GET", path, params: { appId: app }, query: { limit } }, { scope, signal: context.signal })) {
			const decoded = decodePage(page, { decode: (item) => decode(item, app), id: (found) => `${app}/${found.principal}` });
			pages.push({ ...decoded, request: page.request });
			if (decoded.quarantined || (page.end && !page.end.closed)) failed.add(app);
			// An app that was deleted since it was listed is assigned to nobody.
			const gone = first && page.end?.error?.status === 404 && (await hasGone(connection, "app", app, context.signal));
			if (page.end && !gone) failures.end(page.end, scope);
			first = false;
		}
	}
	return pages;
}
