import type { Call, Reply } from "../../../src/emulate/call.js";
import { badRequest } from "./errors.js";
import { conditions, type Fields, fits, order } from "./find.js";
import type { Tenant } from "./types.js";

interface Source<T> {
	rows(): T[];
	fields: Fields<T>;
	/** The row as it is sent. */
	show(row: T): unknown;
	idKey?: string;
}

const made = new WeakMap<Tenant, { version: number; lists: Map<string, unknown[]> }>();

/** Rows that fit, in order. Made once for all pages of a list, as long as nothing changes. */
function listed<T>(tenant: Tenant, call: Call, source: Source<T>, sortParam: string): T[] {
	const wanted = conditions(call, call.query.get("filter"), source.fields);
	const compare = order(call, sortParam, call.query.get(sortParam), source.fields);
	const kept = made.get(tenant);
	const memory = kept?.version === tenant.version ? kept : { version: tenant.version, lists: new Map<string, unknown[]>() };
	made.set(tenant, memory);
	const key = JSON.stringify([call.path, call.query.get("filter"), call.query.get(sortParam)]);
	const before = tenant.world.knobs.lagMs > 0 ? undefined : (memory.lists.get(key) as T[] | undefined);
	if (before) return before;
	const rows = source.rows().filter((row) => fits(row, wanted, source.fields));
	if (compare) rows.sort(compare);
	memory.lists.set(key, rows);
	return rows;
}

/**
 * A page of the SSPM calls. The token is base64 of `<page>#<rows a page>#`, as the specification's example `MSM2Iw==` is:
 * a place, not a bookmark, so rows that vanish meanwhile make the next page skip some.
 */
export function tokenPage<T>(tenant: Tenant, call: Call, source: Source<T>, limited: boolean): Reply {
	const token = call.query.get("page_token");
	const place = token === null || token === "" ? null : /^(\d{1,9})#(\d{1,9})#$/.exec(Buffer.from(token, "base64").toString("latin1"));
	if (token && !place) throw badRequest(call, '"page_token" is invalid');
	const limit = place ? Number(place[2]) : limited ? limitOf(tenant, call) : tenant.choices.pageSize;
	const page = place ? Number(place[1]) : 0;
	if (limit < 1) throw badRequest(call, '"page_token" is invalid');
	const rows = listed(tenant, call, source, "order_by");
	const start = page * limit;
	const tokenOf = (number: number): string => Buffer.from(`${number}#${limit}#`).toString("base64");
	const next = start + limit < rows.length ? tokenOf(page + 1) : undefined;
	return {
		status: 200,
		list: {
			items: rows.slice(start, start + limit).map(source.show),
			...(next !== undefined && { next }),
			wrap: (items, link) => ({
				items,
				limit,
				total: rows.length,
				...(link !== undefined && { next_path: link }),
				...(page > 0 && { prev_path: pagePath(call, tokenOf(page - 1)) }),
			}),
			idKey: source.idKey ?? "id",
		},
	};
}

/** The path of another page of the same list. */
export function pagePath(call: Call, token: string): string {
	const query = new URLSearchParams(call.query);
	query.set("page_token", token);
	return `${call.path}?${query}`;
}

/** A page of the identity calls, by number. Past the end it is empty. */
export function numberedPage<T>(tenant: Tenant, call: Call, source: Source<T>): Reply {
	const rows = listed(tenant, call, source, "sortBy");
	return {
		status: 200,
		list: { items: cut(tenant, call, rows).map(source.show), wrap: (items) => ({ total: rows.length, items }), idKey: source.idKey ?? "id" },
	};
}

/** The same as a bare array. */
export function numberedRows<T>(tenant: Tenant, call: Call, rows: T[]): Reply {
	return { status: 200, list: { items: cut(tenant, call, rows), wrap: (items) => items, idKey: "appType" } };
}

/** How many rows fit the call's filter. */
export function matching<T>(tenant: Tenant, call: Call, source: Source<T>): T[] {
	return listed(tenant, call, source, "sortBy");
}

function cut<T>(tenant: Tenant, call: Call, rows: T[]): T[] {
	const limit = limitOf(tenant, call);
	const page = whole(call, "page", tenant.choices.firstPage);
	const start = Math.max(0, page - tenant.choices.firstPage) * limit;
	return rows.slice(start, start + limit);
}

function limitOf(tenant: Tenant, call: Call): number {
	const limit = whole(call, "limit", tenant.choices.pageSize);
	if (limit < 1) throw badRequest(call, '"limit" must be at least 1');
	return Math.min(limit, tenant.choices.maxPageSize);
}

function whole(call: Call, name: string, otherwise: number): number {
	const text = call.query.get(name);
	if (text === null || text === "") return otherwise;
	if (!/^\d{1,9}$/.test(text)) throw badRequest(call, `"${name}" must be a number`);
	return Number(text);
}
