import type { Millis } from "../../src/model/known.js";
import { createClient } from "../../src/provider/client.js";
import { at, word } from "../../src/provider/decode.js";
import type { HttpAnswer, HttpClient, HttpRequest } from "../../src/provider/http.js";
import { HttpError } from "../../src/provider/http-error.js";
import type { ConnectConfig, Connection } from "../../src/provider/provider.js";
import { parseBaseUrl } from "../../src/provider/request-url.js";
import { createTransport } from "../../src/provider/transport.js";
import { sspmDialect } from "./dialect.js";
import { doctor } from "./doctor.js";
import type { PluginDetails } from "./plugin-details.js";
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
	/** Third-party apps that were asked for one by one. */
	plugins?: PluginDetails;
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

/** Calls that the specification has `x-ps-tenant` with: it must be there with third-party apps, and may be with the identity calls. */
function tenantHeader({ path }: HttpRequest): "must" | "may" | "never" {
	return path.startsWith("/sspm/api/v1/plugin") ? "must" : path.startsWith("/sspm/identity/") ? "may" : "never";
}

/**
 * What `x-ps-tenant` must hold is not documented: the stack file's word, else the `tenant` of an app, else the tenant service group, or nothing where
 * it may be left out. The first that is not refused is kept.
 */
function withTenant(client: HttpClient, config: ConnectConfig): SspmConnection["send"] {
	const group = String(config.credential.tsgId);
	let kept: string | null = typeof config.options.tenant === "string" ? config.options.tenant : null;
	let looking: Promise<string | undefined> | null = null;
	let lookAgain: Millis = 0;

	/** An app's word for the tenant. */
	async function named(): Promise<string | undefined> {
		let name: string | undefined;
		try {
			const { body } = await client.send({ method: "GET", path: "/sspm/api/v1/apps", ...(config.signal && { signal: config.signal }) });
			const items = at(body, "items");
			name = (Array.isArray(items) ? items : []).map((item) => word(at(item, "tenant"))).find((found) => found !== undefined);
		} catch (error) {
			if (!(error instanceof HttpError)) throw error;
		} finally {
			// A list that can't be read now may be read later, and is not asked for at every call.
			if (name === undefined) [looking, lookAgain] = [null, config.now() + 60_000];
		}
		return name;
	}

	return async (request) => {
		const may = tenantHeader(request);
		if (may === "never") return client.send(request);
		const send = (tenant: string | null) => client.send(tenant === null ? request : { ...request, headers: { ...request.headers, "x-ps-tenant": tenant } });
		if (kept !== null) return send(kept);
		if (config.now() >= lookAgain) looking ??= named();
		const name = (await looking) ?? undefined;
		const choices = [...new Set([name ?? (may === "may" ? null : group), group])];
		const tried = async (tenant: string | null) => {
			const answer = await send(tenant);
			kept ??= tenant;
			return answer;
		};
		const [first = null, second] = choices;
		try {
			return await tried(first);
		} catch (error) {
			// Another value is another tenant's at worst, which is refused too. A write is not tried under two names.
			if (!(error instanceof HttpError) || ![400, 403].includes(error.status) || second === undefined || request.method !== "GET") throw error;
			try {
				return await tried(second);
			} catch {
				throw error;
			}
		}
	};
}
