import type { HttpDialect } from "./http.js";
import { parseHttpDate } from "./retry-after.js";

/** A vendor for the client's own tests: limits in `x-limit`, `x-remaining`, `x-reset` (seconds), request id in `x-id`. */
export function testDialect(overrides: Partial<HttpDialect> = {}): HttpDialect {
	const number = (headers: Headers, name: string): number | null => (headers.has(name) ? Number(headers.get(name)) : null);
	return {
		async authorize(_request, headers) {
			headers.set("authorization", "Bearer s3cret-t0ken-value");
		},
		bucket: (_method, path) => path,
		limits(headers, status) {
			const limit = number(headers, "x-limit");
			const reset = number(headers, "x-reset");
			const date = headers.get("date");
			return {
				limit,
				remaining: number(headers, "x-remaining"),
				resetAt: reset === null ? null : reset * 1000,
				serverNow: date === null ? null : parseHttpDate(date, Date.now()),
				concurrency: status === 429 && limit === 0,
			};
		},
		judge: ({ status }) => ({ verdict: status === 401 ? "retry-new-token" : status === 429 || status >= 500 ? "retry" : "fail" }),
		describe: ({ body }) => ({ code: null, summary: typeof body === "string" ? body : JSON.stringify(body) }),
		requestId: (headers) => headers.get("x-id"),
		...overrides,
	};
}
