import { Refusal } from "../../../src/emulate/call.js";
import type { WireError } from "../wire.js";

interface Asked {
	requestId: string;
}

function refusal(status: number, code: string, message: string, { requestId }: Asked, headers?: Record<string, string>): Refusal {
	return new Refusal(status, { error: { code, message, request_id: requestId } } satisfies WireError, headers);
}

export const badRequest = (call: Asked, message: string) => refusal(400, "bad_request", message, call);
export const unauthorized = (call: Asked) => refusal(401, "unauthorized", "The token is missing, wrong or expired.", call, { "WWW-Authenticate": "Bearer" });
export const forbidden = (call: Asked, permission: string) => refusal(403, "forbidden", `The token has no permission ${permission}.`, call);
export const notFound = (call: Asked, message: string) => refusal(404, "not_found", message, call);
export const wrongMethod = (call: Asked, allowed: string[]) =>
	refusal(405, "method_not_allowed", "The path does not have this method.", call, { Allow: allowed.join(", ") });
export const conflict = (call: Asked) => refusal(409, "conflict", "The identity is disabled already.", call);
export const unprocessable = (call: Asked, message: string) => refusal(422, "unprocessable", message, call);
export const rateLimited = (call: Asked, headers?: Record<string, string>) => refusal(429, "rate_limited", "Too many requests.", call, headers);
export const internal = (call: Asked) => refusal(500, "internal", "Something went wrong here.", call);
