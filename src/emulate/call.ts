import type { IncomingHttpHeaders } from "node:http";

/** One request to an emulated tenant, parsed. `Caller` is the vendor's own idea of who asks. */
export interface Call<Caller = unknown> {
	method: string;
	/** Path without query, as sent. */
	path: string;
	/** Path of the operation, ids as `{name}`; the plain path for an unknown one. */
	template: string;
	params: Readonly<Record<string, string>>;
	query: URLSearchParams;
	headers: IncomingHttpHeaders;
	/** Parsed JSON, a form's fields as `URLSearchParams`, other text as it is; undefined for none. */
	body: unknown;
	/** Why the body could not be parsed; null when it could. */
	badBody: "json" | "type" | null;
	requestId: string;
	/** Address of the server, without a trailing slash. */
	base: string;
	/** Set by `admit`. */
	caller?: Caller;
	/** Carries out another request in this one's name (a batch's parts): limits and faults apply to it. */
	inner(request: { method: string; url: string; headers: IncomingHttpHeaders; body: unknown }): Promise<Answer>;
}

/** What a handler answers. A list stays apart from its body, so that paging faults can be put in. */
export interface Reply {
	status: number;
	body?: unknown;
	headers?: Record<string, string>;
	contentType?: string;
	list?: {
		items: unknown[];
		/** Cursor of the next page; missing at the end. */
		next?: string;
		/** The body around the items. `next` is what the vendor's `link` made of the cursor. */
		wrap(items: unknown[], next: string | undefined): unknown;
		/** The vendor's name of an item's id [id]. */
		idKey?: string;
	};
}

export type Handler<Caller = unknown> = (call: Call<Caller>) => Reply | Promise<Reply>;

/** One operation of the vendor's specification. `needs` is for the vendor's own `admit`: scopes, buckets, licences. */
export interface Route<Needs = unknown, Caller = unknown> {
	method: string;
	template: string;
	needs: Needs;
	handler: Handler<Caller>;
}

/** An answer ready to be sent. */
export interface Answer {
	status: number;
	/** Empty for none. */
	body: string;
	contentType: string;
	headers: Record<string, string | string[]>;
}

/** A refusal, thrown by `admit` and by handlers: the vendor's own error body. */
export class Refusal extends Error {
	constructor(
		readonly status: number,
		readonly body: unknown,
		readonly headers: Record<string, string> = {},
		/** Of a text body; JSON otherwise. */
		readonly contentType?: string,
	) {
		super(`refused with ${status}`);
	}
}

export function ok(body: unknown, headers?: Record<string, string>): Reply {
	return headers ? { status: 200, body, headers } : { status: 200, body };
}

export function noContent(): Reply {
	return { status: 204 };
}

/** The path parameter of that name; the router guarantees it. */
export function param(call: Call, name: string): string {
	return call.params[name] ?? "";
}
