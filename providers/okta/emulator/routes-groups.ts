import type { Group, GroupRule } from "@okta/okta-sdk-nodejs";
import { bodyOf, type Call, isRecord, noContent, ok, param, type Reply, type Route, route } from "./call.js";
import { apiError, invalid, notFound } from "./errors.js";
import { isEveryone, memberCount, memberIds } from "./members.js";
import { afterOf, limitOf, linked, pageOf, pageOfList } from "./paging.js";
import { renderGroup, renderUser, stored } from "./render.js";
import { renderApp } from "./routes-apps.js";
import { applyRule, applyRules, excludeFromRule, groupsOfRule, ruleFor } from "./rules.js";
import { compile, type Dialect } from "./search.js";
import type { Wire } from "./state.js";
import { groupTarget, logEvent, target, userTarget } from "./syslog.js";
import { asOf, iso, newId, put, setMember, sortedKeys, type Tenant } from "./tenant.js";
import { userAt } from "./users-find.js";
import { seenUser, sorted } from "./users-list.js";

const COMPARE = ["gt", "ge", "lt", "le"];
const FILTER: Dialect = { operators: ["eq", ...COMPARE], attributes: ["id", "type", "lastUpdated", "lastMembershipUpdated"], code: "E0000031" };
const SEARCH: Dialect = { operators: ["eq", "sw", "co", "pr", ...COMPARE], code: "E0000031", maxLength: 2000 };

const nameOf = (group: Wire<Group>): string => (group.profile as { name?: string } | undefined)?.name ?? "";

/** The group a path names. @throws ApiError 404 E0000007 */
export function groupAt(call: Call): Wire<Group> & { id: string } {
	const id = param(call, "groupId");
	const group = call.tenant.state.groups.get(id);
	if (!group) throw notFound(id, "UserGroup");
	return { ...group, id };
}

function withStats(tenant: Tenant, group: Wire<Group>, expand: string): Record<string, unknown> {
	const body = renderGroup(tenant, group);
	if (!expand.split(",").includes("stats")) return body;
	const id = group.id ?? "";
	const appsCount = [...tenant.state.appGroups.values()].filter((groups) => groups.has(id)).length;
	const hasAdminPrivlege = tenant.state.roles.some((role) => role.principalType === "group" && role.principalId === id);
	return { ...body, _embedded: { stats: { usersCount: memberCount(tenant, id), appsCount, groupPushMappingsCount: 0, hasAdminPrivlege } } };
}

/** GET /groups. A caller with only a group administrator's role does not see Everyone. */
function listGroups(call: Call): Reply {
	const { tenant, query } = call;
	const { state, knobs } = tenant;
	const { roles } = call.caller;
	const hideEveryone = roles.size > 0 && [...roles].every((role) => role === "USER_ADMIN" || role === "GROUP_MEMBERSHIP_ADMIN");
	const search = compile(query.get("search"), SEARCH);
	const filter = compile(query.get("filter"), FILTER);
	const q = query.get("q")?.toLowerCase() ?? "";
	const lag = search ? knobs.searchLagMs : 0;
	const pick = (id: string): Wire<Group> | undefined => {
		const group = asOf(tenant, `group:${id}`, state.groups.get(id), lag);
		if (!group || (hideEveryone && isEveryone(group))) return undefined;
		if (search && !search({ ...group, source: (group as { source?: unknown }).source })) return undefined;
		if (!search && filter && !filter(group)) return undefined;
		return q === "" || nameOf(group).toLowerCase().startsWith(q) ? group : undefined;
	};
	const render = (group: Wire<Group>): unknown => withStats(tenant, group, query.get("expand") ?? "");
	const sortBy = query.get("sortBy");
	if (q !== "") return linked(call, { items: pageOf(sortedKeys(state.groups), "", limitOf(call, 300, 300), pick).items }, render);
	if (search && sortBy !== null) {
		const found = [...state.groups.keys()].map(pick).filter((group) => group !== undefined);
		const list = sorted(found, sortBy, query.get("sortOrder") === "desc");
		return linked(
			call,
			pageOfList(list, afterOf(call), limitOf(call, 10_000, 10_000), (group) => group.id ?? ""),
			render,
		);
	}
	return linked(call, pageOf(sortedKeys(state.groups), afterOf(call), limitOf(call, 10_000, 10_000), pick), render);
}

/** The built-in administrators group answers nobody. */
function listMembers(call: Call): Reply {
	const { tenant } = call;
	const group = groupAt(call);
	if (group.type === "BUILT_IN" && !isEveryone(group)) throw apiError("E0000006");
	const page = pageOf(memberIds(tenant, group.id), afterOf(call), limitOf(call, 1000, 10_000), (id) => seenUser(tenant, id));
	return linked(call, page, (user) => renderUser(tenant, user, false));
}

/** Only groups managed in Okta itself take members by hand. */
function refuseForeign(group: Wire<Group>): void {
	if (group.type === "APP_GROUP") throw apiError("E0000006");
	if (group.type === "BUILT_IN") throw apiError("E0000060");
}

function addMember(call: Call): Reply {
	const { tenant } = call;
	const group = groupAt(call);
	const user = userAt(call, "userId");
	refuseForeign(group);
	if (user.status === "DEPROVISIONED") throw notFound(user.id, "User");
	if (setMember(tenant, group.id, user.id, true)) {
		logEvent(tenant, call, "group.user_membership.add", "Add user to group membership", [userTarget(tenant, user.id), groupTarget(tenant, group.id)]);
	}
	return noContent();
}

function removeMember(call: Call): Reply {
	const { tenant } = call;
	const group = groupAt(call);
	const user = userAt(call, "userId");
	refuseForeign(group);
	if (!setMember(tenant, group.id, user.id, false)) return noContent();
	logEvent(tenant, call, "group.user_membership.remove", "Remove user from group membership", [userTarget(tenant, user.id), groupTarget(tenant, group.id)]);
	const rule = ruleFor(tenant, group.id, user);
	if (rule && tenant.knobs.ruleOnRemoval === "exclude") excludeFromRule(tenant, call, rule, user.id);
	else if (rule) applyRules(tenant, call, user.id);
	return noContent();
}

function createGroup(call: Call): Reply {
	const { tenant } = call;
	const profile = bodyOf(call).profile;
	if (!isRecord(profile) || typeof profile.name !== "string" || profile.name === "") throw invalid("name", "The field cannot be left blank");
	const taken = [...tenant.state.groups.values()].some((group) => nameOf(group) === profile.name);
	if (taken) throw invalid("name", "An object with this field already exists in the current organization");
	const now = iso(tenant.now());
	const id = newId("00g");
	const group = { id, created: now, lastUpdated: now, lastMembershipUpdated: now, objectClass: ["okta:user_group"], type: "OKTA_GROUP", profile };
	put(tenant, tenant.state.groups, id, group as unknown as Wire<Group>, `group:${id}`);
	logEvent(tenant, call, "group.lifecycle.create", "Create Okta group", [groupTarget(tenant, id)]);
	return ok(renderGroup(tenant, group as unknown as Wire<Group>));
}

function listGroupApps(call: Call): Reply {
	const { tenant } = call;
	const group = groupAt(call);
	const items = [...tenant.state.apps].filter(([id]) => tenant.state.appGroups.get(id)?.has(group.id)).map(([, app]) => app);
	return linked(
		call,
		pageOfList(items, afterOf(call), limitOf(call, 20, 200), (app) => String(app.id)),
		(app) => renderApp(tenant, app),
	);
}

/** The group rule a path names. @throws ApiError 404 E0000007 */
export function ruleAt(call: Call): Wire<GroupRule> & { id: string } {
	const id = param(call, "groupRuleId");
	const rule = call.tenant.state.groupRules.get(id);
	if (!rule) throw notFound(id, "GroupRule");
	return { ...rule, id };
}

function renderRule(call: Call, rule: Wire<GroupRule>): unknown {
	if (call.query.get("expand") !== "groupIdToGroupNameMap") return stored(call.tenant, rule);
	const names = groupsOfRule(rule).map((id) => [id, nameOf(call.tenant.state.groups.get(id) ?? ({} as Wire<Group>))]);
	return { ...stored(call.tenant, rule), _embedded: { groupIdToGroupNameMap: Object.fromEntries(names) } };
}

function listRules(call: Call): Reply {
	const { groupRules } = call.tenant.state;
	const search = call.query.get("search")?.toLowerCase() ?? "";
	const page = pageOf(sortedKeys(groupRules), afterOf(call), limitOf(call, 50, 200), (id) => {
		const rule = groupRules.get(id);
		return rule && (search === "" || rule.name?.toLowerCase().includes(search)) ? rule : undefined;
	});
	return linked(call, page, (rule) => renderRule(call, rule));
}

function setRuleStatus(call: Call, status: "ACTIVE" | "INACTIVE"): Reply {
	const { tenant } = call;
	const rule = ruleAt(call);
	if (rule.status === "INVALID" && status === "ACTIVE") throw apiError("E0000001", "The rule is invalid", ["The rule is invalid and can't be activated."]);
	const next: Wire<GroupRule> = { ...rule, status, lastUpdated: iso(tenant.now()) };
	put(tenant, tenant.state.groupRules, rule.id, next);
	const event = status === "ACTIVE" ? "group.user_membership.rule.trigger" : "group.user_membership.rule.deactivated";
	logEvent(tenant, call, event, `Group rule ${status === "ACTIVE" ? "activated" : "deactivated"}`, [target(rule.id, "GroupRule", rule.name)]);
	if (status === "ACTIVE") for (const [id, user] of tenant.state.users) if (user.status !== "DEPROVISIONED") applyRule(tenant, call, next, id, user);
	return noContent();
}

const group = "/api/v1/groups/{groupId}";
const rules = "/api/v1/groups/rules";

export const groupRoutes: Route[] = [
	route("GET", "/api/v1/groups", "groups", listGroups),
	route("POST", "/api/v1/groups", "groups", createGroup),
	route("GET", rules, "groups", listRules),
	route("GET", `${rules}/{groupRuleId}`, "groups", (call) => ok(renderRule(call, ruleAt(call)))),
	route("POST", `${rules}/{groupRuleId}/lifecycle/activate`, "groups", (call) => setRuleStatus(call, "ACTIVE")),
	route("POST", `${rules}/{groupRuleId}/lifecycle/deactivate`, "groups", (call) => setRuleStatus(call, "INACTIVE")),
	route("GET", group, "groups", (call) => ok(withStats(call.tenant, groupAt(call), call.query.get("expand") ?? ""))),
	route("GET", `${group}/users`, "groups", listMembers),
	route("GET", `${group}/apps`, "groups", listGroupApps),
	route("PUT", `${group}/users/{userId}`, "groups", addMember),
	route("DELETE", `${group}/users/{userId}`, "groups", removeMember),
];
