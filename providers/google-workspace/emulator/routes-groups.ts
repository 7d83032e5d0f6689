import type { Call, Reply } from "../../../src/emulate/call.js";
import { ok, param } from "../../../src/emulate/call.js";
import { hash } from "../../../src/emulate/random.js";
import { invalid, legacy, notFound } from "./errors.js";
import { findGroup, maybeUser } from "./find.js";
import { groupQuery } from "./group-query.js";
import { etag } from "./ids.js";
import { body, byKey, listKey, once, page, sizeOf } from "./paging.js";
import type { Operation, Work } from "./rights.js";
import { oneOf } from "./routes-users.js";
import { directory } from "./scopes.js";
import { showGroup, showMember } from "./show.js";
import type { GroupRow, Membership, Tenant } from "./types.js";

const base = "/admin/directory/v1/groups";

/** Reads of groups and their members. */
export function groupRoutes(tenant: Tenant): Operation[] {
	const get = (template: string, scopes: readonly string[], handler: Work): Operation => ({
		method: "GET",
		template: base + template,
		needs: { service: "admin.googleapis.com", scopes, privilege: "GROUPS_RETRIEVE" },
		handler,
	});
	const of = (call: Call) => findGroup(tenant, param(call, "groupKey"));
	return [
		get("", directory.groups, (call) => list(tenant, call)),
		get("/{groupKey}", directory.groups, (call) => ok(showGroup(tenant, of(call)))),
		get("/{groupKey}/aliases", directory.groups, (call) => {
			const { id, body: group, version } = of(call);
			const items = (group.aliases ?? []).map((alias) => ({ kind: "admin#directory#alias", id, etag: etag(alias, version), primaryEmail: group.email, alias }));
			return ok({ kind: "admin#directory#aliases", etag: etag(`aliases/${id}`, version), ...(items.length > 0 && { aliases: items }) });
		}),
		get("/{groupKey}/members", directory.members, (call) => listMembers(tenant, call, of(call))),
		get("/{groupKey}/members/{memberKey}", directory.members, (call) => {
			const member = findMember(tenant, of(call), param(call, "memberKey"));
			// Just added, it is not found for a while.
			if (!member || member.created > tenant.world.now() - tenant.choices.settleMs) throw notFound("memberKey");
			return ok(showMember(member, true));
		}),
		get("/{groupKey}/hasMember/{memberKey}", directory.members, (call) => {
			const key = param(call, "memberKey");
			const group = of(call);
			const id = maybeUser(tenant, key)?.id ?? tenant.state.groups.get(key)?.id;
			// An address from outside is refused, whether it is a member or not.
			if (id === undefined) throw invalid("Invalid Input: memberKey");
			return ok({ isMember: derived(tenant, group).some(([member]) => member.id === id) });
		}),
	];
}

function list(tenant: Tenant, call: Call): Reply {
	const { query } = call;
	const size = sizeOf(call, "maxResults", 200, 200, "cut");
	const customer = query.get("customer");
	const domain = query.get("domain");
	const userKey = query.get("userKey");
	if (customer === null && domain === null && userKey === null) throw legacy(400, "badRequest", "Bad Request");
	if (customer !== null && customer !== "my_customer" && customer !== tenant.state.customer.id) throw legacy(400, "badRequest", "Bad Request");
	if (domain !== null && !tenant.state.domains.has(domain)) throw legacy(404, "domainNotFound", "Domain not found.");
	const order = query.has("orderBy") ? oneOf(call, "orderBy", ["email"]) : "id";
	const descending = oneOf(call, "sortOrder", ["ASCENDING", "DESCENDING"]) === "DESCENDING" && order === "email";
	const user = userKey === null ? undefined : (maybeUser(tenant, userKey)?.id ?? tenant.state.groups.get(userKey)?.id);
	if (userKey !== null && user === undefined) throw notFound("userKey");
	const rows = once(tenant, listKey(call), () => {
		const text = query.get("query");
		const fits = text ? groupQuery(text) : () => true;
		const kept: [string, GroupRow][] = [];
		for (const [, group] of tenant.world.allSeen(tenant.state.groups)) {
			if (domain !== null && customer === null && !group.body.email.endsWith(`@${domain}`)) continue;
			if (user !== undefined && !tenant.world.seen(group.members, user)) continue;
			if (fits(group)) kept.push([order === "email" ? group.body.email : group.id, group]);
		}
		kept.sort(byKey);
		return descending ? kept.reverse() : kept;
	});
	const head = { kind: "admin#directory#groups", etag: etag(`groups/${query}`, tenant.version) };
	return page(tenant, call, { rows, descending, size, show: (group) => showGroup(tenant, group), wrap: body(head, "groups") });
}

/** A member by id or address. */
function findMember(tenant: Tenant, group: GroupRow, key: string): Membership | undefined {
	const low = key.toLowerCase();
	const all = tenant.world.allSeen(group.members).map(([, member]) => member);
	const id = maybeUser(tenant, key)?.id;
	return all.find((member) => member.id === key || member.email === low || (id !== undefined && member.id === id));
}

/** Members with those of groups within; a group met twice is told once. */
export function derived(tenant: Tenant, group: GroupRow): [Membership, string[]][] {
	const found = new Map<string, [Membership, string[]]>();
	const walk = (here: GroupRow, way: string[]) => {
		for (const [key, member] of tenant.world.allSeen(here.members)) {
			if (found.has(key) || member.id === group.id) continue;
			found.set(key, [member, way]);
			const inner = member.type === "GROUP" ? tenant.state.groups.get(member.id) : undefined;
			if (inner && !way.includes(inner.id)) walk(inner, [...way, inner.id]);
		}
	};
	walk(group, [group.id]);
	return [...found.values()];
}

function listMembers(tenant: Tenant, call: Call, group: GroupRow): Reply {
	const size = sizeOf(call, "maxResults", 200, 200, "cut");
	const roles = (call.query.get("roles") ?? "")
		.split(",")
		.map((role) => role.trim().toUpperCase())
		.filter(Boolean);
	if (roles.some((role) => !["OWNER", "MANAGER", "MEMBER"].includes(role))) throw invalid("Invalid Input: roles");
	const rows = once(tenant, `${listKey(call)} ${tenant.choices.derivedLossy} ${tenant.choices.looseRoles}`, () => {
		const deep = call.query.get("includeDerivedMembership") === "true";
		const all = deep ? derived(tenant, group) : tenant.world.allSeen(group.members).map(([, member]): [Membership, string[]] => [member, [group.id]]);
		const kept = all.filter(([member, way]) => {
			const loose = tenant.choices.looseRoles && roles.includes("MEMBER");
			if (roles.length > 0 && !loose && !roles.includes(member.role)) return false;
			// Derived lists of live tenants have been short of some, silently.
			return !(deep && tenant.choices.derivedLossy && way.length > 1 && hash(member.id, 5) % 4 === 0);
		});
		return kept.map(([member]) => [`${member.id}/${member.email ?? ""}`, member] as const).sort(byKey);
	});
	const head = { kind: "admin#directory#members", etag: etag(`members/${group.id}`, tenant.version) };
	return page(tenant, call, { rows, size, show: (member) => showMember(member), wrap: body(head, "members") });
}
