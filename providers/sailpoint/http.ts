import { setTimeout as timersSleep } from "node:timers/promises";
import { createClient } from "../../src/provider/client.js";
import type { HttpClient } from "../../src/provider/http.js";
import type { ConnectConfig } from "../../src/provider/provider.js";
import { isLoopback, parseBaseUrl } from "../../src/provider/request-url.js";
import { createTransport } from "../../src/provider/transport.js";
import { clientSecret, type TokenHolder } from "./auth.js";
import { sailpointDialect } from "./dialect.js";
import { pacer } from "./pace.js";

/** A connection to one tenant with one of its two credentials. */
export interface SailPointHttp {
	client: HttpClient;
	/** Whom the token speaks for. @throws HttpError when there is no token */
	holder(): Promise<TokenHolder>;
	/** Why nothing was ever answered; null = something was, or nothing was sent. */
	unreached(): string | null;
	/** Requests sent so far, those for tokens and retries included. */
	requests(): number;
	close(): Promise<void>;
}

const userAgent = "keelson";
/** 100 requests in 10 s for a token: more at once would only meet 429. */
const atOnce = 10;

/** Connects without sending anything. @throws Error naming the field for a bad address or credential */
export function connectHttp(config: ConnectConfig): SailPointHttp {
	const where = `systems.${config.system}.${config.purpose === "act" ? "act" : "auth"}`;
	const base = parseBaseUrl(config.url, `systems.${config.system}.url`);
	const { credential, now } = config;
	if (credential.method !== "client-secret") throw new Error(`method of ${where} must be client-secret`);
	const clientId = text(credential, "clientId", where);
	const secret = text(credential, "clientSecret", where);
	const closing = new AbortController();
	const stop = (): void => closing.abort(config.signal?.reason);
	if (config.signal?.aborted) stop();
	config.signal?.addEventListener("abort", stop, { once: true });
	const sleep = config.sleep ?? ((ms: number, signal?: AbortSignal) => timersSleep(ms, undefined, { ...(signal && { signal }) }));
	const transport = createTransport({ origin: base, connections: atOnce });
	const auth = clientSecret({
		base,
		transport,
		clientId,
		clientSecret: secret,
		now,
		sleep: async (ms, signal) => void (await sleep(ms, signal)),
		signal: closing.signal,
		userAgent,
	});
	// An emulator on this machine says by itself where its limits are.
	const turn = isLoopback(base) ? async () => {} : pacer({ now, sleep: (ms) => sleep(ms, closing.signal) });
	const client = createClient({
		baseUrl: base.href,
		dialect: sailpointDialect(auth, now, turn),
		now,
		maxConcurrency: atOnce,
		log: config.log,
		signal: closing.signal,
		userAgent,
		transport,
		...(config.sleep && { sleep: config.sleep }),
		...(config.mayWrite && { mayWrite: config.mayWrite }),
	});
	return {
		client,
		holder: () => auth.holder(),
		unreached: () => transport.unreached?.()?.message ?? null,
		requests: () => client.requests() + auth.requests(),
		async close() {
			config.signal?.removeEventListener("abort", stop);
			closing.abort();
			await client.close();
		},
	};
}

/** A line break at its end, as files have it, is taken off. */
function text(credential: Record<string, unknown>, name: string, where: string): string {
	const value = credential[name];
	if (typeof value !== "string" || value.trim() === "") throw new Error(`${name} of ${where} is missing`);
	return value.trim();
}
