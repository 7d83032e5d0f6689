import type { Call, Reply } from "../../../src/emulate/call.js";
import { hash } from "../../../src/emulate/random.js";
import type { WireIdentity, WireIdentityList, WireQuery } from "../wire.js";
import { badRequest } from "./errors.js";
import type { Server } from "./tenant.js";

const flags = ["true", "false"];

interface Filter {
	read(identity: WireIdentity): string;
	values?: string[];
}

/** Each filter: what it compares, and the values it takes; none for any. */
const filters = new Map<string, Filter>(
	Object.entries({
		"filter[tenant_id]": { read: (identity) => identity.tenant_id },
		"filter[risk_level]": { read: (identity) => identity.risk_level, values: ["low", "medium", "high", "critical"] },
		"filter[privileged]": { read: (identity) => String(identity.privileged), values: flags },
		"filter[mfa_enrolled]": { read: (identity) => String(identity.mfa_enrolled), values: flags },
		"filter[provider]": { read: (identity) => identity.provider, values: ["azure_ad", "okta", "google_workspace", "local"] },
	} satisfies Record<Exclude<keyof WireQuery, `page[${string}]`>, Filter>),
);

const most = 200;
const usual = 50;

const made = new WeakMap<Server, { version: number; lists: Map<string, WireIdentity[]> }>();

/** `GET /v1/identity`. A cursor holds the id it goes on after and is bound to the filters it came from. */
export function listIdentities(server: Server, call: Call): Reply {
	const wanted = filtersIn(call);
	const key = JSON.stringify(wanted);
	const rows = fitting(server, wanted, key);
	const { shape, pagingKey } = server.choices;
	if (shape !== "paged") return { status: 200, list: { items: rows, wrap: (items) => (shape === "array" ? items : { data: items }) } };
	const limit = limitIn(call);
	const from = startIn(call, rows, key);
	const items = rows.slice(from, from + limit);
	const last = items.at(-1);
	const more = from + limit < rows.length && last !== undefined;
	return {
		status: 200,
		list: {
			items,
			...(more && { next: Buffer.from(`${hash(key)}.${last.id}`).toString("base64url") }),
			wrap: (data, next) => {
				const pagination: WireIdentityList["pagination"] = { next_cursor: next ?? null, has_more: next !== undefined, total: rows.length };
				return { data, [pagingKey]: pagination };
			},
		},
	};
}

function filtersIn(call: Call): [string, string][] {
	const wanted: [string, string][] = [];
	for (const [name, value] of call.query) {
		if (name === "page[limit]" || name === "page[cursor]") continue;
		const filter = filters.get(name);
		if (!filter) throw badRequest(call, `The parameter ${name} is not supported.`);
		if (filter.values && !filter.values.includes(value)) throw badRequest(call, `${name} must be one of ${filter.values.join(", ")}.`);
		wanted.push([name, value]);
	}
	return wanted.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** All that fits, by id. Made once for all pages, as long as nothing changes. */
function fitting(server: Server, wanted: [string, string][], key: string): WireIdentity[] {
	const kept = made.get(server);
	const memory = kept?.version === server.version ? kept : { version: server.version, lists: new Map<string, WireIdentity[]>() };
	made.set(server, memory);
	const before = server.world.knobs.lagMs > 0 ? undefined : memory.lists.get(key);
	if (before) return before;
	const all = server.world.allSeen(server.identities).map(([, identity]) => identity);
	const rows = all.filter((identity) => wanted.every(([name, value]) => filters.get(name)?.read(identity) === value)).sort((a, b) => (a.id < b.id ? -1 : 1));
	memory.lists.set(key, rows);
	return rows;
}

function limitIn(call: Call): number {
	const text = call.query.get("page[limit]");
	if (text === null) return usual;
	const limit = Number(text);
	if (!/^\d{1,6}$/.test(text) || limit < 1 || limit > most) throw badRequest(call, `page[limit] must be a number between 1 and ${most}.`);
	return limit;
}

/** Where the page starts: after the id in the cursor, which may be gone by now. */
function startIn(call: Call, rows: WireIdentity[], key: string): number {
	const cursor = call.query.get("page[cursor]");
	if (cursor === null) return 0;
	const [bound, after] = Buffer.from(cursor, "base64url").toString("utf8").split(".");
	if (bound !== String(hash(key)) || after === undefined) throw badRequest(call, "page[cursor] is not one of this list.");
	const at = rows.findIndex((row) => row.id > after);
	return at < 0 ? rows.length : at;
}
