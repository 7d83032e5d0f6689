import type { Call, Reply } from "../../../src/emulate/call.js";
import { ok, param } from "../../../src/emulate/call.js";
import { modern } from "./errors.js";
import { body, byKey, page, sizeOf } from "./paging.js";
import type { Operation } from "./rights.js";
import type { PolicyBody, Tenant } from "./types.js";

export const service = "cloudidentity.googleapis.com";

/** Policies, and who signs in by another identity provider. */
export function policyRoutes(tenant: Tenant): Operation[] {
	const { state } = tenant;
	const customer = `customers/${state.customer.id}`;
	const get = (template: string, scopes: readonly string[], handler: (call: Call) => Reply): Operation => ({
		method: "GET",
		template,
		needs: { service, scopes, privilege: "SUPER" },
		handler,
	});
	const show = (row: PolicyBody): PolicyBody => {
		const bare = tenant.choices.bareTypes && { setting: { ...row.setting, type: row.setting?.type?.replace(/^settings\//, "") ?? "" } };
		return { ...row, customer, ...bare };
	};
	const policy = ["cloud-identity.policies", "cloud-identity.policies.readonly"];
	const sso = ["cloud-identity.inboundsso", "cloud-identity.inboundsso.readonly", "cloud-platform"];
	function one<T>(map: Map<string, T>, prefix: string, name: string) {
		return (call: Call): Reply => {
			const found = map.get(`${prefix}/${param(call, name)}`);
			if (!found) throw modern(404, "Requested entity was not found.");
			return ok(found);
		};
	}
	function ofCustomer(call: Call, key: string, map: Map<string, { name: string }>): Reply {
		const filter = call.query.get("filter");
		if (filter && !customerClause(filter, state.customer.id)) throw modern(400, "Request contains an invalid argument.");
		const size = sizeOf(call, "pageSize", 50, 100, "cut");
		return page(tenant, call, { rows: [...map].sort(byKey), size, show: (row) => row, wrap: body({}, key), idKey: "name" });
	}
	return [
		get("/v1/policies", policy, (call) => {
			const fits = policyFilter(call.query.get("filter"), state.customer.id);
			const size = sizeOf(call, "pageSize", 50, 100, "cut");
			const there = ({ type }: PolicyBody) => !(tenant.choices.absentDefaults && type === "SYSTEM");
			const rows = [...state.policies].filter(([, row]) => there(row) && fits(row.setting?.type ?? "")).sort(byKey);
			return page(tenant, call, { rows, size, show, wrap: body({}, "policies"), idKey: "name" });
		}),
		get("/v1/policies/{policiesId}", policy, (call) => {
			const found = state.policies.get(`policies/${param(call, "policiesId")}`);
			if (!found) throw modern(404, "Requested entity was not found.");
			return ok(show(found));
		}),
		get("/v1/inboundSamlSsoProfiles", sso, (call) => ofCustomer(call, "inboundSamlSsoProfiles", state.samlProfiles)),
		get("/v1/inboundSamlSsoProfiles/{inboundSamlSsoProfilesId}", sso, one(state.samlProfiles, "inboundSamlSsoProfiles", "inboundSamlSsoProfilesId")),
		get("/v1/inboundOidcSsoProfiles", sso, (call) => ofCustomer(call, "inboundOidcSsoProfiles", state.oidcProfiles)),
		get("/v1/inboundOidcSsoProfiles/{inboundOidcSsoProfilesId}", sso, one(state.oidcProfiles, "inboundOidcSsoProfiles", "inboundOidcSsoProfilesId")),
		get("/v1/inboundSsoAssignments", sso, (call) => ofCustomer(call, "inboundSsoAssignments", state.ssoAssignments)),
		get("/v1/inboundSsoAssignments/{inboundSsoAssignmentsId}", sso, one(state.ssoAssignments, "inboundSsoAssignments", "inboundSsoAssignmentsId")),
	];
}

/** Whether the text is a comparison with this customer: `customer == "customers/…"`, quotes either way or none. */
function customerClause(text: string, id: string): boolean {
	const match = /^customer\s*==\s*(["']?)customers\/(\w+)\1$/.exec(text.trim());
	return match !== null && (match[2] === "my_customer" || match[2] === id);
}

/**
 * Makes the test for a policy filter: a customer, and one `setting.type.matches` clause or several joined by `||`, in brackets if both.
 * @throws Refusal 400 for anything else
 */
function policyFilter(text: string | null, id: string): (type: string) => boolean {
	const bad = () => modern(400, "Request contains an invalid argument.");
	if (text === null || text.trim() === "") return () => true;
	const patterns: RegExp[] = [];
	for (const part of text.split("&&").map((one) =>
		one
			.trim()
			.replace(/^\((.*)\)$/s, "$1")
			.trim(),
	)) {
		if (customerClause(part, id)) continue;
		// Several clauses on the type can be joined by "or" alone.
		if (patterns.length > 0) throw bad();
		for (const clause of part.split("||")) {
			const match = /^\s*setting\.type\.matches\(\s*(['"])(.*)\1\s*\)\s*$/.exec(clause);
			if (!match) throw bad();
			try {
				patterns.push(new RegExp((match[2] ?? "").replaceAll("\\\\", "\\")));
			} catch {
				throw bad();
			}
		}
	}
	return (type) => patterns.length === 0 || patterns.some((pattern) => pattern.test(type));
}
