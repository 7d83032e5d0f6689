import type { HttpAnswer, HttpDialect, Verdict } from "../../src/provider/http.js";
import { cleanText } from "../../src/provider/http-error.js";
import { parseHttpDate } from "../../src/provider/retry-after.js";
import type { GraphAuth } from "./auth.js";
import { bucketOf, licenceOf, scopeOf } from "./buckets.js";
import { at, word } from "./schema.js";

/** What the shared client needs to know of Microsoft Graph. https://learn.microsoft.com/graph/errors */
export function graphDialect(auth: GraphAuth, now: () => number): HttpDialect {
	return {
		authorize: (_request, headers) => auth.authorize(headers),
		renew: (sent) => auth.renew(sent),
		bucket: (_method, path) => bucketOf(path).name,
		limits(headers) {
			const date = headers.get("date");
			return { limit: null, remaining: null, resetAt: null, serverNow: date === null ? null : parseHttpDate(date, now()), concurrency: false };
		},
		judge,
		describe: ({ body, status, request }) => ({ code: codeOf(body), summary: cleanText(summaryOf(status, body, request.call.split(" ")[1] ?? "")) }),
		requestId: (headers) => headers.get("request-id"),
		// Only reads are batched, and looking up objects by id is one.
		repeatable: (_method, path) => path === "/v1.0/$batch" || path === "/beta/$batch" || path === "/v1.0/directoryObjects/getByIds",
	};
}

function judge(answer: HttpAnswer, attempt: number): Verdict {
	const path = answer.request.call.split(" ")[1] ?? "";
	switch (answer.status) {
		case 429:
			return throttle(answer, attempt);
		case 401:
			return { verdict: "retry-new-token" };
		case 408:
		case 500:
		case 502:
		case 503:
		case 504:
			return { verdict: "retry" };
		default:
			return refused(answer.status, answer.body, path);
	}
}

/** Conditional Access and risk say no Retry-After: wait longer every time. Elsewhere its value may be a decimal (microsoftgraph/microsoft-graph-docs#3877). */
function throttle(answer: HttpAnswer, attempt: number): Verdict {
	const told = answer.headers.get("retry-after");
	if (told === null) return { verdict: "retry", cause: "throttled", waitMs: Math.min(60_000, 1000 * 2 ** (attempt - 1)) + Math.random() * 500 };
	return { verdict: "retry", cause: "throttled", ...(/^\d+\.\d+$/.test(told) && { waitMs: Math.ceil(Number(told) * 1000) }) };
}

/** Why a call was refused for good, in the words of coverage. */
export function refused(status: number, body: unknown, path: string): Verdict {
	const words = `${codeOf(body) ?? ""} ${messageOf(body)}`;
	if (/NonPremiumTenant|PremiumLicen[cs]e|licen[cs]e/i.test(words) && (status === 400 || status === 403)) return { verdict: "fail", cause: "licence" };
	const scope = scopeOf(path);
	if (status === 403) return { verdict: "fail", cause: "scope", ...(scope !== undefined && { scope }) };
	return { verdict: "fail" };
}

export function codeOf(body: unknown): string | null {
	return word(at(body, "error", "code")) ?? null;
}

export function messageOf(body: unknown): string {
	// The reports service answers in a shape of its own (microsoftgraph/msgraph-sdk-powershell#1898).
	return word(at(body, "error", "message")) ?? word(at(body, "value")) ?? "";
}

/** The vendor's words; where a licence is missing, its name before them: the vendor seldom gives it. `path` is the template. */
export function summaryOf(status: number, body: unknown, path: string): string {
	const told = messageOf(body) || `Microsoft Graph answered ${status}`;
	const licence = refused(status, body, path).cause === "licence" ? licenceOf(path) : undefined;
	return licence === undefined ? told : `it needs a licence for ${licence}, which the tenant does not have: ${told}`;
}
