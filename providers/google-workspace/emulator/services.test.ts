import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { every, tenantFor, tokenOf } from "./test-workspace.js";

const my = "/admin/directory/v1/customer/my_customer";
const filter = (text: string) => `?filter=${encodeURIComponent(text)}`;

let one: Awaited<ReturnType<typeof tenantFor>>;
beforeAll(async () => {
	one = await tenantFor({ users: 450 });
});
afterAll(() => one.tenant.close());

describe("mobile devices", () => {
	it("are listed a hundred at a time, in any order, and searched", async () => {
		const path = `${my}/devices/mobile`;
		const all = await every(one.read, path, "mobiledevices");
		expect(all.map(({ resourceId }) => resourceId).sort()).toEqual([...one.tenant.state.mobiles.keys()].sort());
		expect(all.length).toBeGreaterThan(100);
		expect((await one.read(path)).body.mobiledevices).toHaveLength(100);
		expect((await one.read(`${path}?maxResults=101`)).status).toBe(400);
		const back = await every(one.read, `${path}?orderBy=email&sortOrder=DESCENDING`, "mobiledevices");
		const emails = back.map(({ email }) => email[0]);
		expect(emails).toEqual([...emails].sort().reverse());
		const blocked = await every(one.read, `${path}?query=status:blocked`, "mobiledevices");
		expect(blocked.length).toBe(all.filter(({ status }) => status === "BLOCKED").length);
		expect((await one.read(`${path}?query=colour:red`)).status).toBe(400);
	});

	it("are wiped when they next come for their mail", async () => {
		const { tenant, read, call } = await tenantFor({ users: 60 });
		const [resourceId] = tenant.state.mobiles.keys();
		const path = `${my}/devices/mobile/${resourceId}`;
		expect((await call("POST", `${path}/action`, { action: "melt" })).status).toBe(400);
		expect((await call("POST", `${path}/action`, { action: "admin_account_wipe" })).status).toBe(204);
		expect((await read(path)).body.status).toBe("WIPING");
		tenant.advance(3_599_000);
		expect((await read(path)).body.status).toBe("WIPING");
		tenant.advance(2000);
		// The token has run out with the hour.
		expect(tenant.state.mobiles.get(resourceId ?? "")?.status).toBe("WIPED");
		await tenant.close();
	});
});

describe("licences", () => {
	const product = "/apps/licensing/v1/product/Google-Apps";
	it("are listed by product and SKU for a customer that must be named", async () => {
		const customer = one.tenant.state.customer.id;
		expect((await one.read(`${product}/users`)).body.error.errors[0].reason).toBe("required");
		expect((await one.read(`${product}/users?customerId=my_customer`)).status).toBe(400);
		expect((await one.read(`${product}/users?customerId=${customer}`)).body.items).toHaveLength(100);
		const all = await every(one.read, `${product}/users?customerId=${customer}&maxResults=1000`, "items");
		expect(new Set(all.map(({ userId }) => userId)).size).toBe([...one.tenant.state.licenses.values()].filter(({ skuId }) => skuId === "1010020020").length);
		const archived = await every(one.read, `/apps/licensing/v1/product/101034/sku/1010340001/users?customerId=${customer}`, "items");
		expect(archived.length).toBeGreaterThan(0);
		expect((await one.read(`/apps/licensing/v1/product/Nothing/users?customerId=${customer}`)).status).toBe(400);
	});

	it("are taken and given", async () => {
		const { tenant, read, call } = await tenantFor({ users: 60 });
		const userId = [...tenant.state.licenses.values()][0]?.userId;
		const path = `${product}/sku/1010020020/user/${userId}`;
		expect((await read(path)).body).toMatchObject({ userId, skuName: "Google Workspace Enterprise Plus" });
		expect((await call("DELETE", path)).body).toEqual({});
		expect((await read(path)).status).toBe(404);
		expect((await call("POST", `${product}/sku/1010020020/user`, { userId })).status).toBe(200);
		expect((await call("POST", `${product}/sku/1010020020/user`, { userId })).status).toBe(409);
		await tenant.close();
	});
});

describe("grants and app passwords", () => {
	it("are many or none, with app passwords only where a second factor is enrolled", async () => {
		const people = [...one.tenant.state.users.values()].filter(({ deleted }) => deleted === null);
		const users = "/admin/directory/v1/users";
		const rich = people.find(({ apps }) => apps > 2);
		const { items } = (await one.read(`${users}/${rich?.id}/tokens`)).body;
		expect(items).toHaveLength(rich?.apps ?? 0);
		expect(items[0]).toMatchObject({ kind: "admin#directory#token", userKey: rich?.id, scopes: expect.any(Array), anonymous: false });
		expect((await one.read(`${users}/${people.find(({ apps }) => apps === 0)?.id}/tokens`)).body).not.toHaveProperty("items");
		const holders = people.filter(({ appPasswords }) => appPasswords > 0);
		expect(holders.every(({ body }) => body.isEnrolledIn2Sv)).toBe(true);
		const held = (await Promise.all(holders.map(({ id }) => one.read(`${users}/${id}/asps`)))).flatMap(({ body }) => body.items);
		expect(held.length).toBeGreaterThan(5);
		for (const { codeId, creationTime, lastTimeUsed } of held)
			expect([typeof codeId, typeof creationTime, typeof lastTimeUsed]).toEqual(["number", "string", "string"]);
		// Never used is told as zero.
		expect(new Set(held.map(({ lastTimeUsed }) => lastTimeUsed === "0"))).toEqual(new Set([true, false]));
	});

	it("need a scope that can also sign people out", async () => {
		const { status, body } = await tokenOf(one.tenant, { scopes: ["admin.directory.user.security.readonly"] });
		expect([status, body.error]).toEqual([400, "invalid_scope"]);
	});
});

describe("policies", () => {
	afterEach(() => Object.assign(one.tenant.choices, { absentDefaults: false, bareTypes: false }));

	it("are cut to a hundred on a page, each for a unit, by one kind of clause", async () => {
		const all = await every(one.read, "/v1/policies?pageSize=1000", "policies");
		expect(all).toHaveLength(one.tenant.state.policies.size);
		expect((await one.read("/v1/policies?pageSize=5")).body.policies).toHaveLength(5);
		const root = one.tenant.state.orgUnits.get("/")?.orgUnitId.replace("id:", "orgUnits/");
		expect(all.every(({ policyQuery }) => policyQuery.orgUnit.startsWith("orgUnits/"))).toBe(true);
		expect(all.filter(({ type }) => type === "SYSTEM").every(({ policyQuery }) => policyQuery.orgUnit === root)).toBe(true);
		const security = (await one.read(`/v1/policies${filter("setting.type.matches('security.*')")}`)).body.policies;
		expect(security.every(({ setting }: { setting: { type: string } }) => setting.type.startsWith("settings/security"))).toBe(true);
		const two = "setting.type.matches('security.*') && setting.type.matches('gmail.*')";
		expect((await one.read(`/v1/policies${filter(two)}`)).body.error.status).toBe("INVALID_ARGUMENT");
	});

	it("may lack what is at its default, or the beginning of a type", async () => {
		Object.assign(one.tenant.choices, { absentDefaults: true, bareTypes: true });
		const all = await every(one.read, "/v1/policies", "policies");
		expect(new Set(all.map(({ type }) => type))).toEqual(new Set(["ADMIN"]));
		expect(all.some(({ setting }) => setting.type.startsWith("settings/"))).toBe(false);
	});
});

describe("units and roles", () => {
	it("leave the root out unless it is asked for, and take a path without its first slash", async () => {
		const paths = async (type: string) =>
			(await one.read(`${my}/orgunits?type=${type}`)).body.organizationUnits.map((unit: { orgUnitPath: string }) => unit.orgUnitPath);
		expect(await paths("all")).not.toContain("/");
		expect(await paths("allIncludingParent")).toContain("/");
		expect(await paths("all")).toContain("/Engineering/Contractors");
		expect(await paths("children")).not.toContain("/Engineering/Contractors");
		expect((await one.read(`${my}/orgunits/Engineering%2FContractors`)).body.name).toBe("Contractors");
	});

	it("are held through groups too, which only a question about one user tells, and by nobody known", async () => {
		const all = await every(one.read, `${my}/roleassignments`, "items");
		expect(all.every(({ roleId, roleAssignmentId }) => typeof roleId === "string" && typeof roleAssignmentId === "string")).toBe(true);
		const known = new Set([...one.tenant.state.users.keys(), ...one.tenant.state.groups.keys()]);
		expect(all.filter(({ assignedTo }) => !known.has(assignedTo))).toHaveLength(1);
		const group = all.find(({ assigneeType }) => assigneeType === "group")?.assignedTo;
		const [member] = one.tenant.state.groups.get(group)?.members.keys() ?? [];
		const path = `${my}/roleassignments?userKey=${member}`;
		expect((await one.read(path)).body).not.toHaveProperty("items");
		expect((await one.read(`${path}&includeIndirectRoleAssignments=true`)).body.items[0].assignedTo).toBe(group);
		expect((await one.read(`${my}/roleassignments?includeIndirectRoleAssignments=true`)).status).toBe(400);
	});
});

describe("alerts", () => {
	it("come by time, and are searched by type", async () => {
		const { alerts } = (await one.read("/v1beta1/alerts?orderBy=createTime%20desc")).body;
		expect(alerts.map(({ createTime }: { createTime: string }) => createTime)).toEqual(
			alerts
				.map(({ createTime }: { createTime: string }) => createTime)
				.sort()
				.reverse(),
		);
		expect((await one.read(`/v1beta1/alerts${filter('type = "Leaked password"')}`)).body.alerts).toHaveLength(1);
		expect((await one.read(`/v1beta1/alerts${filter("mood = bad")}`)).status).toBe(400);
		expect((await one.read(`/v1beta1/alerts/${alerts[0].alertId}`)).body).toEqual(alerts[0]);
	});
});
