import type { HttpAnswer, HttpDialect, RateLimits, Verdict } from "../../src/provider/http.js";
import { cleanText } from "../../src/provider/http-error.js";
import { parseHttpDate } from "../../src/provider/retry-after.js";
import type { SailPointAuth } from "./auth.js";
import { bucketOf, needsOf } from "./routes.js";
import { at, object, word } from "./schema.js";

/** What the shared client needs to know of SailPoint. Source: developer.sailpoint.com/docs/api, rate limits and errors. */
export function sailpointDialect(auth: SailPointAuth, now: () => number, turn: () => Promise<void>): HttpDialect {
	function limits(headers: Headers, status: number): RateLimits {
		const date = headers.get("date");
		const serverNow = date === null ? null : parseHttpDate(date, now());
		// The vendor sends no counters, only `Retry-After` with a 429.
		return { limit: null, remaining: status === 429 ? 0 : null, resetAt: null, serverNow, concurrency: false };
	}

	function judge(answer: HttpAnswer): Verdict {
		const [method = "GET", path = ""] = answer.request.call.split(" ");
		switch (answer.status) {
			case 429:
				return { verdict: "retry", cause: "throttled" };
			case 401:
				return { verdict: "retry-new-token" };
			case 403: {
				const scope = needsOf(method, path)?.scopes[0];
				// The vendor says the same for a missing scope and a missing user level; the token tells its scopes.
				if (scope !== undefined && auth.lacks(scope)) return { verdict: "fail", cause: "scope", scope };
				return { verdict: "fail", cause: "role" };
			}
			case 408:
			case 500:
			case 502:
			case 503:
			case 504:
				return { verdict: "retry" };
			default:
				return { verdict: "fail" };
		}
	}

	return {
		async authorize({ method }, headers) {
			// A write was allowed just now, and goes at once.
			if (method === "GET") await turn();
			await auth.authorize(headers);
		},
		renew: (sent) => auth.renew(sent),
		bucket: bucketOf,
		limits,
		judge,
		describe: (answer) => ({ code: codeOf(answer), summary: cleanText(summaryOf(answer)) }),
		requestId: (headers) => headers.get("slpt-request-id"),
	};
}

/** The vendor's `detailCode` (`400.1.3 Illegal value`), or OAuth's error word. */
function codeOf({ body }: HttpAnswer): string | null {
	const detail = word(at(body, "detailCode"));
	return detail ?? null;
}

/** Errors come in four shapes: ErrorResponseDto, `{ error }`, `{ message }`, and the gateway's `{ detailMessage }`. */
function summaryOf({ body, status, request }: HttpAnswer): string {
	const causes = listed(at(body, "causes"));
	const said =
		[...listed(at(body, "messages")), ...causes].join(": ") ||
		(word(at(body, "detailMessage")) ?? word(at(body, "message")) ?? word(at(body, "error")) ?? `SailPoint answered ${status}`);
	if (status !== 403) return said;
	const [method = "GET", path = ""] = request.call.split(" ");
	const needs = needsOf(method, path);
	if (!needs) return said;
	const parts = [
		needs.scopes.length > 0 ? `the scope ${needs.scopes.join(" or ")}` : "",
		needs.levels.length > 0 ? `a user level of ${needs.levels.join(", ")}` : "",
	].filter(Boolean);
	return parts.length === 0 ? said : `${said} This call needs ${parts.join(" and ")}`;
}

function listed(messages: unknown): string[] {
	if (!Array.isArray(messages)) return [];
	return messages.flatMap((one) => word(object(one)?.text) ?? []);
}
