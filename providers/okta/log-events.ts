import type { Millis } from "../../src/model/known.js";
import type { OktaConnection } from "./connection.js";
import { list } from "./read.js";
import { at, word } from "./schema.js";

/** The System Log keeps 90 days; an older start succeeds and silently answers less. A day is left for clocks. */
const retention: Millis = 89 * 24 * 3600_000;

/** Events are ordered by their own time, and late ones may be missing from a closed window: windows overlap. */
export const lateness: Millis = 15 * 60_000;

/**
 * Ids of the users whose authenticators changed since `since`, by the System Log; null when the log can't say it all:
 * too long ago, not readable, or an event that names nobody.
 * https://developer.okta.com/docs/reference/system-log-query/
 */
export async function factorChanges(connection: OktaConnection, since: Millis, until: Millis, signal?: AbortSignal): Promise<Set<string> | null> {
	if (until - since > retention) return null;
	const query = {
		since: new Date(since - lateness).toISOString(),
		// Without an end the log is a stream that never closes (okta/okta-sdk-dotnet#337).
		until: new Date(until).toISOString(),
		filter: 'eventType sw "user.mfa.factor"',
		sortOrder: "ASCENDING",
		limit: 1000,
	};
	const changed = new Set<string>();
	for await (const page of list(connection, { method: "GET", path: "/api/v1/logs", query }, { scope: "okta.logs.read", signal })) {
		for (const event of page.items) {
			const users = usersOf(event);
			if (users.length === 0) return null;
			for (const user of users) changed.add(user);
		}
		if (page.quarantined.length > 0 || (page.end && !page.end.closed)) return null;
	}
	return changed;
}

/** Whom an event is about: its targets, or who acted where it has none. */
function usersOf(event: unknown): string[] {
	const targets = at(event, "target");
	const users = (Array.isArray(targets) ? targets : []).flatMap((target) => (isUser(target) ? (word(at(target, "id")) ?? []) : []));
	const actor = at(event, "actor");
	return users.length > 0 ? users : isUser(actor) ? [word(at(actor, "id")) ?? []].flat() : [];
}

function isUser(entity: unknown): boolean {
	return at(entity, "type") === "User";
}
