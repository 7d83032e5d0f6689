import type { ConnectConfig, Connection } from "../../src/provider/provider.js";
import { doctor } from "./doctor.js";
import { connectHttp, type GoogleHttp } from "./http.js";
import { type GoogleSelf, ownIdentity } from "./self.js";

/** A session with one Google Workspace tenant. */
export interface GoogleConnection extends Connection {
	http: GoogleHttp;
	config: ConnectConfig;
	/** The customer, as the Directory API names it. */
	customer: string;
	self(): Promise<GoogleSelf>;
}

/**
 * Opens a session; sends nothing yet, tokens are fetched with the first request that needs them.
 * @throws for a bad address, key or method, naming the field
 */
export async function connect(config: ConnectConfig): Promise<GoogleConnection> {
	const http = await connectHttp(config);
	let self: Promise<GoogleSelf> | undefined;
	const connection: GoogleConnection = {
		http,
		config,
		customer: typeof config.options.customer === "string" ? config.options.customer : "my_customer",
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
