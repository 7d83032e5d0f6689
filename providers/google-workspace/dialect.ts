import type { Millis } from "../../src/model/known.js";
import { at, word } from "../../src/provider/decode.js";
import type { HttpAnswer, HttpDialect, Verdict } from "../../src/provider/http.js";
import { cleanText, HttpError } from "../../src/provider/http-error.js";
import { parseHttpDate } from "../../src/provider/retry-after.js";
import type { Pace } from "./pace.js";
import { scopesFor } from "./scopes.js";
import type { Tokens } from "./token.js";

interface DialectOptions {
	tokens: Tokens;
	purpose: "read" | "act";
	pace: Pace;
	now(): Millis;
}

/**
 * Refusals that pass by waiting, although they come as 403.
 * https://developers.google.com/admin-sdk/directory/v1/limits
 */
const throttles = new Set(["userRateLimitExceeded", "quotaExceeded", "rateLimitExceeded", "sharingRateLimitExceeded", "dailyLimitExceeded"]);
const missing = new Set(["insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"]);
const switchedOff = new Set(["accessNotConfigured", "SERVICE_DISABLED", "domainCannotUseApis", "insufficientArchivedUserLicenses"]);
/** Tries after a server error. Throttling gets more: its waits must outlast a window of a minute. */
const serverTries = 5;

/** What the shared client needs to know of Google's APIs. */
export function googleDialect({ tokens, purpose, pace, now }: DialectOptions): HttpDialect {
	return {
		async authorize({ method, url }, headers) {
			pace.sent();
			const path = new URL(url).pathname;
			const scopes = scopesFor(purpose, method, path);
			const [first] = scopes;
			if (first === undefined) throw unscoped(method, path, now());
			headers.set("authorization", `Bearer ${await firstOf(tokens, scopes)}`);
		},
		async renew(sent) {
			tokens.drop(sent.get("authorization")?.split(" ")[1] ?? "");
			return true;
		},
		bucket: (_method, path) => (path.startsWith("/admin/reports/") ? "reports" : path.startsWith("/v1/policies") ? "policies" : "queries"),
		limits: (headers) => pace.limits(parseHttpDate(headers.get("date") ?? "", now())),
		judge: (answer, attempt) => judge(answer, attempt, purpose),
		describe: (answer) => ({ code: reasonOf(answer), summary: cleanText(messageOf(answer)) }),
		// Google gives no id of a request.
		requestId: () => null,
	};
}

async function firstOf(tokens: Tokens, scopes: string[]): Promise<string> {
	let why: unknown;
	for (const scope of scopes) {
		try {
			return await tokens.of(scope);
		} catch (error) {
			if (!(error instanceof HttpError) || error.cause !== "scope") throw error;
			why ??= error;
		}
	}
	throw why;
}

function unscoped(method: string, path: string, at: Millis): HttpError {
	const summary = "the reading credential has no scope for a change";
	return new HttpError({
		status: 0,
		code: null,
		cause: "scope",
		summary,
		request: { call: `${method} ${path.split("/").slice(0, 5).join("/")}`, requestId: null, at },
	});
}

function judge(answer: HttpAnswer, attempt: number, purpose: "read" | "act"): Verdict {
	const reason = reasonOf(answer) ?? "";
	if (answer.status === 429 || (answer.status === 403 && throttles.has(reason))) {
		const asked = answer.headers.has("retry-after");
		// 1, 2, 4 … 32 s with jitter, as the vendor asks.
		return { verdict: "retry", cause: "throttled", ...(asked ? {} : { waitMs: Math.min(32_000, 1000 * 2 ** (attempt - 1)) + Math.random() * 1000 }) };
	}
	switch (answer.status) {
		case 401:
			return { verdict: "retry-new-token" };
		case 403: {
			const [method = "GET", path = ""] = answer.request.call.split(" ");
			const [scope] = scopesFor(purpose, method, path);
			const short = missing.has(reason) || /insufficient_scope/.test(answer.headers.get("www-authenticate") ?? "");
			if (short) return { verdict: "fail", cause: "scope", ...(scope !== undefined && { scope }) };
			return { verdict: "fail", cause: switchedOff.has(reason) ? "licence" : "role" };
		}
		case 408:
		case 500:
		case 502:
		case 503:
		case 504:
			return { verdict: attempt < serverTries ? "retry" : "fail" };
		default:
			return { verdict: "fail" };
	}
}

/** The word that decides: `errors[].reason` of the older APIs, `details[].reason` or `status` of the newer. */
function reasonOf({ body }: HttpAnswer): string | null {
	const error = at(body, "error");
	const lists = [at(error, "errors"), at(error, "details")];
	const reasons = lists.flatMap((list) => (Array.isArray(list) ? list.flatMap((one) => word(at(one, "reason")) ?? []) : []));
	return reasons[0] ?? word(at(error, "status")) ?? word(error) ?? null;
}

function messageOf({ body, status }: HttpAnswer): string {
	return word(at(body, "error", "message")) ?? (status === 403 ? "Google refuses this call" : `Google answered ${status}`);
}
