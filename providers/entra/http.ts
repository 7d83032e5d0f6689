import { setTimeout as timersSleep } from "node:timers/promises";
import type { Millis } from "../../src/model/known.js";
import { createClient } from "../../src/provider/client.js";
import type { HttpClient } from "../../src/provider/http.js";
import type { ConnectConfig } from "../../src/provider/provider.js";
import { isLoopback, parseBaseUrl } from "../../src/provider/request-url.js";
import { createTransport } from "../../src/provider/transport.js";
import { clientCredentials } from "./auth.js";
import { bucketOf } from "./buckets.js";
import { graphDialect } from "./dialect.js";
import { createPacer } from "./pacer.js";
import { plain, proofOf } from "./proof.js";

/** A connection to one tenant with one of its two credentials. */
export interface GraphHttp {
	client: HttpClient;
	clientId: string;
	tenantId: string;
	/** Application permissions of the token; null where it does not tell. Throws `HttpError` when there is no token. */
	scopes(): Promise<string[] | null>;
	/** Server clock minus ours, milliseconds, or null before the first answer. */
	clockSkew(): Millis | null;
	/** Why nothing was ever answered; null = something was, or nothing was sent. */
	unreached(): string | null;
	/** Requests sent so far, those for tokens and retries included. */
	requests(): number;
	sleep(ms: Millis, signal?: AbortSignal): Promise<unknown>;
	/** Waits for the turn of calls that are sent inside another one; what it gives is called when they are answered. */
	turn(path: string, count: number, signal?: AbortSignal): Promise<() => void>;
	close(): Promise<void>;
}

/** Connects without sending anything. Throws an `Error` that names the field and the mend for a bad address, key or method. */
export function connectHttp(config: ConnectConfig): GraphHttp {
	const where = `systems.${config.system}.${config.purpose === "act" ? "act" : "auth"}`;
	const base = parseBaseUrl(config.url, `systems.${config.system}.url`);
	const { credential, now } = config;
	const [tenantId, clientId] = [plain(credential, "tenantId", where), plain(credential, "clientId", where)];
	const proof = proofOf(config, where);
	const told =
		credential.authority === undefined ? (isLoopback(base) ? base.href : "https://login.microsoftonline.com") : plain(credential, "authority", where);
	const authority = parseBaseUrl(told, `authority of ${where}`);
	const closing = new AbortController();
	const stop = (): void => closing.abort(config.signal?.reason);
	if (config.signal?.aborted) stop();
	config.signal?.addEventListener("abort", stop, { once: true });
	const sleep = async (ms: Millis, signal?: AbortSignal): Promise<unknown> =>
		config.sleep ? config.sleep(ms, signal) : timersSleep(ms, undefined, { signal });
	const login = createTransport({ origin: authority, connections: 1 });
	const transport = createTransport({ origin: base, connections: 16 });
	const auth = clientCredentials({
		transport: login,
		endpoint: `${authority.href.replace(/\/+$/, "")}/${encodeURIComponent(tenantId)}/oauth2/v2.0/token`,
		clientId,
		scope: `${base.origin}/.default`,
		proof,
		now,
		sleep,
		signal: closing.signal,
	});
	const inner = createClient({
		baseUrl: base.href,
		dialect: graphDialect(auth, now),
		maxConcurrency: 16,
		now,
		sleep,
		log: config.log,
		signal: closing.signal,
		userAgent: "keelson",
		transport,
		...(config.mayWrite && { mayWrite: config.mayWrite }),
	});
	// A tenant on this machine has no neighbours to be spared, and refuses what is too much; with a clock of its own, waiting costs nothing.
	const pacer = isLoopback(base) && config.sleep === undefined ? { turn: async () => () => {} } : createPacer(now, sleep);
	const client: HttpClient = {
		...inner,
		async send(request) {
			const answered = await pacer.turn(bucketOf(request.path), request.signal ?? closing.signal);
			return inner.send(request).finally(answered);
		},
	};
	return {
		client,
		clientId,
		tenantId,
		scopes: () => auth.scopes(),
		clockSkew: () => inner.clockSkew(),
		unreached: () => transport.unreached?.()?.message ?? (inner.requests() === 0 ? (login.unreached?.()?.message ?? null) : null),
		requests: () => inner.requests() + auth.requests(),
		sleep,
		turn: (path, count, signal) => pacer.turn(bucketOf(path), signal ?? closing.signal, count),
		async close() {
			config.signal?.removeEventListener("abort", stop);
			closing.abort();
			await inner.close();
			await login.close();
		},
	};
}
