import type { Call, Reply } from "../../../src/emulate/call.js";
import { hash } from "../../../src/emulate/random.js";
import { isModern, legacy, modern, outOfRange, refusal } from "./errors.js";
import type { Tenant } from "./types.js";

const day = 86_400_000;

interface Paged<T> {
	/** Rows with the keys they are ordered by; a page begins after the last key of the one before. Keys are unique. */
	rows: readonly (readonly [string, T])[];
	/** Ordered from the end. */
	descending?: boolean;
	size: number;
	show(row: T): unknown;
	wrap(items: unknown[], next: string | undefined): unknown;
	idKey?: string;
}

/** Parameters that may change between pages. */
const free = new Set(["pageToken", "maxResults", "pageSize", "fields", "prettyPrint", "quotaUser", "alt", "key", "access_token"]);

/** What a page token is bound to: the path and every parameter that shapes the list. */
function binding(call: Call): string {
	const kept = [...call.query].filter(([name]) => !free.has(name)).sort();
	return hash(JSON.stringify([call.path, kept])).toString(36);
}

/** One page of a list. A token is bound to the query and lives three days. */
export function page<T>(tenant: Tenant, call: Call, list: Paged<T>): Reply {
	const after = readToken(tenant, call);
	const start = after === null ? 0 : firstAfter(list.rows, after, list.descending ?? false);
	const rows = list.rows.slice(start, start + list.size);
	const last = rows.at(-1);
	const more = start + list.size < list.rows.length;
	return {
		status: 200,
		list: {
			items: rows.map(([, row]) => list.show(row)),
			...(more && last && { next: token(tenant, call, last[0]) }),
			wrap: list.wrap,
			idKey: list.idKey ?? "id",
		},
	};
}

function token(tenant: Tenant, call: Call, key: string): string {
	return Buffer.from(JSON.stringify([binding(call), tenant.world.now(), key])).toString("base64url");
}

export function badToken(call: Call) {
	return isModern(call.path)
		? modern(400, "Request contains an invalid argument.")
		: legacy(400, "invalid", "Invalid Input: pageToken", "global", { locationType: "parameter", location: "pageToken" });
}

function readToken(tenant: Tenant, call: Call): string | null {
	const text = call.query.get("pageToken");
	if (text === null || text === "") return null;
	let parts: unknown;
	try {
		parts = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
	} catch {
		throw badToken(call);
	}
	if (!Array.isArray(parts) || parts[0] !== binding(call) || typeof parts[2] !== "string") throw badToken(call);
	if (tenant.world.now() - Number(parts[1]) > 3 * day) throw badToken(call);
	return parts[2];
}

function firstAfter<T>(rows: readonly (readonly [string, T])[], key: string, descending: boolean): number {
	let low = 0;
	let high = rows.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		const here = rows[middle]?.[0] ?? "";
		if (descending ? here >= key : here <= key) low = middle + 1;
		else high = middle;
	}
	return low;
}

export const byKey = (a: readonly [string, unknown], b: readonly [string, unknown]): number => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0);

/** The page size asked for. `over`: what the API does with more than its maximum. */
export function sizeOf(call: Call, param: "maxResults" | "pageSize", usual: number, max: number, over: "refuse" | "cut"): number {
	const text = call.query.get(param);
	if (text === null || text === "") return usual;
	if (!/^-?\d{1,9}$/.test(text)) throw refusal(call, 400, "invalidParameter", `Invalid value at '${param}' (TYPE_INT32), "${text}"`);
	const size = Number(text);
	// The newer APIs read 0 as not given.
	if (size === 0 && param === "pageSize") return usual;
	if (size < 1 || (size > max && over === "refuse"))
		throw isModern(call.path) ? modern(400, "Request contains an invalid argument.") : outOfRange(text, param, max);
	return Math.min(size, max);
}

/** The body of a list: the array stays out when it is empty, and the token at the end. */
export function body(kind: Record<string, unknown>, key: string): (items: unknown[], next: string | undefined) => unknown {
	return (items, next) => ({ ...kind, ...(next !== undefined && { nextPageToken: next }), ...(items.length > 0 && { [key]: items }) });
}

const kept = new WeakMap<Tenant, { version: number; lists: Map<string, unknown> }>();

/** Makes a list once for all its pages, as long as nothing changes. */
export function once<T>(tenant: Tenant, key: string, make: () => T): T {
	if (tenant.world.knobs.lagMs > 0) return make();
	const before = kept.get(tenant);
	const memory = before?.version === tenant.version ? before : { version: tenant.version, lists: new Map<string, unknown>() };
	kept.set(tenant, memory);
	if (memory.lists.has(key)) return memory.lists.get(key) as T;
	const made = make();
	memory.lists.set(key, made);
	return made;
}

/** The key of a list for `once`: its path and every parameter that shapes it. */
export function listKey(call: Call): string {
	return `${call.path} ${binding(call)}`;
}
