import type { Millis } from "../model/known.js";
import { type CollectionName, type Coverage, type CoverageReason, collections, type RequestRef, type Scan } from "../model/snapshot.js";
import { cleanText } from "../provider/http-error.js";
import type { Connection, Provider, ReadBudget, Reader, ReadPage } from "../provider/provider.js";
import type { Store } from "../store/store.js";
import { readContext } from "./context.js";

export interface ScanInput {
	store: Store;
	provider: Provider;
	connection: Connection;
	system: string;
	stackDigest: string;
	budget: ReadBudget;
	now(): Millis;
	/** Read everything again, whatever the vendor says has changed. */
	full?: boolean;
	/** Believe a list that lost more than half of its rows since the last scan. */
	acceptShrink?: boolean;
	signal?: AbortSignal;
	progress?(event: ProgressEvent): void;
}

export interface ProgressEvent {
	system: string;
	collection: CollectionName;
	records: number;
	done: number;
	total: number | null;
	requests: number;
	finished?: Coverage;
}

/** A child's rows can be believed gone only when the parent's list was read to its end. */
const parentOf: Partial<Record<CollectionName, CollectionName>> = { memberships: "groups", appAssignments: "apps" };

/** A list this much shorter than the last one is not believed without `acceptShrink`. */
const shrinkFloor = { rows: 20, share: 0.5 };

/** Nothing answers at the system's address: there is no scan. One sentence that says why. */
export class UnreachedError extends Error {
	override readonly name = "UnreachedError";
}

/**
 * Reads one system into the store: every collection the provider has, in the order of their dependencies.
 * A collection that can't be read becomes `partial` or `unreadable` with its reason; the others go on.
 * @throws what the store throws, the abort reason, and UnreachedError; never for a vendor's refusal.
 */
export async function runScan(input: ScanInput): Promise<Scan> {
	const { store, provider, system } = input;
	const [previous] = await store.scans({ system, limit: 1 });
	const scan = await store.beginScan({ system, provider: provider.id, started: input.now(), stackDigest: input.stackDigest });
	const coverage = new Map<CollectionName, Coverage>();
	for (const reader of ordered(provider.readers)) {
		coverage.set(reader.collection, await readCollection(input, scan, previous ?? null, coverage, reader));
	}
	return store.finishScan(scan, input.now(), input.connection.requests());
}

function ordered(readers: Reader[]): Reader[] {
	return [...readers].sort((a, b) => collections.indexOf(a.collection) - collections.indexOf(b.collection));
}

async function readCollection(input: ScanInput, scan: Scan, previous: Scan | null, coverage: Map<CollectionName, Coverage>, reader: Reader): Promise<Coverage> {
	const { store, connection } = input;
	const collection = reader.collection;
	const before = connection.requests();
	const ids = new Set<string>();
	const reasons: CoverageReason[] = [];
	let quarantined = 0;
	let firstOfThem = "";
	let closed = false;
	let incremental = false;
	let eligible: number | null = null;
	let lastRequest: RequestRef = { call: "", requestId: null, at: scan.started };
	const report = (done: number, total: number | null, finished?: Coverage) =>
		input.progress?.({
			system: input.system,
			collection,
			records: ids.size,
			done,
			total,
			requests: connection.requests(),
			...(finished ? { finished } : {}),
		});
	const context = readContext({
		store,
		scan,
		previous,
		coverage,
		budget: input.budget,
		full: input.full ?? false,
		progress: report,
		...(input.signal ? { signal: input.signal } : {}),
	});
	for await (const page of guarded(reader.read(connection, context), input.signal)) {
		if (page.request) lastRequest = page.request;
		if (page.records.length > 0) await store.putRecords(scan, collection, page.records, page.request ?? lastRequest);
		if (page.confirmed?.length) await store.confirmRecords(scan, collection, page.confirmed, input.now());
		if (page.gone?.length) await store.removeRecords(scan, collection, page.gone);
		for (const record of page.records) ids.add(record.id);
		for (const id of page.confirmed ?? []) ids.add(id);
		const [odd] = page.quarantined ?? [];
		if (odd && quarantined === 0)
			firstOfThem = `${lastRequest.call ? `${lastRequest.call}: ` : ""}${odd.id === null ? "" : `${cleanText(odd.id)}: `}${cleanText(odd.why)}`;
		quarantined += page.quarantined?.length ?? 0;
		if (page.end) {
			closed = page.end.closed;
			incremental = page.end.incremental ?? false;
			eligible = page.end.eligible ?? null;
			reasons.push(...page.end.reasons);
		}
		report(ids.size, eligible);
	}
	const unreached = connection.unreached?.() ?? null;
	// Left unfinished, the scan is never the newest: what was stored before stays what is known.
	if (unreached !== null) throw new UnreachedError(unreached);
	if (quarantined > 0) {
		closed = false;
		const set =
			quarantined === 1 ? "a record could not be understood and was set aside" : `${quarantined} records could not be understood and were set aside, the first`;
		reasons.push({ cause: "quarantine", detail: `${set} (${firstOfThem})` });
	}
	const parent = parentOf[collection];
	if (parent && coverage.get(parent)?.state !== "complete") {
		closed = false;
		reasons.push({ cause: "depends", detail: `${parent} were not read to the end` });
	}
	if (closed && !incremental && previous) {
		const had = await store.countRecords(previous, collection);
		const floor = floorReason(had, ids.size, input.acceptShrink ?? false);
		if (floor) {
			closed = false;
			reasons.push(floor);
		}
	}
	if (!closed && reasons.length === 0) reasons.push({ cause: "cut-off", detail: "the list ended before the vendor said that it ended" });
	const state = closed && (eligible === null || ids.size >= eligible) ? "complete" : ids.size > 0 ? "partial" : "unreadable";
	const result = await store.finishCollection(
		scan,
		{ collection, state, reasons, eligible, requests: connection.requests() - before },
		{ closed, incremental },
	);
	coverage.set(collection, result);
	report(ids.size, eligible, result);
	return result;
}

/** A reader that throws ends its collection as unread; only an abort goes on up. */
async function* guarded(pages: AsyncIterable<ReadPage>, signal: AbortSignal | undefined): AsyncIterable<ReadPage> {
	try {
		yield* pages;
	} catch (error) {
		signal?.throwIfAborted();
		const detail = error instanceof Error ? error.message : String(error);
		yield { records: [], request: null, end: { closed: false, reasons: [{ cause: "error", detail }] } };
	}
}

function floorReason(had: number, got: number, accepted: boolean): CoverageReason | null {
	if (accepted || had === 0) return null;
	if (got === 0) return { cause: "floor", detail: `the vendor answered an empty list where the last scan had ${had}` };
	if (had >= shrinkFloor.rows && got < had * shrinkFloor.share)
		return { cause: "floor", detail: `the vendor answered ${got} where the last scan had ${had}: scan with --accept-shrink if that is right` };
	return null;
}
