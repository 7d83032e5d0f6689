import { afterEach, describe, expect, it } from "vitest";
import type { CollectionName, ReadRecord, Scan } from "../model/snapshot.js";
import type { Connection, Provider, ReadContext, ReadPage } from "../provider/provider.js";
import { openStore } from "../store/open.js";
import type { Store } from "../store/store.js";
import { runScan, UnreachedError } from "./scan.js";

const stores: Store[] = [];
afterEach(async () => {
	for (const store of stores.splice(0)) await store.close();
});

async function memory(): Promise<Store> {
	const store = await openStore("sqlite::memory:");
	stores.push(store);
	return store;
}

const connection: Connection = {
	requests: () => 0,
	doctor: async () => ({ ok: true, checks: [], clockSkew: null, scopes: null, unknowns: [], canWrite: null, estimate: null }),
	close: async () => {},
};

type Pages = (context: ReadContext) => AsyncIterable<ReadPage>;

function provider(readers: Partial<Record<CollectionName, Pages>>): Provider {
	return {
		id: "fake",
		title: "Fake",
		configSchema: {},
		privilegedSource: "",
		actions: [],
		settings: [],
		connect: async () => connection,
		readers: Object.entries(readers).map(([collection, read]) => ({
			collection: collection as CollectionName,
			after: [],
			scopes: [],
			read: (_, context) => (read as Pages)(context),
		})),
	};
}

const request = (at: number) => ({ call: "GET /things", requestId: `r${at}`, at });

function list(ids: string[], end: ReadPage["end"] = { closed: true, reasons: [] }, extra: Partial<ReadPage> = {}): Pages {
	return async function* () {
		for (const id of ids) yield { records: [{ id, body: { name: id } }] as ReadRecord[], request: request(1) };
		yield { records: [], request: request(2), ...extra, ...(end ? { end } : {}) };
	};
}

let clock = 1000;
function scan(
	store: Store,
	readers: Partial<Record<CollectionName, Pages>>,
	options: { acceptShrink?: boolean; signal?: AbortSignal; connection?: Connection } = {},
): Promise<Scan> {
	return runScan({
		store,
		provider: provider(readers),
		connection,
		system: "okta",
		stackDigest: "d",
		budget: { perAccountRequests: null, perAccountMaxAge: 1 },
		now: () => clock++,
		...options,
	});
}

const coverageOf = (done: Scan, collection: CollectionName) => done.coverage.find((entry) => entry.collection === collection);
const ids = async (store: Store, done: Scan, collection: CollectionName) => {
	const found: string[] = [];
	for await (const batch of store.records(done, collection)) found.push(...batch.map(({ id }) => id));
	return found;
};

describe("a scan", () => {
	it("believes that a row is gone only after a closed chain", async () => {
		const store = await memory();
		await scan(store, { accounts: list(["a", "b", "c"]) });
		const cut = await scan(store, { accounts: list(["a"], { closed: false, reasons: [{ cause: "cut-off", detail: "page 2 did not come" }] }) });
		expect(coverageOf(cut, "accounts")).toMatchObject({ state: "partial", unseen: ["b", "c"], reasons: [{ cause: "cut-off" }] });
		expect(await ids(store, cut, "accounts")).toEqual(["a", "b", "c"]);
		const whole = await scan(store, { accounts: list(["a", "c"]) });
		expect(coverageOf(whole, "accounts")).toMatchObject({ state: "complete", known: 2 });
		expect(await ids(store, whole, "accounts")).toEqual(["a", "c"]);
	});

	it("does not take a reader without an end for complete", async () => {
		const store = await memory();
		const done = await scan(store, { accounts: list(["a"], undefined) });
		const noEnd = await scan(store, {
			accounts: async function* () {
				yield { records: [{ id: "a", body: {} }], request: request(1) };
			},
		});
		expect(coverageOf(done, "accounts")?.state).toBe("complete");
		expect(coverageOf(noEnd, "accounts")).toMatchObject({ state: "partial", reasons: [{ cause: "cut-off" }] });
	});

	it("goes on with the other collections when a reader throws, and says why", async () => {
		const store = await memory();
		const done = await scan(store, {
			accounts: async function* () {
				yield { records: [{ id: "a", body: {} }], request: request(1) };
				throw new Error("the vendor hung up");
			},
			groups: list(["g"]),
		});
		expect(coverageOf(done, "accounts")).toMatchObject({ state: "partial", reasons: [{ cause: "error", detail: "the vendor hung up" }] });
		expect(coverageOf(done, "groups")?.state).toBe("complete");
	});

	it("holds an empty list for partial where the last scan had rows, whatever the vendor says", async () => {
		const store = await memory();
		await scan(store, { accounts: list(["a", "b"]) });
		const empty = await scan(store, { accounts: list([]) });
		expect(coverageOf(empty, "accounts")).toMatchObject({ reasons: [{ cause: "floor" }] });
		expect(coverageOf(empty, "accounts")?.state).not.toBe("complete");
		expect(await ids(store, empty, "accounts")).toEqual(["a", "b"]);
	});

	it("holds a list that lost more than half for partial, until somebody accepts it", async () => {
		const store = await memory();
		const names = Array.from({ length: 20 }, (_, n) => `a${String(n).padStart(2, "0")}`);
		await scan(store, { accounts: list(names) });
		const half = await scan(store, { accounts: list(names.slice(0, 10)) });
		expect(coverageOf(half, "accounts")?.state).toBe("complete");
		await scan(store, { accounts: list(names) });
		const less = await scan(store, { accounts: list(names.slice(0, 9)) });
		expect(coverageOf(less, "accounts")).toMatchObject({ state: "partial", reasons: [{ cause: "floor" }] });
		const accepted = await scan(store, { accounts: list(names.slice(0, 9)) }, { acceptShrink: true });
		expect(coverageOf(accepted, "accounts")).toMatchObject({ state: "complete", known: 9 });
	});

	it("closes no memberships while the groups are not complete", async () => {
		const store = await memory();
		await scan(store, { groups: list(["g", "h"]), memberships: list(["g/a", "h/a"]) });
		const done = await scan(store, { groups: list(["g"], { closed: false, reasons: [] }), memberships: list(["g/a"]) });
		expect(coverageOf(done, "memberships")).toMatchObject({ state: "partial", unseen: ["h/a"] });
		expect(coverageOf(done, "memberships")?.reasons.at(-1)?.cause).toBe("depends");
	});

	it("counts a record that could not be understood against completeness", async () => {
		const store = await memory();
		const done = await scan(store, { accounts: list(["a"], { closed: true, reasons: [] }, { quarantined: [{ id: "b", why: "no status" }] }) });
		expect(coverageOf(done, "accounts")).toMatchObject({
			state: "partial",
			reasons: [{ cause: "quarantine", detail: "a record could not be understood and was set aside (GET /things: b: no status)" }],
		});
		const odd = [
			{ id: "b\u0007c", why: "no status" },
			{ id: null, why: "no id" },
		];
		const second = await scan(store, { accounts: list(["a"], { closed: true, reasons: [] }, { quarantined: odd }) });
		expect(coverageOf(second, "accounts")?.reasons.map(({ detail }) => detail)).toEqual([
			"2 records could not be understood and were set aside, the first (GET /things: b c: no status)",
		]);
	});

	it("is none where nothing ever answered, and the last one stays the newest", async () => {
		const store = await memory();
		const first = await scan(store, { accounts: list(["a"]) });
		const read: string[] = [];
		const failing = (name: string): Pages =>
			async function* () {
				read.push(name);
				yield { records: [], request: null, end: { closed: false, reasons: [{ cause: "cut-off", detail: "refused" }] } };
			};
		const dead = { ...connection, unreached: () => "nobody there" };
		await expect(scan(store, { accounts: failing("accounts"), groups: failing("groups") }, { connection: dead })).rejects.toThrow(
			new UnreachedError("nobody there"),
		);
		expect(read).toEqual(["accounts"]);
		expect((await store.scans({ system: "okta" })).map(({ id }) => id)).toEqual([first.id]);
	});

	it("is partial where one record per account is due and some are not there", async () => {
		const store = await memory();
		const done = await scan(store, { authenticators: list(["a"], { closed: true, reasons: [{ cause: "budget", detail: "1 request" }], eligible: 3 }) });
		expect(coverageOf(done, "authenticators")).toMatchObject({ state: "partial", known: 1, eligible: 3 });
	});

	it("stops at once when it is aborted, and leaves the last finished scan as it was", async () => {
		const store = await memory();
		const first = await scan(store, { accounts: list(["a"]) });
		const abort = new AbortController();
		const stopped = scan(
			store,
			{
				accounts: async function* () {
					yield { records: [{ id: "b", body: {} }], request: request(1) };
					abort.abort(new Error("stopped"));
					throw new Error("aborted underneath");
				},
			},
			{ signal: abort.signal },
		);
		await expect(stopped).rejects.toThrow("stopped");
		const [latest] = await store.scans({ system: "okta", limit: 1 });
		expect(latest?.id).toBe(first.id);
		expect(await ids(store, first, "accounts")).toEqual(["a"]);
	});

	it("writes nothing for a second scan of the same state", async () => {
		const store = await memory();
		await scan(store, { accounts: list(["a", "b"]) });
		await scan(store, { accounts: list(["a", "b"]) });
		expect(await store.history("okta", "accounts", "a")).toHaveLength(1);
	});
});
