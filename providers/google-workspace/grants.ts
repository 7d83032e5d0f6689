import type { AccountRecord } from "../../src/model/account.js";
import type { AppRecord, CredentialRecord } from "../../src/model/objects.js";
import { at, word } from "../../src/provider/decode.js";
import type { ReadContext, ReadPage } from "../../src/provider/provider.js";
import { administrators } from "./administrators.js";
import type { GoogleConnection } from "./connection.js";
import { changesSince, keptJson, type LogPoint, logPoint } from "./events.js";
import { lists } from "./lists.js";
import { once } from "./memo.js";
import { isDue } from "./moment.js";
import { concurrently } from "./pool.js";
import { decodePage, isGone, list, one } from "./read.js";
import { decodeApp, decodeAppPassword, decodeToken } from "./schema-credential.js";
import { readScope } from "./scopes.js";
import { type Tally, tally } from "./tally.js";

const scope = readScope.security;
const cursor = "google.grants";

/** Grants and app passwords of this scan: two requests an account, so it is planned. */
export interface Grants {
	pages: ReadPage[];
	apps: AppRecord[];
	/** Accounts whose stored credentials hold. */
	confirmed: Set<string>;
	failures: Tally;
	/** Accounts left to later scans. */
	left: number;
}

interface Memory {
	point: LogPoint;
	/** Accounts read whole or confirmed. */
	read: string[];
}

interface Progress {
	stop: boolean;
	answered: boolean;
	refusedInARow: number;
	failed: Set<string>;
}

/** So many refusals in a row, and nothing answered: asking for the rest would only cost. */
const hopeless = 20;

/**
 * Administrators first, then who was never read. In later scans only accounts that the log of grants names, or whose turn has come: app passwords
 * leave no event when they are made.
 */
export function grants(connection: GoogleConnection, context: ReadContext): Promise<Grants> {
	return once(connection, context, "grants", async () => {
		const memory = context.full || context.budget.recheck ? null : await keptJson<Memory>(context, cursor);
		const stored = memory && (await context.previousCount("credentials")) > 0 ? memory : null;
		const changed = stored && (await changedAccounts(connection, context, stored.point));
		const before = new Set(stored && changed ? stored.read : []);
		const admins = await administrators(context);
		const eligible: { id: string; passwords: boolean }[] = [];
		for await (const { id, body } of context.current("accounts")) {
			const { enabled, profile } = body as AccountRecord;
			// An app password needs 2-step verification; who has none has none of these.
			if (enabled !== false) eligible.push({ id, passwords: profile?.isEnrolledIn2Sv !== false });
		}
		const stays = ({ id }: { id: string }) =>
			stored !== null && before.has(id) && !changed?.has(id) && !isDue(id, stored.point.at, context.scanStarted, context.budget.perAccountMaxAge);
		const confirmed = new Set(eligible.filter(stays).map(({ id }) => id));
		const waiting = eligible.filter(({ id }) => !confirmed.has(id));
		const rank = ({ id }: { id: string }): number => (context.budget.recheck?.has(id) || admins.has(id) ? 0 : before.has(id) ? 2 : 1);
		waiting.sort((a, b) => rank(a) - rank(b));
		const read = within(waiting, context.budget.perAccountRequests);

		const failures = tally();
		const state: Progress = { stop: false, answered: false, refusedInARow: 0, failed: new Set() };
		const pages: ReadPage[] = [];
		const apps = new Map<string, AppRecord>();
		let done = 0;
		for await (const found of concurrently(read, 16, (account) => credentialsOf(connection, context, account, failures, state))) {
			pages.push(...found.pages);
			for (const app of found.apps) if (app.name < (apps.get(app.id)?.name ?? "￿")) apps.set(app.id, app);
			context.progress(confirmed.size + ++done, eligible.length);
		}
		const whole = [...confirmed, ...read.flatMap(({ id }) => (state.failed.has(id) ? [] : [id]))];
		await context.setCursor(cursor, JSON.stringify({ point: logPoint(connection, context), read: whole } satisfies Memory));
		return { pages, apps: [...apps.values()], confirmed, failures, left: waiting.length - read.length };
	});
}

/** As many accounts as the user's limit of requests allows. */
function within<T extends { passwords: boolean }>(waiting: T[], allowed: number | null): T[] {
	if (allowed === null) return waiting;
	let left = allowed;
	return waiting.filter(({ passwords }) => {
		left -= passwords ? 2 : 1;
		return left >= 0;
	});
}

async function changedAccounts(connection: GoogleConnection, context: ReadContext, from: LogPoint): Promise<Set<string> | null> {
	const events = await changesSince(connection, context, "token", from);
	if (!events) return null;
	const named = events.map((event) => word(at(event, "actor", "profileId")));
	return named.includes(undefined) ? null : new Set(named.filter((id) => id !== undefined));
}

async function credentialsOf(
	connection: GoogleConnection,
	context: ReadContext,
	{ id, passwords }: { id: string; passwords: boolean },
	failures: Tally,
	state: Progress,
): Promise<{ pages: ReadPage[]; apps: AppRecord[] }> {
	const pages: ReadPage[] = [];
	const apps: AppRecord[] = [];
	const parts = [
		{ part: "tokens", shape: lists.tokens, decode: (item: unknown) => decodeToken(item, id) },
		...(passwords ? [{ part: "asps", shape: lists.asps, decode: (item: unknown) => decodeAppPassword(item, id) }] : []),
	];
	for (const { part, shape, decode } of parts) {
		if (state.stop) {
			state.failed.add(id);
			break;
		}
		const request = { method: "GET" as const, path: `/admin/directory/v1/users/{userKey}/${part}`, params: { userKey: id } };
		for await (const page of list(connection, request, { shape, scope, signal: context.signal })) {
			const decoded = decodePage<CredentialRecord>(page, decode, (credential) => credential.id);
			if (part === "tokens") apps.push(...page.items.flatMap((item) => decodeApp(item) ?? []));
			if (decoded.quarantined) state.failed.add(id);
			pages.push({ ...decoded, request: page.request });
			if (!page.end) continue;
			if (page.end.closed) state.answered = true;
			if (page.end.closed) state.refusedInARow = 0;
			else if (!(isGone(page.end.error) && (await hasGone(connection, context, id)))) {
				state.failed.add(id);
				failures.end(page.end, scope);
				state.refusedInARow += 1;
				if (page.end.error?.cause === "scope" || (!state.answered && state.refusedInARow >= hopeless)) state.stop = true;
			}
		}
	}
	return { pages, apps };
}

/** Deleted since the accounts were read. */
async function hasGone(connection: GoogleConnection, context: ReadContext, userKey: string): Promise<boolean> {
	const request = { method: "GET" as const, path: "/admin/directory/v1/users/{userKey}", params: { userKey }, query: { fields: "id" } };
	const answer = await one(connection, request, context.signal);
	return "error" in answer && isGone(answer.error);
}
