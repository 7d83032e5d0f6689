import { setTimeout as timersSleep } from "node:timers/promises";
import type { Millis } from "../../src/model/known.js";
import { createClient } from "../../src/provider/client.js";
import type { HttpAnswer, HttpClient, HttpRequest } from "../../src/provider/http.js";
import type { ConnectConfig } from "../../src/provider/provider.js";
import { createTransport } from "../../src/provider/transport.js";
import { googleDialect } from "./dialect.js";
import { hostsOf, type Service, serviceOf } from "./hosts.js";
import { createPace } from "./pace.js";
import { keylessSigner, keySigner, type Signer } from "./service-account.js";
import { createTokens, signAtGoogle, type Tokens } from "./token.js";

/** A connection to one tenant with one of its two credentials; each service's calls go to its own host. */
export interface GoogleHttp {
	/** As `HttpClient.send`. */
	send(request: HttpRequest): Promise<HttpAnswer>;
	signer: Signer;
	tokens: Tokens;
	/** Server clock minus ours, milliseconds, or null before the first answer. */
	clockSkew(): Millis | null;
	/** Why nothing was ever answered; null = something was, or nothing was sent. */
	unreached(): string | null;
	/** Requests sent so far, those for tokens and retries included. */
	requests(): number;
	close(): Promise<void>;
}

/**
 * Queries a minute. Directory: the documented default for one user and project. Reports: what is left for filtered queries.
 * Groups Settings, licensing and the Policy API have quotas of their own; the last one's is not published, and a second a query has served.
 * https://developers.google.com/admin-sdk/directory/v1/limits https://developers.google.com/admin-sdk/reports/v1/limits
 */
export const perMinute: Record<Service, number> = { admin: 2400, reports: 250, groupSettings: 600, licensing: 300, identity: 120 };

// Google compresses only for clients whose name says so.
const userAgent = "keelson (gzip)";

/** Connects without sending anything. @throws Error that names the field and the mend for a bad address, key or method */
export async function connectHttp(config: ConnectConfig): Promise<GoogleHttp> {
	const where = `systems.${config.system}.${config.purpose === "act" ? "act" : "auth"}`;
	const hosts = hostsOf(config.url, `systems.${config.system}.url`);
	const closing = new AbortController();
	const stop = (): void => closing.abort(config.signal?.reason);
	if (config.signal?.aborted) stop();
	config.signal?.addEventListener("abort", stop, { once: true });
	const sleep = config.sleep ?? ((ms: Millis, signal?: AbortSignal) => timersSleep(ms, undefined, { signal }));
	const transport = createTransport({ origin: new URL(hosts.token), connections: 4 });
	const wiring = { transport, now: config.now, signal: closing.signal, userAgent };
	let signer: Signer;
	try {
		signer = await signerOf(config, where, signAtGoogle(hosts.credentials, wiring, where));
	} catch (error) {
		await transport.close();
		throw error;
	}
	const tokens = createTokens({ ...wiring, signer, endpoint: hosts.token, where, sleep });
	const clients = new Map<Service, HttpClient>();
	function clientOf(service: Service): HttpClient {
		const have = clients.get(service);
		if (have) return have;
		const pace = createPace(perMinute[service], config.now);
		const client = createClient({
			baseUrl: hosts.service[service].href,
			dialect: googleDialect({ tokens, purpose: config.purpose, pace, now: config.now }),
			now: config.now,
			log: config.log,
			signal: closing.signal,
			userAgent,
			attempts: 8,
			maxConcurrency: service === "identity" ? 2 : 20,
			...(config.sleep && { sleep: config.sleep }),
			...(config.mayWrite && { mayWrite: config.mayWrite }),
		});
		clients.set(service, client);
		return client;
	}
	return {
		send: (request) => clientOf(serviceOf(request.path)).send(request),
		signer,
		tokens,
		clockSkew: () => clients.get("admin")?.clockSkew() ?? tokens.skew(),
		unreached: () => transport.unreached?.()?.message ?? null,
		requests: () => tokens.requests() + [...clients.values()].reduce((sum, client) => sum + client.requests(), 0),
		async close() {
			config.signal?.removeEventListener("abort", stop);
			closing.abort();
			await Promise.all([...clients.values()].map((client) => client.close()));
			await transport.close();
		},
	};
}

async function signerOf({ credential }: ConnectConfig, where: string, sign: ReturnType<typeof signAtGoogle>): Promise<Signer> {
	if (credential.method === "service-account-key") return keySigner(credential, where);
	if (credential.method === "keyless") return keylessSigner(credential, where, sign);
	throw new Error(`method of ${where} must be service-account-key or keyless`);
}
