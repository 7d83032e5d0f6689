import type { AccountLink } from "../../src/model/account.js";
import type { KnownList } from "../../src/model/known.js";
import type { CoverageReason, RequestRef } from "../../src/model/snapshot.js";
import type { ReadContext } from "../../src/provider/provider.js";
import type { SailPointConnection } from "./connection.js";
import type { ChainEnd } from "./paging.js";
import { concurrently } from "./pool.js";
import { list, tally, whole } from "./read.js";
import { decodeSource, decodeSourceAccount, linkOf, type Source } from "./schema-source.js";

/** What a source holds, counted. Undefined: its accounts were not read to the end, or not all could be understood. */
export interface SourceTally {
	accounts: number;
	disabled: number;
	locked: number;
	uncorrelated: number;
	whole: boolean;
}

export interface SourceList {
	sources: Source[];
	quarantined: { id: string | null; why: string }[];
	end: ChainEnd;
	request: RequestRef | null;
}

export interface SourceAccounts {
	/** By identity. */
	links(identity: string): KnownList<AccountLink>;
	/** By source. */
	tallies: Map<string, SourceTally>;
	whole: boolean;
	reasons: CoverageReason[];
}

interface Memory {
	scanStarted: number;
	sources?: Promise<SourceList>;
	accounts?: Promise<SourceAccounts>;
}
const memories = new WeakMap<SailPointConnection, Memory>();

/** Three collections are made of these lists: they are read once a scan. */
function memoryOf(connection: SailPointConnection, { scanStarted }: ReadContext): Memory {
	const before = memories.get(connection);
	if (before?.scanStarted === scanStarted) return before;
	const fresh: Memory = { scanStarted };
	memories.set(connection, fresh);
	return fresh;
}

export function sourcesOf(connection: SailPointConnection, context: ReadContext): Promise<SourceList> {
	const memory = memoryOf(connection, context);
	memory.sources ??= readSources(connection, context.signal);
	return memory.sources;
}

/** Every source with its decoding. */
async function readSources(connection: SailPointConnection, signal?: AbortSignal): Promise<SourceList> {
	const found = await whole(connection, { path: "/v2026/sources", query: { sorters: "created" } }, signal);
	const result: SourceList = { sources: [], quarantined: [...found.quarantined], end: found.end, request: found.request };
	for (const item of found.items) {
		const decoded = decodeSource(item);
		if ("bad" in decoded) result.quarantined.push({ id: decoded.id, why: decoded.bad });
		else result.sources.push(decoded.ok);
	}
	return result;
}

/** Accounts of all sources, source by source: a list over many sources loses rows (developer.sailpoint.com#266). */
export function sourceAccountsOf(connection: SailPointConnection, context: ReadContext): Promise<SourceAccounts> {
	const memory = memoryOf(connection, context);
	memory.accounts ??= readAccounts(connection, context);
	return memory.accounts;
}

async function readAccounts(connection: SailPointConnection, context: ReadContext): Promise<SourceAccounts> {
	const { sources, quarantined, end } = await sourcesOf(connection, context);
	const byIdentity = new Map<string, AccountLink[]>();
	const tallies = new Map<string, SourceTally>();
	const failures = tally();
	failures.end(end);
	let stop = false;
	const readOne = async (source: Source): Promise<void> => {
		const count: SourceTally = { accounts: 0, disabled: 0, locked: 0, uncorrelated: 0, whole: true };
		tallies.set(source.id, count);
		if (stop) {
			count.whole = false;
			return;
		}
		const query = { filters: `sourceId eq ${JSON.stringify(source.id)}`, detailLevel: "SLIM", sorters: "id" };
		for await (const page of list(connection, { path: "/v2026/accounts", query }, context.signal)) {
			if (page.quarantined.length > 0) count.whole = false;
			for (const item of page.items) {
				const decoded = decodeSourceAccount(item);
				if ("bad" in decoded || decoded.ok.source !== source.id) {
					count.whole = false;
					continue;
				}
				const account = decoded.ok;
				if (account.system) continue;
				count.accounts += 1;
				if (account.disabled) count.disabled += 1;
				if (account.locked) count.locked += 1;
				if (account.identity === null) count.uncorrelated += 1;
				if ([account.disabled, account.locked, account.identity, account.nativeIdentity].includes(undefined)) count.whole = false;
				const link = account.identity ? linkOf(account, source) : null;
				if (account.identity && link) byIdentity.set(account.identity, [...(byIdentity.get(account.identity) ?? []), link]);
			}
			if (!page.end || page.end.closed) continue;
			count.whole = false;
			// Without the scope, the next source's would be refused too.
			if (page.end.error?.cause === "scope" || page.end.error?.cause === "role") stop = true;
			failures.end(page.end);
		}
	};
	for await (const _ of concurrently(sources, 5, readOne));
	const isWhole = failures.failed() === 0 && quarantined.length === 0 && [...tallies.values()].every((one) => one.whole);
	return {
		links(identity) {
			const found: KnownList<AccountLink> = [...(byIdentity.get(identity) ?? [])];
			if (!isWhole) found.partial = true;
			return found;
		},
		tallies,
		whole: isWhole,
		reasons: failures.reasons("sources' accounts"),
	};
}
