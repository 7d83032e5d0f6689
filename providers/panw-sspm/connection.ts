import { createClient } from "../../src/provider/client.js";
import { at, word } from "../../src/provider/decode.js";
import type { HttpAnswer, HttpClient, HttpRequest } from "../../src/provider/http.js";
import { HttpError } from "../../src/provider/http-error.js";
import type { ConnectConfig, Connection } from "../../src/provider/provider.js";
import { parseBaseUrl } from "../../src/provider/request-url.js";
import { createTransport } from "../../src/provider/transport.js";
import { sspmDialect } from "./dialect.js";
import { doctor } from "./doctor.js";
import { tokenSource } from "./token.js";

/** A session with one tenant. */
export interface SspmConnection extends Connection {
	client: HttpClient;
	config: ConnectConfig;
	/** Sends with `x-ps-tenant`. Throws as the client does. */
	send(request: HttpRequest): Promise<HttpAnswer>;
	unreached(): string | null;
	/** Number of the first page of the identity calls, once it is known. */
	firstPage?: 0 | 1;
	/** Log-outs that were asked for, by account. */
	batches: Map<string, LogOut[]>;
	self(): Promise<{ accounts: string[]; credentials: string[]; clients: string[] }>;
}

/** One log-out that was asked for; no batch where the vendor named none. */
export interface LogOut {
	idp: string;
	user: string;
	batch: string | undefined;
}

/** Nothing is documented on limits: few at once. */
const atOnce = 4;

/**
 * Opens a session; sends nothing yet, the token is fetched with the first request.
 * @throws for a bad address, method or missing field, naming it
 */
export async function connect(config: ConnectConfig): Promise<SspmConnection> {
	const where = `systems.${config.system}.${config.purpose === "act" ? "act" : "auth"}`;
	const base = parseBaseUrl(config.url, `systems.${config.system}.url`);
	const closing = new AbortController();
	const stop = (): void => closing.abort(config.signal?.reason);
	if (config.signal?.aborted) stop();
	config.signal?.addEventListener("abort", stop, { once: true });
	const token = tokenSource(config, base, where, closing.signal);
	const transport = createTransport({ origin: base, connections: atOnce });
	const region = typeof config.options.region === "string" ? config.options.region : undefined;
	const client = createClient({
		maxConcurrency: atOnce,
		baseUrl: base.href,
		dialect: sspmDialect(token, region, config.now),
		now: config.now,
		log: config.log,
		signal: closing.signal,
		userAgent: "keelson",
		transport,
		...(config.sleep && { sleep: config.sleep }),
		...(config.mayWrite && { mayWrite: config.mayWrite }),
	});
	const connection: SspmConnection = {
		client,
		config,
		send: withTenant(client, config),
		batches: new Map(),
		requests: () => client.requests() + token.requests(),
		unreached: () => transport.unreached?.()?.message ?? token.unreached(),
		doctor: () => doctor(connection),
		self: async () => ({ accounts: [], credentials: [], clients: [String(config.credential.clientId)] }),
		async close() {
			config.signal?.removeEventListener("abort", stop);
			closing.abort();
			await token.close();
			await client.close();
		},
	};
	return connection;
}

/**
 * What `x-ps-tenant` must hold is not documented: the stack file's word, else the `tenant` of an app, else the tenant service group.
 * The first that is not refused is kept.
 */
function withTenant(client: HttpClient, config: ConnectConfig): SspmConnection["send"] {
	const own = typeof config.options.tenant === "string" ? config.options.tenant : null;
	const group = String(config.credential.tsgId);
	let kept: string | null = own;
	let looking: Promise<string[]> | null = null;

	async function candidates(): Promise<string[]> {
		try {
			// A list that can't be read now may be read at the next call.
			const { body } = await client.send({ method: "GET", path: "/sspm/api/v1/apps" });
			const items = at(body, "items");
			const named = (Array.isArray(items) ? items : []).map((item) => word(at(item, "tenant"))).find((name) => name !== undefined);
			if (named === undefined) looking = null;
			return named === undefined || named === group ? [group] : [named, group];
		} catch (error) {
			looking = null;
			if (error instanceof HttpError) return [group];
			throw error;
		}
	}

	return async (request) => {
		const send = (tenant: string) => client.send({ ...request, headers: { ...request.headers, "x-ps-tenant": tenant } });
		if (kept !== null) return send(kept);
		looking ??= candidates();
		const [first = group, second] = await looking;
		try {
			const answer = await send(first);
			kept ??= first;
			return answer;
		} catch (error) {
			// Another value is another tenant's at worst, which is refused too. A write is not tried under two names.
			if (!(error instanceof HttpError) || ![400, 403].includes(error.status) || second === undefined || request.method !== "GET") throw error;
			try {
				const answer = await send(second);
				kept ??= second;
				return answer;
			} catch {
				throw error;
			}
		}
	};
}
