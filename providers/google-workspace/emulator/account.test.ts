import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { send, tenantFor, tokenOf } from "./test-workspace.js";

const directory = "/admin/directory/v1";
const my = `${directory}/customer/my_customer`;

let one: Awaited<ReturnType<typeof tenantFor>>;
beforeAll(async () => {
	one = await tenantFor({ users: 60 });
});
afterAll(() => one.tenant.close());

describe("the account", () => {
	it("changes, and changes back", async () => {
		const { tenant, call, read } = await tenantFor();
		const before = (await read(`${directory}/customers/my_customer`)).body;
		expect((await call("PATCH", `${directory}/customers/my_customer`, { language: "fi", id: "C1" })).body).toMatchObject({ language: "fi", id: before.id });
		tenant.reset();
		expect(tenant.state.customer.language).toBe(before.language);
		await tenant.close();
	});

	it("gets domains and aliases of them, each once, and keeps those in use", async () => {
		expect((await one.call("POST", `${my}/domains`, { domainName: "third.example" })).body).toMatchObject({ isPrimary: false, verified: false });
		expect((await one.call("POST", `${my}/domains`, { domainName: "third.example" })).status).toBe(409);
		expect((await one.call("POST", `${my}/domainaliases`, { domainAliasName: "x.example", parentDomainName: "nowhere.example" })).status).toBe(404);
		expect((await one.call("POST", `${my}/domainaliases`, { domainAliasName: "x.example", parentDomainName: "third.example" })).status).toBe(200);
		expect((await one.read(`${my}/domainaliases/x.example`)).body.parentDomainName).toBe("third.example");
		expect((await one.call("DELETE", `${my}/domains/tenant-7.example`)).status).toBe(412);
		expect((await one.call("DELETE", `${my}/domains/subsidiary-7.example`)).status).toBe(412);
		expect((await one.call("DELETE", `${my}/domains/third.example`)).status).toBe(204);
		expect((await one.call("DELETE", `${my}/domainaliases/x.example`)).status).toBe(204);
		expect((await one.call("DELETE", `${my}/domainaliases/x.example`)).status).toBe(404);
		const answer = await one.readWith("POST", `${my}/domains`, { domainName: "fourth.example" });
		expect(answer.body.error.errors[0].reason).toBe("insufficientPermissions");
	});
});

describe("a group's aliases", () => {
	it("find the group, until they are taken away", async () => {
		const [group] = one.tenant.state.groups.values();
		const path = `${directory}/groups/${group?.id}/aliases`;
		const [user] = one.tenant.state.users.values();
		expect((await one.call("POST", path, { alias: user?.body.primaryEmail })).status).toBe(409);
		expect((await one.call("POST", path, { alias: "Also@tenant-7.example" })).body.alias).toBe("also@tenant-7.example");
		expect((await one.read(`${directory}/groups/also@tenant-7.example`)).body.id).toBe(group?.id);
		expect((await one.read(path)).body.aliases).toHaveLength(1);
		expect((await one.call("DELETE", `${path}/also@tenant-7.example`)).status).toBe(204);
		expect((await one.read(path)).body).not.toHaveProperty("aliases");
	});
});

describe("a photo", () => {
	it("is told of in the user, and goes", async () => {
		const user = [...one.tenant.state.users.values()].find(({ photo, deleted }) => photo === undefined && deleted === null)?.id;
		const path = `${directory}/users/${user}/photos/thumbnail`;
		expect((await one.read(path)).status).toBe(404);
		expect((await one.call("PUT", path, { photoData: "<svg>" })).status).toBe(400);
		expect((await one.call("PUT", path, { photoData: "AAAA" })).body.photoData).toBe("AAAA");
		expect((await one.read(`${directory}/users/${user}`)).body.thumbnailPhotoUrl).toMatch(/^https:/);
		expect((await one.call("DELETE", path)).status).toBe(204);
		expect((await one.read(`${directory}/users/${user}`)).body).not.toHaveProperty("thumbnailPhotoUrl");
	});
});

describe("settings of a group", () => {
	it("have the live service's name for the default sender, and say who may add outsiders where outsiders may be", async () => {
		const path = (name: string) => `/groups/v1/groups/${name}@tenant-7.example?alt=json`;
		const inner = (await one.read(path("leaders"))).body;
		expect(inner).toMatchObject({ defaultSender: "DEFAULT_SELF", whoCanApproveMembers: "ALL_MANAGERS_CAN_APPROVE" });
		expect(inner).not.toHaveProperty("whoCanAddExternalMembers");
		expect((await one.read(path("partners"))).body.whoCanAddExternalMembers).toBe("END_USERS_CAN_ADD_EXTERNAL_MEMBERS");
		expect((await one.call("PATCH", path("leaders"), { default_sender: "GROUP" })).body.defaultSender).toBe("GROUP");
	});
});

it("who a token stands for is told with the scopes it has", async () => {
	const as = async (scopes: string[]) => {
		const { access_token } = (await tokenOf(one.tenant, { scopes, claims: { sub: undefined } })).body;
		return (await send(one.tenant, "GET", "/oauth2/v2/userinfo", undefined, { authorization: `Bearer ${access_token}` })).body;
	};
	expect(await as(["openid"])).toEqual({ id: expect.stringMatching(/^\d{21}$/) });
	expect(await as(["userinfo.email"])).toMatchObject({ email: expect.stringMatching(/gserviceaccount\.com$/), verified_email: true });
	expect((await as(["admin.directory.user.readonly"])).error.status).toBe("PERMISSION_DENIED");
});
