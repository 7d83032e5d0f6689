import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { EmulatedTenant, EmulationOptions } from "../../src/emulate/contract.js";
import type { CollectionName, Coverage, StoredRecord } from "../../src/model/snapshot.js";
import type { ActionKind, ActionTarget } from "../../src/provider/action.js";
import type { ReadBudget } from "../../src/provider/provider.js";
import { openStore } from "../../src/store/open.js";
import type { Store } from "../../src/store/store.js";
import { runScan } from "../../src/sync/scan.js";
import { actions } from "./actions.js";
import { connect, type SailPointConnection } from "./connection.js";
import { emulation } from "./emulator.js";
import { provider } from "./index.js";

export const testNow = Date.UTC(2026, 0, 1);

/** An emulated tenant and connections to it, which live on its clock. */
export interface TestTenant {
	tenant: EmulatedTenant;
	connect(purpose: "read" | "act", change?: Partial<TestConfig>): Promise<SailPointConnection>;
	close(): Promise<void>;
}

interface TestConfig {
	credential: Record<string, unknown>;
	options: Record<string, unknown>;
	url: string;
	now(): number;
}

export async function startTenant(options: Partial<EmulationOptions> = {}): Promise<TestTenant> {
	const tenant = await emulation.start({ users: 40, seed: 11, now: testNow, limits: "off", ...options });
	const open: SailPointConnection[] = [];
	return {
		tenant,
		async connect(purpose, change = {}) {
			const { system } = tenant;
			const credential = change.credential ?? (purpose === "read" ? system.auth : system.act);
			const connection = await connectTo(
				{ url: change.url ?? system.url, credential, options: change.options ?? {}, purpose, now: change.now ?? tenant.now },
				tenant,
			);
			open.push(connection);
			return connection;
		},
		async close() {
			for (const one of open) await one.close();
			await tenant.close();
		},
	};
}

function connectTo(config: TestConfig & { purpose: "read" | "act" }, tenant?: EmulatedTenant): Promise<SailPointConnection> {
	return connect({ ...config, system: "isc", log() {}, sleep: async (ms) => tenant?.advance(ms) });
}

export interface Scanned {
	coverage: Partial<Record<CollectionName, Coverage>>;
	records(collection: CollectionName): Promise<StoredRecord[]>;
	bodies<T>(collection: CollectionName): Promise<T[]>;
	store: Store;
}

export async function scan(
	connection: SailPointConnection,
	options: { only?: CollectionName[]; budget?: Partial<ReadBudget>; store?: Store } = {},
): Promise<Scanned> {
	const store = options.store ?? (await openStore("sqlite::memory:"));
	const part = { ...provider, readers: provider.readers.filter(({ collection }) => options.only?.includes(collection) ?? true) };
	const budget = { perAccountRequests: null, perAccountMaxAge: 30 * 86_400_000, ...options.budget };
	const made = await runScan({ store, provider: part, connection, system: "isc", stackDigest: "", budget, now: connection.config.now });
	const records = async (collection: CollectionName): Promise<StoredRecord[]> => {
		const found: StoredRecord[] = [];
		for await (const batch of store.records(made, collection)) found.push(...batch);
		return found;
	};
	return {
		coverage: Object.fromEntries(made.coverage.map((one) => [one.collection, one])),
		records,
		bodies: async <T>(collection: CollectionName) => (await records(collection)).map(({ body }) => body as T),
		store,
	};
}

export function actionOf(kind: ActionKind) {
	const found = actions.find((action) => action.kind === kind);
	if (!found) throw new Error(`there is no ${kind}`);
	return found;
}

/** Look, change, read back; as the product does. */
export async function carryOut(connection: SailPointConnection, kind: ActionKind, target: ActionTarget) {
	const action = actionOf(kind);
	const before = await action.inspect(connection, target);
	if (before.done || before.refused !== null) throw new Error(`${kind} is not to be made: ${before.refused ?? "done"}`);
	await action.perform(connection, target, before);
	return { before, verified: await action.verify(connection, target, before), inverse: action.inverse(target, before) };
}

export type Answer = { status?: number; headers?: Record<string, string>; body: unknown };

/** A few paths of a tenant on loopback, each with its answer; the token endpoint is there unless it is given. */
export async function serve(answer: (url: URL, request: IncomingMessage, body: string) => Answer | undefined) {
	const asked: string[] = [];
	const server = createServer(async (request, response) => {
		let body = "";
		for await (const piece of request) body += piece;
		const url = new URL(request.url ?? "/", "http://localhost");
		asked.push(`${request.method} ${decodeURIComponent(url.pathname + url.search.replaceAll("+", " "))}`);
		const token: Answer = { body: { access_token: "tok-1", expires_in: 700, scope: "sp:scopes:all" } };
		const made: Answer = answer(url, request, body) ?? (url.pathname === "/oauth/token" ? token : { status: 404, body: { detailCode: "404 Not found" } });
		response.writeHead(made.status ?? 200, { "content-type": "application/json", ...made.headers });
		response.end(typeof made.body === "string" ? made.body : JSON.stringify(made.body));
	});
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const credential = { method: "client-secret", clientId: "pat-1", clientSecret: "secret-of-pat-1" };
	const connection = await connectTo({ url, credential, options: {}, purpose: "act", now: () => testNow });
	return {
		connection,
		asked,
		async close() {
			await connection.close();
			await new Promise<void>((done) => server.close(() => done()));
		},
	};
}
