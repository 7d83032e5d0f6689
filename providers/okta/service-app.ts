import { decodeJwt } from "jose";
import { DPoP, type DPoPHandle, modifyAssertion } from "oauth4webapi";
import type { Millis } from "../../src/model/known.js";
import { cleanText, HttpError, type HttpErrorCause } from "../../src/provider/http-error.js";
import { parseRetryAfter } from "../../src/provider/retry-after.js";
import { type Transport, TransportError } from "../../src/provider/transport.js";
import type { OktaAuth } from "./auth.js";
import { createDpopProver, type DpopProver } from "./dpop.js";
import type { SigningKey } from "./key.js";
import { requestToken, type TokenAnswer, type TokenRefusal } from "./token.js";

export interface ServiceAppOptions {
	transport: Transport;
	base: URL;
	clientId: string;
	key: SigningKey;
	/** Scopes to ask for. */
	scopes: string[];
	/** For messages: `systems.okta.auth`. */
	where: string;
	now(): Millis;
	sleep(ms: Millis, signal: AbortSignal): Promise<unknown>;
	signal: AbortSignal;
	userAgent: string;
}

interface Token extends TokenAnswer {
	/** Local times. */
	renewAt: Millis;
	expiresAt: Millis;
	granted: string[] | null;
}

const tries = 5;
const longestWait: Millis = 60_000;

/**
 * An API service app: tokens by client credentials and a signed assertion, renewed at 80 % of their life, bound to a key
 * when Okta demands it. Throws `HttpError` when Okta gives no token.
 */
export function serviceApp(options: ServiceAppOptions): OktaAuth {
	const { now } = options;
	let scopes = options.scopes;
	let token: Token | null = null;
	let pending: Promise<Token> | null = null;
	let dpop: DpopProver | null = null;
	let dpopHandle: DPoPHandle | null = null;
	let skew: Millis = 0;
	let sent = 0;
	let asked: string[] | null = null;

	/** Asks until there is a token or an answer that waiting and a proof cannot mend. */
	async function ask(wanted: string[]): Promise<TokenAnswer | TokenRefusal> {
		let nonces = 0;
		let clocks = 0;
		for (let attempt = 1; ; attempt++) {
			options.signal.throwIfAborted();
			sent++;
			let answer: TokenAnswer | TokenRefusal;
			try {
				answer = await requestToken({ ...options, scopes: wanted, dpop, dpopHandle, skew });
			} catch (error) {
				if (!(error instanceof TransportError)) throw error;
				if (options.signal.aborted) throw options.signal.reason;
				const soon = !error.sent && options.transport.unreached?.() ? 2 : tries;
				if (["tls", "not-found", "too-large"].includes(error.failure) || attempt >= soon) throw failed("cut-off", error.message, null);
				await options.sleep(Math.random() * 500 * 2 ** attempt, options.signal);
				continue;
			}
			if ("token" in answer) return answer;
			const clockMended = mendClock(answer) && clocks++ < 1;
			if ((answer.error === "use_dpop_nonce" || answer.error === "invalid_dpop_proof") && nonces++ < 3) {
				await startDpop();
				continue;
			}
			if (answer.error === "invalid_client" && clockMended) continue;
			if (!(answer.status === 429 || answer.status >= 500) || attempt >= tries) return answer;
			const wait = parseRetryAfter(answer.retryAfter, answer.serverDate ?? now()) ?? Math.random() * 1000 * 2 ** attempt;
			if (wait > longestWait) return answer;
			await options.sleep(wait, options.signal);
		}
	}

	async function startDpop(): Promise<void> {
		dpop ??= await createDpopProver();
		const iat = (_header: object, claims: Record<string, unknown>): void => {
			claims.iat = Math.floor((now() + skew) / 1000);
		};
		dpopHandle ??= DPoP({}, dpop.keyPair, { [modifyAssertion]: iat });
	}

	/** An assertion or proof is refused when the clocks differ; the answer's `Date` tells by how much. */
	function mendClock({ serverDate }: TokenRefusal): boolean {
		if (serverDate === null || Math.abs(serverDate - now() - skew) < 30_000) return false;
		skew = serverDate - now();
		return true;
	}

	/** The scopes that can be had, when all of them together are refused: those that Okta names go, else halves are tried. */
	async function withFewer(wanted: string[], refusal: TokenRefusal): Promise<string[]> {
		const named = wanted.filter((scope) => refusal.description.split(/[^\w.]+/).some((word) => word.replace(/\.$/, "") === scope));
		if (wanted.length === 1) return [];
		const parts = named.length > 0 && named.length < wanted.length ? [wanted.filter((scope) => !named.includes(scope))] : halves(wanted);
		const found: string[] = [];
		for (const part of parts) {
			const answer = await ask(part);
			if ("token" in answer) found.push(...(grantedOf(answer)?.filter((scope) => part.includes(scope)) ?? part));
			else if (answer.error === "invalid_scope") found.push(...(await withFewer(part, answer)));
			else throw refused(answer);
		}
		return found;
	}

	async function fetchToken(): Promise<Token> {
		let answer = await ask(scopes);
		if (!("token" in answer) && answer.error === "invalid_scope") {
			scopes = await withFewer(scopes, answer);
			if (scopes.length === 0) throw noScopes(answer);
			answer = await ask(scopes);
		}
		if (!("token" in answer)) throw refused(answer);
		asked ??= options.scopes;
		const life = answer.expiresIn;
		token = { ...answer, granted: grantedOf(answer), renewAt: now() + life * 0.8, expiresAt: now() + life };
		return token;
	}

	function renewOnce(): Promise<Token> {
		pending ??= fetchToken().finally(() => {
			pending = null;
		});
		return pending;
	}

	async function current(): Promise<Token> {
		const held = token;
		if (held !== null && now() < held.renewAt) return held;
		try {
			return await renewOnce();
		} catch (error) {
			// The old token still works for a while: a token endpoint that is down for a minute stops nothing.
			if (held !== null && held === token && now() < held.expiresAt - 30_000 && !options.signal.aborted) return held;
			throw error;
		}
	}

	function failed(cause: HttpErrorCause, summary: string, answer: TokenRefusal | null, scope?: string): HttpError {
		return new HttpError({
			status: answer?.status ?? 0,
			code: answer === null || answer.error.startsWith("http-") ? null : answer.error,
			summary: cleanText(summary),
			cause,
			request: { call: "POST /oauth2/v1/token", requestId: answer?.requestId ?? null, at: now() },
			...(scope !== undefined && { scope }),
		});
	}

	function refused(answer: TokenRefusal): HttpError {
		if (answer.status === 429) return failed("throttled", "Okta gives no token: too many requests", answer);
		const hint = answer.error === "invalid_client" ? `; check clientId, key and keyId of ${options.where}, and that the app is active` : "";
		return failed("error", `Okta gives no token to ${options.clientId}: ${answer.description || answer.error}${hint}`, answer);
	}

	function noScopes(answer: TokenRefusal): HttpError {
		const list = options.scopes.join(", ");
		return failed(
			"scope",
			`none of the scopes is granted to ${options.clientId}: ${list}; grant them in the Admin Console, at the app, under Okta API Scopes`,
			answer,
			options.scopes[0],
		);
	}

	return {
		async authorize(call, headers) {
			const held = await current();
			headers.set("authorization", `${held.dpop ? "DPoP" : "Bearer"} ${held.token}`);
			if (held.dpop && dpop) headers.set("dpop", await dpop.proof(call, held.token, now() + skew));
		},
		async renew(headers) {
			// Somebody else may have renewed since this request was sent.
			if (token !== null && headers.get("authorization")?.split(" ")[1] === token.token) token = null;
			if (token === null) await renewOnce();
			return true;
		},
		observe(headers, serverNow) {
			if (serverNow !== null && Math.abs(serverNow - now() - skew) > 5000) skew = serverNow - now();
			const nonce = headers.get("dpop-nonce");
			if (nonce !== null) dpop?.setNonce(nonce);
		},
		scopes: async () => (await current()).granted,
		async missingScopes() {
			const { granted } = await current();
			const have = granted ?? scopes;
			return (asked ?? options.scopes).filter((scope) => !have.includes(scope));
		},
		requests: () => sent,
	};
}

function grantedOf(answer: TokenAnswer): string[] | null {
	if (answer.scopes !== null) return answer.scopes;
	try {
		const { scp } = decodeJwt(answer.token);
		return Array.isArray(scp) ? scp.map(String) : null;
	} catch {
		return null;
	}
}

function halves(list: string[]): string[][] {
	const middle = Math.ceil(list.length / 2);
	return [list.slice(0, middle), list.slice(middle)];
}
