import type { GroupRule, User } from "@okta/okta-sdk-nodejs";
import type { Call } from "./call.js";
import type { Wire } from "./state.js";
import { groupTarget, logEvent, target, userTarget } from "./syslog.js";
import { iso, put, setMember, type Tenant } from "./tenant.js";

/**
 * Whether a user satisfies a group rule's expression. Understood: `user.x == "y"`, `!=`, `and`/`&&`, `or`/`||`, parentheses-free,
 * and `String.stringContains`, `String.startsWith`. Anything else is `undefined`: not known, so nobody is moved by it.
 */
export function ruleMatches(expression: string, user: Wire<User>): boolean | undefined {
	const either = expression.split(/\s+(?:\|\||or)\s+/i).map((part) => {
		const all = part.split(/\s+(?:&&|and)\s+/i).map((test) => testMatches(test.trim(), user));
		return all.includes(false) ? false : all.includes(undefined) ? undefined : true;
	});
	return either.includes(true) ? true : either.includes(undefined) ? undefined : false;
}

function testMatches(test: string, user: Wire<User>): boolean | undefined {
	const profile = (user.profile ?? {}) as unknown as Record<string, unknown>;
	const text = (name: string | undefined): string => String(profile[name ?? ""] ?? "");
	const equals = /^user\.(\w+)\s*(==|!=)\s*(?:"([^"]*)"|'([^']*)')$/.exec(test);
	if (equals) return (text(equals[1]) === (equals[3] ?? equals[4])) === (equals[2] === "==");
	const inside = /^String\.(stringContains|startsWith)\(\s*user\.(\w+)\s*,\s*(?:"([^"]*)"|'([^']*)')\s*\)$/.exec(test);
	if (!inside) return undefined;
	const part = inside[3] ?? inside[4] ?? "";
	return inside[1] === "startsWith" ? text(inside[2]).startsWith(part) : text(inside[2]).includes(part);
}

/** Groups an active rule fills. */
export function groupsOfRule(rule: Wire<GroupRule>): string[] {
	return rule.actions?.assignUserToGroups?.groupIds ?? [];
}

function excluded(rule: Wire<GroupRule>, userId: string): boolean {
	return rule.conditions?.people?.users?.exclude?.includes(userId) ?? false;
}

/** Whether an active rule puts this user into this group. */
export function ruleFor(tenant: Tenant, groupId: string, user: Wire<User>): Wire<GroupRule> | undefined {
	for (const rule of tenant.state.groupRules.values()) {
		if (rule.status !== "ACTIVE" || excluded(rule, user.id ?? "") || !groupsOfRule(rule).includes(groupId)) continue;
		if (ruleMatches(rule.conditions?.expression?.value ?? "", user) === true) return rule;
	}
	return undefined;
}

/**
 * Moves one user in and out of the groups of the active rules, as a changed profile demands. Only who matched `before`
 * and no longer does is taken out: other members were put in by hand.
 */
export function applyRules(tenant: Tenant, call: Call | undefined, userId: string, before?: Wire<User>): void {
	const user = tenant.state.users.get(userId);
	if (!user) return;
	for (const rule of tenant.state.groupRules.values()) {
		if (rule.status === "ACTIVE") applyRule(tenant, call, rule, userId, user, before);
	}
}

/** Applies one rule to one user. */
export function applyRule(tenant: Tenant, call: Call | undefined, rule: Wire<GroupRule>, userId: string, user: Wire<User>, before?: Wire<User>): void {
	if (excluded(rule, userId)) return;
	const expression = rule.conditions?.expression?.value ?? "";
	const matches = ruleMatches(expression, user) === true;
	const matched = before !== undefined && ruleMatches(expression, before) === true;
	if (!matches && !matched) return;
	for (const groupId of groupsOfRule(rule)) {
		if (!matches && ruleFor(tenant, groupId, user)) continue;
		if (!setMember(tenant, groupId, userId, matches)) continue;
		const [type, message] = matches
			? ["group.user_membership.add", "Add user to group membership"]
			: ["group.user_membership.remove", "Remove user from group membership"];
		logEvent(tenant, call, type ?? "", message ?? "", [userTarget(tenant, userId), groupTarget(tenant, groupId)]);
	}
}

/** A user taken out by hand from a group that a rule fills is put on the rule's exclusion list. */
export function excludeFromRule(tenant: Tenant, call: Call, rule: Wire<GroupRule>, userId: string): void {
	const users = rule.conditions?.people?.users;
	const people = { ...rule.conditions?.people, users: { ...users, exclude: [...(users?.exclude ?? []), userId] } };
	const next = { ...rule, conditions: { ...rule.conditions, people }, lastUpdated: iso(tenant.now()) } as Wire<GroupRule>;
	put(tenant, tenant.state.groupRules, rule.id ?? "", next);
	logEvent(tenant, call, "group.user_membership.rule.add_exclusion", "Add user to the exclusion list of a group rule", [
		userTarget(tenant, userId),
		target(rule.id ?? "", "GroupRule", rule.name),
	]);
}
