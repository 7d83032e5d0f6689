import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { eventual, type Tried, told, tried } from "./test-tenant.js";

let tenant: Tried;
let bare: Tried;
beforeAll(async () => {
	tenant = await tried();
	bare = await tried({ licences: "none" });
});
afterEach(() => tenant.reset());
afterAll(async () => {
	await tenant.close();
	await bare.close();
});

describe("a tenant that hasn't paid", () => {
	it.each([
		["/v1.0/users?$select=id,signInActivity", 403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant"],
		["/v1.0/reports/authenticationMethods/userRegistrationDetails", 403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant"],
		["/v1.0/identity/conditionalAccess/policies", 403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant"],
		["/v1.0/roleManagement/directory/roleEligibilityScheduleInstances", 400, "AadPremiumLicenseRequired"],
		["/v1.0/identityProtection/riskyUsers", 403, "Forbidden"],
	])("is told so at %s", async (path, status, code) => {
		expect(told(await bare.read(path))).toEqual([status, code]);
		expect((await tenant.read(path)).status).toBe(200);
	});

	it("has a list of users still", async () => {
		expect((await bare.read("/v1.0/users?$select=id,accountEnabled")).status).toBe(200);
	});
});

describe("a permission that is missing", () => {
	it.each([
		["AuditLog.Read.All", "/v1.0/users?$select=id,signInActivity", "Authentication_MSGraphPermissionMissing"],
		["User.Read.All", "/v1.0/users", "Authorization_RequestDenied"],
		["Policy.Read.All", "/v1.0/policies/authorizationPolicy", "AccessDenied"],
		["IdentityRiskyUser.Read.All", "/v1.0/identityProtection/riskyUsers", "Forbidden"],
		["UserAuthenticationMethod.Read.All", "/v1.0/users/x/authentication/methods", "accessDenied"],
	])("%s is refused by each service in its own words", async (scope, path, code) => {
		tenant.withhold([scope]);
		expect(told(await tenant.read(path))).toEqual([403, code]);
	});

	it("is told by PIM as text inside of text", async () => {
		tenant.withhold(["RoleManagement.Read.Directory", "RoleEligibilitySchedule.Read.Directory"]);
		const answer = await tenant.read("/v1.0/roleManagement/directory/roleEligibilitySchedules");
		expect(told(answer)).toEqual([403, "UnknownError"]);
		expect(JSON.parse(answer.body.error.message).errorCode).toBe("PermissionScopeNotGranted");
	});

	it("hides members of a type that may not be read: id and nulls", async () => {
		const id = (await tenant.read("/v1.0/groups?$filter=displayName eq 'Tier 0'")).body.value[0].id;
		tenant.withhold(["User.Read.All"]);
		const [first] = (await tenant.read(`/v1.0/groups/${id}/members`)).body.value;
		expect(first).toMatchObject({ "@odata.type": "#microsoft.graph.user", displayName: null, userPrincipalName: null });
		expect(first.id).toMatch(/^[0-9a-f-]{36}$/);
	});

	it("keeps the day somebody leaves from those without its own", async () => {
		expect(told(await tenant.read("/v1.0/users?$select=id,employeeLeaveDateTime"))).toEqual([403, "Authorization_RequestDenied"]);
	});
});

describe("what bites", () => {
	it("never signed in: the whole object is missing; by name it is refused", async () => {
		const users = await tenant.all("/v1.0/users?$select=id,userPrincipalName,signInActivity");
		expect(users.some((one) => !("signInActivity" in one))).toBe(true);
		expect(users.some((one) => one.signInActivity?.lastSuccessfulSignInDateTime === null)).toBe(true);
		expect(told(await tenant.read(`/v1.0/users/${users[0].userPrincipalName}?$select=id,signInActivity`))).toEqual([400, "Request_BadRequest"]);
		expect((await tenant.read(`/v1.0/users/${users[0].id}?$select=id,signInActivity`)).status).toBe(200);
		const mixed = "signInActivity/lastSignInDateTime le 2026-01-01T00:00:00Z and accountEnabled eq true";
		expect(told(await tenant.read(`/v1.0/users?$filter=${mixed}`))).toEqual([400, "Request_UnsupportedQuery"]);
	});

	it("disabled people are missing from the registration report (MicrosoftDocs/entra-docs#878)", async () => {
		const enabled = tenant.truth().accounts.filter((one) => one.enabled);
		const rows = await tenant.all("/v1.0/reports/authenticationMethods/userRegistrationDetails");
		expect(rows.map(({ id }) => id).sort()).toEqual(enabled.map(({ id }) => id).sort());
		expect(enabled.length).toBeLessThan(tenant.truth().accounts.length);
	});

	it("service principals are missing from a group's members in v1.0, and there in beta, $expand and delta", async () => {
		const group = (await tenant.read("/v1.0/groups?$filter=displayName eq 'Machines and robots'&$expand=members($select=id)")).body.value[0];
		const types = (items: { "@odata.type": string }[]) => items.map((one) => one["@odata.type"].split(".").at(-1)).sort();
		expect(types(group.members)).toEqual(["device", "servicePrincipal", "user"]);
		expect(types((await tenant.read(`/v1.0/groups/${group.id}/members`)).body.value)).toEqual(["device", "user"]);
		expect(types((await tenant.read(`/beta/groups/${group.id}/members`)).body.value)).toEqual(["device", "servicePrincipal", "user"]);
	});

	it("an expanded list ends at twenty", async () => {
		const { body } = await tenant.read("/v1.0/groups?$filter=displayName eq 'Everybody'&$expand=members($select=id)");
		expect(body.value[0].members).toHaveLength(20);
		expect((await tenant.all(`/v1.0/groups/${body.value[0].id}/members?$select=id`)).length).toBe(40);
	});

	it("a role of somebody who is gone has no principal", async () => {
		const { body } = await tenant.read("/v1.0/roleManagement/directory/roleAssignments?$expand=principal");
		expect(body.value.filter((one: { principal: unknown }) => one.principal === null)).toHaveLength(1);
	});

	it("privileged roles are told in beta only", async () => {
		expect(told(await tenant.read("/v1.0/roleManagement/directory/roleDefinitions?$filter=isPrivileged eq true"))).toEqual([400, "BadRequest"]);
		const { body } = await tenant.read("/beta/roleManagement/directory/roleDefinitions?$filter=isPrivileged eq true&$select=id");
		expect(body.value.map(({ id }: { id: string }) => id)).toContain("62e90394-69f5-4237-9190-012177145e10");
	});

	it("a cast, and PIM of groups without a group, are refused", async () => {
		const id = (await tenant.read("/v1.0/groups?$filter=displayName eq 'Operators'")).body.value[0].id;
		expect(told(await tenant.read(`/v1.0/groups/${id}/members/microsoft.graph.user`))).toEqual([400, "Request_UnsupportedQuery"]);
		const cast = await tenant.read(`/v1.0/groups/${id}/transitiveMembers/microsoft.graph.user?$count=true`, eventual);
		expect(cast.body["@odata.count"]).toBeGreaterThan(1);
		expect((await tenant.read("/v1.0/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances")).status).toBe(400);
		const tier = (await tenant.read("/v1.0/groups?$filter=displayName eq 'Tier 0'")).body.value[0].id;
		const eligible = await tenant.read(`/v1.0/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances?$filter=groupId eq '${tier}'`);
		expect(eligible.body.value).toMatchObject([{ groupId: tier, accessId: "member", memberType: "direct" }]);
	});

	it("a lagging read sees a write later", async () => {
		const slow = await tried({ users: 10, lagMs: 30_000 });
		const { id } = (await slow.read("/v1.0/users?$top=4&$select=id")).body.value[1];
		expect((await slow.act("PATCH", `/v1.0/users/${id}`, { jobTitle: "New" })).status).toBe(204);
		expect((await slow.read(`/v1.0/users/${id}`)).body.jobTitle).not.toBe("New");
		slow.advance(30_001);
		expect((await slow.read(`/v1.0/users/${id}`)).body.jobTitle).toBe("New");
		await slow.close();
	});
});
