import type { CollectionName, Coverage, RequestRef, Scan, StoredRecord } from "../model/snapshot.js";
import type { FindingDraft, JournalDraft, Store } from "./store.js";

/** Small makers and readers shared by the store's tests. */

export function request(at: number, requestId: string | null = `request-${at}`): RequestRef {
	return { call: "GET /api/v1/users", requestId, at };
}

export function begin(store: Store, started: number, system = "acme"): Promise<Scan> {
	return store.beginScan({ system, provider: "okta", started, stackDigest: "digest" });
}

/** Records in each page of the tests that kill a process. */
export const pageSize = 50;

export type Ending = "closed" | "partial" | "incremental";

export function finish(store: Store, scan: Scan, collection: CollectionName, ending: Ending = "closed"): Promise<Coverage> {
	const facts = { collection, state: ending === "partial" ? ("partial" as const) : ("complete" as const), reasons: [], eligible: null, requests: 1 };
	return store.finishCollection(scan, facts, { closed: ending !== "partial", incremental: ending === "incremental" });
}

/** A whole scan of one collection: begun at `at`, read at `at + 1`, finished at `at + 2`. */
export async function scanOf(
	store: Store,
	at: number,
	bodies: Record<string, object>,
	ending: Ending = "closed",
	collection: CollectionName = "accounts",
	system = "acme",
): Promise<Scan> {
	const scan = await begin(store, at, system);
	const records = Object.entries(bodies).map(([id, body]) => ({ id, body }));
	if (records.length > 0) await store.putRecords(scan, collection, records, request(at + 1));
	await finish(store, scan, collection, ending);
	return store.finishScan(scan, at + 2, 1);
}

export async function readAll(store: Store, scan: Scan, collection: CollectionName = "accounts"): Promise<StoredRecord[]> {
	const all: StoredRecord[] = [];
	for await (const batch of store.records(scan, collection)) all.push(...batch);
	return all;
}

export async function bodiesAt(store: Store, scan: Scan, collection: CollectionName = "accounts"): Promise<Record<string, object>> {
	return Object.fromEntries((await readAll(store, scan, collection)).map(({ id, body }) => [id, body]));
}

export function draft(id: string, message = "no second factor", system = "acme"): FindingDraft {
	return {
		id,
		policy: "mfa.enrolled",
		title: "Second factor enrolled",
		severity: "high",
		cause: "mfa",
		outcome: "fail",
		system,
		subject: { kind: "account", key: `${system}/${id}`, label: id },
		message,
		evidence: [{ field: "account.authenticators", value: [], observedAt: 5, call: "GET /api/v1/users/{userId}/factors", requestId: null }],
		remediation: [],
		controls: [],
	};
}

export function journalDraft(tenant: string, event: string, data: Record<string, unknown> = {}): JournalDraft {
	return { tenant, at: 100, plan: "plan-1", action: null, event, data };
}
