import { setTimeout as timersSleep } from "node:timers/promises";
import type { Millis } from "../../src/model/known.js";
import { type ClientOptions, createClient } from "../../src/provider/client.js";
import type { HttpClient } from "../../src/provider/http.js";
import type { ConnectConfig } from "../../src/provider/provider.js";
import { parseBaseUrl } from "../../src/provider/request-url.js";
import { createTransport, type Transport } from "../../src/provider/transport.js";
import { type OktaAuth, ssws } from "./auth.js";
import { oktaDialect } from "./dialect.js";
import { readSigningKey } from "./key.js";
import { serviceApp } from "./service-app.js";

/** A connection to one Okta org with one of its two credentials. */
export interface OktaHttp {
	client: HttpClient;
	/** Scopes that the token holds; null for an API token, which has its owner's rights. Throws `HttpError` when there is no token. */
	scopes(): Promise<string[] | null>;
	/** Scopes asked for and not granted: what they open is unreadable. Throws `HttpError` when there is no token. */
	missingScopes(): Promise<string[]>;
	/** Server clock minus ours, milliseconds, or null before the first answer. */
	clockSkew(): Millis | null;
	/** Why nothing was ever answered; null = something was, or nothing was sent. */
	unreached(): string | null;
	/** Requests sent so far, those for tokens and retries included. */
	requests(): number;
	close(): Promise<void>;
}

export interface OktaHttpOptions extends Pick<ClientOptions, "deadlineMs" | "maxConcurrency" | "reserve" | "attempts" | "sleep" | "random"> {
	/** Scopes to ask for where the stack file names none. */
	scopes: string[];
}

const userAgent = "keelson";

/**
 * Connects without sending anything. Throws an `Error` that names the field and the mend for a bad address, key or method.
 */
export async function connectHttp(config: ConnectConfig, options: OktaHttpOptions): Promise<OktaHttp> {
	const where = `systems.${config.system}.${config.purpose === "act" ? "act" : "auth"}`;
	const base = parseBaseUrl(config.url, `systems.${config.system}.url`);
	const closing = new AbortController();
	const stop = (): void => closing.abort(config.signal?.reason);
	if (config.signal?.aborted) stop();
	config.signal?.addEventListener("abort", stop, { once: true });
	const maxConcurrency = options.maxConcurrency ?? 30;
	const transport = createTransport({ origin: base, connections: maxConcurrency });
	let client: HttpClient;
	let auth: OktaAuth;
	try {
		auth = await authOf(config, options, { where, base, transport, signal: closing.signal });
		const dialect = oktaDialect(auth, config.now);
		client = createClient({
			...options,
			maxConcurrency,
			baseUrl: base.href,
			dialect,
			now: config.now,
			log: config.log,
			signal: closing.signal,
			userAgent,
			transport,
			...(config.mayWrite && { mayWrite: config.mayWrite }),
		});
	} catch (error) {
		await transport.close();
		throw error;
	}
	return {
		client,
		scopes: () => auth.scopes(),
		missingScopes: () => auth.missingScopes(),
		clockSkew: () => client.clockSkew(),
		unreached: () => transport.unreached?.()?.message ?? null,
		requests: () => client.requests() + auth.requests(),
		async close() {
			config.signal?.removeEventListener("abort", stop);
			closing.abort();
			await client.close();
		},
	};
}

interface Wiring {
	where: string;
	base: URL;
	transport: Transport;
	signal: AbortSignal;
}

async function authOf(config: ConnectConfig, options: OktaHttpOptions, wiring: Wiring): Promise<OktaAuth> {
	const { where } = wiring;
	const { credential } = config;
	if (credential.method === "ssws") return ssws(text(credential, "token", where));
	if (credential.method !== "private-key-jwt") throw new Error(`method of ${where} must be private-key-jwt or ssws`);
	const key = typeof credential.key === "object" && credential.key !== null ? JSON.stringify(credential.key) : text(credential, "key", where);
	const keyId = credential.keyId === undefined ? undefined : text(credential, "keyId", where);
	const own = Array.isArray(credential.scopes) ? credential.scopes.filter((scope) => typeof scope === "string") : null;
	return serviceApp({
		...wiring,
		clientId: text(credential, "clientId", where),
		key: await readSigningKey(key, keyId, where),
		scopes: own ?? options.scopes,
		now: config.now,
		sleep: options.sleep ?? ((ms, signal) => timersSleep(ms, undefined, { signal })),
		userAgent,
	});
}

/** A header must hold the text: a line break at its end, as files have it, is taken off, and one inside refused. */
function text(credential: Record<string, unknown>, name: string, where: string): string {
	const value = credential[name];
	if (typeof value !== "string" || value.trim() === "") throw new Error(`${name} of ${where} is missing`);
	const trimmed = value.trim();
	if (name !== "key" && /[^\x21-\x7e]/.test(trimmed)) throw new Error(`${name} of ${where} holds a character that cannot be sent`);
	return trimmed;
}
