import type { IncomingHttpHeaders } from "node:http";
import type { Tenant } from "./tenant.js";

/** Who makes a request, and what they may do. */
export interface Caller {
	kind: "ssws" | "client";
	/** Key of the caller's share of the rate limits, and its name in the system log. */
	key: string;
	/** Owner of the SSWS token. */
	userId?: string;
	clientId?: string;
	/** Scopes of the access token; missing for SSWS, which has none. */
	scopes?: ReadonlySet<string>;
	/** Standard role types held, directly or through a group. */
	roles: ReadonlySet<string>;
	/** Permissions of the custom roles held. */
	permissions: ReadonlySet<string>;
}

/** One request, parsed. */
export interface Call {
	tenant: Tenant;
	method: string;
	/** Path without query, as sent. */
	path: string;
	/** Path of the operation, ids replaced by `{name}`. */
	template: string;
	params: Readonly<Record<string, string>>;
	query: URLSearchParams;
	headers: IncomingHttpHeaders;
	/** Parsed JSON body, or the text of a form. */
	body: unknown;
	caller: Caller;
	requestId: string;
}

/** What a handler answers. A list stays apart from its body so that paging faults can be put in. */
export interface Reply {
	status: number;
	body?: unknown;
	headers?: Record<string, string>;
	list?: { items: unknown[]; next?: string; wrap?: (items: unknown[], next: string | undefined) => unknown };
}

export type Handler = (call: Call) => Reply | Promise<Reply>;

/** Resource of the scope that guards an operation: `users` stands for `okta.users.read` and `okta.users.manage`. */
export interface Route {
	method: string;
	template: string;
	/** `null` for operations that need no token. */
	resource: string | null;
	handler: Handler;
}

export function route(method: string, template: string, resource: string | null, handler: Handler): Route {
	return { method, template, resource, handler };
}

export function ok(body: unknown, headers?: Record<string, string>): Reply {
	return headers ? { status: 200, body, headers } : { status: 200, body };
}

export function created(body: unknown): Reply {
	return { status: 201, body };
}

export function noContent(): Reply {
	return { status: 204 };
}

/** The path parameter of that name; the router guarantees it. */
export function param(call: Call, name: string): string {
	return call.params[name] ?? "";
}

export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The same without keys whose value is null, at any depth. The vendor holds null and absent for the same thing. */
export function withoutNulls<T>(value: T): T {
	if (Array.isArray(value)) return value.map(withoutNulls) as T;
	if (!isRecord(value)) return value;
	const kept = Object.entries(value).filter(([, inner]) => inner !== null);
	return Object.fromEntries(kept.map(([key, inner]) => [key, withoutNulls(inner)])) as T;
}

/** The JSON body when it is an object, else an empty one. */
export function bodyOf(call: Call): Record<string, unknown> {
	return isRecord(call.body) ? call.body : {};
}

/** A boolean query parameter. */
export function flag(call: Call, name: string, fallback: boolean): boolean {
	const value = call.query.get(name);
	return value === null ? fallback : value === "true";
}
