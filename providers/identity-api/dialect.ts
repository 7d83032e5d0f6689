import { at, word } from "../../src/provider/decode.js";
import type { HttpAnswer, HttpDialect, Verdict } from "../../src/provider/http.js";
import { cleanText } from "../../src/provider/http-error.js";
import { parseHttpDate } from "../../src/provider/retry-after.js";

/** Permissions, by the words with which the API refuses. */
export const readScope = "identity:read";
export const writeScope = "identity:write";

/** What the shared client needs to know of the API. It documents no limits; a 429 with `Retry-After` is honoured. */
export function identityDialect(token: string, now: () => number): HttpDialect {
	return {
		async authorize(_request, headers) {
			headers.set("authorization", `Bearer ${token}`);
		},
		bucket: () => "all",
		limits(headers) {
			const said = headers.get("date");
			return { limit: null, remaining: null, resetAt: null, serverNow: said === null ? null : parseHttpDate(said, now()), concurrency: false };
		},
		judge,
		describe: (answer) => ({ code: codeOf(answer), summary: cleanText(summaryOf(answer), [token]) }),
		requestId: (headers) => headers.get("x-request-id"),
	};
}

function judge(answer: HttpAnswer): Verdict {
	switch (answer.status) {
		case 408:
			// Whoever gave up waiting may have had the request already: a write is looked at before it is made again.
			return { verdict: answer.request.call.startsWith("GET ") ? "retry" : "fail" };
		case 429:
		case 500:
		case 502:
		case 503:
		case 504:
			return { verdict: "retry" };
		case 403:
			return { verdict: "fail", cause: "scope", scope: answer.request.call.startsWith("GET ") ? readScope : writeScope };
		default:
			return { verdict: "fail" };
	}
}

function codeOf({ body }: HttpAnswer): string | null {
	return word(at(body, "error", "code")) ?? word(at(body, "error")) ?? null;
}

function summaryOf({ body, status }: HttpAnswer): string {
	if (status === 401) return "the token is wrong, expired or revoked";
	return word(at(body, "error", "message")) ?? word(at(body, "message")) ?? (status === 403 ? "the API refuses this call" : `the API answered ${status}`);
}
