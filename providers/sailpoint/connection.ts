import type { ConnectConfig, Connection } from "../../src/provider/provider.js";
import { doctor } from "./doctor.js";
import { connectHttp, type SailPointHttp } from "./http.js";

/** A session with one tenant of Identity Security Cloud. */
export interface SailPointConnection extends Connection {
	http: SailPointHttp;
	config: ConnectConfig;
	self(): Promise<SailPointSelf>;
}

/** Who Keelson is to this tenant. */
export interface SailPointSelf {
	/** The identity that the personal access token belongs to. */
	accounts: string[];
	/** The token or client in use. */
	credentials: string[];
	clients: string[];
}

/** Opens a session; sends nothing yet, the token is fetched with the first request. @throws Error for a bad address or credential, naming the field */
export async function connect(config: ConnectConfig): Promise<SailPointConnection> {
	const http = connectHttp(config);
	const connection: SailPointConnection = {
		http,
		config,
		requests: () => http.requests(),
		unreached: () => http.unreached(),
		doctor: () => doctor(connection),
		async self() {
			const clientId = String(config.credential.clientId).trim();
			const { identity } = await http.holder();
			return identity === null
				? { accounts: [], credentials: [clientId], clients: [clientId] }
				: { accounts: [identity], credentials: [clientId], clients: [] };
		},
		close: () => http.close(),
	};
	return connection;
}
