import { setMaxListeners } from "node:events";
import { setTimeout as timersSleep } from "node:timers/promises";
import type { Millis } from "../model/known.js";
import { createSignalLinks } from "./abort-group.js";
import { type Attempt, attemptOnce } from "./attempt.js";
import { createBudget, type Permit } from "./budget.js";
import type { HttpAnswer, HttpClient, HttpDialect, HttpRequest } from "./http.js";
import { HttpError } from "./http-error.js";
import { isLoopback, parseBaseUrl, templateUrl } from "./request-url.js";
import { type Next, nextStep, type SendState } from "./retry.js";
import { createServerClock } from "./server-clock.js";
import { createTransport, type Transport } from "./transport.js";

export interface ClientOptions {
	/** The system's address. Must be https, except on loopback. */
	baseUrl: string;
	dialect: HttpDialect;
	now(): Millis;
	/** From the first attempt of a request to its last; waiting for its turn before that does not count. Default 5 min. */
	deadlineMs?: Millis;
	/** Requests at once, at most. Default 30: below the 35 of Okta's free plan. */
	maxConcurrency?: number;
	/** Share of a bucket's limit left for others. Default 0.05, with which reading takes less than 1.1 × requests ÷ limit. */
	reserve?: number;
	/** Tries of one request before giving up on server errors and cut connections. Default 5. */
	attempts?: number;
	log?(message: string): void;
	signal?: AbortSignal;
	userAgent?: string;
	/** For tests: resolves after `ms`, rejects when the signal is aborted. */
	sleep?(ms: Millis, signal: AbortSignal): Promise<unknown>;
	/** For tests: numbers from 0 to below 1. */
	random?(): number;
	/** Connections to use instead of own ones; closed with the client. */
	transport?: Transport;
	/** Longest time for one attempt, on the real clock. Default 2 min. */
	attemptTimeoutMs?: Millis;
	/** Asked right before every attempt of a write, after all waiting: how long it may take at most. Throws when it may not be sent any more. */
	mayWrite?(): Millis;
}

const maxRedirects = 3;

/**
 * The one HTTP client of a system: one rate budget for all callers, retries with full jitter inside a deadline.
 * GET, PUT and DELETE are repeated after server errors and cuts; a POST only when the server surely did not perform it.
 * Throws an `Error` for an address that must not be used.
 */
export function createClient(options: ClientOptions): HttpClient {
	const base = parseBaseUrl(options.baseUrl);
	const { dialect, now } = options;
	const deadlineMs = options.deadlineMs ?? 300_000;
	const maxConcurrency = options.maxConcurrency ?? 30;
	const random = options.random ?? Math.random;
	const sleep = options.sleep ?? ((ms: Millis, signal: AbortSignal) => timersSleep(ms, undefined, { signal }));
	const clock = createServerClock();
	const transport = options.transport ?? createTransport({ origin: base, connections: maxConcurrency });
	const budget = createBudget({ now, sleep, clock, reserve: options.reserve ?? 0.05, maxConcurrency });
	const closing = new AbortController();
	// Every request under way listens; these are no leak.
	setMaxListeners(0, closing.signal);
	const linkTo = createSignalLinks(closing.signal);
	let sent = 0;
	let retries = 0;

	const stop = (): void => closing.abort(options.signal?.reason);
	if (options.signal?.aborted) stop();
	options.signal?.addEventListener("abort", stop, { once: true });

	async function permitFor(request: HttpRequest, state: SendState, signal: AbortSignal): Promise<Permit> {
		// Thousands may wait for many windows; what counts for those not sent yet is the wait for the next one.
		const latest = (): Millis => (state.startedAt ?? now()) + deadlineMs;
		const permit = await budget.acquire(dialect.bucket(request.method, request.path), { signal, latest, first: state.attempt > 0 });
		if (!("tooLong" in permit)) return permit;
		const seconds = Math.ceil((permit.opensAt - now()) / 1000);
		throw new HttpError({
			status: state.lastStatus,
			code: null,
			cause: "throttled",
			summary: `the vendor's rate limit opens again in ${seconds} s, later than the deadline of ${Math.round(deadlineMs / 1000)} s`,
			request: { call: `${request.method} ${request.path}`, requestId: state.lastRequestId, at: now() },
			ambiguous: state.doubt,
		});
	}

	async function attempt(request: HttpRequest, state: SendState, signal: AbortSignal): Promise<{ attempt: Attempt; next: Next }> {
		const permit = await permitFor(request, state, signal);
		state.startedAt ??= now();
		state.attempt++;
		let limits: ReturnType<HttpDialect["limits"]> | null = null;
		try {
			const timeout = Math.min(options.attemptTimeoutMs ?? 120_000, Math.max(1, state.startedAt + deadlineMs - now()), timeToWrite(request, state));
			const result = await attemptOnce({
				transport,
				dialect,
				now,
				request,
				url: state.url,
				signal,
				timeout,
				userAgent: options.userAgent ?? "keelson",
				sent: () => sent++,
			});
			if (result.answer) {
				limits = dialect.limits(result.answer.headers, result.answer.status);
				if (limits.serverNow !== null) clock.observe(limits.serverNow, result.sentAt, result.receivedAt);
				state.lastStatus = result.answer.status;
				state.lastRequestId = result.answer.request.requestId;
			}
			const next = nextStep({
				request,
				dialect,
				result,
				limits,
				state,
				now: now(),
				deadlineMs,
				clock,
				random,
				attempts: Math.min(request.attempts ?? options.attempts ?? 5, triesOf(result)),
			});
			if (next.kind === "retry" && next.throttled === "window") permit.throttled(next.until);
			if (next.kind !== "done" && limits?.concurrency) permit.refused();
			return { attempt: result, next };
		} finally {
			permit.done(limits);
		}
	}

	/** An address where nothing was ever met is soon given up: it is more likely wrong than down for a moment. */
	function triesOf({ failure, sentAt, receivedAt }: Attempt): number {
		if (!failure || failure.sent || !transport.unreached?.()) return Number.POSITIVE_INFINITY;
		return receivedAt - sentAt > 3000 ? 1 : 2;
	}

	function timeToWrite(request: HttpRequest, state: SendState): Millis {
		const reads = request.method === "GET" || (request.method === "POST" && (dialect.repeatable?.(request.method, request.path) ?? false));
		if (reads || !options.mayWrite) return Number.POSITIVE_INFINITY;
		try {
			return Math.max(1, options.mayWrite());
		} catch (error) {
			const summary = error instanceof Error ? error.message : String(error);
			const ref = { call: `${request.method} ${request.path}`, requestId: state.lastRequestId, at: now() };
			throw new HttpError({ status: 0, code: null, cause: "error", summary, request: ref, ambiguous: state.doubt });
		}
	}

	async function run(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
		const state: SendState = {
			url: firstUrl(base, request, now),
			attempt: 0,
			redirects: 0,
			renewed: false,
			startedAt: null,
			lastStatus: 0,
			lastRequestId: null,
			doubt: false,
		};
		for (;;) {
			signal.throwIfAborted();
			const { attempt: result, next } = await attempt(request, state, signal);
			if (next.kind === "done") return next.answer;
			if (next.kind === "fail") throw next.error;
			if (next.kind === "redirect") {
				if (++state.redirects > maxRedirects) throw refusal(request, "the vendor redirects without end", now);
				state.url = sameOrigin(base, state.url, next.to, request, now, "the vendor redirects to another address");
				continue;
			}
			if (next.renew) {
				state.renewed = true;
				if (!(await dialect.renew?.(result.headers))) throw next.error;
			}
			retries++;
			if (next.error.ambiguous) state.doubt = true;
			options.log?.(`${next.error.message}; trying again`);
			const wait = next.throttled === "window" ? 0 : next.until - now();
			if (wait > 0) await sleep(wait, signal);
		}
	}

	return {
		async send(request) {
			const refused = dialect.refuses?.(request) ?? null;
			if (refused !== null) throw refusal(request, refused, now, "error");
			const link = linkTo(request.signal);
			try {
				return await run(request, link.signal);
			} catch (error) {
				// Timers and streams wrap the reason in errors of their own. A write that may have been done says so.
				if (link.signal.aborted && !(error instanceof HttpError && error.ambiguous)) throw link.signal.reason;
				throw error;
			} finally {
				link.release();
			}
		},
		requests: () => sent,
		stats: () => ({ buckets: budget.buckets(), concurrency: budget.concurrency(), concurrencyThrottled: budget.concurrencyThrottled(), retries }),
		clockSkew: () => clock.skew(),
		async close() {
			options.signal?.removeEventListener("abort", stop);
			closing.abort();
			budget.close();
			await transport.close();
		},
	};
}

function firstUrl(base: URL, request: HttpRequest, now: () => Millis): URL {
	if (request.url === undefined) return templateUrl(base, request);
	return sameOrigin(base, base, request.url, request, now, "the vendor's next link leads to another address");
}

/** Credentials never leave the origin that they are for. */
function sameOrigin(base: URL, from: URL, to: string, request: HttpRequest, now: () => Millis, what: string): URL {
	const url = URL.canParse(to, from) ? new URL(to, from) : null;
	if (url === null) throw refusal(request, `${what} that cannot be read`, now);
	if (url.origin === base.origin && url.username === "" && url.password === "") return url;
	const hint = isLoopback(base) ? "" : "; where a proxy or custom domain stands between, give the vendor's own address as url";
	throw refusal(request, `${what} (${url.origin} instead of ${base.origin}), which was not followed${hint}`, now);
}

function refusal(request: HttpRequest, summary: string, now: () => Millis, cause: "cut-off" | "error" = "cut-off"): HttpError {
	return new HttpError({ status: 0, code: null, summary, cause, request: { call: `${request.method} ${request.path}`, requestId: null, at: now() } });
}
