import { randomBytes } from "node:crypto";
import type { Knobs } from "./knobs.js";
import type { RoleAssignment, TenantState } from "./state.js";

/** The org behind the server: its state, its clock, and what a write must leave behind. */
export interface Tenant {
	state: TenantState;
	knobs: Knobs;
	/** Address of the server, without a trailing slash. */
	url: string;
	/** The org's clock, milliseconds since the epoch. */
	now: () => number;
	/** How to take back every write since the start, newest last. */
	undo: (() => void)[];
	/** What a key held before a write, for reads that lag. */
	past: Map<string, { at: number; previous: unknown }[]>;
	/** What happens later: the end of asynchronous work, log events on their way. */
	pending: { at: number; run: () => void }[];
}

/** An instant in the vendor's form: ISO 8601, milliseconds, `Z`. */
export function iso(at: number): string {
	return new Date(at).toISOString();
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** A fresh id in the vendor's form: 20 characters, beginning with the type's prefix (`00u`, `00g`, `0oa`, …). */
export function newId(prefix: string): string {
	let id = prefix;
	for (const byte of randomBytes(20 - prefix.length)) id += ALPHABET[byte % ALPHABET.length];
	return id;
}

const keyCache = new WeakMap<object, { size: number; keys: string[] }>();

/** The keys of a collection in ascending order, kept between calls. O(1) unless its size changed behind our back. */
export function sortedKeys(collection: ReadonlyMap<string, unknown> | ReadonlySet<string>): readonly string[] {
	const kept = keyCache.get(collection);
	if (kept && kept.size === collection.size) return kept.keys;
	const keys = [...collection.keys()].sort();
	keyCache.set(collection, { size: keys.length, keys });
	return keys;
}

/** Index of the first key greater than `after`. */
export function firstAfter(keys: readonly string[], after: string): number {
	let low = 0;
	let high = keys.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((keys[middle] ?? "") <= after) low = middle + 1;
		else high = middle;
	}
	return low;
}

function noteKey(collection: object, key: string, present: boolean): void {
	const kept = keyCache.get(collection);
	if (!kept) return;
	const at = firstAfter(kept.keys, key);
	const has = kept.keys[at - 1] === key;
	if (present && !has) kept.keys.splice(at, 0, key);
	if (!present && has) kept.keys.splice(at - 1, 1);
	kept.size = kept.keys.length;
}

function remember(tenant: Tenant, lagKey: string | undefined, previous: unknown): void {
	const { searchLagMs, membersLagMs, rolesLagMs, statusLagMs } = tenant.knobs;
	if (lagKey === undefined || Math.max(searchLagMs, membersLagMs, rolesLagMs, statusLagMs) <= 0) return;
	const list = tenant.past.get(lagKey) ?? [];
	list.push({ at: tenant.now(), previous });
	tenant.past.set(lagKey, list);
}

/** What a key held `lagMs` ago: `current`, unless it was written since. */
export function asOf<T>(tenant: Tenant, lagKey: string, current: T, lagMs: number): T {
	if (lagMs <= 0) return current;
	const since = tenant.now() - lagMs;
	const first = tenant.past.get(lagKey)?.find((entry) => entry.at > since);
	return first ? (first.previous as T) : current;
}

/** Writes one object of the state. `lagKey` names it for reads that lag. */
export function put<T>(tenant: Tenant, map: Map<string, T>, key: string, value: T, lagKey?: string): void {
	const had = map.has(key);
	const previous = map.get(key);
	remember(tenant, lagKey, previous);
	tenant.undo.push(() => {
		if (had) map.set(key, previous as T);
		else map.delete(key);
		noteKey(map, key, had);
	});
	map.set(key, value);
	noteKey(map, key, true);
}

/** Removes one object of the state; false when it wasn't there. */
export function drop<T>(tenant: Tenant, map: Map<string, T>, key: string, lagKey?: string): boolean {
	if (!map.has(key)) return false;
	const previous = map.get(key) as T;
	remember(tenant, lagKey, previous);
	tenant.undo.push(() => {
		map.set(key, previous);
		noteKey(map, key, true);
	});
	map.delete(key);
	noteKey(map, key, false);
	return true;
}

/** Replaces the list of role assignments. */
export function setRoles(tenant: Tenant, roles: RoleAssignment[]): void {
	const previous = tenant.state.roles;
	remember(tenant, "roles", previous);
	tenant.undo.push(() => {
		tenant.state.roles = previous;
	});
	tenant.state.roles = roles;
}

/** Adds or removes a direct membership and stamps the group; false when nothing changed. */
export function setMember(tenant: Tenant, groupId: string, userId: string, member: boolean): boolean {
	const members = tenant.state.members.get(groupId) ?? new Set<string>();
	if (members.has(userId) === member) return false;
	if (!tenant.state.members.has(groupId)) put(tenant, tenant.state.members, groupId, members);
	remember(tenant, `member:${groupId}:${userId}`, !member);
	const change = (present: boolean): void => {
		if (present) members.add(userId);
		else members.delete(userId);
		noteKey(members, userId, present);
	};
	tenant.undo.push(() => change(!member));
	change(member);
	const group = tenant.state.groups.get(groupId);
	if (group) put(tenant, tenant.state.groups, groupId, { ...group, lastMembershipUpdated: iso(tenant.now()) }, `group:${groupId}`);
	return true;
}

/** Does what has fallen due on the org's clock. */
export function settle(tenant: Tenant): void {
	const now = tenant.now();
	while (tenant.pending.some((item) => item.at <= now)) {
		const due = tenant.pending.filter((item) => item.at <= now);
		tenant.pending = tenant.pending.filter((item) => item.at > now);
		for (const item of due) item.run();
	}
}

/** Takes back every write since the start. */
export function undoAll(tenant: Tenant): void {
	for (const step of tenant.undo.reverse()) step();
	tenant.undo = [];
	tenant.past.clear();
	tenant.pending = [];
}
