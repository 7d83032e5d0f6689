import type { Reply } from "../../../src/emulate/call.js";
import { directory, reads } from "./access.js";
import { both, type GraphRoute } from "./collections.js";
import { applications, groups, servicePrincipals, users } from "./collections-directory.js";
import { badRequest, refusal, unsupported } from "./errors.js";
import { type Kind, render } from "./kinds.js";
import { contextOf, expiredPage, type Listed } from "./list.js";
import { objects, typeOfRow } from "./mixed.js";
import { queryOf } from "./query.js";
import { linked, rowOf, rowsOf } from "./rows.js";
import type { Change, Raw } from "./state.js";
import type { GraphCall, Tenant } from "./tenant.js";

const pageOf = 200;
/** Members that one entry of a page carries; the rest come on later pages, under the same group. */
const membersOf = 1000;
const day = 86_400_000;

interface State {
	table: "users" | "groups" | "applications" | "servicePrincipals";
	select: string[] | null;
	/** Place in the list of changes up to which the client knows them once it is through. */
	upTo: number;
	at: number;
	/** Chain and offset of a following page. */
	chain?: string;
	from?: number;
	/** Place in the list of changes from which to tell. */
	since?: number;
}

const sealed = (state: State): string => Buffer.from(JSON.stringify(state)).toString("base64url");

function opened(token: string, table: State["table"]): State {
	try {
		const state = JSON.parse(Buffer.from(token, "base64url").toString("utf8")) as State;
		if (state.table === table && typeof state.upTo === "number") return state;
	} catch {
		// No token of ours.
	}
	throw badRequest("Badly formed token.");
}

/** A seven days' life (Microsoft 365 developer blog, "Duration of change tracking tokens"); much older ones are forgotten altogether. */
function checkAge(tenant: Tenant, state: State, call: GraphCall): void {
	const age = tenant.world.now() - state.at;
	const text = "The sync state generation is not found. The delta token is expired and data must be synchronized again.";
	if (age > 30 * day) throw refusal(410, "syncStateNotFound", text, { Location: `${call.base}${call.path}?$deltatoken=` });
	if (age > 7 * day) throw refusal(400, "syncStateNotFound", text);
	if (state.upTo > tenant.state.changes.length) throw refusal(410, "syncStateNotFound", text, { Location: `${call.base}${call.path}?$deltatoken=` });
}

/** How many of the changes reads see already. */
function visible(tenant: Tenant): number {
	const { changes } = tenant.state;
	const { lagMs } = tenant.world.knobs;
	if (lagMs <= 0) return changes.length;
	const until = tenant.world.now() - lagMs;
	const at = changes.findIndex((change) => change.at > until);
	return at < 0 ? changes.length : at;
}

function withMembers(state: State): boolean {
	return state.table === "groups" && (state.select === null || state.select.includes("members"));
}

/** All there is, a group of many members several times over. */
function everything(tenant: Tenant, state: State, kind: Kind): Raw[] {
	return rowsOf(tenant, state.table).flatMap((row) => {
		const item = shownItem(kind, row, state);
		if (!withMembers(state)) return [item];
		const members = objects(tenant, linked(tenant, "members", String(row.id))).map((one) => ({ "@odata.type": `#${typeOfRow(one)}`, id: one.id }));
		if (members.length === 0) return [item];
		const parts: Raw[] = [];
		for (let at = 0; at < members.length; at += membersOf) parts.push({ ...item, "members@delta": members.slice(at, at + membersOf) });
		return parts;
	});
}

function shownItem(kind: Kind, row: Raw, state: State): Raw {
	const select = state.select?.filter((name) => name !== "members" && name !== "owners") ?? null;
	// What a delta leaves out unless it has a value.
	const item = render(kind, row, select ?? kind.basic);
	return { ...Object.fromEntries(Object.entries(item).filter(([, value]) => value !== null && value !== undefined)), id: row.id };
}

function changesSince(tenant: Tenant, state: State, kind: Kind, until: number): Raw[] {
	const { changes, deleted } = tenant.state;
	const touched = new Map<string, Change[]>();
	for (const change of changes.slice(state.since ?? 0, until)) {
		if (change.table !== state.table || (change.member && !withMembers(state))) continue;
		touched.set(change.id, [...(touched.get(change.id) ?? []), change]);
	}
	return [...touched].map(([id, list]) => {
		const row = rowOf(tenant, state.table, id);
		// In the bin it can still be brought back; out of the bin it is gone.
		if (!row) return { id, "@removed": { reason: deleted.has(id) ? "changed" : "deleted" } };
		const item = shownItem(kind, row, state);
		const members = new Map(list.flatMap(({ member }) => (member ? [[member.id, member]] : [])));
		if (members.size === 0) return item;
		const parts = [...members.values()].map((one) => ({
			"@odata.type": `#microsoft.graph.${one.type}`,
			id: one.id,
			...(one.gone && { "@removed": { reason: "deleted" } }),
		}));
		return { ...item, "members@delta": parts };
	});
}

function delta(tenant: Tenant, call: GraphCall, table: State["table"], list: Listed): Reply {
	const query = queryOf(call);
	if (query.filter && !JSON.stringify(query.filter).includes('"path":["id"]')) throw unsupported("Filter is supported on the id property only.");
	if (query.expand.length > 0) throw unsupported("$expand is not supported by delta queries.");
	for (const name of query.select ?? [])
		if (!(name in list.kind.unset) && !["members", "owners", "manager"].includes(name))
			throw badRequest(`Could not find a property named '${name}' on type '${list.kind.type}'.`);
	const token = query.skiptoken ?? (query.deltatoken === null || query.deltatoken === "" ? null : query.deltatoken);
	const until = visible(tenant);
	let state: State = { table, select: query.select, upTo: until, at: tenant.world.now() };
	let rows: readonly unknown[];
	if (token === "latest") rows = [];
	else if (token === null) rows = everything(tenant, state, list.kind);
	else {
		const given = opened(token, table);
		checkAge(tenant, given, call);
		state = given.chain === undefined ? { table, select: given.select, since: given.upTo, upTo: until, at: tenant.world.now() } : given;
		rows = given.chain === undefined ? changesSince(tenant, state, list.kind, until) : (tenant.chains.get(given.chain) ?? stale());
	}
	if (query.filter && token === null) rows = rows.filter((row) => JSON.stringify(query.filter).includes(String((row as Raw).id)));
	const from = state.from ?? 0;
	const chain = state.chain ?? String(++tenant.made);
	tenant.chains.set(chain, rows);
	const more = from + pageOf < rows.length;
	const shared = { table: state.table, select: state.select, upTo: state.upTo, at: state.at };
	const deltaLink = `${call.base}${call.path}?$deltatoken=${sealed(shared)}`;
	return {
		status: 200,
		list: {
			items: rows.slice(from, from + pageOf),
			...(more && { next: sealed({ ...shared, chain, from: from + pageOf }) }),
			wrap: (value, next) => ({
				"@odata.context": contextOf(call, list.context, state.select ? { ...query, select: state.select } : null),
				...(next === undefined ? { "@odata.deltaLink": deltaLink } : { "@odata.nextLink": next }),
				value,
			}),
		},
	};
}

function stale(): never {
	throw expiredPage();
}

export function deltaRoutes(tenant: Tenant): GraphRoute[] {
	const of = (table: State["table"], list: Listed, scopes: readonly string[]) =>
		["delta", "delta()", "microsoft.graph.delta", "microsoft.graph.delta()"].flatMap((name) =>
			both("GET", `/${table}/${name}`, directory(scopes), (call) => delta(tenant, call, table, list)),
		);
	return [
		...of("users", users, reads.users),
		...of("groups", groups, reads.groups),
		...of("applications", applications, reads.apps),
		...of("servicePrincipals", servicePrincipals, reads.apps),
	];
}
