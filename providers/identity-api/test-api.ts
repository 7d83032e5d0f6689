import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { CollectionName, Coverage, StoredRecord } from "../../src/model/snapshot.js";
import { openStore } from "../../src/store/open.js";
import type { Store } from "../../src/store/store.js";
import { runScan } from "../../src/sync/scan.js";
import { connect, type IdentityConnection } from "./connection.js";
import { provider } from "./index.js";
import type { WireIdentity } from "./wire.js";

export const testNow = Date.UTC(2026, 0, 1);
export const tenantId = "ten_acme";
export const token = "idt_secret-of-the-tests";

interface Reply {
	status?: number;
	headers?: Record<string, string>;
	/** Text goes out as it is; undefined = no body. */
	body?: unknown;
	/** Instead of an answer: the connection is cut. */
	cut?: true;
}

export type Answer = (url: URL, request: IncomingMessage, asked: string[]) => Reply;

/** A server that answers whatever the test wants: for what no server that keeps the contract does. */
export interface OddServer {
	url: string;
	now: number;
	/** `GET /v1/identity?…`, decoded, oldest first. */
	asked: string[];
	close(): Promise<void>;
}

export async function serveOdd(answer: Answer): Promise<OddServer> {
	const odd: OddServer = { url: "", now: testNow, asked: [], close: () => new Promise((resolve) => server.close(() => resolve())) };
	const server = createServer((request, response) => {
		const url = new URL(request.url ?? "/", odd.url);
		odd.asked.push(`${request.method} ${decodeURIComponent(url.pathname + url.search)}`);
		const { status = 200, headers, body, cut } = answer(url, request, odd.asked);
		if (cut) {
			request.socket.destroy();
			return;
		}
		response.writeHead(status, {
			"content-type": typeof body === "string" ? "text/html" : "application/json",
			date: new Date(odd.now).toUTCString(),
			...headers,
		});
		response.end(body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	odd.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return odd;
}

/** All identities in one page that says so, filters honoured or passed over. */
export function listOf(identities: object[], filters = true): Answer {
	return (url) => {
		const data = identities.filter((one) => !filters || fits(one, url));
		return { body: { data, pagination: { next_cursor: null, has_more: false, total: data.length } } };
	};
}

export function fits(identity: object, url: URL): boolean {
	return [...url.searchParams].every(([name, value]) => {
		const field = /^filter\[(\w+)\]$/.exec(name)?.[1];
		return field === undefined || String((identity as Record<string, unknown>)[field]) === value;
	});
}

export function identity(id: string, more: Partial<Record<keyof WireIdentity, unknown>> = {}): Record<string, unknown> {
	const plain: WireIdentity = {
		id,
		tenant_id: tenantId,
		email: `${id}@acme.example`,
		display_name: id,
		status: "active",
		risk_score: 10,
		risk_level: "low",
		mfa_enrolled: true,
		mfa_methods: ["totp"],
		privileged: false,
		last_login_at: "2025-12-01T08:00:00Z",
		last_login_ip: "203.0.113.7",
		last_login_country: "PT",
		provider: "local",
		provider_id: "7",
		roles: [],
		created_at: "2024-01-01T00:00:00Z",
	};
	return { ...plain, ...more };
}

export const people = (count: number, more: Parameters<typeof identity>[1] = {}) =>
	Array.from({ length: count }, (_, number) => identity(`idn_${String(number).padStart(4, "0")}`, more));

interface Source {
	url: string;
	options?: Record<string, unknown>;
	credential?: Record<string, unknown>;
	purpose?: "read" | "act";
	now(): number;
	advance(ms: number): void;
	log?(line: string): void;
}

export function connectTo({ url, options = { tenantId }, credential = { method: "bearer", token }, purpose = "read", now, advance, log = () => {} }: Source) {
	return connect({ system: "identity", url, credential, options, purpose, now, log, sleep: async (ms) => advance(ms) });
}

export const oddSource = (server: OddServer, more: Partial<Source> = {}): Source => ({
	url: server.url,
	now: () => server.now,
	advance: (ms) => {
		server.now += ms;
	},
	...more,
});

export interface Scanned {
	coverage(collection: CollectionName): Coverage;
	records(collection: CollectionName): Promise<StoredRecord[]>;
	body<T = Record<string, unknown>>(collection: CollectionName, id: string): Promise<T | undefined>;
}

/** One scan by the product's own engine. */
export async function scan(connection: IdentityConnection, store: Store, now: number): Promise<Scanned> {
	const budget = { perAccountRequests: null, perAccountMaxAge: 86_400_000 };
	const made = await runScan({ store, provider, connection, system: "identity", stackDigest: "", budget, now: () => now });
	const records = async (collection: CollectionName) => {
		const found: StoredRecord[] = [];
		for await (const batch of store.records(made, collection)) found.push(...batch);
		return found;
	};
	return {
		coverage: (collection) => made.coverage.find((one) => one.collection === collection) as Coverage,
		records,
		body: async <T>(collection: CollectionName, id: string) => (await records(collection)).find((one) => one.id === id)?.body as T | undefined,
	};
}

/** A scan of a server that answers so, into a store of its own. */
export async function scanOdd(answer: Answer, more: Partial<Source> = {}): Promise<Scanned & { asked: string[]; states: string[] }> {
	const server = await serveOdd(answer);
	const connection = await connectTo(oddSource(server, more));
	const store = await openStore("sqlite::memory:");
	try {
		const found = await scan(connection, store, testNow);
		const all = new Map<CollectionName, StoredRecord[]>();
		for (const { collection } of provider.readers) all.set(collection, await found.records(collection));
		const records = async (collection: CollectionName) => all.get(collection) ?? [];
		return {
			coverage: found.coverage,
			records,
			body: async <T>(collection: CollectionName, id: string) => all.get(collection)?.find((one) => one.id === id)?.body as T | undefined,
			asked: server.asked,
			states: provider.readers.map(({ collection }) => found.coverage(collection).state),
		};
	} finally {
		await connection.close();
		await store.close();
		await server.close();
	}
}
