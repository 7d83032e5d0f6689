import type { Policy, PolicyRule } from "@okta/okta-sdk-nodejs";
import { bodyOf, type Call, noContent, ok, param, type Reply, type Route, route } from "./call.js";
import { apiError, invalid, notFound } from "./errors.js";
import { afterOf, limitOf, linked, pageOfList } from "./paging.js";
import { byPriority, closedUp, placed, placePolicy } from "./priorities.js";
import { link, renderRaw } from "./render.js";
import type { Wire } from "./state.js";
import { logEvent, target } from "./syslog.js";
import { drop, iso, newId, put, type Tenant } from "./tenant.js";

type AnyPolicy = Wire<Policy> & { id: string };
type AnyRule = Wire<PolicyRule> & { id: string };

/** Policy types served; `USER_LIFECYCLE` holds automations and is missing from the vendor's published enum. */
const TYPES = [
	...["OKTA_SIGN_ON", "PASSWORD", "MFA_ENROLL", "ACCESS_POLICY", "PROFILE_ENROLLMENT", "IDP_DISCOVERY", "USER_LIFECYCLE", "POST_AUTH_SESSION", "ENTITY_RISK"],
	...["DEVICE_SIGNAL_COLLECTION", "SESSION_VIOLATION_DETECTION", "CLIENT_UPDATE", "IDENTITY_CLAIM_SOURCING"],
];

/** Type of the rules of each policy type, where it has another name. */
const RULE_TYPES: Record<string, string> = { OKTA_SIGN_ON: "SIGN_ON" };

/** The policy a path names. @throws ApiError 404 E0000007 */
export function policyAt(call: Call): AnyPolicy {
	const id = param(call, "policyId");
	const policy = call.tenant.state.policies.get(id);
	if (!policy) throw notFound(id, "Policy");
	return { ...policy, id };
}

const rulesOf = (tenant: Tenant, policyId: string): AnyRule[] => (tenant.state.policyRules.get(policyId) ?? []) as AnyRule[];

function renderRule(tenant: Tenant, policyId: string, rule: AnyRule): Record<string, unknown> {
	const path = `/api/v1/policies/${policyId}/rules/${rule.id}`;
	return renderRaw(tenant, rule as unknown as Record<string, unknown>, path, ["GET", "PUT", "DELETE"], rule.system !== true);
}

function renderPolicy(call: Call, policy: AnyPolicy): Record<string, unknown> {
	const { tenant } = call;
	const path = `/api/v1/policies/${policy.id}`;
	const body = renderRaw(tenant, policy as unknown as Record<string, unknown>, path, ["GET", "PUT", "DELETE"], policy.system !== true);
	const links = {
		...(body._links as Record<string, unknown>),
		rules: link(tenant, `${path}/rules`, "GET", "POST"),
		mappings: link(tenant, `${path}/mappings`, "GET", "POST"),
	};
	if (call.query.get("expand") !== "rules") return { ...body, _links: links };
	return { ...body, _embedded: { rules: rulesOf(tenant, policy.id).map((rule) => renderRule(tenant, policy.id, rule)) }, _links: links };
}

function listPolicies(call: Call): Reply {
	const type = call.query.get("type");
	if (type === null) throw apiError("E0000028", "", ["type: The parameter is required."]);
	if (!TYPES.includes(type)) throw invalid("type", "Invalid policy type");
	const status = call.query.get("status");
	const q = call.query.get("q") ?? "";
	const found = [...call.tenant.state.policies.values()]
		.filter((policy) => policy.type === type && (status === null || policy.status === status) && (policy.name ?? "").startsWith(q))
		.sort(call.query.get("sortBy") === "name" ? (a, b) => (a.name ?? "").localeCompare(b.name ?? "") : byPriority);
	const page = pageOfList(found as AnyPolicy[], afterOf(call), limitOf(call, 200, 200), (policy) => policy.id);
	return linked(call, page, (policy) => renderPolicy(call, policy));
}

function event(call: Call, type: string, message: string, policy: AnyPolicy, rule?: AnyRule): void {
	const targets = [target(policy.id, "PolicyEntity", policy.name), ...(rule ? [target(rule.id, "PolicyRule", rule.name)] : [])];
	logEvent(call.tenant, call, type, message, targets);
}

/** PUT /policies/{id}: what isn't given is gone; id, type, `system` and dates are the server's. */
function replacePolicy(call: Call): Reply {
	const { tenant } = call;
	const before = policyAt(call);
	const body = bodyOf(call);
	if (typeof body.name !== "string" || body.name === "") throw invalid("name", "The field cannot be left blank");
	if (body.type !== before.type) throw invalid("type", "The type of a policy can't be changed");
	const { _links, _embedded, ...given } = body;
	const kept = { id: before.id, type: before.type, system: before.system, created: before.created, lastUpdated: iso(tenant.now()) };
	const fixed =
		before.system === true
			? { name: before.name, priority: before.priority, status: before.status, conditions: (before as { conditions?: unknown }).conditions }
			: {};
	const next = { status: before.status, priority: before.priority, ...given, ...fixed, ...kept } as unknown as AnyPolicy;
	const peers = [...tenant.state.policies.values()].filter((policy) => policy.type === before.type) as AnyPolicy[];
	for (const policy of placePolicy(before.type, peers, next)) put(tenant, tenant.state.policies, policy.id, policy);
	event(call, "policy.lifecycle.update", "Update policy", next);
	return ok(renderPolicy(call, policyAt(call)));
}

function ruleAt(call: Call): AnyRule {
	const id = param(call, "ruleId");
	const rule = rulesOf(call.tenant, policyAt(call).id).find((r) => r.id === id);
	if (!rule) throw notFound(id, "PolicyRule");
	return rule;
}

function replaceRule(call: Call): Reply {
	const { tenant } = call;
	const policy = policyAt(call);
	const before = ruleAt(call);
	const body = bodyOf(call);
	if (typeof body.name !== "string" || body.name === "") throw invalid("name", "The field cannot be left blank");
	if (body.type !== undefined && body.type !== before.type) throw invalid("type", "The type of a rule can't be changed");
	const { _links, _embedded, ...given } = body;
	const kept = { id: before.id, type: before.type, system: before.system, created: before.created, lastUpdated: iso(tenant.now()) };
	const fixed =
		before.system === true
			? { name: before.name, priority: before.priority, status: before.status, conditions: (before as { conditions?: unknown }).conditions }
			: {};
	const next = { status: before.status, priority: before.priority, ...given, ...fixed, ...kept } as unknown as AnyRule;
	put(tenant, tenant.state.policyRules, policy.id, placed(policy.type, rulesOf(tenant, policy.id), next));
	event(call, "policy.rule.update", "Update policy rule", policy, next);
	return ok(renderRule(tenant, policy.id, ruleAt(call)));
}

function createRule(call: Call): Reply {
	const { tenant } = call;
	const policy = policyAt(call);
	const { _links, _embedded, ...given } = bodyOf(call);
	if (typeof given.name !== "string" || given.name === "") throw invalid("name", "The field cannot be left blank");
	const rules = rulesOf(tenant, policy.id);
	if (rules.some((rule) => rule.name === given.name)) throw invalid("name", "Policy rule name already in use");
	const now = iso(tenant.now());
	const type = RULE_TYPES[policy.type ?? ""] ?? policy.type;
	const rule = {
		status: "ACTIVE",
		...given,
		...(call.query.get("activate") === "false" ? { status: "INACTIVE" } : {}),
		type,
		id: newId("0pr"),
		system: false,
		created: now,
		lastUpdated: now,
	} as unknown as AnyRule;
	put(tenant, tenant.state.policyRules, policy.id, placed(policy.type, rules, rule));
	event(call, "policy.rule.add", "Add policy rule", policy, rule);
	return ok(renderRule(tenant, policy.id, rulesOf(tenant, policy.id).find(({ id }) => id === rule.id) ?? rule));
}

function deleteRule(call: Call): Reply {
	const { tenant } = call;
	const policy = policyAt(call);
	const rule = ruleAt(call);
	if (rule.system === true) throw apiError("E0000006");
	const left = rulesOf(tenant, policy.id).filter((r) => r.id !== rule.id);
	put(tenant, tenant.state.policyRules, policy.id, closedUp(policy.type, left));
	event(call, "policy.rule.delete", "Delete policy rule", policy, rule);
	return noContent();
}

function setRuleStatus(call: Call, status: "ACTIVE" | "INACTIVE"): Reply {
	const { tenant } = call;
	const policy = policyAt(call);
	const rule = ruleAt(call);
	if (rule.system === true) throw apiError("E0000006");
	const next = rulesOf(tenant, policy.id).map((r) => (r.id === rule.id ? { ...r, status, lastUpdated: iso(tenant.now()) } : r));
	put(tenant, tenant.state.policyRules, policy.id, next);
	event(call, status === "ACTIVE" ? "policy.rule.activate" : "policy.rule.deactivate", "Change status of policy rule", policy, rule);
	return noContent();
}

function setPolicyStatus(call: Call, status: "ACTIVE" | "INACTIVE"): Reply {
	const { tenant } = call;
	const policy = policyAt(call);
	if (policy.system === true) throw apiError("E0000006");
	put(tenant, tenant.state.policies, policy.id, { ...policy, status, lastUpdated: iso(tenant.now()) });
	event(call, status === "ACTIVE" ? "policy.lifecycle.activate" : "policy.lifecycle.deactivate", "Change status of policy", policy);
	return noContent();
}

function createPolicy(call: Call): Reply {
	const { tenant } = call;
	const { _links, _embedded, ...given } = bodyOf(call);
	if (typeof given.name !== "string" || given.name === "") throw invalid("name", "The field cannot be left blank");
	if (!TYPES.includes(String(given.type))) throw invalid("type", "Invalid policy type");
	const peers = [...tenant.state.policies.values()].filter((policy) => policy.type === given.type) as AnyPolicy[];
	const now = iso(tenant.now());
	const policy = {
		...(given.type === "ACCESS_POLICY" || given.type === "PROFILE_ENROLLMENT" ? { priority: 1 } : {}),
		status: "ACTIVE",
		...given,
		...(call.query.get("activate") === "false" ? { status: "INACTIVE" } : {}),
		id: newId("00p"),
		system: false,
		created: now,
		lastUpdated: now,
	} as unknown as AnyPolicy;
	for (const peer of placePolicy(policy.type, peers, policy)) put(tenant, tenant.state.policies, peer.id, peer);
	put(tenant, tenant.state.policyRules, policy.id, []);
	event(call, "policy.lifecycle.create", "Create policy", policy);
	return ok(renderPolicy(call, { ...policy, ...call.tenant.state.policies.get(policy.id), id: policy.id } as AnyPolicy));
}

function deletePolicy(call: Call): Reply {
	const policy = policyAt(call);
	if (policy.system === true) throw apiError("E0000006");
	drop(call.tenant, call.tenant.state.policies, policy.id);
	drop(call.tenant, call.tenant.state.policyRules, policy.id);
	const left = ([...call.tenant.state.policies.values()] as AnyPolicy[]).filter(({ type }) => type === policy.type);
	for (const peer of closedUp(policy.type, left)) put(call.tenant, call.tenant.state.policies, peer.id, peer);
	event(call, "policy.lifecycle.delete", "Delete policy", policy);
	return noContent();
}

function listRules(call: Call): Reply {
	const policy = policyAt(call);
	const rules = [...rulesOf(call.tenant, policy.id)].sort(byPriority);
	const page = pageOfList(rules, afterOf(call), limitOf(call, 200, 200), (rule) => rule.id);
	return linked(call, page, (rule) => renderRule(call.tenant, policy.id, rule));
}

const policies = "/api/v1/policies";
const policy = `${policies}/{policyId}`;
const rule = `${policy}/rules/{ruleId}`;

export const policyRoutes: Route[] = [
	route("GET", policies, "policies", listPolicies),
	route("POST", policies, "policies", createPolicy),
	route("GET", policy, "policies", (call) => ok(renderPolicy(call, policyAt(call)))),
	route("PUT", policy, "policies", replacePolicy),
	route("DELETE", policy, "policies", deletePolicy),
	route("POST", `${policy}/lifecycle/activate`, "policies", (call) => setPolicyStatus(call, "ACTIVE")),
	route("POST", `${policy}/lifecycle/deactivate`, "policies", (call) => setPolicyStatus(call, "INACTIVE")),
	route("GET", `${policy}/rules`, "policies", listRules),
	route("POST", `${policy}/rules`, "policies", createRule),
	route("GET", rule, "policies", (call) => ok(renderRule(call.tenant, policyAt(call).id, ruleAt(call)))),
	route("PUT", rule, "policies", replaceRule),
	route("DELETE", rule, "policies", deleteRule),
	route("POST", `${rule}/lifecycle/activate`, "policies", (call) => setRuleStatus(call, "ACTIVE")),
	route("POST", `${rule}/lifecycle/deactivate`, "policies", (call) => setRuleStatus(call, "INACTIVE")),
];
