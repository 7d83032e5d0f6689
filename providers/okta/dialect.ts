import type { HttpAnswer, HttpDialect, RateLimits, Verdict } from "../../src/provider/http.js";
import { cleanText } from "../../src/provider/http-error.js";
import { parseHttpDate } from "../../src/provider/retry-after.js";
import type { OktaAuth } from "./auth.js";
import { bucketOf, scopeOf } from "./buckets.js";

/** What the shared client needs to know of Okta. Sources: Okta's guides on rate limits, errors and DPoP. */
export function oktaDialect(auth: OktaAuth, now: () => number): HttpDialect {
	function limits(headers: Headers, status: number): RateLimits {
		const date = headers.get("date");
		const serverNow = date === null ? null : parseHttpDate(date, now());
		auth.observe(headers, serverNow);
		const limit = lowest(headers.get("x-rate-limit-limit"));
		const remaining = lowest(headers.get("x-rate-limit-remaining"));
		const reset = highest(headers.get("x-rate-limit-reset"));
		const concurrency = status === 429 && limit === 0 && remaining === 0;
		return { limit, remaining, resetAt: reset === null ? null : reset * 1000, serverNow, concurrency };
	}

	return {
		authorize: (request, headers) => auth.authorize(request, headers),
		renew: (sent) => auth.renew(sent),
		bucket: bucketOf,
		limits,
		judge,
		describe: (answer) => ({ code: codeOf(answer), summary: cleanText(summaryOf(answer)) }),
		requestId: (headers) => headers.get("x-okta-request-id"),
		refuses({ method, body }) {
			if (method === "GET" || body === undefined) return null;
			const place = fourByteText(body, "");
			return place === null ? null : `Okta cannot store characters beyond the Basic Multilingual Plane (emoji and the like), as in ${place}`;
		},
	};
}

function judge(answer: HttpAnswer): Verdict {
	const code = codeOf(answer);
	const challenge = answer.headers.get("www-authenticate") ?? "";
	const method = answer.request.call.split(" ")[0] ?? "GET";
	const path = answer.request.call.slice(method.length + 1);
	switch (answer.status) {
		case 429:
			return { verdict: "retry", cause: "throttled" };
		case 401:
			if (/use_dpop_nonce/.test(challenge)) return { verdict: "retry", waitMs: 0 };
			// "Feature not enabled": a new token would not mend it. https://developer.okta.com/docs/reference/error-codes/
			if (code === "E0000015") return { verdict: "fail", cause: "licence" };
			return { verdict: "retry-new-token" };
		case 400:
			// A proof is good once, and a nonce for a while: the next attempt makes a new proof with the nonce of this answer.
			if (/use_dpop_nonce|invalid_dpop_proof/.test(`${challenge} ${oauthError(answer)}`) || /DPoP proof/i.test(summaryOf(answer)))
				return { verdict: "retry", waitMs: 0 };
			return { verdict: "fail" };
		case 403: {
			if (/insufficient_scope/.test(challenge)) {
				const scope = /\bscope="([^"\s]+)/.exec(challenge)?.[1] ?? scopeOf(method, path);
				return { verdict: "fail", cause: "scope", ...(scope !== undefined && { scope }) };
			}
			// "Invalid session": seen at random in the middle of a page chain; else the call does not take OAuth tokens.
			if (code === "E0000005") return { verdict: "retry-new-token", cause: "error" };
			if (code === "E0000015") return { verdict: "fail", cause: "licence" };
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

/** Duplicate headers come joined by a comma; the stricter number counts. */
function numbers(value: string | null): number[] {
	return (value ?? "")
		.split(",")
		.map((part) => part.trim())
		.filter((part) => /^\d{1,12}$/.test(part))
		.map(Number);
}

function lowest(value: string | null): number | null {
	const all = numbers(value);
	return all.length === 0 ? null : Math.min(...all);
}

function highest(value: string | null): number | null {
	const all = numbers(value);
	return all.length === 0 ? null : Math.max(...all);
}

function textField(body: unknown, name: string): string | null {
	if (typeof body !== "object" || body === null) return null;
	const value: unknown = Object.entries(body).find(([key]) => key === name)?.[1];
	return typeof value === "string" && value !== "" ? value : null;
}

function codeOf({ body }: HttpAnswer): string | null {
	return textField(body, "errorCode") ?? textField(body, "error");
}

function oauthError({ body }: HttpAnswer): string {
	return textField(body, "error") ?? "";
}

function summaryOf({ body, status }: HttpAnswer): string {
	const summary = textField(body, "errorSummary") ?? textField(body, "error_description");
	if (summary === null) return status === 403 ? "Okta refuses this call" : `Okta answered ${status}`;
	const causes = causesOf(body);
	return causes.length === 0 ? summary : `${summary}: ${causes.join("; ")}`;
}

/** `errorCauses` is a list of `{ errorSummary }`; one example in Okta's specification has a single object there. */
function causesOf(body: unknown): string[] {
	if (typeof body !== "object" || body === null || !("errorCauses" in body)) return [];
	const causes = Array.isArray(body.errorCauses) ? body.errorCauses : [body.errorCauses];
	return causes.flatMap((one) => textField(one, "errorSummary") ?? []);
}

/** Where a body holds a character that takes four bytes in UTF-8, or null. */
function fourByteText(value: unknown, place: string): string | null {
	if (typeof value === "string") return /[\u{10000}-\u{10FFFF}]/u.test(value) ? place || "the text" : null;
	if (typeof value !== "object" || value === null) return null;
	for (const [name, inner] of Object.entries(value)) {
		const found = fourByteText(inner, place === "" ? name : `${place}.${name}`);
		if (found !== null) return found;
	}
	return null;
}
