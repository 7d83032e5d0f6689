import type { Call } from "../../../src/emulate/call.js";
import { Refusal } from "../../../src/emulate/call.js";

/** Google's canonical status words for HTTP codes (google.rpc.Code). */
const words: Record<number, string> = {
	400: "INVALID_ARGUMENT",
	401: "UNAUTHENTICATED",
	403: "PERMISSION_DENIED",
	404: "NOT_FOUND",
	409: "ALREADY_EXISTS",
	412: "FAILED_PRECONDITION",
	429: "RESOURCE_EXHAUSTED",
	500: "INTERNAL",
	503: "UNAVAILABLE",
};

/** The error of the Directory, Reports, Licensing and Groups Settings APIs: `errors[].reason` tells what it is. */
export function legacy(code: number, reason: string, message: string, domain = "global", more: Record<string, unknown> = {}): Refusal {
	return new Refusal(code, { error: { code, message, errors: [{ message, domain, reason, ...more }] } });
}

/** The error of the newer APIs (Cloud Identity, Alert Center, IAM Credentials). */
export function modern(code: number, message: string, status = words[code] ?? "UNKNOWN", details?: Record<string, unknown>[]): Refusal {
	return new Refusal(code, { error: { code, message, status, ...(details && { details }) } });
}

/** Whether the path belongs to one of the newer APIs. */
export function isModern(path: string): boolean {
	return /^\/v1(beta1)?\//.test(path);
}

/** Whether the path belongs to the token endpoint's host: its errors are those of OAuth. */
export function isOAuth(path: string): boolean {
	return /^\/(token|tokeninfo|oauth2\/v2\/tokeninfo)$/.test(path);
}

/** An error in the form of the API that was called. */
export function refusal(call: Pick<Call, "path">, code: number, reason: string, message: string): Refusal {
	return isModern(call.path) ? modern(code, message) : legacy(code, reason, message);
}

export const invalid = (message: string) => legacy(400, "invalid", message);
export const required = (message: string) => legacy(400, "required", message);
export const notFound = (key: string) => legacy(404, "notFound", `Resource Not Found: ${key}`);
export const forbidden = () => legacy(403, "forbidden", "Not Authorized to access this resource/api");
export const duplicate = (message = "Entity already exists.") => legacy(409, "duplicate", message);

export function outOfRange(value: string, name: string, max: number): Refusal {
	const message = `Invalid value '${value}'. Values must be within the range: [1, ${max}]`;
	return legacy(400, "invalidParameter", message, "global", { locationType: "parameter", location: name });
}

export function badValue(value: string, name: string, allowed: readonly string[]): Refusal {
	const message = `Invalid value at '${name}' (${value}): allowed values are [${allowed.join(", ")}]`;
	return legacy(400, "invalidParameter", message, "global", { locationType: "parameter", location: name });
}

export function unauthenticated(call: Pick<Call, "path">, sent: boolean): Refusal {
	const what = sent
		? "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential."
		: "Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other valid authentication credential.";
	const message = `${what} See https://developers.google.com/identity/sign-in/web/devconsole-project.`;
	const errors = [
		{
			message: sent ? "Invalid Credentials" : "Login Required.",
			domain: "global",
			reason: sent ? "authError" : "required",
			location: "Authorization",
			locationType: "header",
		},
	];
	const error = { code: 401, message, ...(!isModern(call.path) && { errors }), status: "UNAUTHENTICATED" };
	return new Refusal(401, { error }, { "WWW-Authenticate": `Bearer realm="https://accounts.google.com/"${sent ? ', error="invalid_token"' : ""}` });
}

export function scopeMissing(call: Pick<Call, "path" | "template">, service: string): Refusal {
	const error = {
		code: 403,
		message: "Request had insufficient authentication scopes.",
		...(!isModern(call.path) && { errors: [{ message: "Insufficient Permission", domain: "global", reason: "insufficientPermissions" }] }),
		status: "PERMISSION_DENIED",
		details: [
			{
				"@type": "type.googleapis.com/google.rpc.ErrorInfo",
				reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
				domain: "googleapis.com",
				metadata: { service, method: call.template },
			},
		],
	};
	return new Refusal(403, { error }, { "WWW-Authenticate": 'Bearer realm="https://accounts.google.com/", error="insufficient_scope"' });
}

/** The page of Google's front end for a path or method that no API has: HTML, not JSON. */
export function noSuchPath(path: string): Refusal {
	const shown = path.replace(/[<>&"]/g, "");
	const body = `<!DOCTYPE html>\n<html lang=en>\n<title>Error 404 (Not Found)!!1</title>\n<p><b>404.</b> <ins>That’s an error.</ins>\n<p>The requested URL <code>${shown}</code> was not found on this server. <ins>That’s all we know.</ins>\n`;
	return new Refusal(404, body, {}, "text/html; charset=UTF-8");
}

/** A page for people, where a client would like JSON. */
export function htmlPage(status: number, title: string): Refusal {
	const body = `<HTML>\n<HEAD>\n<TITLE>${title}</TITLE>\n</HEAD>\n<BODY>\n<H1>${title}</H1>\n<H2>Error ${status}</H2>\n</BODY>\n</HTML>\n`;
	return new Refusal(status, body, {}, "text/html; charset=UTF-8");
}

/** The token endpoint's refusal (RFC 6749 section 5.2). */
export function oauthRefusal(status: number, error: string, description: string): Refusal {
	return new Refusal(status, { error, error_description: description });
}
