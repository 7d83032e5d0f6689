import type { CoverageReason, RequestRef } from "../../src/model/snapshot.js";
import type { ReadContext } from "../../src/provider/provider.js";
import type { OktaConnection } from "./connection.js";
import { list } from "./read.js";
import { type DecodedApp, decodeApp } from "./schema-app.js";

export interface AppPage {
	apps: DecodedApp[];
	quarantined: { id: string | null; why: string }[];
	request: RequestRef | null;
}

/** Every app of the org. */
export interface AppList {
	pages: AppPage[];
	closed: boolean;
	/** Closed, and every app understood. */
	whole: boolean;
	reasons: CoverageReason[];
}

const kept = new WeakMap<OktaConnection, { scanStarted: number; apps: Promise<AppList> }>();

/** The apps of this scan, read once: roles, settings, credentials and the apps themselves need them, and their bucket is the tightest. */
export function appList(connection: OktaConnection, context: ReadContext): Promise<AppList> {
	const before = kept.get(connection);
	if (before?.scanStarted === context.scanStarted) return before.apps;
	const apps = readApps(connection, context);
	kept.set(connection, { scanStarted: context.scanStarted, apps });
	return apps;
}

async function readApps(connection: OktaConnection, context: ReadContext): Promise<AppList> {
	const pages: AppPage[] = [];
	let end: Pick<AppList, "closed" | "reasons"> = { closed: false, reasons: [] };
	for await (const page of list(
		connection,
		{ method: "GET", path: "/api/v1/apps", query: { limit: 200 } },
		{ scope: "okta.apps.read", signal: context.signal },
	)) {
		const apps: DecodedApp[] = [];
		const quarantined: AppPage["quarantined"] = [...page.quarantined];
		for (const item of page.items) {
			const decoded = decodeApp(item);
			if ("bad" in decoded) quarantined.push({ id: decoded.id, why: decoded.bad });
			else apps.push(decoded.ok);
		}
		pages.push({ apps, quarantined, request: page.request });
		if (page.end) end = { closed: page.end.closed, reasons: page.end.reasons };
	}
	return { pages, ...end, whole: end.closed && pages.every((page) => page.quarantined.length === 0) };
}

/** The apps of a list, once each. */
export function appsOf(list: AppList): DecodedApp[] {
	return [...new Map(list.pages.flatMap((page) => page.apps.map((app) => [app.record.id, app] as const))).values()];
}
