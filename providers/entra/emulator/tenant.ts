import type { Call, Handler } from "../../../src/emulate/call.js";
import type { World } from "../../../src/emulate/world.js";
import type { Change, Client, DirectoryTable, Raw, State, Tables } from "./state.js";

/** What the tenant has paid for: P1 has sign-in activity and Conditional Access, P2 adds PIM and risk. */
export type Licences = "none" | "p1" | "p2";

/** The running tenant: what handlers work on. */
export interface Tenant {
	state: State;
	world: World;
	licences: Licences;
	/** Lists being paged through, by chain. */
	chains: Map<string, readonly unknown[]>;
	/** Counts what has been made, so that new ids differ and are the same in every run. */
	made: number;
}

export interface Caller {
	client: Client;
	scopes: ReadonlySet<string>;
}

/** Which of the vendor's services answers: they refuse in different words. */
export type Service = "directory" | "policy" | "risk" | "pim" | "audit" | "methods" | "login";

/** What a route asks of its caller, and what it costs. */
export interface Needs {
	service: Service;
	/** Any one of these suffices; none: any token. */
	scopes: readonly string[];
	licence?: "p1" | "p2";
	/** Resource units, before `$select`, `$expand` and `$top` change them. */
	cost: number;
	bucket: "directory" | "reports" | "risk" | "none";
}

export type GraphCall = Call<Caller>;
export type GraphHandler = Handler<Caller>;

/** Whether the caller has any of the scopes. */
export function may(call: GraphCall, ...scopes: string[]): boolean {
	return scopes.some((scope) => call.caller?.scopes.has(scope));
}

/** A vendor object, whatever its type, as a plain record. */
export function raw(entity: object): Raw {
	return entity as Raw;
}

/** A table of the state, its objects as plain records. */
export function tableMap(tenant: Tenant, name: keyof Tables): Map<string, Raw> {
	return tenant.state[name] as unknown as Map<string, Raw>;
}

/** Notes a change for the delta queries. */
export function changed(tenant: Tenant, table: DirectoryTable, id: string, member?: Change["member"]): void {
	const { changes } = tenant.state;
	const before = changes.length;
	changes.push({ at: tenant.world.now(), table, id, ...(member && { member }) });
	tenant.world.undo(() => {
		changes.length = before;
	});
}

/** Writes part of a directory object. */
export function patch(tenant: Tenant, table: DirectoryTable, id: string, part: Raw): void {
	const map = tableMap(tenant, table);
	tenant.world.put(map, id, { ...map.get(id), ...part });
	changed(tenant, table, id);
}

/** Version of the API that a request names. */
export function version(call: GraphCall): "v1.0" | "beta" {
	return /^\/beta(\/|$)/i.test(call.path) ? "beta" : "v1.0";
}
