import { bodyOf, type Call, noContent, ok, param, type Reply, type Route, route } from "./call.js";
import { invalid, notFound } from "./errors.js";
import { afterOf, limitOf, linked, pageOf } from "./paging.js";
import { renderRaw } from "./render.js";
import { compile, type Dialect } from "./search.js";
import { logEvent, target } from "./syslog.js";
import { drop, iso, newId, put, sortedKeys, type Tenant } from "./tenant.js";

export type Raw = Record<string, unknown>;
type Verb = "create" | "update" | "delete" | "activate" | "deactivate";

/** One kind of raw object: where it lives, what may be done with it, and how it is shown. */
export interface Kind {
	base: string;
	resource: string;
	type: string;
	/** Path parameter of a single object; without it the kind can't be read by id. */
	id?: string;
	of: (tenant: Tenant) => Map<string, Raw> | undefined;
	/** The collection, made when there is none yet. */
	own?: (tenant: Tenant) => Map<string, Raw>;
	/** Default and largest page; without it the list does not page. */
	page?: [number, number];
	filter?: Dialect;
	/** Query parameters that must equal a property of the same name. */
	equal?: string[];
	allow: string[];
	lifecycle?: boolean;
	/** Methods served besides reading. */
	writes?: readonly ("POST" | "PUT" | "DELETE")[];
	/** First letters of a new object's id. */
	prefix?: string;
	/** Status of a creation; 200 when absent. */
	createdStatus?: number;
	/** Event type of the vendor's catalogue for each verb. */
	event?: (verb: Verb) => string;
	/** Refuses a body, by throwing. `before` is missing for a creation. */
	check?: (call: Call, given: Raw, before: Raw | undefined) => void;
	/** What a write stores beyond the body. */
	complete?: (call: Call, given: Raw, before: Raw | undefined) => Raw;
	/** Refuses a change of status or a deletion, by throwing. */
	guard?: (call: Call, object: Raw, verb: Verb) => void;
	render?: (tenant: Tenant, object: Raw) => Raw;
}

/** What only the server sets. */
const READ_ONLY = ["id", "created", "createdBy", "lastUpdated", "lastUpdatedBy", "system", "orn", "_links", "_link", "_embedded"];

/** A body without what only the server sets. */
export function writable(body: Raw): Raw {
	return Object.fromEntries(Object.entries(body).filter(([key]) => !READ_ONLY.includes(key)));
}

/** The object a path names. @throws ApiError 404 E0000007 */
export function objectAt(call: Call, kind: Kind): Raw & { id: string } {
	const id = param(call, kind.id ?? "");
	const object = kind.of(call.tenant)?.get(id);
	if (!object) throw notFound(id, kind.type);
	return { ...object, id };
}

/** An object as it is answered. */
export function show(tenant: Tenant, kind: Kind, object: Raw): Raw {
	return kind.render?.(tenant, object) ?? renderRaw(tenant, object, `${kind.base}/${String(object.id)}`, kind.allow, kind.lifecycle);
}

function list(call: Call, kind: Kind): Reply {
	const objects = kind.of(call.tenant) ?? new Map<string, Raw>();
	const filter = kind.filter ? compile(call.query.get("filter"), kind.filter) : undefined;
	const q = call.query.get("q")?.toLowerCase() ?? "";
	const equal = (kind.equal ?? []).flatMap((name) => (call.query.get(name) === null ? [] : [[name, call.query.get(name)]]));
	const pick = (id: string): Raw | undefined => {
		const object = objects.get(id);
		if (!object || (filter && !filter(object)) || equal.some(([name, value]) => object[name ?? ""] !== value)) return undefined;
		const name = String(object.name ?? "").toLowerCase();
		return name.startsWith(q) ? object : undefined;
	};
	const [fallback, max] = kind.page ?? [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
	const page = kind.page ? pageOf(sortedKeys(objects), afterOf(call), limitOf(call, fallback, max), pick) : pageOf(sortedKeys(objects), "", max, pick);
	return linked(call, page, (object) => show(call.tenant, kind, object));
}

/** Writes one object of a kind and says so in the log. */
export function store(call: Call, kind: Kind, object: Raw & { id: string }, verb: Verb): void {
	const { tenant } = call;
	const objects = kind.own?.(tenant) ?? kind.of(tenant);
	if (!objects) return;
	put(tenant, objects, object.id, object);
	say(call, kind, object, verb);
}

function say(call: Call, kind: Kind, object: Raw & { id: string }, verb: Verb): void {
	const type = kind.event?.(verb);
	if (type !== undefined) logEvent(call.tenant, call, type, `${capital(verb)} ${kind.type}`, [target(object.id, kind.type, object.name)]);
}

const capital = (word: string): string => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;

function create(call: Call, kind: Kind): Reply {
	const { tenant } = call;
	const given = writable(bodyOf(call));
	kind.check?.(call, given, undefined);
	const now = iso(tenant.now());
	const status = call.query.get("activate") === "false" ? "INACTIVE" : "ACTIVE";
	const id = newId(kind.prefix ?? "");
	const object = { ...given, ...kind.complete?.(call, given, undefined), id, status, created: now, lastUpdated: now };
	store(call, kind, object, "create");
	return { status: kind.createdStatus ?? 200, body: show(tenant, kind, object) };
}

function replace(call: Call, kind: Kind): Reply {
	const { tenant } = call;
	const before = objectAt(call, kind);
	const given = writable(bodyOf(call));
	kind.check?.(call, given, before);
	const kept = Object.fromEntries(READ_ONLY.filter((key) => key in before).map((key) => [key, before[key]]));
	const status = given.status === "ACTIVE" || given.status === "INACTIVE" ? given.status : before.status;
	const next = { ...given, ...kept, ...kind.complete?.(call, given, before), id: before.id, status, lastUpdated: iso(tenant.now()) };
	store(call, kind, next, "update");
	return ok(show(tenant, kind, next));
}

function remove(call: Call, kind: Kind): Reply {
	const object = objectAt(call, kind);
	kind.guard?.(call, object, "delete");
	const objects = kind.of(call.tenant);
	if (objects) drop(call.tenant, objects, object.id);
	say(call, kind, object, "delete");
	return noContent();
}

function setStatus(call: Call, kind: Kind, status: "ACTIVE" | "INACTIVE"): Reply {
	const { tenant } = call;
	const object = objectAt(call, kind);
	const verb = status === "ACTIVE" ? "activate" : "deactivate";
	kind.guard?.(call, object, verb);
	if (object.status === status) return ok(show(tenant, kind, object));
	const next = { ...object, status, lastUpdated: iso(tenant.now()) };
	store(call, kind, next, verb);
	return ok(show(tenant, kind, next));
}

/** Every operation of one kind. */
export function kindRoutes(kind: Kind): Route[] {
	const { base, resource, writes = [] } = kind;
	const routes = [route("GET", base, resource, (call) => list(call, kind))];
	if (writes.includes("POST")) routes.push(route("POST", base, resource, (call) => create(call, kind)));
	if (kind.id === undefined) return routes;
	const one = `${base}/{${kind.id}}`;
	routes.push(route("GET", one, resource, (call) => ok(show(call.tenant, kind, objectAt(call, kind)))));
	if (writes.includes("PUT")) routes.push(route("PUT", one, resource, (call) => replace(call, kind)));
	if (writes.includes("DELETE")) routes.push(route("DELETE", one, resource, (call) => remove(call, kind)));
	if (!kind.lifecycle) return routes;
	routes.push(
		route("POST", `${one}/lifecycle/activate`, resource, (call) => setStatus(call, kind, "ACTIVE")),
		route("POST", `${one}/lifecycle/deactivate`, resource, (call) => setStatus(call, kind, "INACTIVE")),
	);
	return routes;
}

/** Demands a text of 1 to `most` characters under a name. @throws ApiError 400 E0000001 */
export function demandText(given: Raw, name: string, most = 255): string {
	const value = given[name];
	if (typeof value !== "string" || value.trim() === "") throw invalid(name, "The field cannot be left blank");
	if (value.length > most) throw invalid(name, `The field must be at most ${most} characters long`);
	return value;
}

/** Demands one of some words under a name. @throws ApiError 400 E0000001 */
export function demandOneOf(given: Raw, name: string, words: readonly string[]): string {
	const value = given[name];
	if (typeof value !== "string" || !words.includes(value)) throw invalid(name, `Must be one of ${words.join(", ")}`);
	return value;
}

/** Refuses a name another object of the kind has. @throws ApiError 400 E0000001 */
export function demandFreshName(call: Call, kind: Kind, given: Raw, before: Raw | undefined, key = "name"): void {
	for (const [id, object] of kind.of(call.tenant) ?? []) {
		if (id !== before?.id && object[key] === given[key]) throw invalid(key, "An object with this field already exists in the current organization");
	}
}
