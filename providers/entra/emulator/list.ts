import type { Reply } from "../../../src/emulate/call.js";
import { hash } from "../../../src/emulate/random.js";
import { badQuery, refusal, unsupported } from "./errors.js";
import { matches } from "./filter-match.js";
import { type Kind, render } from "./kinds.js";
import { advancedOperator, type Expand, filteredProperties, pageSize, type Query, queryOf } from "./query.js";
import type { Raw } from "./state.js";
import { type GraphCall, type Tenant, version } from "./tenant.js";

/** What `$expand` can add to an object. A list has at most 20 entries, without a next page. */
export type Expander = (tenant: Tenant, call: GraphCall, entity: Raw, expand: Expand) => unknown;

/** How one of the vendor's lists behaves. */
export interface Listed {
	kind: Kind;
	/** What `@odata.context` calls it. */
	context: string;
	/** Directory objects have a separate index for advanced queries. */
	directory?: boolean;
	/** Properties that `$filter` may name. */
	filters: readonly string[];
	orders?: readonly string[];
	/** Null: everything comes at once, and `$top` is not known. */
	page: { usual: number; most: number; over: "refuse" | "clamp" } | null;
	expands?: Readonly<Record<string, Expander>>;
	/** How a property of an object is found that is not stored with it. */
	view?: (tenant: Tenant, entity: Raw, call: GraphCall, query: Query) => Raw;
	/** Items are rendered by their own kind. */
	mixed?: (entity: Raw, call: GraphCall) => { kind: Kind; type: string; readable: boolean };
}

const MOST_CHAINS = 200;

/** Refuses what the list doesn't support. The vendor never leaves an unknown option out silently. */
export function checkQuery(list: Listed, query: Query): void {
	const { kind, directory } = list;
	const known = (name: string): boolean => (list.kind.basic === null && Object.keys(kind.unset).length === 0 ? true : name in kind.unset);
	for (const name of query.select ?? [])
		if (!known(name.split("/")[0] ?? "") && !(name in (list.expands ?? {})) && name !== "*")
			throw badQuery(`Parsing OData Select and Expand failed: Could not find a property named '${name}' on type '${kind.type}'.`);
	for (const { name } of query.expand)
		if (!(name in (list.expands ?? {})))
			throw badQuery(`Parsing OData Select and Expand failed: Could not find a property named '${name}' on type '${kind.type}'.`);
	if (directory && query.expand.length > 1) throw unsupported("Expanding more than one navigation property is not supported.");
	for (const { name } of query.orderby) if (!(list.orders ?? []).includes(name)) throw unsupported(`Sorting not supported for current query.`);
	if (query.filter) checkFilter(list, query);
	if (query.search && !(directory && query.eventual))
		throw unsupported("Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'");
	if (directory && query.orderby.length > 0 && query.filter && !(query.eventual && query.count)) throw unsupported("Sorting not supported for current query.");
}

function checkFilter(list: Listed, query: Query): void {
	if (!query.filter) return;
	for (const name of filteredProperties(query.filter)) {
		if (list.filters.includes(name)) continue;
		const exists = name in list.kind.unset || Object.keys(list.kind.unset).length === 0;
		if (!exists) throw badQuery(`Invalid filter clause: Could not find a property named '${name}' on type '${list.kind.type}'.`);
		const short = list.kind.type.replace("microsoft.graph.", "");
		throw unsupported(
			`Unsupported or invalid query filter clause specified for property '${name}' of resource '${short.charAt(0).toUpperCase()}${short.slice(1)}'.`,
		);
	}
	if (list.directory && JSON.stringify(query.filter).includes('"op":"contains"')) throw unsupported("Unsupported Query.");
	const operator = list.directory ? advancedOperator(query.filter) : null;
	if (operator !== null && !(query.eventual && query.count))
		throw unsupported(
			`Operator '${operator}' is not supported because the required parameters might be missing. Try adding $count=true query parameter and ConsistencyLevel:eventual header. Refer to https://aka.ms/graph-docs/advanced-queries for more information`,
		);
}

function found(item: Raw, terms: NonNullable<Query["search"]>): boolean {
	return terms.every((term) =>
		term.some(({ name, text }) =>
			String(item[name] ?? "")
				.toLowerCase()
				.split(/[\s@._-]+/)
				.some((word) => word.startsWith(text.toLowerCase())),
		),
	);
}

function ordered(rows: readonly Raw[], by: Query["orderby"]): readonly Raw[] {
	const [first] = by;
	if (!first) return rows;
	const sign = first.descending ? -1 : 1;
	const key = (row: Raw): string => String(row[first.name] ?? "").toLowerCase();
	return [...rows].sort((a, b) => (key(a) < key(b) ? -sign : key(a) > key(b) ? sign : 0));
}

/** The rows that a query is after, in its order. */
export function selected(list: Listed, query: Query, rows: readonly Raw[]): readonly Raw[] {
	const { filter, search } = query;
	// An unset property is compared as what it is answered as.
	const full = (row: Raw): Raw => ({ ...list.kind.unset, ...row });
	const kept = filter ? rows.filter((row) => matches(filter, full(row))) : rows;
	return ordered(search ? kept.filter((row) => found(row, search)) : kept, query.orderby);
}

/** One object of a list as it is answered. */
export function shown(tenant: Tenant, call: GraphCall, list: Listed, query: Query, entity: Raw): Raw {
	const own = list.mixed?.(entity, call);
	const stored = list.view ? list.view(tenant, entity, call, query) : entity;
	const out: Raw = own ? { "@odata.type": `#${own.type}`, ...mixedItem(own, stored, query) } : render(list.kind, stored, properties(list, query));
	for (const expand of query.expand) {
		const value = list.expands?.[expand.name]?.(tenant, call, entity, expand);
		if (value !== undefined) out[expand.name] = value;
	}
	return out;
}

function mixedItem(own: { kind: Kind; readable: boolean }, stored: Raw, query: Query): Raw {
	const item = render(own.kind, stored, query.select?.filter((name) => name in own.kind.unset) ?? null);
	if (own.readable) return item;
	// The caller may not read objects of this type: everything but the id is hidden.
	return Object.fromEntries(Object.keys(item).map((name) => [name, name === "id" ? item.id : Array.isArray(item[name]) ? [] : null]));
}

function properties(list: Listed, query: Query): string[] | null {
	if (query.select === null || query.select.includes("*")) return null;
	const plain = query.select.map((name) => name.split("/")[0] ?? "").filter((name) => !(name in (list.expands ?? {})) || name in list.kind.unset);
	return plain.includes("signInActivity") && !plain.includes("id") ? [...plain, "id"] : plain;
}

/** Address of the service's own metadata, as every answer names it. */
export function contextOf(call: GraphCall, name: string, query: Query | null, single = false): string {
	const expands = query?.expand.map((expand) => `${expand.name}(${expand.select?.join(",") ?? ""})`) ?? [];
	const parts = query?.select ? [...query.select, ...expands] : expands;
	return `${call.base}/${version(call)}/$metadata#${name}${parts.length > 0 ? `(${parts.join(",")})` : ""}${single ? "/$entity" : ""}`;
}

/** Answers one page of a list. `rows` is asked for the first page only. */
export function answerList(tenant: Tenant, call: GraphCall, list: Listed, rows: () => readonly Raw[]): Reply {
	const query = queryOf(call);
	checkQuery(list, query);
	if (!list.page && query.top !== null) throw badQuery("The query specified in the URI is not valid. Query option 'Top' is not allowed.");
	const binding = hash(`${call.path.toLowerCase()}?${[...call.query].filter(([name]) => name.toLowerCase() !== "$skiptoken").join("&")}`);
	const place = query.skiptoken === null ? begin(tenant, list, query, rows) : resume(tenant, query.skiptoken, binding);
	const size = list.page ? pageSize(query.top, list.page) : Number.POSITIVE_INFINITY;
	const items = place.rows.slice(place.from, place.from + size).map((row) => shown(tenant, call, list, query, row as Raw));
	const more = place.from + size < place.rows.length;
	const count = query.count && query.skiptoken === null && (!list.directory || query.eventual) ? place.rows.length : undefined;
	return {
		status: 200,
		list: {
			items,
			...(more && { next: cursor(place.chain, place.from + size, binding) }),
			wrap: (value, next) => ({
				"@odata.context": contextOf(call, list.context, query),
				...(count !== undefined && { "@odata.count": count }),
				...(next !== undefined && { "@odata.nextLink": next }),
				value,
			}),
		},
	};
}

interface Place {
	chain: string;
	rows: readonly unknown[];
	from: number;
}

function begin(tenant: Tenant, list: Listed, query: Query, rows: () => readonly Raw[]): Place {
	const chain = String(++tenant.made);
	const all = selected(list, query, rows());
	tenant.chains.set(chain, all);
	const oldest = tenant.chains.size > MOST_CHAINS ? tenant.chains.keys().next().value : undefined;
	if (oldest !== undefined) tenant.chains.delete(oldest);
	return { chain, rows: all, from: 0 };
}

function cursor(chain: string, from: number, binding: number): string {
	return Buffer.from(JSON.stringify([chain, from, binding])).toString("base64url");
}

function resume(tenant: Tenant, token: string, binding: number): Place {
	const [chain, from, bound] = opened(token);
	if (typeof chain !== "string" || typeof from !== "number") throw refusal(400, "Request_BadRequest", "Skip token is invalid.");
	if (bound !== binding) throw refusal(400, "Request_BadRequest", "Skip token is not valid for the specified query.");
	const rows = tenant.chains.get(chain);
	if (!rows) throw expiredPage();
	return { chain, rows, from };
}

function opened(token: string): unknown[] {
	try {
		const value: unknown = JSON.parse(Buffer.from(token, "base64url").toString("utf8"));
		return Array.isArray(value) ? value : [];
	} catch {
		return [];
	}
}

export function expiredPage() {
	return refusal(400, "Directory_ExpiredPageToken", "The specified page token value has expired and can no longer be included in your request.");
}

/** Answers one object. */
export function answerOne(tenant: Tenant, call: GraphCall, list: Listed, entity: Raw, context = list.context): Reply {
	const query = queryOf(call);
	checkQuery(list, { ...query, filter: null });
	return { status: 200, body: { "@odata.context": contextOf(call, context, query, true), ...shown(tenant, call, list, query, entity) } };
}
