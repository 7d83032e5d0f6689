import { createClient } from "../../src/provider/client.js";
import type { HttpClient } from "../../src/provider/http.js";
import type { ConnectConfig, Connection } from "../../src/provider/provider.js";
import { parseBaseUrl } from "../../src/provider/request-url.js";
import { createTransport } from "../../src/provider/transport.js";
import { identityDialect } from "./dialect.js";
import { doctor } from "./doctor.js";
import { claimsOf, type TokenClaims } from "./token.js";

/** A session with one Identity API. */
export interface IdentityConnection extends Connection {
	client: HttpClient;
	config: ConnectConfig;
	/** The stack file's tenant; null = whatever the token sees. */
	tenantId: string | null;
	/** The stack file's provider, in the API's word; null = all. */
	onlyProvider: string | null;
	/** Whether `GET /v1/identity/{id}` is served, which the contract does not promise; undefined until one was met. */
	byId?: boolean;
	/** What the token says of itself, by whose word nothing is done. */
	claims: TokenClaims;
	unreached(): string | null;
}

/** The documentation names no limit of requests at once. */
const atOnce = 8;

/**
 * Opens a session; sends nothing yet.
 * @throws for a bad address, method or token, naming the field
 */
export async function connect(config: ConnectConfig): Promise<IdentityConnection> {
	const where = `systems.${config.system}.${config.purpose === "act" ? "act" : "auth"}`;
	const base = parseBaseUrl(config.url, `systems.${config.system}.url`);
	const token = tokenOf(config.credential, where);
	const transport = createTransport({ origin: base, connections: atOnce });
	const client = createClient({
		maxConcurrency: atOnce,
		baseUrl: base.href,
		dialect: identityDialect(token, config.now),
		now: config.now,
		log: config.log,
		userAgent: "keelson",
		transport,
		...(config.signal && { signal: config.signal }),
		...(config.sleep && { sleep: config.sleep }),
		...(config.mayWrite && { mayWrite: config.mayWrite }),
	});
	const connection: IdentityConnection = {
		client,
		config,
		tenantId: typeof config.options.tenantId === "string" ? config.options.tenantId : null,
		onlyProvider: typeof config.options.provider === "string" ? config.options.provider : null,
		claims: claimsOf(token),
		requests: () => client.requests(),
		unreached: () => transport.unreached?.()?.message ?? null,
		doctor: () => doctor(connection),
		// The API does not say whose the token is.
		self: async () => ({ accounts: [], credentials: [], clients: [] }),
		close: () => client.close(),
	};
	return connection;
}

function tokenOf(credential: Record<string, unknown>, where: string): string {
	if (credential.method !== "bearer") throw new Error(`method of ${where} must be bearer`);
	const token = typeof credential.token === "string" ? credential.token.trim() : "";
	if (token === "") throw new Error(`token of ${where} is missing`);
	if (/[^\x21-\x7e]/.test(token)) throw new Error(`token of ${where} holds a character that cannot be sent`);
	return token;
}
