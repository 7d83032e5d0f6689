import { at, word } from "../../src/provider/decode.js";
import type { HttpAnswer, HttpDialect, RateLimits, Verdict } from "../../src/provider/http.js";
import { cleanText } from "../../src/provider/http-error.js";
import { parseHttpDate } from "../../src/provider/retry-after.js";
import type { TokenSource } from "./token.js";

/** Predefined roles that open what is read and what is changed. https://pan.dev/sase/docs/all-roles/ */
export const readRole = "view_only_admin";
export const writeRole = "sspm_appowner_superuser";

/** No limit is documented; a 429 or 503 with `Retry-After` is honoured all the same. */
export function limitsOf(headers: Headers, now: number): RateLimits {
	const date = headers.get("date");
	return { limit: null, remaining: null, resetAt: null, serverNow: date === null ? null : parseHttpDate(date, now), concurrency: false };
}

/** What the shared client needs to know of the SSPM and identity calls. */
export function sspmDialect(token: TokenSource, region: string | undefined, now: () => number): HttpDialect {
	return {
		async authorize(_request, headers) {
			headers.set("authorization", `Bearer ${await token.current()}`);
			if (region !== undefined) headers.set("x-panw-region", region);
		},
		renew: (sent) => token.renew(sent.get("authorization")?.split(" ")[1] ?? ""),
		bucket: () => "all",
		limits: (headers) => limitsOf(headers, now()),
		judge,
		describe: (answer) => ({ code: firstError(answer, "code") ?? null, summary: cleanText(summaryOf(answer)) }),
		requestId: (headers) => headers.get("x-request-id"),
	};
}

function judge(answer: HttpAnswer): Verdict {
	switch (answer.status) {
		case 401:
			return { verdict: "retry-new-token" };
		case 403:
			return { verdict: "fail", cause: "role", scope: roleFor(answer) };
		case 404:
			return isEntry(answer) ? { verdict: "fail", cause: "licence" } : { verdict: "fail" };
		case 408:
		case 429:
		case 500:
		case 502:
		case 503:
		case 504:
			return { verdict: "retry" };
		default:
			return { verdict: "fail" };
	}
}

function roleFor({ request }: HttpAnswer): string {
	return request.call.startsWith("GET ") ? readRole : writeRole;
}

/** The part of the API that a call belongs to, in the words of the vendor's catalogue. */
function partOf(call: string): string {
	if (call.includes("/sspm/identity/")) return "IDENTITY";
	return call.includes("/plugin") ? "THIRD_PARTY_APPS" : "SCAN";
}

/** Lists that every licensed tenant has: without the licence they are not found. */
function isEntry({ request }: HttpAnswer): boolean {
	return /\/(saas_instances|idps)$/.test(request.call);
}

/** The gateway's form: `_errors: [{ code, message }]`. The specification of these calls gives none. */
function firstError({ body }: HttpAnswer, key: "code" | "message"): string | undefined {
	const errors = at(body, "_errors");
	return (Array.isArray(errors) ? word(at(errors[0], key)) : undefined) ?? word(at(body, key));
}

function summaryOf(answer: HttpAnswer): string {
	const said = firstError(answer, "message") ?? word(at(answer.body, "error_description")) ?? word(at(answer.body, "error"));
	switch (answer.status) {
		case 401:
			return `the token was refused${said ? `: ${said}` : ""}`;
		case 403:
			return `the role ${roleFor(answer)} or its part ${partOf(answer.request.call)} is missing, or the token is for another tenant (tsgId)${said ? `: ${said}` : ""}`;
		case 404:
			return isEntry(answer) ? "the tenant has no licence for the identity part of SSPM" : (said ?? "there is no such object");
		case 500:
			return `${said ?? "the API answered 500"}: a tenant without the SSPM licence gets that too`;
		default:
			return said ?? `the API answered ${answer.status}`;
	}
}
