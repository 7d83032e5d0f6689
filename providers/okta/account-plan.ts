import type { AccountRecord } from "../../src/model/account.js";
import type { Millis } from "../../src/model/known.js";
import type { ReadContext } from "../../src/provider/provider.js";
import type { LogPoint } from "./log-events.js";
import { isDue } from "./moment.js";

/** What is known before a collection with one record, and one request, an account is read. */
export interface PlanInput {
	collection: "authenticators" | "risks";
	/** They are read first. */
	administrators: Set<string>;
	/** Up to where the last scan took the log into account; null where no scan did. */
	last: LogPoint | null;
	/** Accounts that the log names since; null where it can't say. */
	changed: { has(id: string): boolean } | null;
	/** Most requests; null = no limit. */
	allowed: number | null;
}

/** Which accounts are asked for in this scan. */
export interface AccountPlan {
	/** Accounts that could have a record: everyone who can sign in, or may. */
	eligible: number;
	confirmed: string[];
	read: string[];
	/** Eligible, and beyond the budget of this scan. */
	left: number;
	/** Accounts that have a stored record and can no longer sign in. */
	gone: string[];
}

/** Decides what to read: never-read administrators first, then what is oldest. */
export async function planAccounts(context: ReadContext, input: PlanInput): Promise<AccountPlan> {
	const { collection, administrators, last, changed } = input;
	const eligible: string[] = [];
	const disabled = new Set<string>();
	for await (const record of context.current("accounts")) {
		if ((record.body as AccountRecord).enabled === false) disabled.add(record.id);
		else eligible.push(record.id);
	}
	const stored = new Map<string, Millis>();
	for await (const record of context.previous(collection)) stored.set(record.id, record.confirmedAt);

	const { recheck } = context.budget;
	const first = (id: string): boolean => administrators.has(id) || (recheck?.has(id) ?? false);
	const stays = (id: string): boolean => {
		if (context.full || (recheck && first(id))) return false;
		const confirmedAt = stored.get(id);
		if (!changed || last === null || confirmedAt === undefined) return false;
		// The log was read from the last kept point on: what was confirmed before that point is not covered.
		return confirmedAt >= last.at && !changed.has(id) && !isDue(id, last.at, context.scanStarted, context.budget.perAccountMaxAge);
	};
	const confirmed = eligible.filter(stays);
	const waiting = eligible.filter((id) => !stays(id));
	const rank = (id: string): number => (first(id) ? 0 : 1);
	waiting.sort((a, b) => rank(a) - rank(b) || (stored.get(a) ?? 0) - (stored.get(b) ?? 0));
	const read = waiting.slice(0, input.allowed ?? waiting.length);
	return { eligible: eligible.length, confirmed, read, left: waiting.length - read.length, gone: [...stored.keys()].filter((id) => disabled.has(id)) };
}

export function* batches(ids: string[], size: number): Generator<string[]> {
	for (let from = 0; from < ids.length; from += size) yield ids.slice(from, from + size);
}
