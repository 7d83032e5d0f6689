import type { Call, Reply } from "../../../src/emulate/call.js";
import { ok, param } from "../../../src/emulate/call.js";
import { iso } from "../../../src/emulate/random.js";
import { changed } from "./audit.js";
import type { Grant } from "./auth.js";
import { modern } from "./errors.js";
import { maybeUser } from "./find.js";
import { userId } from "./ids.js";
import { body, byKey, listKey, once, page, sizeOf } from "./paging.js";
import type { Operation } from "./rights.js";
import { derived } from "./routes-groups.js";
import { service } from "./routes-policies.js";
import type { GroupRow, Membership, Tenant } from "./types.js";

const scopes = ["cloud-identity.groups", "cloud-identity.groups.readonly", "cloud-platform"];
const gone = () => modern(404, "Requested entity was not found.");
const bad = () => modern(400, "Request contains an invalid argument.");
const denied = () => modern(403, "Error(2028): Permission denied for resource groups (or it may not exist).");

/** Groups and memberships as Cloud Identity has them: the same groups, with labels, expiry and transitive members. */
export function membershipRoutes(tenant: Tenant): Operation[] {
	const { state, world } = tenant;
	const route = (method: string, template: string, handler: (call: Call<Grant>) => Reply): Operation => ({
		method,
		template,
		needs: {
			service,
			scopes: method === "GET" ? scopes : ["cloud-identity.groups", "cloud-platform"],
			privilege: method === "GET" ? "GROUPS_RETRIEVE" : "GROUPS_UPDATE",
		},
		handler,
	});
	const groupOf = (call: Call): GroupRow => {
		const found = world.seen(state.groups, param(call, "groupsId"));
		if (!found) throw denied();
		return found;
	};
	const memberOf = (call: Call): [GroupRow, string, Membership] => {
		const group = groupOf(call);
		const entry = world.allSeen(group.members).find(([, member]) => membershipId(member) === param(call, "membershipsId"));
		if (!entry) throw gone();
		return [group, ...entry];
	};
	const view = (call: Call) => call.query.get("view") === "FULL";
	const size = (call: Call) => sizeOf(call, "pageSize", view(call) ? 50 : 200, view(call) ? 500 : 1000, "refuse");
	const premium = () => {
		if (tenant.choices.edition !== "enterprise") throw modern(403, "The caller does not have permission");
	};

	const timed = new Map<string, [string, string]>();
	for (const [id, group] of state.groups) for (const [key, member] of group.members) if (member.expires !== null) timed.set(`${id}/${key}`, [id, key]);
	world.always(() => {
		for (const [id, key] of timed.values()) {
			const group = state.groups.get(id);
			const expires = group?.members.get(key)?.expires ?? null;
			if (group && expires !== null && expires <= world.now()) world.drop(group.members, key);
		}
	});
	const write = (group: GroupRow, key: string, member: Membership): void => {
		world.put(group.members, key, member);
		if (member.expires !== null) timed.set(`${group.id}/${key}`, [group.id, key]);
	};
	// Ends belong to the role MEMBER alone, lie ahead, and are part of the dearer editions.
	const expiryOf = (role: { name?: unknown; expiryDetail?: { expireTime?: unknown } }): number | null => {
		const given = role.expiryDetail?.expireTime;
		if (given === undefined || given === null) return null;
		premium();
		const at = Date.parse(String(given));
		if (role.name !== "MEMBER" || Number.isNaN(at) || at <= world.now()) throw bad();
		return Math.floor(at / 1000) * 1000;
	};

	function create(call: Call<Grant>): Reply {
		const group = groupOf(call);
		if (group.dynamic !== null) throw modern(400, "Memberships of a dynamic group cannot be changed.", "FAILED_PRECONDITION");
		const sent = (call.body ?? {}) as { preferredMemberKey?: { id?: string }; roles?: { name?: string; expiryDetail?: { expireTime?: string } }[] };
		const email = sent.preferredMemberKey?.id?.toLowerCase() ?? "";
		const roles = sent.roles ?? [{ name: "MEMBER" }];
		const own = roles.find(({ name }) => name === "MEMBER");
		if (email === "" || !own) throw bad();
		const user = maybeUser(tenant, email);
		const inner = [...state.groups.values()].find((one) => one.body.email === email);
		if (!user && !inner && state.domains.has(email.split("@")[1] ?? "")) throw gone();
		const id = user?.id ?? inner?.id ?? userId(`external/${email}`);
		if (group.members.has(id)) throw modern(409, "Requested entity already exists", "ALREADY_EXISTS");
		const role = (roles.find(({ name }) => name !== "MEMBER")?.name ?? "MEMBER") as Membership["role"];
		const made: Membership = {
			id,
			email,
			type: user ? "USER" : inner ? "GROUP" : "EXTERNAL",
			role,
			...((user || inner) && { status: "ACTIVE" as const }),
			delivery: "ALL_MAIL",
			created: world.now(),
			expires: expiryOf(own),
		};
		write(group, id, made);
		changed(tenant, call, "GROUP_SETTINGS", "ADD_GROUP_MEMBER", { GROUP_EMAIL: group.body.email, USER_EMAIL: email });
		return ok({
			done: true,
			response: { "@type": "type.googleapis.com/google.apps.cloudidentity.groups.v1.Membership", ...object(showMembership(group, made, true)) },
		});
	}

	function modify(call: Call<Grant>): Reply {
		const [id = "", verb] = param(call, "membershipsId").split(":");
		const group = groupOf(call);
		if (verb !== "modifyMembershipRoles") throw gone();
		const [key, member] = world.allSeen(group.members).find(([, one]) => membershipId(one) === id) ?? [];
		if (key === undefined || member === undefined) throw gone();
		const sent = (call.body ?? {}) as {
			updateRolesParams?: { fieldMask?: string; membershipRole?: { name?: string; expiryDetail?: { expireTime?: string } } }[];
		};
		const [params, ...more] = sent.updateRolesParams ?? [];
		if (!params?.membershipRole || more.length > 0 || !/^expiry_?[dD]etail\.expire_?[tT]ime$/.test(params.fieldMask ?? "")) throw bad();
		write(group, key, { ...member, expires: expiryOf(params.membershipRole) });
		changed(tenant, call, "GROUP_SETTINGS", "UPDATE_GROUP_MEMBER", {
			GROUP_EMAIL: group.body.email,
			USER_EMAIL: member.email ?? member.id,
			NEW_VALUE: member.role,
		});
		return ok({ membership: showMembership(group, group.members.get(key) ?? member, true) });
	}

	function groupList(call: Call, key: string, fits: (group: GroupRow) => boolean): Reply {
		const rows = once(tenant, listKey(call), () =>
			world
				.allSeen(state.groups)
				.filter(([, group]) => fits(group))
				.sort(byKey),
		);
		return page(tenant, call, { rows, size: size(call), show: (group) => showGroup(tenant, group, view(call)), wrap: body({}, key), idKey: "name" });
	}

	return [
		route("GET", "/v1/groups", (call) => {
			if (call.query.get("parent") !== `customers/${state.customer.id}`) throw bad();
			return groupList(call, "groups", () => true);
		}),
		route("GET", "/v1/groups:search", (call) => groupList(call, "groups", searched(tenant, call.query.get("query")))),
		route("GET", "/v1/groups:lookup", (call) => {
			const id = call.query.get("groupKey.id")?.toLowerCase();
			const found = world.allSeen(state.groups).find(([, group]) => group.body.email === id || group.body.aliases?.includes(id ?? ""));
			if (!found) throw denied();
			return ok({ name: `groups/${found[0]}` });
		}),
		route("GET", "/v1/groups/{groupsId}", (call) => ok(showGroup(tenant, groupOf(call), true))),
		route("GET", "/v1/groups/{groupsId}/securitySettings", (call) =>
			ok({ name: `groups/${groupOf(call).id}/securitySettings`, memberRestriction: { query: "", evaluation: { state: "COMPLIANT" } } }),
		),
		route("GET", "/v1/groups/{groupsId}/memberships", (call) => {
			const group = groupOf(call);
			const rows = world
				.allSeen(group.members)
				.filter(([, { type }]) => type !== "CUSTOMER")
				.sort(byKey);
			return page(tenant, call, {
				rows,
				size: size(call),
				show: (member) => showMembership(group, member, view(call)),
				wrap: body({}, "memberships"),
				idKey: "name",
			});
		}),
		route("GET", "/v1/groups/{groupsId}/memberships:lookup", (call) => {
			const group = groupOf(call);
			const found = world.allSeen(group.members).find(([, { email }]) => email === call.query.get("memberKey.id")?.toLowerCase());
			if (!found) throw gone();
			return ok({ name: `groups/${group.id}/memberships/${membershipId(found[1])}` });
		}),
		route("GET", "/v1/groups/{groupsId}/memberships:checkTransitiveMembership", (call) => {
			premium();
			const key = memberKey(call);
			return ok({ hasMembership: derived(tenant, groupOf(call)).some(([{ email }]) => email === key) });
		}),
		route("GET", "/v1/groups/{groupsId}/memberships:searchTransitiveMemberships", (call) => {
			premium();
			const group = groupOf(call);
			const rows = derived(tenant, group)
				.map(([member, way]) => [membershipId(member), { member, direct: way.length === 1 }] as const)
				.sort(byKey);
			const show = ({ member, direct }: { member: Membership; direct: boolean }) => ({
				member: member.type === "GROUP" ? `groups/${member.id}` : `users/${membershipId(member)}`,
				preferredMemberKey: [{ id: member.email ?? member.id }],
				roles: [{ role: member.role }],
				relationType: direct ? "DIRECT" : "INDIRECT",
			});
			return page(tenant, call, { rows, size: sizeOf(call, "pageSize", 200, 1000, "refuse"), show, wrap: body({}, "memberships"), idKey: "member" });
		}),
		route("GET", "/v1/groups/{groupsId}/memberships:searchTransitiveGroups", (call) => {
			premium();
			// The group in the path is a wildcard: `groups/-`.
			const key = memberKey(call);
			const rows = world.allSeen(state.groups).flatMap(([id, group]): [string, unknown][] => {
				const held = derived(tenant, group).find(([{ email }]) => email === key);
				if (!held) return [];
				return [
					[
						id,
						{
							group: `groups/${id}`,
							groupKey: { id: group.body.email },
							displayName: group.body.name,
							labels: labels(group),
							roles: [{ role: held[0].role }],
							relationType: held[1].length === 1 ? "DIRECT" : "INDIRECT",
						},
					],
				];
			});
			return page(tenant, call, {
				rows: rows.sort(byKey),
				size: sizeOf(call, "pageSize", 200, 1000, "refuse"),
				show: (row) => row,
				wrap: body({}, "memberships"),
				idKey: "group",
			});
		}),
		route("GET", "/v1/groups/{groupsId}/memberships/{membershipsId}", (call) => {
			const [group, , member] = memberOf(call);
			return ok(showMembership(group, member, true));
		}),
		route("POST", "/v1/groups/{groupsId}/memberships", create),
		route("POST", "/v1/groups/{groupsId}/memberships/{membershipsId}", modify),
		route("DELETE", "/v1/groups/{groupsId}/memberships/{membershipsId}", (call) => {
			const [group, key, member] = memberOf(call);
			if (group.dynamic !== null) throw modern(400, "Memberships of a dynamic group cannot be changed.", "FAILED_PRECONDITION");
			world.drop(group.members, key);
			changed(tenant, call, "GROUP_SETTINGS", "REMOVE_GROUP_MEMBER", { GROUP_EMAIL: group.body.email, USER_EMAIL: member.email ?? member.id });
			return ok({ done: true, response: { "@type": "type.googleapis.com/google.protobuf.Empty" } });
		}),
	];
}

const object = (value: unknown): Record<string, unknown> => ({ ...(value as Record<string, unknown>) });

/** Here everybody has one. */
const membershipId = ({ id, email }: Membership): string => id || userId(`external/${email}`);

function memberKey(call: Call): string {
	const found = /member_key_id\s*==\s*['"]([^'"]+)['"]/.exec(call.query.get("query") ?? "");
	if (!found) throw bad();
	return (found[1] ?? "").toLowerCase();
}

function labels(group: GroupRow): Record<string, string> {
	const base = "cloudidentity.googleapis.com/groups.";
	return { [`${base}discussion_forum`]: "", ...(group.security && { [`${base}security`]: "" }), ...(group.dynamic !== null && { [`${base}dynamic`]: "" }) };
}

function showGroup(tenant: Tenant, group: GroupRow, full: boolean): unknown {
	const time = iso(group.created);
	const dynamic = group.dynamic !== null && {
		dynamicGroupMetadata: { queries: [{ resourceType: "USER", query: group.dynamic }], status: { status: "UP_TO_DATE", statusTime: time } },
	};
	return {
		name: `groups/${group.id}`,
		groupKey: { id: group.body.email },
		parent: `customers/${tenant.state.customer.id}`,
		displayName: group.body.name,
		...(group.body.description && { description: group.body.description }),
		labels: labels(group),
		...(full && { createTime: time, updateTime: time, ...dynamic }),
	};
}

function showMembership(group: GroupRow, member: Membership, full: boolean): unknown {
	const roles = [
		{ name: "MEMBER", ...(member.expires !== null && { expiryDetail: { expireTime: iso(member.expires) } }) },
		...(member.role === "MEMBER" ? [] : [{ name: member.role }]),
	];
	const type = member.type === "GROUP" ? "GROUP" : member.email?.endsWith(".gserviceaccount.com") ? "SERVICE_ACCOUNT" : "USER";
	return {
		name: `groups/${group.id}/memberships/${membershipId(member)}`,
		preferredMemberKey: { id: member.email ?? member.id },
		...(full
			? { roles, createTime: iso(member.created), updateTime: iso(member.created), type, deliverySetting: "ALL_MAIL" }
			: { roles: roles.map(({ name }) => ({ name })) }),
	};
}

/** Makes the test for a group search: the customer by its real id, and labels, key or display name. @throws Refusal 400 */
function searched(tenant: Tenant, query: string | null): (group: GroupRow) => boolean {
	const clauses = (query ?? "").split("&&").map((part) => part.trim());
	const tests: ((group: GroupRow) => boolean)[] = [];
	let parent = false;
	for (const clause of clauses) {
		const owner = /^parent\s*==\s*['"]customers\/(\w+)['"]$/.exec(clause);
		const label = /^['"]([^'"]+)['"]\s+in\s+labels$/.exec(clause);
		const equal = /^(group_key|display_name|domain_name)\s*==\s*['"]([^'"]*)['"]$/.exec(clause);
		const call = /^(group_key|display_name)\.(startsWith|contains)\(['"]([^'"]*)['"]\)$/.exec(clause);
		const text = (group: GroupRow, name = "") => (name === "display_name" ? group.body.name : group.body.email);
		if (owner) {
			if (owner[1] !== tenant.state.customer.id) throw denied();
			parent = true;
		} else if (label) tests.push((group) => (label[1] ?? "") in labels(group));
		else if (equal) tests.push((group) => (equal[1] === "domain_name" ? group.body.email.endsWith(`@${equal[2]}`) : text(group, equal[1]) === equal[2]));
		else if (call)
			tests.push((group) => (call[2] === "contains" ? text(group, call[1]).includes(call[3] ?? "") : text(group, call[1]).startsWith(call[3] ?? "")));
		else throw bad();
	}
	if (!parent) throw bad();
	return (group) => tests.every((test) => test(group));
}
