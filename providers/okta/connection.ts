import type { ConnectConfig, Connection } from "../../src/provider/provider.js";
import { doctor } from "./doctor.js";
import { connectHttp, type OktaHttp } from "./http.js";

/** A session with one Okta org. */
export interface OktaConnection extends Connection {
	http: OktaHttp;
	config: ConnectConfig;
}

/**
 * Opens a session; sends nothing yet, the token is fetched with the first request.
 * @throws for a bad address, key or method, naming the field
 */
export async function connect(config: ConnectConfig, scopes: string[]): Promise<OktaConnection> {
	const http = await connectHttp(config, { scopes, ...(config.sleep ? { sleep: config.sleep } : {}) });
	const connection: OktaConnection = {
		http,
		config,
		requests: () => http.requests(),
		doctor: () => doctor(connection),
		close: () => http.close(),
	};
	return connection;
}
