import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { globalAdministrator } from "./privileged.js";
import { eventual, type Tried, told, tried } from "./test-tenant.js";

let tenant: Tried;
beforeAll(async () => {
	tenant = await tried();
});
afterEach(() => tenant.reset());
afterAll(() => tenant.close());

const plain = "$filter=accountEnabled eq true and userType eq 'Member'&$select=id,userPrincipalName,onPremisesSyncEnabled,displayName&$top=40";

async function ordinary(): Promise<string> {
	const privileged = new Set(tenant.truth().accounts.flatMap((one) => (one.privileged ? [one.id] : [])));
	const { body } = await tenant.read(`/v1.0/users?${plain}`);
	return body.value.find((one: { id: string; onPremisesSyncEnabled: unknown }) => one.onPremisesSyncEnabled !== true && !privileged.has(one.id)).id;
}
async function group(name: string): Promise<string> {
	return (await tenant.read(`/v1.0/groups?$filter=displayName eq '${name}'`)).body.value[0].id;
}

describe("accounts", () => {
	it("are disabled by the acting credential only, with an event", async () => {
		const id = await ordinary();
		const path = `/v1.0/users/${id}`;
		expect(told(await tenant.read(path, { method: "PATCH", body: { accountEnabled: false } }))).toEqual([403, "Authorization_RequestDenied"]);
		expect((await tenant.act("PATCH", path, { accountEnabled: false })).status).toBe(204);
		expect((await tenant.read(`${path}?$select=accountEnabled`)).body.accountEnabled).toBe(false);
		const [event] = (await tenant.read("/v1.0/auditLogs/directoryAudits")).body.value;
		expect(event).toMatchObject({ activityDisplayName: "Disable account", result: "success" });
		expect(event.targetResources[0].id).toBe(id);
		tenant.reset();
		expect((await tenant.read(`${path}?$select=accountEnabled`)).body.accountEnabled).toBe(true);
	});

	it("are not changed by what is no body", async () => {
		const path = `/v1.0/users/${await ordinary()}`;
		for (const body of [{ shoeSize: 1 }, { accountEnabled: "no" }, "{", undefined])
			expect(told(await tenant.act("PATCH", path, body))).toEqual([400, "BadRequest"]);
		expect(told(await tenant.act("PATCH", path, { createdDateTime: "2020-01-01T00:00:00Z" }))).toEqual([400, "Request_BadRequest"]);
	});

	it("from the company's own servers are mastered there (microsoftgraph/microsoft-graph-docs#7301)", async () => {
		const { body } = await tenant.read("/v1.0/users?$filter=onPremisesSyncEnabled eq true&$select=id,onPremisesImmutableId");
		expect(Buffer.from(body.value[0].onPremisesImmutableId, "base64")).toHaveLength(16);
		const answer = await tenant.act("PATCH", `/v1.0/users/${body.value[0].id}`, { accountEnabled: false });
		expect(told(answer)).toEqual([400, "Request_BadRequest"]);
		expect(answer.body.error.message).toContain("on-premises mastered");
	});

	it("of administrators want a caller above them", async () => {
		const weak = await tried({ actingRole: null });
		const admin = (await weak.read(`/v1.0/roleManagement/directory/roleAssignments?$filter=roleDefinitionId eq '${globalAdministrator}'`)).body.value[0]
			.principalId;
		expect(told(await weak.act("PATCH", `/v1.0/users/${admin}`, { accountEnabled: false }))).toEqual([403, "Authorization_RequestDenied"]);
		expect((await weak.act("PATCH", `/v1.0/users/${admin}`, { jobTitle: "Other" })).status).toBe(204);
		await weak.close();
		expect((await tenant.act("PATCH", `/v1.0/users/${admin}`, { accountEnabled: false })).status).toBe(204);
	});

	it("lose their sessions, but guests do not", async () => {
		const id = await ordinary();
		const since = async (one: string) => (await tenant.read(`/v1.0/users/${one}?$select=signInSessionsValidFromDateTime`)).body.signInSessionsValidFromDateTime;
		const guest = (await tenant.read("/v1.0/users?$filter=userType eq 'Guest'&$select=id")).body.value[0].id;
		const [before, guestBefore] = [await since(id), await since(guest)];
		for (const one of [id, guest]) expect((await tenant.act("POST", `/v1.0/users/${one}/revokeSignInSessions`)).body.value).toBe(true);
		expect((await since(id)) > before).toBe(true);
		expect(await since(guest)).toBe(guestBefore);
	});

	it("get a password that is never shown, and may not be reset by an application", async () => {
		const id = await ordinary();
		expect(
			(await tenant.act("PATCH", `/v1.0/users/${id}`, { passwordProfile: { password: "a-long-new-one", forceChangePasswordNextSignIn: true } })).status,
		).toBe(204);
		const { body } = await tenant.read(`/v1.0/users/${id}?$select=passwordProfile`);
		expect(body.passwordProfile).toEqual({ forceChangePasswordNextSignIn: true, forceChangePasswordNextSignInWithMfa: false, password: null });
		expect((await tenant.act("POST", `/v1.0/users/${id}/authentication/methods/28c10230-6103-485e-b985-444c60001490/resetPassword`, {})).status).toBe(403);
	});

	it("are deleted into the bin, and come back", async () => {
		const id = await ordinary();
		expect((await tenant.act("DELETE", `/v1.0/users/${id}`)).status).toBe(204);
		expect(told(await tenant.read(`/v1.0/users/${id}`))).toEqual([404, "Request_ResourceNotFound"]);
		expect((await tenant.read("/v1.0/directory/deletedItems/microsoft.graph.user")).body.value).toMatchObject([{ id }]);
		expect((await tenant.act("POST", `/v1.0/directory/deletedItems/${id}/restore`)).body.id).toBe(id);
		expect((await tenant.read(`/v1.0/users/${id}`)).status).toBe(200);
	});
});

describe("methods", () => {
	it("go one by one, the default last (microsoftgraph/microsoft-graph-docs-contrib#2913)", async () => {
		const rows = await tenant.all("/v1.0/reports/authenticationMethods/userRegistrationDetails");
		const { id } = rows.find((one) => one.methodsRegistered.includes("microsoftAuthenticatorPush") && one.methodsRegistered.includes("mobilePhone"));
		const root = `/v1.0/users/${id}/authentication`;
		const all = (await tenant.read(`${root}/methods`)).body.value as { "@odata.type": string; id: string }[];
		const named = (type: string) => all.find((one) => one["@odata.type"] === `#microsoft.graph.${type}`)?.id;
		const [app, phone] = [named("microsoftAuthenticatorAuthenticationMethod"), named("phoneAuthenticationMethod")];
		expect(named("passwordAuthenticationMethod")).toBe("28c10230-6103-485e-b985-444c60001490");
		expect(told(await tenant.act("DELETE", `${root}/microsoftAuthenticatorMethods/${app}`))).toEqual([400, "badRequest"]);
		expect((await tenant.act("DELETE", `${root}/methods/${phone}`)).status).toBe(405);
		expect((await tenant.act("DELETE", `${root}/phoneMethods/${phone}`)).status).toBe(204);
		const left = (await tenant.read(`${root}/methods`)).body.value;
		expect(left).toHaveLength(all.length - 1);
		const report = await tenant.read(`/v1.0/reports/authenticationMethods/userRegistrationDetails/${id}`);
		expect(report.body.methodsRegistered).not.toContain("mobilePhone");
	});
});

describe("groups", () => {
	it("lose and gain a member", async () => {
		const [id, member] = [await group("MFA exceptions"), await ordinary()];
		const path = `/v1.0/groups/${id}/members`;
		const link = { "@odata.id": `${tenant.system.url}/v1.0/directoryObjects/${member}` };
		if ((await tenant.all(path)).some((one) => one.id === member)) await tenant.act("DELETE", `${path}/${member}/$ref`);
		expect((await tenant.act("POST", `${path}/$ref`, link)).status).toBe(204);
		expect(told(await tenant.act("POST", `${path}/$ref`, link))).toEqual([400, "Request_BadRequest"]);
		expect(tenant.truth().memberships).toContain(`${id}/${member}`);
		expect((await tenant.act("DELETE", `${path}/${member}/$ref`)).status).toBe(204);
		expect(told(await tenant.act("DELETE", `${path}/${member}/$ref`))).toEqual([404, "Request_ResourceNotFound"]);
	});

	it("without /$ref lose the person altogether (microsoftgraph/msgraph-sdk-dotnet#1106)", async () => {
		const [id, member] = [await group("MFA exceptions"), await ordinary()];
		await tenant.act("POST", `/v1.0/groups/${id}/members/$ref`, { "@odata.id": `${tenant.system.url}/v1.0/directoryObjects/${member}` });
		expect((await tenant.act("DELETE", `/v1.0/groups/${id}/members/${member}`)).status).toBe(204);
		expect((await tenant.read(`/v1.0/users/${member}`)).status).toBe(404);
	});

	it.each(["Everybody", "Staff (from the old servers)", "News"])("keep their members when something else fills them: %s", async (name) => {
		const id = await group(name);
		const [first] = (await tenant.read(`/v1.0/groups/${id}/members?$top=1`)).body.value;
		expect([400, 403]).toContain((await tenant.act("DELETE", `/v1.0/groups/${id}/members/${first.id}/$ref`)).status);
	});
});

describe("roles", () => {
	it("are taken away and given", async () => {
		const { body } = await tenant.read("/v1.0/roleManagement/directory/roleAssignments");
		const [first] = body.value;
		const path = `/v1.0/roleManagement/directory/roleAssignments/${first.id}`;
		expect((await tenant.act("DELETE", path)).status).toBe(204);
		expect(told(await tenant.read(path))).toEqual([404, "Request_ResourceNotFound"]);
		const { principalId, roleDefinitionId } = first;
		const again = await tenant.act("POST", "/v1.0/roleManagement/directory/roleAssignments", { principalId, roleDefinitionId, directoryScopeId: "/" });
		expect([again.status, again.body.id === first.id]).toEqual([201, false]);
	});

	it("eligible ones go some time after they were asked to", async () => {
		const list = "/v1.0/roleManagement/directory/roleEligibilityScheduleInstances";
		const [first] = (await tenant.read(list)).body.value;
		const { principalId, roleDefinitionId, directoryScopeId } = first;
		const wanted = { action: "adminRemove", principalId, roleDefinitionId, directoryScopeId, justification: "Not needed" };
		const request = await tenant.act("POST", "/v1.0/roleManagement/directory/roleEligibilityScheduleRequests", wanted);
		expect([request.status, request.body.status]).toEqual([201, "Revoked"]);
		expect((await tenant.read(list)).body.value.map(({ id }: { id: string }) => id)).toContain(first.id);
		tenant.advance(6000);
		expect((await tenant.read(list)).body.value.map(({ id }: { id: string }) => id)).not.toContain(first.id);
		expect(told(await tenant.act("POST", "/v1.0/roleManagement/directory/roleEligibilityScheduleRequests", wanted))).toEqual([
			400,
			"RoleAssignmentDoesNotExist",
		]);
	});
});

describe("applications and policies", () => {
	it("lose a secret for good, and get one whose text is told once", async () => {
		const app = (await tenant.read("/v1.0/applications?$filter=displayName eq 'Deployment'")).body.value[0];
		const path = `/v1.0/applications/${app.id}`;
		const keyId = app.passwordCredentials[0].keyId;
		expect((await tenant.act("POST", `${path}/removePassword`, { keyId })).status).toBe(204);
		expect(told(await tenant.act("POST", `${path}/removePassword`, { keyId }))).toEqual([400, "Request_BadRequest"]);
		const made = await tenant.act("POST", `${path}/addPassword`, { passwordCredential: { displayName: "new" } });
		expect(made.body.secretText).toHaveLength(40);
		const after = (await tenant.read(path)).body.passwordCredentials;
		expect(after).toHaveLength(2);
		expect(JSON.stringify(after)).not.toContain(made.body.secretText);
		expect(told(await tenant.act("PATCH", path, { passwordCredentials: [{ displayName: "x" }] }))).toEqual([400, "Request_BadRequest"]);
	});

	it("are switched off, revoked and counted", async () => {
		const graph = (await tenant.read("/v1.0/servicePrincipals?$filter=appId eq '00000003-0000-0000-c000-000000000000'")).body.value[0].id;
		const [first] = (await tenant.read(`/v1.0/servicePrincipals/${graph}/appRoleAssignedTo`)).body.value;
		expect((await tenant.act("DELETE", `/v1.0/servicePrincipals/${first.principalId}/appRoleAssignments/${first.id}`)).status).toBe(204);
		const [grant] = (await tenant.read("/v1.0/oauth2PermissionGrants")).body.value;
		expect((await tenant.act("DELETE", `/v1.0/oauth2PermissionGrants/${grant.id}`)).status).toBe(204);
		expect((await tenant.read(`/v1.0/oauth2PermissionGrants/${grant.id}`)).status).toBe(404);
		expect((await tenant.read("/v1.0/applications/$count", eventual)).body).toMatch(/^\d+$/);
	});

	it("change by PATCH, read back", async () => {
		for (const [path, body] of [
			["/v1.0/policies/authorizationPolicy", { allowInvitesFrom: "adminsAndGuestInviters" }],
			["/v1.0/policies/identitySecurityDefaultsEnforcementPolicy", { isEnabled: true }],
		] as const) {
			expect((await tenant.act("PATCH", path, body)).status).toBe(204);
			expect((await tenant.read(path)).body).toMatchObject(body);
			expect(told(await tenant.act("PATCH", path, { shoeSize: 1 }))).toEqual([400, "BadRequest"]);
		}
		const sms = "/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/sms";
		expect((await tenant.act("PATCH", sms, { "@odata.type": "#microsoft.graph.smsAuthenticationMethodConfiguration", state: "disabled" })).status).toBe(204);
		expect((await tenant.read(sms)).body.state).toBe("disabled");
		const [policy] = (await tenant.read("/v1.0/identity/conditionalAccess/policies")).body.value;
		expect((await tenant.act("PATCH", `/v1.0/identity/conditionalAccess/policies/${policy.id}`, { state: "disabled" })).status).toBe(204);
		expect(told(await tenant.act("PATCH", `/v1.0/identity/conditionalAccess/policies/${policy.id}`, { state: "off" }))).toEqual([400, "BadRequest"]);
	});

	it("risk is dismissed a little later", async () => {
		const { id } = (await tenant.read("/v1.0/identityProtection/riskyUsers")).body.value[0];
		expect((await tenant.act("POST", "/v1.0/identityProtection/riskyUsers/dismiss", { userIds: [id] })).status).toBe(204);
		tenant.advance(4000);
		expect((await tenant.read(`/v1.0/identityProtection/riskyUsers/${id}`)).body.riskState).toBe("dismissed");
	});
});
