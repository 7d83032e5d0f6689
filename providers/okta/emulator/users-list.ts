import type { User } from "@okta/okta-sdk-nodejs";
import type { Call, Reply } from "./call.js";
import { afterOf, limitOf, linked, pageOf, pageOfList } from "./paging.js";
import { renderUser } from "./render.js";
import { compile, type Dialect } from "./search.js";
import type { Wire } from "./state.js";
import { asOf, sortedKeys, type Tenant } from "./tenant.js";

const FILTER: Dialect = {
	operators: ["eq", "gt", "ge", "lt", "le"],
	attributes: ["status", "lastUpdated", "id", "profile.login", "profile.email", "profile.firstName", "profile.lastName"],
	code: "E0000031",
	caseSensitive: true,
};
const SEARCH: Dialect = { operators: ["eq", "sw", "co", "pr", "gt", "ge", "lt", "le"], code: "E0000031", maxLength: 2000 };

/** A user as reads by id and plain lists see it: the status may lag behind a write. */
export function seenUser(tenant: Tenant, id: string): Wire<User> | undefined {
	return asOf(tenant, `user:${id}`, tenant.state.users.get(id), tenant.knobs.statusLagMs);
}

function at(object: unknown, path: string): string {
	let value: unknown = object;
	for (const part of path.split(".")) value = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[part] : undefined;
	return value === undefined || value === null ? "" : String(value);
}

/** Sorts by one property, then by id. The vendor sorts searches only. */
export function sorted<T extends { id?: string }>(items: T[], sortBy: string, descending: boolean): T[] {
	const sign = descending ? -1 : 1;
	return items.sort((a, b) => {
		const [x, y] = [at(a, sortBy), at(b, sortBy)];
		return x === y ? ((a.id ?? "") < (b.id ?? "") ? -1 : 1) : x < y ? -sign : sign;
	});
}

/** `fields=id,status,profile:(login,city)`: which properties of a user are kept; `id` always is. */
export function project(user: Record<string, unknown>, fields: string | null): Record<string, unknown> {
	if (fields === null || fields.trim() === "") return user;
	const profileFields = /profile:\(([^)]*)\)/
		.exec(fields)?.[1]
		?.split(",")
		.map((name) => name.trim());
	const names = fields
		.replace(/profile:\([^)]*\)/, "")
		.split(",")
		.map((name) => name.trim());
	const kept: Record<string, unknown> = { id: user.id };
	for (const name of names) if (name !== "" && name in user) kept[name] = user[name];
	if (profileFields) {
		const profile = (user.profile ?? {}) as Record<string, unknown>;
		kept.profile = Object.fromEntries(profileFields.filter((name) => name in profile).map((name) => [name, profile[name]]));
	}
	kept._links = user._links;
	return kept;
}

/** What `okta-response` in the content type of a GET leaves out. */
export function omitParts(call: Call, user: Record<string, unknown>): Record<string, unknown> {
	const wanted = /okta-response="?([\w,\s]+)/.exec(String(call.headers["content-type"] ?? ""))?.[1] ?? "";
	const { credentials, transitioningToStatus, ...rest } = user;
	return {
		...rest,
		...(credentials === undefined || /omitCredentials\b/.test(wanted) ? {} : { credentials }),
		...(transitioningToStatus === undefined || wanted.includes("omitTransitioningToStatus") ? {} : { transitioningToStatus }),
	};
}

function matchesQ(user: Wire<User>, q: string): boolean {
	const wanted = q.toLowerCase();
	return [user.profile?.firstName, user.profile?.lastName, user.profile?.email].some((value) => value?.toLowerCase().startsWith(wanted));
}

/** GET /api/v1/users: plain, `q`, `filter` or `search`. Only the latter two show DEPROVISIONED users. */
export function listUsers(call: Call): Reply {
	const { tenant, query } = call;
	const { state, knobs } = tenant;
	const fields = query.get("fields");
	const render = (user: Wire<User>): unknown => project(omitParts(call, renderUser(tenant, user, false)), fields);
	const search = compile(query.get("search"), SEARCH);
	if (search) {
		const limit = limitOf(call, 200, 200);
		const pick = (id: string): Wire<User> | undefined => {
			const user = asOf(tenant, `user:${id}`, state.users.get(id), knobs.searchLagMs);
			return user && search(user) ? user : undefined;
		};
		const sortBy = query.get("sortBy");
		if (sortBy === null) return linked(call, pageOf(sortedKeys(state.users), afterOf(call), limit, pick), render);
		const found = sortedKeys(state.users)
			.map(pick)
			.filter((user) => user !== undefined);
		return linked(
			call,
			pageOfList(sorted(found, sortBy, query.get("sortOrder") === "desc"), afterOf(call), limit, (user) => user.id ?? ""),
			render,
		);
	}
	const filter = compile(query.get("filter"), FILTER);
	const q = query.get("q");
	const limit = limitOf(call, q === null ? 200 : 10, 200);
	const pick = (id: string): Wire<User> | undefined => {
		const user = seenUser(tenant, id);
		if (!user) return undefined;
		if (filter) return filter(user) ? user : undefined;
		if (user.status === "DEPROVISIONED") return undefined;
		return q === null || q === "" || matchesQ(user, q) ? user : undefined;
	};
	const page = pageOf(sortedKeys(state.users), afterOf(call), limit, pick);
	return linked(call, q === null ? page : { items: page.items }, render);
}
