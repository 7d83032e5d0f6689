import { exportJWK, generateKeyPair } from "jose";
import type { CollectionName, Coverage, Scan, StoredRecord } from "../../src/model/snapshot.js";
import type { Connection, Provider, ReadBudget } from "../../src/provider/provider.js";
import { openStore } from "../../src/store/open.js";
import type { Store } from "../../src/store/store.js";
import { type ProgressEvent, runScan } from "../../src/sync/scan.js";
import { generateTenant } from "./emulator/generator.js";
import { DEFAULT_TOKEN, type Emulator, type Knobs, type Limits, type RequestLog, startEmulator, type TenantState } from "./emulator.js";
import { provider } from "./index.js";
import { readScopes } from "./readers.js";

const keys = await generateKeyPair("ES256", { extractable: true });
const publicKey = { ...(await exportJWK(keys.publicKey)), kid: "k", alg: "ES256" };
const privateKey = JSON.stringify({ ...(await exportJWK(keys.privateKey)), kid: "k", alg: "ES256" });

/** What one scan by the product's own engine left in the store. */
export interface Read {
	scan: Scan;
	coverage(collection: CollectionName): Coverage;
	records(collection: CollectionName): Promise<StoredRecord[]>;
	/** Body of one record; undefined where there is none. */
	body(collection: CollectionName, id: string): Promise<object | undefined>;
}

export interface QuirkScan {
	only?: CollectionName[];
	store?: Store;
	budget?: Partial<ReadBudget>;
	/** Called after a collection was read, before the next one is. */
	after?(collection: CollectionName): void;
}

/** An emulated org, its reading service app (bound to its key), and a clock that both go by and that jumps when the client waits. */
export interface QuirkOrg {
	emulator: Emulator;
	state: TenantState;
	now(): number;
	pass(ms: number): void;
	/** Milliseconds the client waited, one number a wait. */
	waits: number[];
	/** Requests whose path and query match, since the last `forget`. */
	calls(path: RegExp): RequestLog[];
	forget(): void;
	/** A write by somebody else; throws when the org refuses it. */
	write(path: string, body?: object, method?: "POST" | "PUT" | "DELETE"): Promise<Record<string, unknown>>;
	connection: Connection;
	scan(options?: QuirkScan): Promise<Read>;
}

export interface QuirkOptions {
	state?: TenantState;
	knobs?: Partial<Knobs>;
	limits?: Limits;
	without?: string[];
	roles?: string[];
	/** The org's clock minus the client's. */
	skew?: number;
}

export const quirkNow = Date.UTC(2026, 5, 1);
const open: { close(): Promise<void> }[] = [];

/** For `afterEach`. */
export async function closeQuirkOrgs(): Promise<void> {
	for (const one of open.splice(0).reverse()) await one.close();
}

export function smallTenant(users = 40): TenantState {
	return generateTenant({ seed: 11, users, groups: 10, now: quirkNow, logEvents: 50 });
}

export async function quirkOrg(options: QuirkOptions = {}): Promise<QuirkOrg> {
	let time = quirkNow;
	let forgotten = 0;
	const waits: number[] = [];
	const scopes = readScopes.filter((scope) => !options.without?.includes(scope));
	const client = { clientId: "0oaQUIRKS00000000001", jwks: { keys: [publicKey] }, scopes, dpop: true, roles: options.roles ?? ["SUPER_ADMIN"] };
	const emulator = await startEmulator({
		state: options.state ?? smallTenant(),
		clock: () => time,
		limits: options.limits ?? "off",
		knobs: { ...options.knobs, clockSkewMs: options.skew ?? 0 },
		auth: { clients: [client], ssws: [{ token: DEFAULT_TOKEN }] },
	});
	const connection = await provider.connect({
		system: "okta",
		url: emulator.url,
		credential: { method: "private-key-jwt", clientId: client.clientId, key: privateKey },
		options: {},
		purpose: "read",
		now: () => time,
		log() {},
		async sleep(ms, signal) {
			const until = time + ms;
			waits.push(ms);
			// Time passes only when the org has answered all that was sent.
			do await new Promise((resolve) => setTimeout(resolve, 5));
			while (connection.requests() > forgotten + emulator.requests.length && !signal?.aborted);
			signal?.throwIfAborted();
			time = Math.max(time, until);
		},
	});
	open.push(emulator, connection);
	return {
		emulator,
		state: emulator.state,
		now: () => time,
		pass(ms) {
			time += ms;
		},
		waits,
		calls: (path) => emulator.requests.filter((request) => path.test(request.url)),
		forget() {
			forgotten += emulator.requests.length;
			emulator.requests.length = 0;
		},
		async write(path, body, method = "POST") {
			const headers = { authorization: `SSWS ${DEFAULT_TOKEN}`, "content-type": "application/json" };
			const answer = await fetch(emulator.url + path, { method, headers, body: body ? JSON.stringify(body) : "" });
			if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
			return answer.status === 204 ? {} : Object(await answer.json());
		},
		connection,
		scan: (scan = {}) => read(connection, () => time, scan),
	};
}

async function read(connection: Connection, now: () => number, options: QuirkScan): Promise<Read> {
	const store = options.store ?? (await openStore("sqlite::memory:"));
	if (!options.store) open.push(store);
	const part: Provider = { ...provider, readers: provider.readers.filter(({ collection }) => options.only?.includes(collection) ?? true) };
	const budget = { perAccountRequests: null, perAccountMaxAge: 1e12, ...options.budget };
	const progress = ({ collection, finished }: ProgressEvent): void => {
		if (finished) options.after?.(collection);
	};
	const scan = await runScan({ store, provider: part, connection, system: "okta", stackDigest: "", budget, now, progress });
	const records = async (collection: CollectionName): Promise<StoredRecord[]> => {
		const found: StoredRecord[] = [];
		for await (const batch of store.records(scan, collection)) found.push(...batch);
		return found;
	};
	return {
		scan,
		records,
		coverage(collection) {
			const found = scan.coverage.find((one) => one.collection === collection);
			if (!found) throw new Error(`${collection} was not read`);
			return found;
		},
		body: async (collection, id) => (await store.record(scan, collection, id))?.body,
	};
}
