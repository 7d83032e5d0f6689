import type { ConnectConfig, Connection } from "../../src/provider/provider.js";
import { doctor } from "./doctor.js";
import { connectHttp, type OktaHttp } from "./http.js";
import { type OktaSelf, ownIdentity } from "./self.js";

/** A session with one Okta org. */
export interface OktaConnection extends Connection {
	http: OktaHttp;
	config: ConnectConfig;
	self(): Promise<OktaSelf>;
}

/**
 * Opens a session; sends nothing yet, the token is fetched with the first request.
 * @throws for a bad address, key or method, naming the field
 */
export async function connect(config: ConnectConfig, scopes: string[]): Promise<OktaConnection> {
	const http = await connectHttp(config, { scopes, ...(config.sleep ? { sleep: config.sleep } : {}) });
	let self: Promise<OktaSelf> | undefined;
	const connection: OktaConnection = {
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
		close: () => http.close(),
	};
	return connection;
}
