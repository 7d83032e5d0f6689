import type { Group, GroupRule } from "@okta/okta-sdk-nodejs";
import { bodyOf, type Call, flag, isRecord, noContent, ok, param, type Reply, type Route, route } from "./call.js";
import { apiError, invalid, notFound } from "./errors.js";
import { demandOneOf, demandText, type Raw } from "./kinds.js";
import { afterOf, limitOf, linked, pageOfList } from "./paging.js";
import { renderGroup, stored } from "./render.js";
import { groupAt, ruleAt } from "./routes-groups.js";
import { groupsOfRule, ruleMatches } from "./rules.js";
import { compile, type Dialect } from "./search.js";
import type { Wire } from "./state.js";
import { groupTarget, logEvent, target, userTarget } from "./syslog.js";
import { drop, iso, newId, put, setMember, setRoles } from "./tenant.js";

const nameOf = (group: Wire<Group>): string => (group.profile as { name?: string } | undefined)?.name ?? "";

/** Only groups of Okta's own have a profile to change. */
function replace(call: Call): Reply {
	const { tenant } = call;
	const group = groupAt(call);
	if (group.type !== "OKTA_GROUP") throw apiError("E0000060");
	const { profile } = bodyOf(call);
	if (!isRecord(profile)) throw invalid("profile", "The field cannot be left blank");
	const name = demandText(profile, "name");
	for (const [id, other] of tenant.state.groups)
		if (id !== group.id && nameOf(other) === name) throw invalid("name", "An object with this field already exists in the current organization");
	const next = { ...group, profile, lastUpdated: iso(tenant.now()) } as unknown as Wire<Group>;
	put(tenant, tenant.state.groups, group.id, next, `group:${group.id}`);
	logEvent(tenant, call, "group.profile.update", "Update Okta group profile", [groupTarget(tenant, group.id)]);
	return ok(renderGroup(tenant, next));
}

/** A group takes its memberships, app assignments, roles and owners along. */
function remove(call: Call): Reply {
	const { tenant } = call;
	const group = groupAt(call);
	if (group.type === "BUILT_IN") throw apiError("E0000060");
	const { state } = tenant;
	logEvent(tenant, call, "group.lifecycle.delete", "Delete Okta group", [groupTarget(tenant, group.id)]);
	drop(tenant, state.groups, group.id, `group:${group.id}`);
	drop(tenant, state.members, group.id);
	if (state.groupOwners) drop(tenant, state.groupOwners, group.id);
	for (const groups of state.appGroups.values()) drop(tenant, groups, group.id);
	const roles = state.roles.filter((role) => role.principalType !== "group" || role.principalId !== group.id);
	if (roles.length < state.roles.length) setRoles(tenant, roles);
	for (const rule of state.groupRules.values())
		if (groupsOfRule(rule).includes(group.id)) put(tenant, state.groupRules, rule.id ?? "", { ...rule, status: "INVALID" });
	return noContent();
}

function checkRule(call: Call, before: Wire<GroupRule> | undefined): { name: string; conditions: Raw } {
	const body = bodyOf(call);
	const name = demandText(body, "name", 50);
	for (const rule of call.tenant.state.groupRules.values())
		if (rule.id !== before?.id && rule.name === name) throw invalid("name", "A group rule with this name already exists.");
	const conditions = isRecord(body.conditions) ? body.conditions : {};
	const expression = isRecord(conditions.expression) ? conditions.expression.value : undefined;
	if (typeof expression !== "string" || expression.trim() === "") throw invalid("conditions.expression", "The expression cannot be left blank");
	return { name, conditions };
}

/** A new rule is inactive. */
function createRule(call: Call): Reply {
	const { tenant } = call;
	const body = bodyOf(call);
	demandOneOf(body, "type", ["group_rule"]);
	const { name, conditions } = checkRule(call, undefined);
	const actions = (isRecord(body.actions) ? body.actions : {}) as { assignUserToGroups?: { groupIds?: unknown } };
	const groupIds = actions.assignUserToGroups?.groupIds;
	if (!Array.isArray(groupIds) || groupIds.length === 0) throw invalid("actions.assignUserToGroups.groupIds", "The field cannot be left blank");
	for (const id of groupIds) {
		const group = tenant.state.groups.get(String(id));
		if (group?.type !== "OKTA_GROUP") throw invalid("groupIds", `The group ${String(id)} can't be assigned by a rule`);
	}
	const now = iso(tenant.now());
	const people = { users: { exclude: [] }, groups: { exclude: [] } };
	const id = newId("0pr");
	const rule = { type: "group_rule", id, status: "INACTIVE", name, created: now, lastUpdated: now, conditions: { people, ...conditions }, actions };
	put(tenant, tenant.state.groupRules, id, rule as unknown as Wire<GroupRule>);
	return ok(stored(tenant, rule));
}

/** Only an inactive rule changes, and never its actions. */
function replaceRule(call: Call): Reply {
	const { tenant } = call;
	const before = ruleAt(call);
	if (before.status === "ACTIVE") throw apiError("E0000001", "status", ["status: An active group rule can't be changed. Deactivate it first."]);
	const { name, conditions } = checkRule(call, before);
	const people = before.conditions?.people;
	const next = { ...before, status: "INACTIVE", name, conditions: { people, ...conditions }, lastUpdated: iso(tenant.now()) } as unknown as Wire<GroupRule>;
	put(tenant, tenant.state.groupRules, before.id, next);
	return ok(stored(tenant, next));
}

function removeRule(call: Call): Reply {
	const { tenant } = call;
	const rule = ruleAt(call);
	drop(tenant, tenant.state.groupRules, rule.id);
	const expression = rule.conditions?.expression?.value ?? "";
	if (flag(call, "removeUsers", false) && rule.status === "ACTIVE") {
		for (const groupId of groupsOfRule(rule)) {
			for (const userId of [...(tenant.state.members.get(groupId) ?? [])]) {
				const user = tenant.state.users.get(userId);
				if (!user || ruleMatches(expression, user) !== true || !setMember(tenant, groupId, userId, false)) continue;
				logEvent(tenant, call, "group.user_membership.remove", "Remove user from group membership", [userTarget(tenant, userId), groupTarget(tenant, groupId)]);
			}
		}
	}
	logEvent(tenant, call, "group.user_membership.rule.deactivated", "Group rule deleted", [target(rule.id, "GroupRule", rule.name)]);
	return { status: 202 };
}

const OWNERS: Dialect = { operators: ["eq"], attributes: ["type"], code: "E0000031" };

function listOwners(call: Call): Reply {
	const group = groupAt(call);
	const search = compile(call.query.get("search"), OWNERS);
	const owners = (call.tenant.state.groupOwners?.get(group.id) ?? []).filter((owner) => !search || search(owner));
	const page = pageOfList(owners, afterOf(call), limitOf(call, 1000, 1000), (owner) => String(owner.id));
	return linked(call, page, (owner) => owner);
}

function assignOwner(call: Call): Reply {
	const { tenant } = call;
	const group = groupAt(call);
	const body = bodyOf(call);
	const id = demandText(body, "id");
	const type = demandOneOf(body, "type", ["USER", "GROUP"]);
	const profile = tenant.state.users.get(id)?.profile;
	const found =
		type === "USER"
			? profile && `${profile.firstName ?? ""} ${profile.lastName ?? ""}`.trim()
			: tenant.state.groups.get(id) && nameOf(groupAt({ ...call, params: { groupId: id } }));
	if (found === undefined) throw notFound(id, type === "USER" ? "User" : "UserGroup");
	tenant.state.groupOwners ??= new Map();
	const owners = tenant.state.groupOwners.get(group.id) ?? [];
	if (owners.some((owner) => owner.id === id)) throw invalid("id", "Provided owner is already assigned to this group");
	const origin = { resolved: true, originId: null, originType: "OKTA_DIRECTORY" };
	const owner = { id, type, ...origin, displayName: found, lastUpdated: iso(tenant.now()) };
	put(tenant, tenant.state.groupOwners, group.id, [...owners, stored(tenant, owner)]);
	return { status: 201, body: stored(tenant, owner) };
}

function removeOwner(call: Call): Reply {
	const { tenant } = call;
	const group = groupAt(call);
	const id = param(call, "ownerId");
	const owners = tenant.state.groupOwners?.get(group.id) ?? [];
	if (!tenant.state.groupOwners || !owners.some((owner) => owner.id === id)) throw notFound(id, "GroupOwner");
	put(
		tenant,
		tenant.state.groupOwners,
		group.id,
		owners.filter((owner) => owner.id !== id),
	);
	return noContent();
}

const one = "/api/v1/groups/{groupId}";
const rules = "/api/v1/groups/rules";

export const groupWriteRoutes: Route[] = [
	route("PUT", one, "groups", replace),
	route("DELETE", one, "groups", remove),
	route("POST", rules, "groups", createRule),
	route("PUT", `${rules}/{groupRuleId}`, "groups", replaceRule),
	route("DELETE", `${rules}/{groupRuleId}`, "groups", removeRule),
	route("GET", `${one}/owners`, "groups", listOwners),
	route("POST", `${one}/owners`, "groups", assignOwner),
	route("DELETE", `${one}/owners/{ownerId}`, "groups", removeOwner),
];
