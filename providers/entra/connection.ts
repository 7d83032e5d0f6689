import type { ConnectConfig, Connection } from "../../src/provider/provider.js";
import { doctor } from "./doctor.js";
import { connectHttp, type GraphHttp } from "./http.js";
import { type EntraSelf, ownIdentity } from "./self.js";

/** A session with one Entra tenant. */
export interface EntraConnection extends Connection {
	http: GraphHttp;
	config: ConnectConfig;
	self(): Promise<EntraSelf>;
	/** What several readers of one scan need: fetched once a scan. */
	shared<T>(scan: number, key: string, make: () => Promise<T>): Promise<T>;
}

/**
 * Opens a session; sends nothing yet, the token is fetched with the first request.
 * @throws for a bad address, key or method, naming the field
 */
export async function connect(config: ConnectConfig): Promise<EntraConnection> {
	const http = connectHttp(config);
	let self: Promise<EntraSelf> | undefined;
	let memory: { scan: number; held: Map<string, Promise<unknown>> } = { scan: -1, held: new Map() };
	const connection: EntraConnection = {
		http,
		config,
		requests: () => http.requests(),
		unreached: () => http.unreached(),
		doctor: () => doctor(connection),
		self() {
			self ??= ownIdentity(connection).catch((error) => {
				self = undefined;
				throw error;
			});
			return self;
		},
		shared<T>(scan: number, key: string, make: () => Promise<T>): Promise<T> {
			if (memory.scan !== scan) memory = { scan, held: new Map() };
			const held = (memory.held.get(key) as Promise<T> | undefined) ?? make();
			memory.held.set(key, held);
			return held;
		},
		close: () => http.close(),
	};
	return connection;
}
