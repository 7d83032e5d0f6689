import type { Millis } from "../../src/model/known.js";
import { at, word } from "../../src/provider/decode.js";
import type { ReadContext } from "../../src/provider/provider.js";
import type { GoogleConnection } from "./connection.js";
import { lists } from "./lists.js";
import type { Page } from "./paging.js";
import { list } from "./read.js";
import { objectsOrNone } from "./schema.js";
import { readScope } from "./scopes.js";

/** Google keeps these logs for 180 days; a day is left for clocks. https://support.google.com/a/answer/7061566 */
export const retention: Millis = 179 * 24 * 3600_000;
/** Events come minutes to hours after what they tell of: windows overlap. */
export const lateness: Millis = 6 * 3600_000;

/** How far a log was taken into account. */
export interface LogPoint {
	/** Start of the scan, on our clock. */
	at: Millis;
	/** End of its window, on the server's clock, which stamps the log. */
	until: Millis;
}

export function logPoint(connection: GoogleConnection, context: Pick<ReadContext, "scanStarted">): LogPoint {
	return { at: context.scanStarted, until: context.scanStarted + (connection.http.clockSkew() ?? 0) };
}

export interface Window {
	since: Millis;
	until: Millis;
}

/** Activities of one application's log, newest first. https://developers.google.com/workspace/admin/reports/reference/rest/v1/activities/list */
export function activityPages(
	connection: GoogleConnection,
	application: string,
	{ since, until }: Window,
	context: Pick<ReadContext, "signal">,
	more: Record<string, string> = {},
) {
	const query = { startTime: new Date(since).toISOString(), endTime: new Date(until).toISOString(), maxResults: 1000, ...more };
	const request = {
		method: "GET" as const,
		path: "/admin/reports/v1/activity/users/{userKey}/applications/{applicationName}",
		params: { userKey: "all", applicationName: application },
		query,
	};
	return list(connection, request, { shape: lists.activities, scope: readScope.audit, signal: context.signal });
}

/** Since a point in the log; null where it can't say it all: too long ago, not readable, too many pages. */
export async function changesSince(
	connection: GoogleConnection,
	context: ReadContext,
	application: string,
	from: LogPoint,
	mostPages = 10,
): Promise<unknown[] | null> {
	const now = logPoint(connection, context);
	if (now.until - from.until > retention) return null;
	const found: unknown[] = [];
	let pages = 0;
	for await (const page of activityPages(connection, application, { since: from.until - lateness, until: now.until }, context)) {
		found.push(...page.items);
		if (isBroken(page) || (!page.end && ++pages === mostPages)) return null;
	}
	return found;
}

function isBroken({ quarantined, end }: Page): boolean {
	return quarantined.length > 0 || (end !== undefined && !end.closed);
}

/** The events of an activity with their parameters, texts and lists of texts only. */
export function eventsOf(activity: unknown): { name: string; parameters: Map<string, string> }[] {
	return (objectsOrNone(at(activity, "events")) ?? []).map((event) => ({
		name: word(event.name) ?? "",
		parameters: new Map(
			(objectsOrNone(event.parameters) ?? []).flatMap((one): [string, string][] => {
				const [key, value] = [word(one.name), word(one.value)];
				return key && value ? [[key, value]] : [];
			}),
		),
	}));
}

/** A cursor's JSON, or null where there is none yet. */
export async function keptJson<T>(context: ReadContext, name: string): Promise<T | null> {
	const text = await context.cursor(name);
	if (text === null) return null;
	try {
		return JSON.parse(text) as T;
	} catch {
		return null;
	}
}
