import type { AccountRecord } from "../../src/model/account.js";
import type { Millis } from "../../src/model/known.js";
import type { ReadContext } from "../../src/provider/provider.js";
import type { OktaConnection } from "./connection.js";
import { changedSince, keptJson, type LogPoint, type LogQuery, logPoint } from "./log-events.js";
import { isDue } from "./moment.js";

const cursor = "okta.authenticators";

const factorEvents: LogQuery = { filter: 'eventType sw "user.mfa.factor"', entity: "User" };

/** Which accounts' factors are asked for in this scan. */
export interface AuthenticatorPlan {
	/** Accounts that could have a record: everyone who can sign in, or may. */
	eligible: number;
	confirmed: string[];
	read: string[];
	/** Eligible, and beyond the budget of this scan. */
	left: number;
	/** Accounts that have a stored record and can no longer sign in. */
	gone: string[];
	/** Keeps the point up to which the log's changes are taken into account: what was neither read nor confirmed since is read next time. */
	keep(): Promise<void>;
}

/** Decides what to read: never-read administrators first, then what is oldest. */
export async function planAuthenticators(connection: OktaConnection, context: ReadContext, administrators: Set<string>): Promise<AuthenticatorPlan> {
	const eligible: string[] = [];
	const disabled = new Set<string>();
	for await (const record of context.current("accounts")) {
		if ((record.body as AccountRecord).enabled === false) disabled.add(record.id);
		else eligible.push(record.id);
	}
	const stored = new Map<string, Millis>();
	for await (const record of context.previous("authenticators")) stored.set(record.id, record.confirmedAt);

	const now = logPoint(connection, context);
	const last = await keptJson<LogPoint>(context, cursor);
	const changed = last === null || context.full || stored.size === 0 ? null : await changedSince(connection, last, now, factorEvents, context.signal);
	const { recheck } = context.budget;
	const first = (id: string): boolean => administrators.has(id) || (recheck?.has(id) ?? false);
	const stays = (id: string): boolean => {
		if (recheck && first(id)) return false;
		const confirmedAt = stored.get(id);
		if (!changed || last === null || confirmedAt === undefined) return false;
		// The log was read from the last kept point on: what was confirmed before that point is not covered.
		return confirmedAt >= last.at && !changed.has(id) && !isDue(id, last.at, context.scanStarted, context.budget.perAccountMaxAge);
	};
	const confirmed = eligible.filter(stays);
	const waiting = eligible.filter((id) => !stays(id));
	const rank = (id: string): number => (first(id) ? 0 : 1);
	waiting.sort((a, b) => rank(a) - rank(b) || (stored.get(a) ?? 0) - (stored.get(b) ?? 0));
	const allowed = context.budget.perAccountRequests ?? waiting.length;
	const read = waiting.slice(0, allowed);
	return {
		eligible: eligible.length,
		confirmed,
		read,
		left: waiting.length - read.length,
		gone: [...stored.keys()].filter((id) => disabled.has(id)),
		keep: () => context.setCursor(cursor, JSON.stringify(now)),
	};
}
