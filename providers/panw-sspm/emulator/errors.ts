import { Refusal } from "../../../src/emulate/call.js";

/**
 * The gateway's error body. The SSPM specification gives none; this is the one that the neighbouring services behind the same gateway publish
 * (Strata Cloud Manager configuration API, responses `auth_errors` and `access_errors`).
 */
function refusal(status: number, code: string, message: string, errorType: string, requestId: string): Refusal {
	return new Refusal(status, { _errors: [{ code, message, details: { errorType, message } }], _request_id: requestId });
}

export interface Asked {
	requestId: string;
}

export const unauthenticated = (call: Asked, message = "Invalid Credential") => refusal(401, "E016", message, "Invalid Credential", call.requestId);

export const forbidden = (call: Asked) => refusal(403, "E007", "Unauthorized", "Unauthorized", call.requestId);

export const notFound = (call: Asked, what: string) => refusal(404, "API_I00013", what, "Object Not Present", call.requestId);

export const badRequest = (call: Asked, what: string) => refusal(400, "E003", what, "Invalid Query Parameter", call.requestId);

export const badInput = (call: Asked, what: string) => refusal(400, "E003", what, "Malformed Command", call.requestId);

export const wrongMethod = (call: Asked, allowed: string[]) => {
	const made = refusal(405, "E012", "Version or method not supported for this API", "Method Not Allowed", call.requestId);
	return new Refusal(made.status, made.body, { Allow: allowed.join(", ") });
};

export const tooMany = (call: Asked) => refusal(429, "API_I00429", "Too many requests", "Too Many Requests", call.requestId);

/** Also what a tenant without the SSPM licence gets. */
export const internal = (call: Asked) => refusal(500, "E999", "Internal error", "Internal Error", call.requestId);

/** The token endpoint's refusal (RFC 6749 section 5.2). */
export const oauthRefusal = (status: 400 | 401, error: string, description: string) =>
	new Refusal(status, { error, error_description: description }, status === 401 ? { "WWW-Authenticate": 'Basic realm="as/root"' } : {});
