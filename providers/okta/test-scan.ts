import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { CollectionName, Coverage, Scan, StoredRecord } from "../../src/model/snapshot.js";
import type { Provider, ReadBudget } from "../../src/provider/provider.js";
import { openStore } from "../../src/store/open.js";
import type { Store } from "../../src/store/store.js";
import { runScan } from "../../src/sync/scan.js";
import { provider } from "./index.js";

export interface Reply {
	status?: number;
	headers?: Record<string, string>;
	body: unknown;
}

export type Answers = Record<string, unknown | ((url: URL, request: IncomingMessage) => Reply)>;

/** A few paths of an org on loopback: each answers its value, or what its function says; every other path is 404. */
export interface PathServer {
	url: string;
	/** Change it between scans. */
	answers: Answers;
	/** The org's clock: that of the newest scan. */
	now: number;
	/** Paths asked for since the last `reset`, with their query. */
	asked: string[];
	reset(): void;
	close(): Promise<void>;
}

export async function servePaths(answers: Answers): Promise<PathServer> {
	const org: PathServer = {
		url: "",
		answers,
		now: 0,
		asked: [],
		reset: () => org.asked.splice(0),
		close: () => new Promise((resolve) => server.close(() => resolve())),
	};
	const server = createServer((request, response) => {
		const url = new URL(request.url ?? "/", org.url);
		org.asked.push(decodeURIComponent(url.pathname + url.search.replaceAll("+", " ")));
		const answer = org.answers[url.pathname];
		const reply: Reply = typeof answer === "function" ? answer(url, request) : answer === undefined ? notFound : { body: answer };
		const headers = { "content-type": "application/json", date: new Date(org.now).toUTCString(), "x-okta-request-id": `req-${org.asked.length}` };
		response.writeHead(reply.status ?? 200, { ...headers, ...reply.headers });
		response.end(reply.body === undefined ? "" : JSON.stringify(reply.body));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	org.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return org;
}

export const notFound: Reply = { status: 404, body: { errorCode: "E0000007", errorSummary: "Not found: Resource not found" } };
export const noRole: Reply = { status: 403, body: { errorCode: "E0000006", errorSummary: "You do not have permission to perform the requested action" } };
export const noScope: Reply = {
	status: 403,
	headers: { "www-authenticate": 'Bearer error="insufficient_scope", error_description="scope is missing"' },
	body: {},
};

export interface Scanned {
	scan: Scan;
	coverage: Partial<Record<CollectionName, Coverage>>;
	records(collection: CollectionName): Promise<StoredRecord[]>;
	bodies(collection: CollectionName): Promise<object[]>;
}

export interface ScanOptions {
	only?: CollectionName[];
	now?: number;
	budget?: Partial<ReadBudget>;
	full?: boolean;
	credential?: Record<string, unknown>;
}

export const testNow = Date.UTC(2026, 0, 1);

/** One scan of an org by the product's own engine and store. */
export async function scanOrg(org: Pick<PathServer, "url" | "now">, store: Store, options: ScanOptions): Promise<Scanned> {
	const now = options.now ?? testNow;
	org.now = now;
	const credential = options.credential ?? { method: "ssws", token: "00test-token" };
	const connection = await provider.connect({ system: "okta", url: org.url, credential, options: {}, purpose: "read", now: () => now, log: () => {} });
	const part: Provider = { ...provider, readers: provider.readers.filter((reader) => options.only?.includes(reader.collection) ?? true) };
	try {
		const budget = { perAccountRequests: null, perAccountMaxAge: 30 * 24 * 3600_000, ...options.budget };
		const scan = await runScan({ store, provider: part, connection, system: "okta", stackDigest: "", budget, now: () => now, full: options.full ?? false });
		const records = async (collection: CollectionName): Promise<StoredRecord[]> => {
			const found: StoredRecord[] = [];
			for await (const batch of store.records(scan, collection)) found.push(...batch);
			return found;
		};
		const bodies = async (collection: CollectionName): Promise<object[]> => (await records(collection)).map((record) => record.body);
		return { scan, coverage: Object.fromEntries(scan.coverage.map((one) => [one.collection, one])), records, bodies };
	} finally {
		await connection.close();
	}
}

export const memoryStore = (): Promise<Store> => openStore("sqlite::memory:");

export function user(id: string, more: object = {}): object {
	const created = "2024-01-01T00:00:00.000Z";
	return {
		id,
		status: "ACTIVE",
		created,
		lastLogin: null,
		lastUpdated: created,
		profile: { login: `${id}@example.com` },
		credentials: { provider: { type: "OKTA" } },
		...more,
	};
}

export function group(id: string, more: object = {}): object {
	const created = "2024-01-01T00:00:00.000Z";
	const stats = { usersCount: 0, hasAdminPrivlege: false };
	return { id, type: "OKTA_GROUP", created, lastMembershipUpdated: created, profile: { name: id }, _embedded: { stats }, ...more };
}

/** Every org has it, and a role that sees all groups sees it. */
export const everyone = group("00gE", { type: "BUILT_IN", profile: { name: "Everyone" } });
