import type { Millis } from "../model/known.js";
import type { Attempt } from "./attempt.js";
import type { HttpAnswer, HttpDialect, HttpRequest, RateLimits, Verdict } from "./http.js";
import { cleanText, HttpError, type HttpErrorCause, secretsOf } from "./http-error.js";
import { parseRetryAfter } from "./retry-after.js";
import type { ServerClock } from "./server-clock.js";
import type { TransportError } from "./transport.js";

/** One `send`, over all its attempts. */
export interface SendState {
	url: URL;
	attempt: number;
	redirects: number;
	renewed: boolean;
	startedAt: Millis | null;
	lastStatus: number;
	lastRequestId: string | null;
	/** An earlier attempt may have been performed. */
	doubt: boolean;
}

export type Next =
	| { kind: "done"; answer: HttpAnswer }
	| { kind: "fail"; error: HttpError }
	| { kind: "redirect"; to: string }
	| { kind: "retry"; error: HttpError; until: Millis; throttled: "window" | "concurrency" | null; renew: boolean };

export interface StepInput {
	request: HttpRequest;
	dialect: HttpDialect;
	result: Attempt;
	limits: RateLimits | null;
	state: SendState;
	now: Millis;
	deadlineMs: Millis;
	clock: ServerClock;
	random(): number;
	attempts: number;
}

/** Full jitter: anything from 0 to a bound that doubles with every attempt (500 ms, 1 s, … 20 s). */
export function backoff(attempt: number, random: () => number): Millis {
	return random() * Math.min(20_000, 500 * 2 ** (attempt - 1));
}

/** What to do after an attempt. */
export function nextStep(input: StepInput): Next {
	const { result, request } = input;
	if (result.answer === null) return afterFailure(input, result.failure);
	const { status, headers } = result.answer;
	if (result.malformed && status >= 200 && status < 300) return afterMalformed(input, result.answer);
	if (status >= 200 && status < 300) return { kind: "done", answer: result.answer };
	const location = headers.get("location");
	if (status >= 300 && status < 400 && location !== null) {
		if (request.method === "GET") return { kind: "redirect", to: location };
		return fail(input, { summary: "the vendor redirects a write, which is not followed", cause: "cut-off" });
	}
	return afterRefusal(input, result.answer);
}

function repeatable({ request, dialect }: StepInput): boolean {
	return request.method !== "POST" || (dialect.repeatable?.(request.method, request.path) ?? false);
}

function isWrite({ request, dialect }: StepInput): boolean {
	return request.method !== "GET" && !(request.method === "POST" && (dialect.repeatable?.(request.method, request.path) ?? false));
}

function afterFailure(input: StepInput, failure: TransportError | null): Next {
	const sent = failure?.sent ?? false;
	const fields = { summary: failure?.message ?? "no answer", cause: "cut-off" as const, ambiguous: sent && isWrite(input) };
	const lasting = failure === null || ["aborted", "tls", "not-found", "too-large"].includes(failure.failure);
	if (lasting || (sent && !repeatable(input))) return fail(input, fields);
	return retry(input, fields, backoff(input.state.attempt, input.random));
}

function afterMalformed(input: StepInput, answer: HttpAnswer): Next {
	const fields = { summary: "the answer is not valid JSON", cause: "cut-off" as const, answer, ambiguous: isWrite(input) };
	return input.request.method === "GET" ? retry(input, fields, backoff(input.state.attempt, input.random)) : fail(input, fields);
}

function afterRefusal(input: StepInput, answer: HttpAnswer): Next {
	const { dialect, state, random, now } = input;
	const verdict = dialect.judge(answer, state.attempt);
	const serverError = answer.status >= 500;
	const fields = { ...refusalFields(input, answer, verdict), ambiguous: serverError && isWrite(input) };
	if (verdict.verdict === "fail") return fail(input, fields);
	if (verdict.verdict === "retry-new-token") {
		if (state.renewed || !dialect.renew) return fail(input, fields);
		return retry(input, fields, 0, { renew: true });
	}
	if (serverError && !repeatable(input)) return fail(input, fields);
	const asked = verdict.waitMs ?? parseRetryAfter(answer.headers.get("retry-after"), serverNow(input));
	if (answer.status !== 429) return retry(input, fields, asked ?? backoff(state.attempt, random));
	// The reset of a concurrency refusal is a guess (Okta): a short pause and fewer at once are the mend.
	if (input.limits?.concurrency) return retry(input, fields, verdict.waitMs ?? 1000 + random() * 4000, { throttled: "concurrency" });
	return retry(input, fields, Math.max(asked ?? 0, untilReset(input) ?? 0) || 1000 + backoff(state.attempt, random), { throttled: "window" });

	function untilReset({ limits, clock }: StepInput): Millis | null {
		if (limits === null || limits.resetAt === null) return null;
		// Headers count whole seconds, so the window may open up to a second after the one they name.
		const wait = clock.localAt(limits.resetAt) + 1000 - now;
		return wait > 0 ? wait : null;
	}
}

function serverNow({ limits, clock, now }: StepInput): Millis {
	return limits?.serverNow ?? clock.serverAt(now);
}

interface Failing {
	summary: string;
	cause: HttpErrorCause;
	code?: string | null;
	scope?: string | undefined;
	ambiguous?: boolean;
	answer?: HttpAnswer;
}

function refusalFields(input: StepInput, answer: HttpAnswer, verdict: Verdict): Failing {
	const { code, summary } = input.dialect.describe(answer);
	const usual: HttpErrorCause = answer.status === 429 ? "throttled" : answer.status === 403 ? "role" : "error";
	return { summary, code, cause: verdict.cause ?? usual, scope: verdict.scope, answer };
}

function retry(input: StepInput, fields: Failing, wait: Millis, extra: { throttled?: "window" | "concurrency"; renew?: boolean } = {}): Next {
	const { now, state, deadlineMs, attempts } = input;
	const deadline = (state.startedAt ?? now) + deadlineMs;
	if (now + wait > deadline) {
		const seconds = Math.ceil(wait / 1000);
		const summary = `${fields.summary}; the next try would be in ${seconds} s, later than the deadline of ${Math.round(deadlineMs / 1000)} s`;
		return fail(input, { ...fields, summary });
	}
	// A full window is waited for as long as the deadline allows; everything else is tried a few times.
	if (extra.throttled === undefined && state.attempt >= attempts) {
		return fail(input, { ...fields, summary: `${fields.summary} (${state.attempt} tries)` });
	}
	const next = fail(input, fields);
	return { kind: "retry", error: next.error, until: now + wait, throttled: extra.throttled ?? null, renew: extra.renew ?? false };
}

function fail(input: StepInput, fields: Failing): { kind: "fail"; error: HttpError } {
	const { request, result, now, state } = input;
	const ambiguous = state.doubt || fields.ambiguous;
	return {
		kind: "fail",
		error: new HttpError({
			status: fields.answer?.status ?? 0,
			code: fields.code ?? null,
			summary: cleanText(fields.summary, secretsOf(result.headers)),
			cause: fields.cause,
			request: fields.answer?.request ?? { call: `${request.method} ${request.path}`, requestId: null, at: now },
			...(fields.scope !== undefined && { scope: fields.scope }),
			...(ambiguous !== undefined && { ambiguous }),
		}),
	};
}
