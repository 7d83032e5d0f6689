import { type Call, Refusal } from "../../../src/emulate/call.js";
import { iso } from "../../../src/emulate/random.js";

/** What the vendor's error says besides code and message; `date` has no zone. */
function inner(call: Call, now: number): Record<string, string> {
	return { date: iso(now).slice(0, 19), "request-id": call.requestId, "client-request-id": clientRequestId(call) };
}

export function clientRequestId(call: Call): string {
	const given = call.headers["client-request-id"];
	return typeof given === "string" && given !== "" ? given : call.requestId;
}

/** A refusal as the vendor puts it; the server fills in `innerError`, which needs the request. */
export function refusal(status: number, code: string, message: string, headers: Record<string, string> = {}): Refusal {
	return new Refusal(status, { error: { code, message } }, headers);
}

/** Completes a refusal's body with the ids of its request. */
export function signed(refused: Refusal, call: Call, now: number): Refusal {
	const body = refused.body as { error?: Record<string, unknown> } | null;
	if (typeof body?.error !== "object" || "innerError" in body.error) return refused;
	return new Refusal(refused.status, { error: { ...body.error, innerError: inner(call, now) } }, refused.headers);
}

export const badRequest = (message: string): Refusal => refusal(400, "Request_BadRequest", message);
export const unsupported = (message: string): Refusal => refusal(400, "Request_UnsupportedQuery", message);
/** What the query parser refuses, before any service is asked. */
export const badQuery = (message: string): Refusal => refusal(400, "BadRequest", message);

export function notFound(id: string): Refusal {
	return refusal(404, "Request_ResourceNotFound", `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`);
}

export function denied(message = "Insufficient privileges to complete the operation."): Refusal {
	return refusal(403, "Authorization_RequestDenied", message);
}

export function unauthenticated(message: string): Refusal {
	return refusal(401, "InvalidAuthenticationToken", message, {
		"WWW-Authenticate":
			'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"',
	});
}

/** Privileged Identity Management answers through a gateway that puts its own error, as text, in the message. */
export function pimError(status: number, errorCode: string, message: string): Refusal {
	return refusal(status, "UnknownError", JSON.stringify({ errorCode, message, instanceAnnotations: [] }));
}
