import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EntraOptions, emulation } from "../../providers/entra/emulator.js";
import type { EmulatedTenant } from "../../src/emulate/contract.js";
import { checkAnswer, operations, present } from "./test-entra-spec.js";

const now = Date.UTC(2026, 5, 15, 9);
const most = 6;

/** Lists that are refused without a filter, and the fields that replace part of a path. */
const queries: Record<string, string> = {
	"/policies/roleManagementPolicies": "?$filter=scopeId eq '/' and scopeType eq 'DirectoryRole'&$expand=rules",
	"/policies/roleManagementPolicyAssignments": "?$filter=scopeId eq '/' and scopeType eq 'DirectoryRole'&$expand=policy($expand=rules)",
	"/users":
		"?$select=id,displayName,accountEnabled,userType,createdDateTime,employeeId,onPremisesSyncEnabled,onPremisesImmutableId,signInActivity,passwordProfile,identities,proxyAddresses,externalUserState,onPremisesExtensionAttributes,assignedLicenses,lastPasswordChangeDateTime&$expand=manager($select=id)",
	"/applications": "?$expand=federatedIdentityCredentials",
	"/roleManagement/directory/roleAssignments": "?$expand=principal",
};

/** Several words with commas, says the vendor's page; the typings that the beta document is made from know single ones. */
const misprints = /roleDefinitions.*allowedPrincipalTypes/;

type Get = (path: string) => Promise<{ status: number; body: Record<string, unknown> }>;

async function idsOf(get: Get, path: string): Promise<string[]> {
	const { body } = await get(`${path}${queries[path.replace(/^\/(v1\.0|beta)/, "")] ?? ""}`);
	const rows = (body.value ?? []) as { id: string }[];
	// The first ones are special on purpose; so are the last.
	return [...new Set([...rows.slice(0, most), ...rows.slice(-2)].map(({ id }) => id))];
}

async function addresses(get: Get, version: string, template: string, groups: string[]): Promise<string[]> {
	const path = template.replace("{a},includedUserRoles={b}", "'all',includedUserRoles='all'");
	if (template.includes("privilegedAccess/group") && !template.includes("{")) return groups.map((id) => `/${version}${path}?$filter=groupId eq '${id}'`);
	if (!path.includes("{"))
		return [`/${version}${path}`, ...(queries[template] ? [`/${version}${path}${queries[template]}`] : [])].slice(
			/^\/policies\/roleManagementPol/.test(template) ? 1 : 0,
		);
	const [head = "", tail = ""] = path.split(/\/\{id\}(.*)/s);
	const parent = template.includes("privilegedAccess/group") ? null : `/${version}${head}`;
	const ids = parent
		? await idsOf(get, parent)
		: (await Promise.all(groups.map((id) => get(`/${version}${head}?$filter=groupId eq '${id}'`)))).flatMap(({ body }) =>
				(body.value as { id: string }[]).map((row) => row.id),
			);
	return ids.map((id) => `/${version}${head}/${encodeURIComponent(id)}${tail.replace("{instanceId}", id)}`);
}

const tenants: [string, Partial<EntraOptions>][] = [
	["from the generator", { users: 60, seed: 1 }],
	["of the demo", { acme: true, federatedDomain: "acme.example" }],
];

describe.skipIf(!present).each(tenants)("answers of the tenant %s", (_, options) => {
	let tenant: EmulatedTenant;
	let token: string;
	beforeAll(async () => {
		tenant = await emulation.start({ users: 60, seed: 1, now, ...options } as EntraOptions);
		const { url, act } = tenant.system;
		const body = new URLSearchParams({
			grant_type: "client_credentials",
			client_id: String(act.clientId),
			client_secret: String(act.clientSecret),
			scope: `${url}/.default`,
		});
		const answer = await fetch(`${url}/${act.tenantId}/oauth2/v2.0/token`, { method: "POST", body });
		token = ((await answer.json()) as { access_token: string }).access_token;
	});
	afterAll(() => tenant?.close());

	const send = async (method: string, path: string, body?: unknown) => {
		const headers = { authorization: `Bearer ${token}`, consistencylevel: "eventual", ...(body !== undefined && { "content-type": "application/json" }) };
		const response = await fetch(`${tenant.system.url}${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
		const text = await response.text();
		return {
			status: response.status,
			body: (response.headers.get("content-type")?.startsWith("application/json") && text !== "" ? JSON.parse(text) : text) as Record<string, unknown>,
		};
	};
	const get: Get = (path) => send("GET", path);

	it.each(["v1.0", "beta"] as const)("have no error in any GET of %s", async (version) => {
		const problems: string[] = [];
		const groups = ((await get("/v1.0/groups?$select=id&$top=999")).body.value as { id: string }[]).map(({ id }) => id);
		for (const template of operations(version, "get"))
			for (const address of await addresses(get, version, template, groups)) {
				const { status, body } = await get(address);
				// Nobody is everybody's manager.
				if (status === 404 && template === "/users/{id}/manager") continue;
				if (status !== 200) problems.push(`${address} answered ${status}: ${JSON.stringify(body)}`);
				else if (!template.endsWith("$count")) problems.push(...(checkAnswer(version, "get", template, status, body) ?? [`No schema for ${template}`]));
			}
		expect([...new Set(problems)].filter((problem) => !misprints.test(problem))).toEqual([]);
	});

	it("are given for every operation of the document", async () => {
		const missing: string[] = [];
		for (const version of ["v1.0", "beta"] as const)
			for (const method of ["get", "post", "patch", "delete"])
				for (const template of operations(version, method)) {
					if (template === "/oauth2/v2.0/token") continue;
					const path = template.replace("{a},includedUserRoles={b}", "'all',includedUserRoles='all'").replace(/\{\w+\}/g, "x");
					const { status, body } = await send(method.toUpperCase(), `/${version}${path}`, method === "get" || method === "delete" ? undefined : {});
					if (status === 405 || JSON.stringify(body).includes("for the segment")) missing.push(`${method} ${version}${template}`);
				}
		expect(missing).toEqual([]);
		tenant.reset();
	});

	it("have no error in the writes", async () => {
		const first = async (path: string) => ((await get(path)).body.value as { id: string; [more: string]: unknown }[])[0] ?? { id: "" };
		const user = await first("/v1.0/users?$filter=userType eq 'Guest'");
		const app = await first("/v1.0/applications");
		const policy = await first("/v1.0/identity/conditionalAccess/policies");
		const location = await first("/v1.0/identity/conditionalAccess/namedLocations");
		const role = await first("/v1.0/roleManagement/directory/roleAssignments");
		const eligible = await first("/v1.0/roleManagement/directory/roleEligibilityScheduleInstances");
		const grant = await first("/v1.0/oauth2PermissionGrants");
		const risky = await first("/v1.0/identityProtection/riskyUsers");
		const { principalId, roleDefinitionId } = eligible;
		const writes: [string, string, string, unknown?][] = [
			["patch", "/users/{id}", `/users/${user.id}`, { accountEnabled: false }],
			["post", "/users/{id}/revokeSignInSessions", `/users/${user.id}/revokeSignInSessions`],
			["post", "/applications/{id}/addPassword", `/applications/${app.id}/addPassword`, { passwordCredential: { displayName: "x" } }],
			["patch", "/applications/{id}", `/applications/${app.id}`, { notes: "x" }],
			["patch", "/identity/conditionalAccess/policies/{id}", `/identity/conditionalAccess/policies/${policy.id}`, { state: "disabled" }],
			["delete", "/identity/conditionalAccess/namedLocations/{id}", `/identity/conditionalAccess/namedLocations/${location.id}`],
			[
				"post",
				"/roleManagement/directory/roleEligibilityScheduleRequests",
				"/roleManagement/directory/roleEligibilityScheduleRequests",
				{ action: "adminRemove", principalId, roleDefinitionId, directoryScopeId: "/" },
			],
			["delete", "/roleManagement/directory/roleAssignments/{id}", `/roleManagement/directory/roleAssignments/${role.id}`],
			[
				"post",
				"/roleManagement/directory/roleAssignments",
				"/roleManagement/directory/roleAssignments",
				{ principalId: user.id, roleDefinitionId, directoryScopeId: "/" },
			],
			["delete", "/oauth2PermissionGrants/{id}", `/oauth2PermissionGrants/${grant.id}`],
			["post", "/identityProtection/riskyUsers/dismiss", "/identityProtection/riskyUsers/dismiss", { userIds: [risky.id] }],
			["patch", "/policies/authorizationPolicy", "/policies/authorizationPolicy", { allowInvitesFrom: "none" }],
			["delete", "/users/{id}", `/users/${user.id}`],
			["post", "/directory/deletedItems/{id}/restore", `/directory/deletedItems/${user.id}/restore`],
			["post", "/directoryObjects/getByIds", "/directoryObjects/getByIds", { ids: [user.id, app.id] }],
		];
		const problems: string[] = [];
		for (const [method, template, path, given] of writes) {
			const { status, body } = await send(method.toUpperCase(), `/v1.0${path}`, given);
			if (status >= 300) problems.push(`${method} ${path} answered ${status}: ${JSON.stringify(body)}`);
			if (status !== 204) problems.push(...(checkAnswer("v1.0", method, template, status, body) ?? []));
		}
		const audits = await get("/v1.0/auditLogs/directoryAudits");
		problems.push(...(checkAnswer("v1.0", "get", "/auditLogs/directoryAudits", 200, audits.body) ?? []));
		expect(problems).toEqual([]);
		expect((audits.body.value as unknown[]).length).toBeGreaterThan(8);
		tenant.reset();
	});
});
