import { decodeJwt } from "jose";
import type { Millis } from "../../src/model/known.js";
import { cleanText, HttpError, type HttpErrorCause, plainRequestId } from "../../src/provider/http-error.js";
import { parseHttpDate } from "../../src/provider/retry-after.js";
import { type Transport, TransportError } from "../../src/provider/transport.js";
import { at, count, texts, word } from "./schema.js";

/** Whom a token speaks for, by its own claims. */
export interface TokenHolder {
	/** Identity that the personal access token belongs to; null for an API client. */
	identity: string | null;
	/** The tenant's name; null where the token does not say. */
	org: string | null;
	/** User levels of that identity. */
	levels: string[] | null;
	/** Scopes that the token holds; null where it does not say. */
	scopes: string[] | null;
}

/** How calls get their credentials. */
export interface SailPointAuth {
	authorize(headers: Headers): Promise<void>;
	/** The token in these headers was refused. True = there is another one now. Callers share one renewal. */
	renew(sent: Headers): Promise<boolean>;
	/** The token is known not to hold this scope. */
	lacks(scope: string): boolean;
	/** @throws HttpError when there is no token */
	holder(): Promise<TokenHolder>;
	/** Requests sent to the token endpoint. */
	requests(): number;
}

export interface AuthOptions {
	base: URL;
	transport: Transport;
	clientId: string;
	clientSecret: string;
	now(): Millis;
	sleep(ms: Millis, signal: AbortSignal): Promise<unknown>;
	signal: AbortSignal;
	userAgent: string;
}

interface Token {
	value: string;
	expires: Millis;
	holder: TokenHolder;
}

const path = "/oauth/token";
/** Renewed this long before its end, so that none expires on the way. */
const margin: Millis = 30_000;
/** Tries of one token request: the token endpoint is limited like every other. */
const tries = 4;
/** Where the answer names no life: short, so that a wrong guess costs a request and no failure. */
const unknownLife: Millis = 300_000;

/** The client credentials grant, of a personal access token or an API client. https://developer.sailpoint.com/docs/api/authentication */
export function clientSecret(options: AuthOptions): SailPointAuth {
	let current: Token | null = null;
	let pending: Promise<Token> | null = null;
	let sent = 0;

	async function ask(): Promise<Token> {
		let wait = 500;
		for (let attempt = 1; ; attempt++) {
			sent++;
			const answer = await once(options);
			if ("token" in answer) return answer.token;
			const { error, again } = answer;
			if (!again || attempt >= tries) throw error;
			await options.sleep(again.waitMs ?? wait, options.signal);
			wait *= 2;
		}
	}
	async function token(): Promise<Token> {
		if (current && options.now() < current.expires - margin) return current;
		pending ??= ask()
			.then((found) => {
				current = found;
				return found;
			})
			.finally(() => {
				pending = null;
			});
		return pending;
	}
	return {
		async authorize(headers) {
			headers.set("authorization", `Bearer ${(await token()).value}`);
		},
		async renew(headers) {
			if (current && headers.get("authorization") === `Bearer ${current.value}`) current = null;
			await token();
			return true;
		},

		lacks(scope) {
			const scopes = current?.holder.scopes ?? null;
			return scopes !== null && !covers(scopes, scope);
		},
		holder: async () => (await token()).holder,
		requests: () => sent,
	};
}

/** `sp:scopes:all` holds every scope; a `manage` scope reads too. */
export function covers(scopes: readonly string[], scope: string): boolean {
	return scopes.includes("sp:scopes:all") || scopes.includes(scope) || scopes.includes(scope.replace(/:read$/, ":manage"));
}

type Asked = { token: Token } | { error: HttpError; again: { waitMs?: Millis } | null };

async function once(options: AuthOptions): Promise<Asked> {
	const { clientId, clientSecret: secret, now } = options;
	const url = new URL(path, options.base);
	const body = new URLSearchParams({ grant_type: "client_credentials", client_id: clientId, client_secret: secret });
	const headers = new Headers({ "content-type": "application/x-www-form-urlencoded", accept: "application/json", "user-agent": options.userAgent });
	const fail = (status: number, summary: string, cause: HttpErrorCause, requestId: string | null, code: string | null = null) =>
		new HttpError({ status, code, cause, summary: cleanText(summary, [secret, clientId]), request: { call: `POST ${path}`, requestId, at: now() } });
	try {
		const answer = await options.transport.send({ method: "POST", url: url.href, headers, body: body.toString(), signal: options.signal });
		const requestId = plainRequestId(answer.headers.get("slpt-request-id"), [secret]);
		const parsed = parse(answer.text);
		const value = word(at(parsed, "access_token"));
		if (answer.status === 200 && value !== undefined) {
			const seconds = count(at(parsed, "expires_in"));
			const life = seconds === undefined ? unknownLife : seconds * 1000;
			return { token: { value, expires: now() + Math.max(life, 2 * margin), holder: holderOf(value, parsed) } };
		}
		const code = word(at(parsed, "error")) ?? null;
		const said = word(at(parsed, "error_description")) ?? word(at(parsed, "message")) ?? "the answer is not one of an OAuth token endpoint";
		const later = answer.status === 429 || answer.status >= 500;
		const waitMs = retryAfter(answer.headers, now());
		const cause = answer.status === 429 ? "throttled" : "error";
		return { error: fail(answer.status, said, cause, requestId, code), again: later ? (waitMs === null ? {} : { waitMs }) : null };
	} catch (error) {
		if (!(error instanceof TransportError)) throw error;
		// Asking for a token twice does no harm.
		return { error: fail(0, error.message, error.failure === "cut" || error.failure === "timeout" ? "cut-off" : "error", null), again: error.sent ? {} : null };
	}
}

function retryAfter(headers: Headers, now: Millis): Millis | null {
	const value = headers.get("retry-after")?.trim() ?? "";
	if (/^\d{1,4}$/.test(value)) return Number(value) * 1000;
	const until = parseHttpDate(value, now);
	const server = parseHttpDate(headers.get("date") ?? "", now) ?? now;
	return until === null ? null : Math.min(Math.max(0, until - server), 60_000);
}

function holderOf(token: string, answer: unknown): TokenHolder {
	const claims = claimsOf(token);
	const own = (name: string): unknown => at(answer, name) ?? at(claims, name);
	const scope = own("scope");
	const scopes = typeof scope === "string" ? scope.split(" ").filter(Boolean) : texts(scope);
	return {
		identity: word(own("identity_id")) ?? null,
		org: word(own("org")) ?? null,
		levels: texts(at(claims, "authorities")) ?? null,
		scopes: scopes ?? null,
	};
}

/** The claims are read and not verified: it is our own token, and nothing but messages hangs on them. */
function claimsOf(token: string): object {
	try {
		return decodeJwt(token);
	} catch {
		return {};
	}
}

function parse(textOfBody: string): unknown {
	try {
		return JSON.parse(textOfBody);
	} catch {
		return null;
	}
}
