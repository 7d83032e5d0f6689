import type { Call } from "../../../src/emulate/call.js";
import { Refusal } from "../../../src/emulate/call.js";

interface Text {
	locale: string;
	localeOrigin: "DEFAULT" | "REQUEST";
	text: string;
}

function text(message: string, localeOrigin: Text["localeOrigin"] = "DEFAULT"): Text {
	return { locale: "en-US", localeOrigin, text: message };
}

function refusal(call: Call, status: number, detailCode: string, message: string, causes: string[] = []): Refusal {
	const body = { detailCode, trackingId: trackingId(call), messages: [text(message)], causes: causes.map((cause) => text(cause)) };
	return new Refusal(status, body);
}

/** The number support asks for; it stands in the body, the request id in a header. */
export function trackingId(call: Call): string {
	return call.requestId.replaceAll("-", "");
}

/** 400: the content of a request makes no sense. */
export function badContent(call: Call, ...causes: string[]): Refusal {
	return refusal(call, 400, "400.1 Bad Request Content", "The request was syntactically correct but its content is semantically invalid.", causes);
}

/** 400: one value is not allowed. */
export function illegalValue(call: Call, field: string): Refusal {
	return refusal(call, 400, "400.1.3 Illegal value", `Value of "${field}" is empty or contains invalid data.`);
}

export function badSyntax(call: Call): Refusal {
	return refusal(call, 400, "400.0 Bad request syntax", "The request could not be parsed.");
}

export function forbidden(call: Call): Refusal {
	const body = {
		detailCode: "403 Forbidden",
		trackingId: trackingId(call),
		messages: [text("The server understood the request but refuses to authorize it.")],
	};
	return new Refusal(403, body);
}

export function notFound(call: Call): Refusal {
	return refusal(call, 404, "404 Not found", "The server did not find a current representation for the target resource.");
}

export function methodNotAllowed(call: Call, allowed: string[]): Refusal {
	const answer = refusal(call, 405, "405.1 Unsupported method", `The method ${call.method} is not allowed for this resource.`);
	return new Refusal(405, answer.body, { Allow: allowed.join(", ") });
}

export function internalFault(call: Call): Refusal {
	return refusal(call, 500, "500.0 Internal Fault", "An internal fault occurred.");
}

/** 401 comes from the gateway and has a body of its own. */
export function unauthorized(why: string): Refusal {
	return new Refusal(401, { error: `JWT validation failed: ${why}` });
}

/** 429 comes from the gateway, too; the blanks around the words are the vendor's. */
export function rateLimited(retryAfterSeconds?: number): Refusal {
	const headers: Record<string, string> = retryAfterSeconds === undefined ? {} : { "Retry-After": String(retryAfterSeconds) };
	return new Refusal(429, { message: " Rate Limit Exceeded " }, headers);
}

/** The older services answer in a third shape (typescript-sdk issue 59). */
export function invalidOffset(): Refusal {
	return new Refusal(400, { detailMessage: "Specified offset is invalid.", stackTrace: [], suppressedExceptions: [] });
}

/** developer.sailpoint.com issue 866. */
export function experimentalMissing(): Refusal {
	return new Refusal(400, { error: "Experimental Header is missing or invalid." });
}
