import type { Millis } from "../model/known.js";
import type { HttpAnswer, HttpDialect, HttpRequest } from "./http.js";
import { plainRequestId, secretsOf } from "./http-error.js";
import { type Transport, TransportError } from "./transport.js";

export interface AttemptOptions {
	transport: Transport;
	dialect: HttpDialect;
	now(): Millis;
	request: HttpRequest;
	url: URL;
	signal: AbortSignal;
	/** For the whole attempt, on the real clock: a server that drips its answer never runs into a socket timeout. */
	timeout: Millis;
	userAgent: string;
	sent(): void;
}

/** What came of sending a request once: an answer, or why there is none. */
export interface Attempt {
	/** As sent, credentials among them. */
	headers: Headers;
	answer: HttpAnswer | null;
	failure: TransportError | null;
	/** A 2xx that claims to be JSON and is not. */
	malformed: boolean;
	sentAt: Millis;
	receivedAt: Millis;
}

/** Sends once. Throws what `authorize` throws, and the signal's reason when it was aborted before anything was sent. */
export async function attemptOnce(options: AttemptOptions): Promise<Attempt> {
	const { request, dialect, now, signal } = options;
	const headers = new Headers({ accept: "application/json", "user-agent": options.userAgent, ...request.headers });
	const body = request.body === undefined ? null : typeof request.body === "string" ? request.body : JSON.stringify(request.body);
	if (body !== null && !headers.has("content-type")) headers.set("content-type", "application/json");
	await orAborted(dialect.authorize({ method: request.method, url: options.url.href }, headers), signal);
	const limiter = new AbortController();
	const onAbort = (): void => limiter.abort();
	signal.addEventListener("abort", onAbort, { once: true });
	const timer = setTimeout(onAbort, options.timeout);
	const sentAt = now();
	options.sent();
	try {
		const raw = await options.transport.send({ method: request.method, url: options.url.href, headers, body, signal: limiter.signal });
		const parsed = parseBody(raw.text, raw.headers);
		const ref = { call: `${request.method} ${request.path}`, requestId: plainRequestId(dialect.requestId(raw.headers), secretsOf(headers)), at: now() };
		const answer = { status: raw.status, headers: raw.headers, body: parsed.body, request: ref };
		return { headers, answer, failure: null, malformed: parsed.malformed, sentAt, receivedAt: now() };
	} catch (error) {
		if (!(error instanceof TransportError)) throw error;
		const late = error.failure === "aborted" && !signal.aborted;
		const failure = late ? new TransportError("timeout", true, `no whole answer in ${Math.ceil(options.timeout / 1000)} s`) : error;
		return { headers, answer: null, failure, malformed: false, sentAt, receivedAt: now() };
	} finally {
		clearTimeout(timer);
		signal.removeEventListener("abort", onAbort);
	}
}

/** The work is shared with other requests and goes on; this one stops waiting for it. */
async function orAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
	signal.throwIfAborted();
	let onAbort = (): void => {};
	const aborted = new Promise<never>((_, reject) => {
		onAbort = () => reject(signal.reason);
		signal.addEventListener("abort", onAbort, { once: true });
	});
	try {
		await Promise.race([work, aborted]);
	} finally {
		signal.removeEventListener("abort", onAbort);
	}
}

function parseBody(text: string, headers: Headers): { body: unknown; malformed: boolean } {
	if (text.trim() === "") return { body: null, malformed: false };
	try {
		return { body: JSON.parse(text), malformed: false };
	} catch {
		return { body: text, malformed: /\bjson\b/i.test(headers.get("content-type") ?? "") };
	}
}
