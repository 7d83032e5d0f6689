import type { User } from "@okta/okta-sdk-nodejs";
import { type Call, param } from "./call.js";
import { notFound } from "./errors.js";
import type { TenantState, Wire } from "./state.js";
import type { Tenant } from "./tenant.js";
import { seenUser } from "./users-list.js";

interface LoginIndex {
	size: number;
	byLogin: Map<string, string>;
}

const indexes = new WeakMap<TenantState["users"], LoginIndex>();

const loginOf = (user: Wire<User> | undefined): string => user?.profile?.login?.toLowerCase() ?? "";

function indexOf(users: TenantState["users"]): LoginIndex {
	const kept = indexes.get(users);
	if (kept?.size === users.size) return kept;
	const byLogin = new Map<string, string>();
	for (const [id, user] of users) byLogin.set(loginOf(user), id);
	const fresh = { size: users.size, byLogin };
	indexes.set(users, fresh);
	return fresh;
}

/** Keeps the logins known right after a user was created, changed or, with no `after`, removed. */
export function noteLogin(tenant: Tenant, id: string, before: Wire<User> | undefined, after: Wire<User> | undefined): void {
	const kept = indexes.get(tenant.state.users);
	if (!kept) return;
	if (before) kept.byLogin.delete(loginOf(before));
	if (after) kept.byLogin.set(loginOf(after), id);
	kept.size = tenant.state.users.size;
}

/** Forgets the logins known, after writes were taken back. */
export function forgetLogins(tenant: Tenant): void {
	indexes.delete(tenant.state.users);
}

function idByShortName(tenant: Tenant, name: string): string | undefined {
	const wanted = `${name.toLowerCase()}@`;
	for (const [login, id] of indexOf(tenant.state.users).byLogin) if (login.startsWith(wanted)) return id;
	return undefined;
}

/** Id of the user with that login, without regard to case. */
export function idByLogin(tenant: Tenant, login: string): string | undefined {
	return indexOf(tenant.state.users).byLogin.get(login.toLowerCase());
}

/** Whose a token without an owner is taken to be: the first user who is a super administrator. */
function ownerOf(tenant: Tenant): string | undefined {
	const { roles, users } = tenant.state;
	const held = roles.find((role) => role.type === "SUPER_ADMIN" && role.principalType === "user" && users.get(role.principalId)?.status === "ACTIVE");
	return held?.principalId;
}

/** Id behind a path parameter: an id, a login, the part of a login before `@`, or `me`. */
export function resolveUserId(call: Call, given: string): string | undefined {
	const { tenant } = call;
	if (given === "me") return call.caller.userId ?? (call.caller.kind === "ssws" ? ownerOf(tenant) : undefined);
	if (tenant.state.users.has(given) || tenant.past.has(`user:${given}`)) return given;
	// An id in form is never a login: spares the index on a miss.
	if (/^00u[A-Za-z0-9]{17}$/.test(given)) return undefined;
	return idByLogin(tenant, given) ?? (given.includes("@") ? undefined : idByShortName(tenant, given));
}

/**
 * The user a path names, as it is now.
 * @throws ApiError 404 E0000007
 */
export function userAt(call: Call, name: string): Wire<User> & { id: string } {
	const given = param(call, name);
	const id = resolveUserId(call, given);
	const user = id === undefined ? undefined : call.tenant.state.users.get(id);
	if (id === undefined || !user) throw notFound(given, "User");
	return { ...user, id };
}

/** The same for reads: as it is seen with the status lag. */
export function seenUserAt(call: Call, name: string): Wire<User> & { id: string } {
	const given = param(call, name);
	const id = resolveUserId(call, given);
	const user = id === undefined ? undefined : seenUser(call.tenant, id);
	if (id === undefined || !user) throw notFound(given, "User");
	return { ...user, id };
}

/**
 * A user whose sub-resources can be read: the vendor answers 404 for those of a deactivated one.
 * @throws ApiError 404 E0000007
 */
export function liveUserAt(call: Call, name: string): Wire<User> & { id: string } {
	const user = seenUserAt(call, name);
	if (user.status === "DEPROVISIONED") throw notFound(user.id, "User");
	return user;
}
