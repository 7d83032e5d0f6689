import type { Millis } from "../../src/model/known.js";
import { cleanText, HttpError, type HttpErrorFields, plainRequestId } from "../../src/provider/http-error.js";
import { parseHttpDate, parseRetryAfter } from "../../src/provider/retry-after.js";
import type { Transport } from "../../src/provider/transport.js";
import { TransportError } from "../../src/provider/transport.js";
import type { Proof } from "./proof.js";
import { at, object, texts, word } from "./schema.js";
import { whyRefused } from "./token-errors.js";

/** How calls get their access token. */
export interface GraphAuth {
	authorize(headers: Headers): Promise<void>;
	/** The token in these headers was refused: drops it. */
	renew(sent: Headers): Promise<boolean>;
	/** Application permissions in the token; null where it can't be read. Throws `HttpError` when there is no token. */
	scopes(): Promise<string[] | null>;
	/** Requests sent to the token endpoint. */
	requests(): number;
}

export interface AuthOptions {
	transport: Transport;
	/** Of the token endpoint. */
	endpoint: string;
	clientId: string;
	/** `<resource>/.default`. */
	scope: string;
	proof: Proof;
	now(): Millis;
	sleep(ms: Millis, signal: AbortSignal): Promise<unknown>;
	signal: AbortSignal;
}

interface Token {
	text: string;
	/** Local time from which a new one is asked for. */
	until: Millis;
}

const call = "POST /{tenant}/oauth2/v2.0/token";
/** A token is renewed this long before its end. */
const margin: Millis = 120_000;
const tries = 4;

/** Client credentials at Microsoft's identity platform; callers share one token and one request for it. */
export function clientCredentials(options: AuthOptions): GraphAuth {
	let token: Token | null = null;
	let pending: Promise<Token> | null = null;
	let sent = 0;
	let skew = 0;

	const current = async (): Promise<Token> => {
		if (token && options.now() < token.until) return token;
		pending ??= fetchToken().finally(() => {
			pending = null;
		});
		token = await pending;
		return token;
	};

	async function fetchToken(): Promise<Token> {
		for (let attempt = 1; ; attempt++) {
			const failed = await once();
			if ("text" in failed) return failed;
			if (!failed.again || attempt >= tries) throw new HttpError(failed.fields);
			await options.sleep(failed.wait ?? 500 * 2 ** attempt, options.signal);
		}
	}

	async function once(): Promise<Token | { again: boolean; wait: Millis | null; fields: HttpErrorFields }> {
		const { endpoint, clientId, scope, signal, now } = options;
		const ref = (requestId: string | null) => ({ call, requestId: plainRequestId(requestId), at: now() });
		const form = { grant_type: "client_credentials", client_id: clientId, scope, ...(await proven(endpoint, now() + skew, signal)) };
		try {
			sent++;
			const headers = new Headers({ "content-type": "application/x-www-form-urlencoded", accept: "application/json", "user-agent": "keelson" });
			const answer = await options.transport.send({ method: "POST", url: endpoint, headers, body: new URLSearchParams(form).toString(), signal });
			const date = answer.headers.get("date");
			const serverNow = date === null ? null : parseHttpDate(date, now());
			const body = parsed(answer.text);
			const text = word(body?.access_token);
			if (answer.status === 200 && text !== undefined && /^[\x21-\x7e]+$/.test(text)) {
				const life = typeof body?.expires_in === "number" ? body.expires_in * 1000 : 300_000;
				return { text, until: now() + Math.max(life - margin, life / 2) };
			}
			const code = codeOf(body);
			const requestId = word(body?.trace_id) ?? answer.headers.get("x-ms-request-id");
			const base = { status: answer.status, code, cause: "error" as const, request: ref(requestId) };
			const busy = answer.status === 429 || answer.status >= 500 || answer.status === 200;
			// An assertion outside of its time: this machine's clock is wrong, and the server has just told its own.
			const late = code === "AADSTS700024" && serverNow !== null && Math.abs(serverNow - now() - skew) > 60_000;
			if (serverNow !== null && late) skew = serverNow - now();
			const wait = late ? 0 : parseRetryAfter(answer.headers.get("retry-after"), serverNow ?? now());
			const cause = answer.status === 429 ? ("throttled" as const) : ("error" as const);
			return { again: busy || late, wait, fields: { ...base, cause, summary: summaryOf(code, body, Object.values(form)) } };
		} catch (error) {
			signal.throwIfAborted();
			if (!(error instanceof TransportError)) throw error;
			return {
				again: error.failure === "unreachable" || error.sent,
				wait: null,
				fields: { status: 0, code: null, cause: "cut-off", summary: error.message, request: ref(null) },
			};
		}
	}

	async function proven(endpoint: string, serverNow: Millis, signal: AbortSignal): Promise<Record<string, string>> {
		try {
			return await options.proof(endpoint, serverNow, signal);
		} catch (error) {
			signal.throwIfAborted();
			const summary = error instanceof Error ? error.message : String(error);
			throw new HttpError({ status: 0, code: null, cause: "error", summary, request: { call, requestId: null, at: options.now() } });
		}
	}

	return {
		async authorize(headers) {
			headers.set("authorization", `Bearer ${(await current()).text}`);
		},
		async renew(refused) {
			if (token && refused.get("authorization") === `Bearer ${token.text}`) token = null;
			return true;
		},
		scopes: async () => rolesIn((await current()).text),
		requests: () => sent,
	};
}

/** The permissions stand in the token's `roles` claim; the token is for Graph to check, and nothing is decided by it here. */
function rolesIn(token: string): string[] | null {
	const claims = parsed(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
	return claims === null ? null : (texts(claims.roles ?? null) ?? null);
}

function parsed(text: string): Record<string, unknown> | null {
	try {
		return object(JSON.parse(text));
	} catch {
		return null;
	}
}

function codeOf(body: unknown): string | null {
	const told = /AADSTS\d+/.exec(word(at(body, "error_description")) ?? "")?.[0];
	return told ?? word(at(body, "error")) ?? null;
}

function summaryOf(code: string | null, body: unknown, secrets: string[]): string {
	const told = (word(at(body, "error_description")) ?? "the answer is not one of a token endpoint").split(/ Trace ID:/)[0] ?? "";
	return whyRefused(code) ?? cleanText(told, secrets);
}
