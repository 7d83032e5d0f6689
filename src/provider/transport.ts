import { createRequire } from "node:module";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { Dispatcher } from "undici";
import type { Millis } from "../model/known.js";
import { isLoopback } from "./request-url.js";

export interface TransportRequest {
	method: string;
	url: string;
	headers: Headers;
	body: string | null;
	signal: AbortSignal;
}

export interface TransportAnswer {
	status: number;
	headers: Headers;
	text: string;
}

/** Connections to one origin, kept alive, by way of HTTPS_PROXY and NO_PROXY where these are set. */
export interface Transport {
	/** Resolves for every answer, whatever its status. Throws `TransportError`, or the signal's reason when it was aborted before anything was sent. */
	send(request: TransportRequest): Promise<TransportAnswer>;
	/** The newest failure, while nothing was ever answered; null before the first one, and after any answer. */
	unreached?(): TransportError | null;
	close(): Promise<void>;
}

export type TransportFailure = "unreachable" | "not-found" | "tls" | "cut" | "timeout" | "too-large" | "aborted";

/** No whole answer. `sent` = the server may have got the request. */
export class TransportError extends Error {
	override readonly name = "TransportError";
	constructor(
		readonly failure: TransportFailure,
		readonly sent: boolean,
		message: string,
	) {
		super(message);
	}
}

export interface TransportOptions {
	origin: URL;
	/** Sockets at most. */
	connections: number;
	connectTimeoutMs?: Millis;
	headersTimeoutMs?: Millis;
	/** Between two pieces of a body. */
	bodyTimeoutMs?: Millis;
	/** Of the decoded body, bytes. */
	maxBytes?: number;
	/** Default: `process.env`. */
	env?: Record<string, string | undefined>;
}

export function createTransport(options: TransportOptions): Transport {
	const maxBytes = options.maxBytes ?? 64 * 1024 * 1024;
	const dispatcher = createDispatcher(options);
	let answered = false;
	let failure: TransportError | null = null;
	return {
		async send(request) {
			const url = new URL(request.url);
			const headers: Record<string, string> = { "accept-encoding": "gzip" };
			request.headers.forEach((value, name) => {
				headers[name] = value;
			});
			try {
				const answer = await dispatcher.request({
					origin: url.origin,
					path: url.pathname + url.search,
					method: request.method as Dispatcher.HttpMethod,
					headers,
					body: request.body,
					signal: request.signal,
				});
				answered = true;
				const received = toHeaders(answer.headers);
				const bytes = await decode(await readBytes(answer.body, maxBytes), received.get("content-encoding"), maxBytes);
				// Unlike Buffer's, this decoder takes a byte order mark away.
				return { status: answer.statusCode, headers: received, text: new TextDecoder().decode(bytes) };
			} catch (error) {
				const found = failureOf(error, request.signal, options.origin);
				if (found instanceof TransportError && found.failure !== "aborted") failure = found;
				throw found;
			}
		},
		unreached: () => (answered ? null : failure),
		close: () => dispatcher.destroy(),
	};
}

/** Loaded when a connection is made: most commands load a provider and send nothing. */
const undici = (): typeof import("undici") => createRequire(import.meta.url)("undici");

function createDispatcher(options: TransportOptions): Dispatcher {
	const { Agent, EnvHttpProxyAgent } = undici();
	const pool = {
		connections: options.connections,
		pipelining: 1,
		connect: { timeout: options.connectTimeoutMs ?? 10_000 },
		// Okta ends a slow query after 30 s itself; the vendor's word is better than our cut.
		headersTimeout: options.headersTimeoutMs ?? 60_000,
		bodyTimeout: options.bodyTimeoutMs ?? 60_000,
	};
	const env = options.env ?? process.env;
	const proxied = ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"].some((name) => env[name]) && !isLoopback(options.origin);
	const httpProxy = env.http_proxy || env.HTTP_PROXY || undefined;
	const httpsProxy = env.https_proxy || env.HTTPS_PROXY || undefined;
	return proxied ? new EnvHttpProxyAgent({ ...pool, httpProxy, httpsProxy, noProxy: env.no_proxy || env.NO_PROXY || "" }) : new Agent(pool);
}

function toHeaders(raw: Record<string, string | string[] | undefined>): Headers {
	const headers = new Headers();
	for (const [name, value] of Object.entries(raw)) {
		for (const line of Array.isArray(value) ? value : [value]) if (line !== undefined) headers.append(name, line);
	}
	return headers;
}

async function readBytes(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
	const chunks: Uint8Array[] = [];
	let size = 0;
	for await (const chunk of body) {
		size += chunk.length;
		if (size > maxBytes) throw tooLarge(maxBytes);
		chunks.push(chunk);
	}
	return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

/** Codings are named in either case: RFC 9110 §8.4.1. */
async function decode(bytes: Uint8Array, named: string | null, maxBytes: number): Promise<Uint8Array> {
	const encoding = named?.trim().toLowerCase() ?? null;
	if (bytes.length === 0 || encoding === null || encoding === "identity") return bytes;
	if (encoding !== "gzip" && encoding !== "x-gzip") throw new TransportError("cut", true, `the answer is encoded as ${encoding}, which was not asked for`);
	try {
		return await promisify(gunzip)(bytes, { maxOutputLength: maxBytes });
	} catch (error) {
		if (codeOf(error) === "ERR_BUFFER_TOO_LARGE") throw tooLarge(maxBytes);
		throw new TransportError("cut", true, "the compressed answer is damaged");
	}
}

function tooLarge(maxBytes: number): TransportError {
	return new TransportError("too-large", true, `the answer is larger than ${maxBytes} bytes`);
}

const beforeSending = new Set(["ECONNREFUSED", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "ENETDOWN", "UND_ERR_CONNECT_TIMEOUT", "ETIMEDOUT"]);

function failureOf(error: unknown, signal: AbortSignal, origin: URL): unknown {
	if (error instanceof TransportError) return error;
	const code = codeOf(error);
	if (signal.aborted) return new TransportError("aborted", true, "interrupted before the answer was complete");
	if (code === "ENOTFOUND") return new TransportError("not-found", false, `there is no host ${origin.hostname}; check url in the stack file`);
	if (beforeSending.has(code)) return new TransportError("unreachable", false, `${origin.host} cannot be reached (${code})`);
	if (/CERT|SELF_SIGNED|UNABLE_TO_/.test(code)) {
		const mend = "a private authority is named in NODE_EXTRA_CA_CERTS";
		return new TransportError("tls", false, `the TLS certificate of ${origin.host} is not trusted (${code}); ${mend}`);
	}
	if (/ERR_TLS|ERR_SSL|EPROTO/.test(code)) return new TransportError("tls", false, `${origin.host} does not speak TLS as it should (${code}); check url`);
	if (code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT") return new TransportError("timeout", true, "no answer in time");
	if (code.startsWith("UND_ERR_PRX") || code === "UND_ERR_ABORTED")
		return new TransportError("unreachable", false, `the proxy refused the way to ${origin.host}`);
	return new TransportError("cut", true, `the connection was cut before the answer was complete${code ? ` (${code})` : ""}`);
}

function codeOf(error: unknown): string {
	if (!(error instanceof Error)) return "";
	if ("code" in error && typeof error.code === "string") return error.code;
	// Happy eyeballs wrap the failures of all addresses.
	if (error instanceof AggregateError) return codeOf(error.errors[0]);
	return error.cause === undefined ? "" : codeOf(error.cause);
}
