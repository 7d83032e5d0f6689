import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Answer, type RateHeaders, rateHeaders, send } from "./answer.js";
import { type Authority, authenticate, isOAuthRefusal } from "./auth.js";
import type { Call, Caller, Reply } from "./call.js";
import { apiError, errorBody, isApiError, noEndpoint } from "./errors.js";
import { applyToReply, type PageMemory } from "./faults.js";
import { type Fault, faultsFor } from "./knobs.js";
import { type Bucket, bucketOf, type Limiter, type Verdict } from "./limits.js";
import { selfUrl } from "./paging.js";
import { protects } from "./protect.js";
import { readBody } from "./request.js";
import { roleAllows, scopeAllows, scopeName } from "./rights.js";
import type { Found } from "./router.js";
import { logEvent } from "./syslog.js";
import { settle, type Tenant } from "./tenant.js";

/** One request, as the server saw it. A status of 0 means it was cut off unanswered. */
export interface RequestLog {
	method: string;
	/** Path of the operation with ids as `{name}`; the plain path for an unknown one. */
	path: string;
	/** Path and query as sent. */
	url: string;
	status: number;
	bucket: Bucket;
	requestId: string;
	/** `ssws 0`, `client <id>`; missing when the caller isn't known. */
	caller?: string;
	/** What broke inside the emulator itself, answered as 500. */
	failure?: string;
}

export interface Core {
	tenant: Tenant;
	authority: Authority;
	limiter: Limiter;
	find: (method: string, path: string) => Found;
	/** Methods a path has. */
	methods: (path: string) => readonly string[];
	pages: PageMemory;
	requests: RequestLog[];
	inFlight: number;
}

const NOBODY: Caller = { kind: "ssws", key: "nobody", roles: new Set(), permissions: new Set() };

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Progress {
	verdict: Verdict;
	rate: RateHeaders;
	requestId: string;
	entry: RequestLog;
}

/** Rate headers, request id and date go on every answer. */
function common(core: Core, progress: Progress): Record<string, string> {
	const date = new Date(core.tenant.now()).toUTCString();
	return { ...rateHeaders(progress.verdict, progress.rate), "X-Okta-Request-Id": progress.requestId, Date: date };
}

function errorAnswer(core: Core, progress: Progress, error: unknown): Answer {
	if (isOAuthRefusal(error)) {
		const body = JSON.stringify({ error: error.error, error_description: error.description });
		return { status: error.status, body, headers: { ...common(core, progress), ...error.headers } };
	}
	if (!isApiError(error)) progress.entry.failure = String(error);
	const refusal = isApiError(error) ? error : apiError("E0000009");
	return { status: refusal.status, body: JSON.stringify(errorBody(refusal, progress.requestId)), headers: { ...common(core, progress), ...refusal.headers } };
}

function replyAnswer(core: Core, progress: Progress, call: Call, reply: Reply): Answer {
	const headers: Record<string, string | string[]> = { ...common(core, progress), ...reply.headers };
	let body = reply.body;
	if (reply.list) {
		const { items, next, wrap } = reply.list;
		body = wrap ? wrap(items, next) : items;
		if (!wrap) headers.Link = [`<${selfUrl(call)}>; rel="self"`, ...(next === undefined ? [] : [`<${next}>; rel="next"`])];
	}
	return { status: reply.status, body: body === undefined ? "" : JSON.stringify(body), headers };
}

function throttleAnswer(core: Core, progress: Progress, fault?: Fault & { do: "throttle" }): Answer {
	const answer = errorAnswer(core, progress, apiError("E0000047"));
	if (fault?.zero) Object.assign(answer.headers, { "X-Rate-Limit-Limit": "0", "X-Rate-Limit-Remaining": "0" });
	else if (fault) answer.headers["X-Rate-Limit-Remaining"] = "0";
	if (fault?.retryAfterSeconds !== undefined) {
		const at = new Date(core.tenant.now() + fault.retryAfterSeconds * 1000).toUTCString();
		answer.headers["Retry-After"] = fault.retryAfterForm === "date" ? at : String(fault.retryAfterSeconds);
	}
	return answer;
}

/** Counts the request against its bucket, and says in the log when a window is overdrawn. */
function take(core: Core, bucket: Bucket, caller: Caller | undefined): Verdict {
	const verdict = core.limiter.take(bucket, caller?.key, core.tenant.now());
	if (verdict.firstViolation) logEvent(core.tenant, undefined, "system.operation.rate_limit.violation", "Rate limit violation", [], "RATE_LIMIT");
	return verdict;
}

function authorize(call: Call, resource: string): void {
	const { caller, method, template } = call;
	if (!scopeAllows(caller, resource, method)) {
		const header = `Bearer authorization_uri="${call.tenant.url}/oauth2/v1/authorize", realm="${call.tenant.url}", scope="${scopeName(resource, method)}", error="insufficient_scope", error_description="The access token provided does not contain the required scopes.", resource="${call.path}"`;
		throw apiError("E0000006", "", [], { "WWW-Authenticate": header });
	}
	if (!roleAllows(caller, resource, method, template)) throw apiError("E0000006");
	if (protects(call)) throw apiError("E0000006");
}

/** Path without a trailing slash, and query, of an address as sent: a proxy sends the whole of it. */
function splitUrl(url: string): { path: string; queryText: string } {
	const local = url.replace(/^https?:\/\/[^/?#]*/i, "");
	const mark = local.indexOf("?");
	const path = mark < 0 ? local : local.slice(0, mark);
	return { path: path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path || "/", queryText: mark < 0 ? "" : local.slice(mark + 1) };
}

/** OPTIONS: the methods of a path, and for a trusted origin that it may use them. */
function preflight(core: Core, progress: Progress, request: IncomingMessage, methods: readonly string[]): Answer {
	const allow = [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"].join(", ");
	const { origin } = request.headers;
	const trusted = [...core.tenant.state.trustedOrigins.values()].some(
		(one) => one.origin === origin && one.status === "ACTIVE" && JSON.stringify(one.scopes).includes('"CORS"'),
	);
	// The token endpoint admits every origin: it asks for the client's own credentials.
	const open = trusted || splitUrl(request.url ?? "/").path === "/oauth2/v1/token";
	const cors: Record<string, string> =
		origin === undefined || !open
			? {}
			: {
					"Access-Control-Allow-Origin": origin,
					"Access-Control-Max-Age": "3600",
					Vary: "Origin",
					"Access-Control-Allow-Methods": allow,
					"Access-Control-Allow-Headers": "authorization, content-type, dpop, if-match, x-okta-user-agent-extended",
					"Access-Control-Allow-Credentials": "true",
				};
	return { status: methods.length === 0 ? 404 : 204, body: "", headers: { ...common(core, progress), Allow: allow, ...cors } };
}

async function respond(core: Core, request: IncomingMessage, response: ServerResponse): Promise<void> {
	const { tenant } = core;
	const full = core.inFlight > core.limiter.concurrent;
	const sent = request.method ?? "GET";
	// A HEAD is a GET whose body stays here.
	const method = sent === "HEAD" ? "GET" : sent;
	const { path, queryText } = splitUrl(request.url ?? "/");
	const found = core.find(method, path);
	const route = found && "route" in found ? found.route : undefined;
	const template = route?.template ?? path;
	const bucket = bucketOf(method, template);
	const requestId = `req${randomBytes(17).toString("base64url")}`;
	const entry: RequestLog = { method, path: template, url: request.url ?? "/", status: 0, bucket, requestId };
	core.requests.push(entry);
	const body = await readBody(request);
	const faults = sent === "OPTIONS" ? [] : faultsFor(tenant.knobs, method, request.url ?? "/");
	const latency = tenant.knobs.latencyMs + faults.reduce((sum, fault) => sum + (fault.do === "latency" ? fault.ms : 0), 0);
	if (latency > 0) await sleep(latency);
	settle(tenant);
	const headers = faults.find((fault) => fault.do === "rate-headers");
	const fault = faults.find((f) => f.do !== "latency" && f.do !== "rate-headers");
	const idle: Verdict = { limit: 0, remaining: 0, reset: Math.ceil(tenant.now() / 1000) + 60, allowed: true, firstViolation: false };
	const progress: Progress = { verdict: idle, rate: headers?.do === "rate-headers" ? headers.how : "plain", requestId, entry };
	if (fault?.do === "cut" && fault.at === "before-headers") return cut(response);
	const query = new URLSearchParams(queryText);
	const call: Call = {
		tenant,
		method,
		path,
		template,
		params: found && "params" in found ? found.params : {},
		query,
		headers: request.headers,
		body: undefined,
		caller: NOBODY,
		requestId,
	};

	const answer = await work().catch((error: unknown) => errorAnswer(core, progress, error));
	entry.status = answer.status;
	if (fault?.do === "cut" && fault.at === "after-write") {
		entry.status = 0;
		return cut(response);
	}
	if (fault?.do === "cut") entry.status = 0;
	send(response, answer, fault?.do === "cut");

	async function work(): Promise<Answer> {
		if (sent === "OPTIONS") return preflight(core, progress, request, core.methods(path));
		if (full) return throttleAnswer(core, progress, { do: "throttle", zero: true });
		let denied: unknown;
		if (route?.resource !== null) {
			try {
				call.caller = await authenticate(core.authority, tenant, { method: sent, path, headers: request.headers });
				entry.caller = call.caller.key;
			} catch (error) {
				denied = error;
			}
		}
		progress.verdict = take(core, bucket, denied === undefined && route?.resource !== null ? call.caller : undefined);
		if (fault?.do === "throttle") return throttleAnswer(core, progress, fault);
		if (fault?.do === "session") throw apiError("E0000005");
		if (fault?.do === "status" && !fault.perform) return statusAnswer(fault);
		if (!progress.verdict.allowed) return throttleAnswer(core, progress);
		if (denied !== undefined) throw denied;
		if (!route) throw found && "allowed" in found ? apiError("E0000022", "", [], { Allow: found.allowed.join(", ") }) : noEndpoint();
		if (fault?.do === "expired-cursor" && query.has("after")) throw apiError("E0000031", "", ["after: The cursor is invalid or has expired."]);
		if (body.refused === "length")
			return { status: 411, body: "<html><body><h1>411 Length Required</h1></body></html>", contentType: "text/html", headers: common(core, progress) };
		if (body.refused !== undefined) throw apiError(body.refused);
		call.body = body.value;
		if (route.resource !== null) authorize(call, route.resource);
		const reply = applyToReply(call, await route.handler(call), fault, core.pages);
		return fault?.do === "status" ? statusAnswer(fault) : replyAnswer(core, progress, call, reply);
	}

	function statusAnswer(given: Fault & { do: "status" }): Answer {
		const text = typeof given.body === "string" ? given.body : given.body === undefined ? defaultBody(given.status) : JSON.stringify(given.body);
		const html = text.trimStart().startsWith("<");
		const contentType = given.contentType ?? (html ? "text/html" : "application/json");
		return { status: given.status, body: given.status === 204 ? "" : text, contentType, headers: { ...common(core, progress), ...given.headers } };
	}

	function defaultBody(status: number): string {
		if (status < 400) return "{}";
		return JSON.stringify(errorBody({ ...apiError("E0000009"), status }, requestId));
	}
}

function cut(response: ServerResponse): void {
	response.socket?.destroy();
}

/** Starts listening on the loopback address. The answer is the server and its address, without a trailing slash. */
export async function listen(core: Core, port: number): Promise<{ server: Server; url: string }> {
	const server = createServer((request, response) => {
		core.inFlight++;
		response.once("close", () => core.inFlight--);
		respond(core, request, response).catch(() => response.destroy());
	});
	// Longer than any client waits before it uses a connection again.
	server.keepAliveTimeout = 120_000;
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.listen(port, "127.0.0.1", resolve);
	});
	return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
