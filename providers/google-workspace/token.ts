import type { Millis } from "../../src/model/known.js";
import { at, count, type Json, object, word } from "../../src/provider/decode.js";
import { cleanText, HttpError, type HttpErrorCause } from "../../src/provider/http-error.js";
import { parseHttpDate, parseRetryAfter } from "../../src/provider/retry-after.js";
import { type Transport, type TransportAnswer, TransportError } from "../../src/provider/transport.js";
import type { Signer } from "./service-account.js";

interface TokenOptions {
	signer: Signer;
	/** Address of the token endpoint. */
	endpoint: string;
	transport: Transport;
	/** For messages: `systems.google.auth`. */
	where: string;
	now(): Millis;
	sleep(ms: Millis, signal: AbortSignal): Promise<unknown>;
	signal: AbortSignal;
	userAgent: string;
}

/** Access tokens, one for each scope: one that is not delegated fails the whole of its token and must not take the others along. */
export interface Tokens {
	/** @throws HttpError where there is none */
	of(scope: string): Promise<string>;
	/** This token was refused: the next one is another. */
	drop(token: string): void;
	requests(): number;
	/** Server clock minus ours, as the token endpoint shows it; null before its first answer. */
	skew(): Millis | null;
}

interface Held {
	token: string;
	/** Local times. */
	renewAt: Millis;
	expiresAt: Millis;
}

const audience = "https://oauth2.googleapis.com/token";
const grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/** Google gives an hour. A shorter fixed life where it does not say: a wrong guess costs a request and no failure. */
const unknownLife: Millis = 300_000;
const refusalLasts: Millis = 120_000;
const tries = 5;
/** As the other calls of a connection: their waits outlast a window of a minute. */
const throttledTries = 8;

/** https://developers.google.com/identity/protocols/oauth2/service-account */
export function createTokens(options: TokenOptions): Tokens {
	const { now, signer } = options;
	const held = new Map<string, Held>();
	const refused = new Map<string, { error: HttpError; until: Millis }>();
	const pending = new Map<string, Promise<Held>>();
	let sent = 0;
	let skew: Millis | null = null;
	let mended: Millis = 0;

	async function post(scope: string): Promise<TransportAnswer> {
		const iat = Math.floor((now() + mended) / 1000);
		const assertion = await signer.sign({ iss: signer.email, sub: signer.subject, scope, aud: audience, iat, exp: iat + 3600 });
		sent++;
		const answer = await options.transport.send({
			method: "POST",
			url: options.endpoint,
			headers: new Headers({ "content-type": "application/x-www-form-urlencoded", accept: "application/json", "user-agent": options.userAgent }),
			body: new URLSearchParams({ grant_type: grant, assertion }).toString(),
			signal: options.signal,
		});
		const date = parseHttpDate(answer.headers.get("date") ?? "", now());
		if (date !== null) skew = date - now();
		return answer;
	}

	async function ask(scope: string): Promise<Held> {
		let clocks = 0;
		for (let attempt = 1; ; attempt++) {
			options.signal.throwIfAborted();
			let answer: TransportAnswer;
			try {
				answer = await post(scope);
			} catch (error) {
				if (options.signal.aborted) throw options.signal.reason;
				if (error instanceof HttpError && isBusy(error) && attempt < (error.status === 429 ? throttledTries : tries)) {
					await options.sleep(backoff(attempt), options.signal);
					continue;
				}
				if (!(error instanceof TransportError)) throw error;
				const soon = !error.sent && options.transport.unreached?.() ? 2 : tries;
				if (["tls", "not-found", "too-large"].includes(error.failure) || attempt >= soon) throw failed("cut-off", error.message, 0, null);
				await options.sleep(Math.random() * 500 * 2 ** attempt, options.signal);
				continue;
			}
			const body = parsed(answer.text);
			const token = word(body.access_token);
			if (answer.status === 200 && token) {
				const life = (count(body.expires_in) ?? unknownLife / 1000) * 1000;
				return { token, renewAt: now() + life * 0.8, expiresAt: now() + life };
			}
			// An assertion from a clock that is wrong is refused; the answer's Date tells by how much.
			if (word(body.error) === "invalid_grant" && skew !== null && Math.abs(skew - mended) > 30_000 && clocks++ === 0) {
				mended = skew;
				continue;
			}
			const throttled = isThrottled(answer, body);
			const busy = throttled || answer.status >= 500 || (answer.status === 200 && !token);
			if (!busy || attempt >= (throttled ? throttledTries : tries)) throw refusal(scope, answer, body);
			const own = throttled ? backoff(attempt) : Math.random() * 1000 * 2 ** attempt;
			const wait = parseRetryAfter(answer.headers.get("retry-after"), now() + (skew ?? 0)) ?? own;
			if (wait > 60_000) throw refusal(scope, answer, body);
			await options.sleep(wait, options.signal);
		}
	}

	function failed(cause: HttpErrorCause, summary: string, status: number, code: string | null, scope?: string): HttpError {
		const request = { call: "POST /token", requestId: null, at: now() };
		return new HttpError({ status, code, summary: cleanText(summary), cause, request, ...(scope !== undefined && { scope }) });
	}

	function refusal(scope: string, answer: TransportAnswer, body: Json): HttpError {
		const { status } = answer;
		const code = word(body.error) ?? null;
		const said = word(body.error_description) ?? "no OAuth answer";
		if (isThrottled(answer, body))
			return failed("throttled", `Google gives no token: too many requests${isPage(answer) ? ", or a proxy that answers with a page" : ""}`, status, code);
		const client = signer.clientId ?? signer.email;
		if (code === "unauthorized_client" || code === "invalid_scope" || code === "access_denied")
			return failed(
				"scope",
				`domain-wide delegation of ${client} does not hold ${scope} (${said}); add it in the Admin console under API controls`,
				status,
				code,
				scope,
			);
		if (code === "invalid_grant") {
			const mend = `check that ${signer.subject} is an active administrator of this tenant, that the key of ${options.where} is not revoked, and this machine's clock`;
			return failed("error", `Google gives no token: ${said}; ${mend}`, status, code);
		}
		return failed("error", `Google gives no token to ${signer.email}: ${said}; check ${options.where}`, status, code);
	}

	function fetchOnce(scope: string): Promise<Held> {
		const running = pending.get(scope);
		if (running) return running;
		const asked = ask(scope)
			.then((fresh) => {
				held.set(scope, fresh);
				return fresh;
			})
			.catch((error) => {
				if (error instanceof HttpError && error.cause !== "throttled" && error.status > 0 && error.status < 429)
					refused.set(scope, { error, until: now() + refusalLasts });
				throw error;
			})
			.finally(() => pending.delete(scope));
		pending.set(scope, asked);
		return asked;
	}

	return {
		async of(scope) {
			const have = held.get(scope);
			if (have && now() < have.renewAt) return have.token;
			const before = refused.get(scope);
			if (before && now() < before.until) throw before.error;
			try {
				return (await fetchOnce(scope)).token;
			} catch (error) {
				// The old one still works for a while: a token endpoint that is down for a minute stops nothing.
				if (have && now() < have.expiresAt - 30_000 && !options.signal.aborted && held.get(scope) === have) return have.token;
				throw error;
			}
		},
		drop(token) {
			for (const [scope, one] of held) if (one.token === token) held.delete(scope);
		},
		requests: () => sent,
		skew: () => skew,
	};
}

/** 1, 2, 4 … 32 s with jitter. */
function backoff(attempt: number): Millis {
	return Math.min(32_000, 1000 * 2 ** (attempt - 1)) + Math.random() * 1000;
}

/** Who signs is asked for too much, or out of order for a while. */
function isBusy({ status }: HttpError): boolean {
	return status === 429 || status >= 500;
}

/**
 * The token endpoint throttles with 429, with 403 and a word of its own in OAuth's shape (https://support.google.com/cloud/answer/9028764), and with
 * 403 and a page for people (GoogleCloudPlatform/gsutil#114). What is wrong with a credential it always says in OAuth's shape (RFC 6749 section 5.2).
 */
function isThrottled(answer: TransportAnswer, body: Json): boolean {
	return answer.status === 429 || (answer.status === 403 && (isPage(answer) || word(body.error) === "rate_limit_exceeded"));
}

function isPage({ text }: TransportAnswer): boolean {
	return /^\s*</.test(text);
}

function parsed(text: string): Json {
	try {
		return object(JSON.parse(text)) ?? {};
	} catch {
		return {};
	}
}

/** Signs by `projects.serviceAccounts.signJwt`. https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/signJwt */
export function signAtGoogle(
	base: string,
	{ transport, signal, now, userAgent }: Pick<TokenOptions, "transport" | "signal" | "now" | "userAgent">,
	where: string,
) {
	return async (email: string, token: string, payload: string): Promise<string> => {
		const headers = new Headers({ authorization: `Bearer ${token}`, "content-type": "application/json", "user-agent": userAgent });
		const url = `${base}/v1/projects/-/serviceAccounts/${encodeURIComponent(email)}:signJwt`;
		const { status, text } = await transport.send({ method: "POST", url, headers, body: JSON.stringify({ payload }), signal });
		const body = parsed(text);
		const signed = word(body.signedJwt);
		if (status === 200 && signed) return signed;
		const said = word(at(body, "error", "message")) ?? `status ${status}`;
		const mend =
			status === 429 || status >= 500
				? "try again later"
				: `token of ${where} must be a live access token with the role Service Account Token Creator on ${email}`;
		const request = { call: "POST /v1/projects/-/serviceAccounts/{email}:signJwt", requestId: null, at: now() };
		const cause = status === 403 ? "role" : status === 429 ? "throttled" : "error";
		throw new HttpError({
			status,
			code: word(at(body, "error", "status")) ?? null,
			cause,
			summary: cleanText(`Google signs nothing: ${said}; ${mend}`, [token]),
			request,
		});
	};
}
