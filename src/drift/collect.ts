import type { CollectionName, Coverage, RequestRef, StoredRecord } from "../model/snapshot.js";
import type { Connection, Provider, ReadContext } from "../provider/provider.js";

/** What can't be read, or not whole: one sentence that names the system and the reason. */
export class LiveError extends Error {
	override readonly name = "LiveError";
}

/** Records of collections that another reader starts from. */
export type Given = Partial<Record<CollectionName, Typed<object>[]>>;

export type Typed<T> = Omit<StoredRecord, "body"> & { body: T };

export interface Collected<T> {
	records: Typed<T>[];
	/** Why records may be missing; null = the vendor said that the list ended. */
	why: string | null;
	request: RequestRef | null;
}

export interface Source {
	system: string;
	provider: Provider;
	connection: Connection;
	/** The same for all that one run reads: providers keep lists that several readers need by it. */
	started: number;
}

/** One collection straight from the vendor, into memory and not into a store. */
export async function collect<T extends object>(source: Source, collection: CollectionName, given: Given): Promise<Collected<T>> {
	const { provider, connection, started, system } = source;
	const reader = provider.readers.find((one) => one.collection === collection);
	if (!reader) return { records: [], why: `${provider.title} has no ${collection}`, request: null };
	const found = new Map<string, Typed<T>>();
	const reasons: string[] = [];
	const set: string[] = [];
	let request: RequestRef | null = null;
	let closed = false;
	try {
		for await (const page of reader.read(connection, context(system, started, given))) {
			request = page.request ?? request;
			const from = request ?? { call: collection, requestId: null, at: started };
			for (const { id, body } of page.records) found.set(id, { id, body: body as T, request: from, confirmedAt: started });
			set.push(...(page.quarantined ?? []).map(({ why }) => why));
			if (!page.end) continue;
			closed = page.end.closed;
			if (!closed) reasons.push(...page.end.reasons.map(({ detail }) => detail));
		}
	} catch (error) {
		reasons.push(error instanceof Error ? error.message : String(error));
		closed = false;
	}
	if (set.length > 0) reasons.push(`${set.length} ${set.length === 1 ? "record" : "records"} could not be understood: ${set[0]}`);
	const why = closed && set.length === 0 ? null : (reasons[0] ?? "the list ended before the vendor said that it ended");
	return { records: [...found.values()], why, request };
}

function context(system: string, started: number, given: Given): ReadContext {
	const coverage = (collection: CollectionName): Coverage | undefined => {
		const records = given[collection];
		return records && { collection, state: "complete", reasons: [], known: records.length, eligible: null, unseen: [], requests: 0 };
	};
	return {
		system,
		scanStarted: started,
		current: (collection) => each(given[collection] ?? []),
		coverage,
		previous: () => each([]),
		previousCount: async () => 0,
		cursor: async () => null,
		setCursor: async () => {},
		budget: { perAccountRequests: null, perAccountMaxAge: 0 },
		full: true,
		progress: () => {},
	};
}

async function* each(records: StoredRecord[]): AsyncIterable<StoredRecord> {
	yield* records;
}
