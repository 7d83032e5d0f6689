import type { Millis } from "../../src/model/known.js";
import type { ReadContext } from "../../src/provider/provider.js";
import type { OktaConnection } from "./connection.js";
import { list } from "./read.js";
import { at, word } from "./schema.js";

/** The System Log keeps 90 days; an older start succeeds and silently answers less. A day is left for clocks. */
export const retention: Millis = 89 * 24 * 3600_000;

/** Events are ordered by their own time, and late ones may be missing from a closed window: windows overlap. */
export const lateness: Millis = 15 * 60_000;

/** How far a collection's changes are known from the log. */
export interface LogPoint {
	/** Start of the scan that took the log into account, on our clock. */
	at: Millis;
	/** End of its window, on the server's clock, which stamps the log. */
	until: Millis;
}

export interface LogQuery {
	filter: string;
	/** Types of the entities that changed: `User`, `AppInstance`. */
	entities: string[];
	/** More pages than this cost more than reading what they would spare [no limit]. */
	mostPages?: number;
}

/** This scan's own point in the log. */
export function logPoint(connection: OktaConnection, context: ReadContext): LogPoint {
	return { at: context.scanStarted, until: context.scanStarted + (connection.http.clockSkew() ?? 0) };
}

/**
 * Ids of the entities that changed between two points, by the System Log; null when the log can't say it all:
 * too long ago, not readable, too many pages, or an event that names nobody.
 * https://developer.okta.com/docs/reference/system-log-query/
 */
export async function changedSince(
	connection: OktaConnection,
	from: LogPoint,
	to: LogPoint,
	what: LogQuery,
	signal?: AbortSignal,
): Promise<Set<string> | null> {
	const changed = new Set<string>();
	for await (const events of eventsBetween(connection, from, to, what, signal)) {
		if (!events) return null;
		for (const event of events) {
			const named = namedBy(event, what.entities);
			if (named.length === 0) return null;
			for (const id of named) changed.add(id);
		}
	}
	return changed;
}

/** The events between two points, oldest first, page by page; a null, which is the last, where the log can't say them all. */
export async function* eventsBetween(
	connection: OktaConnection,
	from: LogPoint,
	to: LogPoint,
	what: Pick<LogQuery, "filter" | "mostPages">,
	signal?: AbortSignal,
): AsyncGenerator<unknown[] | null> {
	if (to.until - from.until > retention) return yield null;
	const query = {
		since: new Date(from.until - lateness).toISOString(),
		// Without an end the log is a stream that never closes (okta/okta-sdk-dotnet#337).
		until: new Date(to.until).toISOString(),
		filter: what.filter,
		sortOrder: "ASCENDING",
		limit: 1000,
	};
	let pages = 0;
	for await (const page of list(connection, { method: "GET", path: "/api/v1/logs", query }, { scope: "okta.logs.read", signal })) {
		pages += 1;
		const broken = page.quarantined.length > 0 || (page.end && !page.end.closed);
		if (broken || (!page.end && pages === what.mostPages)) return yield null;
		yield page.items;
	}
}

/** Whom an event is about: its targets, or who acted where it has none of the kind. */
export function namedBy(event: unknown, entities: string[]): string[] {
	const targets = at(event, "target");
	const named = (Array.isArray(targets) ? targets : []).flatMap((target) => idOf(target, entities));
	return named.length > 0 ? named : idOf(at(event, "actor"), entities);
}

function idOf(value: unknown, entities: string[]): string[] {
	const type = word(at(value, "type"));
	const id = type && entities.includes(type) ? word(at(value, "id")) : undefined;
	return id ? [id] : [];
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
