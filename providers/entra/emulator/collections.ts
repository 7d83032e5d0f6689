import type { Route } from "../../../src/emulate/call.js";
import { param } from "../../../src/emulate/call.js";
import { badRequest, notFound } from "./errors.js";
import { answerList, answerOne, checkQuery, type Listed, selected } from "./list.js";
import { queryOf } from "./query.js";
import { rowOf, rowsOf } from "./rows.js";
import type { Raw, Tables } from "./state.js";
import { type Caller, type GraphCall, type Needs, type Tenant, version } from "./tenant.js";

/** One of the vendor's collections: its list, its single objects and its count. */
export interface Collection {
	path: string;
	list: Listed;
	/** Where the beta version differs. */
	beta?: Listed;
	needs: Needs;
	/** Where the rows are kept, or else `rows` makes them. */
	table?: keyof Tables;
	rows?: (tenant: Tenant, call: GraphCall) => readonly Raw[];
	find?: (tenant: Tenant, id: string, call: GraphCall) => Raw | undefined;
	/** Runs before everything else: a part of the request may need more than the rest. */
	gate?: (tenant: Tenant, call: GraphCall, single: boolean) => Listed | undefined;
	only?: "beta" | "v1.0";
}

export type GraphRoute = Route<Needs, Caller>;

/** The same operation in both versions of the API. */
export function both(method: string, path: string, needs: Needs, handler: GraphRoute["handler"], only?: "beta" | "v1.0"): GraphRoute[] {
	const versions = only ? [only] : ["v1.0", "beta"];
	return versions.map((name) => ({ method, template: `/${name}${path}`, needs, handler }));
}

export function collectionRoutes(tenant: Tenant, one: Collection): GraphRoute[] {
	const listed = (call: GraphCall, single: boolean): Listed =>
		one.gate?.(tenant, call, single) ?? (version(call) === "beta" ? (one.beta ?? one.list) : one.list);
	const rows = (call: GraphCall): readonly Raw[] => (one.table ? rowsOf(tenant, one.table) : (one.rows?.(tenant, call) ?? []));
	const find = (call: GraphCall, id: string): Raw | undefined => {
		if (one.find) return one.find(tenant, id, call);
		return one.table ? rowOf(tenant, one.table, id) : rows(call).find((row) => row.id === id);
	};
	return [
		...both("GET", one.path, one.needs, (call) => answerList(tenant, call, listed(call, false), () => rows(call)), one.only),
		...both("GET", `${one.path}/$count`, one.needs, (call) => count(call, listed(call, false), () => rows(call)), one.only),
		...both(
			"GET",
			`${one.path}/{id}`,
			one.needs,
			(call) => {
				const list = listed(call, true);
				const entity = find(call, param(call, "id"));
				if (!entity) throw notFound(param(call, "id"));
				return answerOne(tenant, call, list, entity);
			},
			one.only,
		),
	];
}

/** Counts a list. The directory counts in its separate index only. */
export function count(call: GraphCall, list: Listed, rows: () => readonly Raw[]) {
	const query = { ...queryOf(call), count: true };
	if (list.directory && !query.eventual) throw badRequest("$count is not currently supported.");
	checkQuery(list, query);
	return { status: 200, body: String(selected(list, query, rows()).length), contentType: "text/plain" };
}
