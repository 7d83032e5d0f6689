import { randomUUID } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Answer, type Call, Refusal, type Reply, type Route } from "./call.js";
import { type Fault, faultsFor } from "./knobs.js";
import { applyFault, moved, type PageMemory, spoilt, withoutMarks } from "./page-faults.js";
import { parseBody, readText } from "./request.js";
import { makeRouter } from "./router.js";
import { send } from "./send.js";
import type { World } from "./world.js";

/** One request, as the server saw it. A status of 0 means it was cut off unanswered. */
export interface RequestLog {
	method: string;
	/** Path of the operation with ids as `{name}`; the plain path for an unknown one. */
	path: string;
	/** Path and query as sent. */
	url: string;
	status: number;
	/** The tenant's clock when it came. */
	at: number;
	requestId: string;
	/** A part of a batch. */
	inner: boolean;
	/** What broke inside the emulator itself. */
	failure?: string;
}

/** What one vendor's emulator is made of, beside its state. */
export interface VendorServer<Needs, Caller> {
	world: World;
	routes: readonly Route<Needs, Caller>[];
	/** Fixed path segments are compared without regard to case. */
	caselessPaths?: boolean;
	/** Authenticates, counts against the limits, checks rights. Throws a `Refusal`. `route`: null for an unknown operation, which `unknown` then refuses. */
	admit(call: Call<Caller>, route: Route<Needs, Caller> | null): void | Promise<void>;
	/** Headers that every answer carries, the vendor's request id among them. */
	headers(call: Call<Caller>): Record<string, string>;
	/** The refusal of a path nobody serves, or of a method (`allowed`) it doesn't have. */
	unknown(call: Call<Caller>, allowed: string[] | null): Refusal;
	/** The refusal of too many requests, without `Retry-After`. */
	throttled(call: Call<Caller>): Refusal;
	/** The refusal of a body that isn't what its content type says. */
	badBody(call: Call<Caller>): Refusal;
	/** The refusal of a cursor that is unknown or too old. */
	expiredCursor(call: Call<Caller>): Refusal;
	/** The answer to a defect of the emulator itself. */
	broken(call: Call<Caller>): Refusal;
	/** Query parameter that carries the cursor. */
	cursorParam: string;
	/** What a list's body says of the next page: an address with this cursor, or the cursor. */
	link(call: Call<Caller>, cursor: string): string;
}

export interface Listening {
	url: string;
	requests: RequestLog[];
	/** Forgets requests and pages served. */
	forget(): void;
	close(): Promise<void>;
}

/**
 * Serves an emulated tenant on the loopback interface. Each response goes out in one write.
 * @throws Error when the port is taken
 */
export async function serve<Needs, Caller>(vendor: VendorServer<Needs, Caller>, port = 0): Promise<Listening> {
	const { world } = vendor;
	const find = makeRouter(vendor.routes, vendor.caselessPaths);
	const requests: RequestLog[] = [];
	const pages: PageMemory = new Map();
	let url = "";

	async function carryOut(sent: Sent, inner: boolean): Promise<{ answer: Answer | null; fault: Fault | undefined; entry: RequestLog }> {
		const [path = "/", queryText = ""] = sent.url.split("?");
		const found = find(sent.method, path);
		const route = found && "route" in found ? found.route : null;
		const entry: RequestLog = {
			method: sent.method,
			path: route?.template ?? path,
			url: sent.url,
			status: 0,
			at: world.now(),
			requestId: randomUUID(),
			inner,
		};
		requests.push(entry);
		const faults = faultsFor(world.knobs, sent.method, sent.url);
		const latency = faults.reduce((sum, fault) => sum + (fault.do === "latency" ? fault.ms : 0), inner ? 0 : world.knobs.latencyMs);
		if (latency > 0) await new Promise((done) => setTimeout(done, latency));
		world.settle();
		const fault = faults.find((one) => one.do !== "latency");
		if (fault?.do === "cut" && fault.at === "before-headers") return { answer: null, fault, entry };
		const { value, bad } = sent.parsed;
		const call: Call<Caller> = {
			method: sent.method,
			path,
			template: entry.path,
			params: found && "params" in found ? found.params : {},
			query: withoutMarks(new URLSearchParams(queryText), vendor.cursorParam),
			headers: sent.headers,
			body: value,
			badBody: bad,
			requestId: entry.requestId,
			base: url,
			inner: async (part) => {
				const { answer } = await carryOut({ ...part, parsed: { value: part.body, bad: null } }, true);
				return answer ?? { status: 502, body: "", contentType: "application/json", headers: {} };
			},
		};
		const marked = new URLSearchParams(queryText).get(vendor.cursorParam) ?? "";
		const answer = await work(call, marked).catch((error: unknown) => {
			if (!(error instanceof Refusal)) entry.failure = String((error as Error)?.stack ?? error);
			const refusal = error instanceof Refusal ? error : vendor.broken(call);
			const { status, body, headers, contentType } = refusal;
			return ready({ status, body, headers, ...(contentType !== undefined && { contentType }) }, call);
		});
		entry.status = answer.status;
		return { answer, fault, entry };

		async function work(one: Call<Caller>, cursor: string): Promise<Answer> {
			if (fault?.do === "throttle") throw throttle(one, fault);
			if (fault?.do === "status" && !fault.perform) return statusAnswer(fault, one);
			await vendor.admit(one, route);
			if (!route) throw vendor.unknown(one, found && "allowed" in found ? found.allowed : null);
			if (fault?.do === "expired-cursor" && cursor !== "") throw vendor.expiredCursor(one);
			if (one.badBody) throw vendor.badBody(one);
			const reply = await route.handler(one);
			const list = reply.list && applyFault(one, reply.list, fault, pages, cursor);
			if (fault?.do === "status") return statusAnswer(fault, one);
			if (!reply.list || !list) return ready({ ...reply, body: spoilt(reply, fault) }, one);
			const next = list.next === undefined ? undefined : moved(vendor.link(one, list.next), fault);
			return ready({ ...reply, body: reply.list.wrap(list.items, next) }, one);
		}
	}

	function throttle(call: Call<Caller>, fault: Fault & { do: "throttle" }): Refusal {
		const { status, body, headers, contentType } = vendor.throttled(call);
		if (fault.retryAfterSeconds === undefined) return new Refusal(status, body, headers, contentType);
		const date = new Date(world.now() + fault.retryAfterSeconds * 1000).toUTCString();
		return new Refusal(status, body, { ...headers, "Retry-After": fault.retryAfterForm === "date" ? date : String(fault.retryAfterSeconds) }, contentType);
	}

	function statusAnswer(fault: Fault & { do: "status" }, call: Call<Caller>): Answer {
		const given = fault.body ?? (fault.status < 400 ? {} : vendor.broken(call).body);
		const text = typeof given === "string" ? given : JSON.stringify(given);
		const html = text.trimStart().startsWith("<");
		const headers = { ...vendor.headers(call), ...fault.headers };
		return {
			status: fault.status,
			body: fault.status === 204 ? "" : text,
			contentType: fault.contentType ?? (html ? "text/html" : "application/json"),
			headers,
		};
	}

	function ready(reply: Omit<Reply, "list">, call: Call<Caller>): Answer {
		const body = reply.body === undefined ? "" : typeof reply.body === "string" && reply.contentType ? reply.body : JSON.stringify(reply.body);
		return { status: reply.status, body, contentType: reply.contentType ?? "application/json", headers: { ...vendor.headers(call), ...reply.headers } };
	}

	const server = createServer((request, response) => {
		handle(request, response).catch(() => response.destroy());
	});
	async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const parsed = parseBody(await readText(request), request.headers);
		const sent = { method: request.method ?? "GET", url: request.url ?? "/", headers: request.headers, parsed };
		const { answer, fault, entry } = await carryOut(sent, false);
		if (!answer || (fault?.do === "cut" && fault.at === "after-write")) {
			entry.status = 0;
			response.socket?.destroy();
			return;
		}
		if (fault?.do === "cut") entry.status = 0;
		send(response, answer, new Date(world.now()).toUTCString(), fault?.do === "cut");
	}
	// Longer than any client waits before it uses a connection again.
	server.keepAliveTimeout = 120_000;
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.listen(port, "127.0.0.1", resolve);
	});
	url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return {
		url,
		requests,
		forget: () => {
			requests.length = 0;
			pages.clear();
		},
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

interface Sent {
	method: string;
	url: string;
	headers: IncomingHttpHeaders;
	parsed: ReturnType<typeof parseBody>;
}
