import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { every, send, tenantFor, tokenOf } from "./test-workspace.js";

const users = "/admin/directory/v1/users";
const mine = `${users}?customer=my_customer&maxResults=500`;
const groups = "/admin/directory/v1/groups";

let one: Awaited<ReturnType<typeof tenantFor>>;
beforeAll(async () => {
	one = await tenantFor({ users: 400 });
});
afterAll(() => one.tenant.close());
afterEach(() => Object.assign(one.tenant.choices, { flippingLogins: false, staleIndex: false, missingFlags: false, looseRoles: false, settleMs: 0 }));

describe("users", () => {
	it("may flip to never signed in from one list to the next", async () => {
		const logins = async () => (await every(one.read, mine, "users")).map(({ lastLoginTime }) => lastLoginTime);
		const steady = await logins();
		expect(await logins()).toEqual(steady);
		one.tenant.choices.flippingLogins = true;
		const first = await logins();
		expect(await logins()).not.toEqual(first);
		const flipped = first.filter((time, at) => time !== steady[at]);
		expect(flipped.every((time) => time === "1970-01-01T00:00:00.000Z")).toBe(true);
	});

	it("may be searched by an index that is not quite right", async () => {
		const search = async () => (await every(one.read, `${mine}&query=isEnrolledIn2Sv=false`, "users")).map(({ id }) => id);
		const right = await search();
		one.tenant.choices.staleIndex = true;
		const found = await every(one.read, `${mine}&query=isEnrolledIn2Sv=false`, "users");
		expect(found.map(({ id }) => id)).not.toEqual(right);
		expect(found.some(({ isEnrolledIn2Sv }) => isEnrolledIn2Sv) || found.length < right.length).toBe(true);
	});

	it("may lack flags that are false, never those that are true", async () => {
		one.tenant.choices.missingFlags = true;
		const all = await every(one.read, mine, "users");
		const bare = all.filter((user) => !("suspended" in user));
		expect(bare.length).toBeGreaterThan(10);
		expect(all.filter(({ suspended }) => suspended)).toHaveLength(
			[...one.tenant.state.users.values()].filter(({ body, deleted }) => body.suspended && deleted === null).length,
		);
	});

	it("keep their lists when a PATCH would clear them; a PUT clears", async () => {
		const user = [...one.tenant.state.users.values()].find(({ body, deleted }) => body.phones && deleted === null)?.id;
		for (const phones of [null, []]) expect((await one.call("PATCH", `${users}/${user}`, { phones })).body.phones).toHaveLength(1);
		expect((await one.call("PATCH", `${users}/${user}`, { phones: [{ value: "1", type: "work" }] })).body.phones).toEqual([{ value: "1", type: "work" }]);
		expect((await one.call("PUT", `${users}/${user}`, { phones: null })).body).not.toHaveProperty("phones");
	});

	it("of a domain that is not there are told apart", async () => {
		expect((await one.read(`${users}?domain=nowhere.example`)).body.error.errors[0].reason).toBe("domainNotFound");
	});
});

describe("members", () => {
	const group = (name: string) => [...one.tenant.state.groups.values()].find(({ body }) => body.email === `${name}@tenant-7.example`)?.id;

	it("may include owners where only members are asked for", async () => {
		const roles = async () => new Set((await every(one.read, `${groups}/${group("team-0")}/members?roles=MEMBER`, "members")).map(({ role }) => role));
		expect(await roles()).toEqual(new Set(["MEMBER"]));
		one.tenant.choices.looseRoles = true;
		expect(await roles()).toEqual(new Set(["OWNER", "MANAGER", "MEMBER"]));
	});

	it("may come from outside without an id, and where the settings forbid outsiders", async () => {
		const { members } = (await one.read(`${groups}/${group("partners")}/members`)).body;
		expect(members.find(({ email }: { email: string }) => email === "desk@partner.example")).not.toHaveProperty("id");
		const inner = (await one.read(`${groups}/${group("team-1")}/members`)).body.members;
		expect(inner.some(({ type }: { type: string }) => type === "EXTERNAL")).toBe(true);
		expect((await one.read(`/groups/v1/groups/team-1@tenant-7.example?alt=json`)).body.allowExternalMembers).toBe("false");
	});

	it("just added are not found for a while, though the list has them", async () => {
		one.tenant.choices.settleMs = 60_000;
		const members = `${groups}/${group("empty")}/members`;
		const [user] = one.tenant.state.users.keys();
		expect((await one.call("POST", members, { id: user })).status).toBe(200);
		expect((await one.read(`${members}/${user}`)).body.error.message).toBe("Resource Not Found: memberKey");
		expect((await one.read(members)).body.members).toHaveLength(1);
		one.tenant.advance(60_001);
		expect((await one.read(`${members}/${user}`)).body.delivery_settings).toBe("ALL_MAIL");
	});
});

describe("who may ask", () => {
	it("is a service account without a user, once it holds a role itself", async () => {
		const uniqueId = JSON.parse(String(one.tenant.system.auth.key)).client_id;
		const asking = async () => {
			const { access_token } = (await tokenOf(one.tenant, { claims: { sub: undefined } })).body;
			return (await send(one.tenant, "GET", mine, undefined, { authorization: `Bearer ${access_token}` })).status;
		};
		expect(await asking()).toBe(403);
		const roleId = [...one.tenant.state.roles.values()].find(({ roleName }) => roleName === "_USER_MANAGEMENT_ADMIN_ROLE")?.roleId;
		const sent = { roleId, assignedTo: uniqueId, scopeType: "CUSTOMER" };
		expect((await one.call("POST", "/admin/directory/v1/customer/my_customer/roleassignments", sent)).status).toBe(200);
		expect(await asking()).toBe(200);
	});

	it("is nobody in the name of a suspended administrator, or where the account's API access is off", async () => {
		const { tenant, read } = await tenantFor();
		const admin = [...tenant.state.users.values()].find(({ body }) => body.primaryEmail === tenant.state.admin);
		expect((await read(mine)).status).toBe(200);
		tenant.choices.apisOff = true;
		expect((await read(mine)).body.error.errors[0].reason).toBe("domainCannotUseApis");
		tenant.choices.apisOff = false;
		if (admin) admin.body.suspended = true;
		expect((await tokenOf(tenant)).body.error).toBe("invalid_grant");
		expect((await read(mine)).body.error.errors[0].reason).toBe("forbidden");
		await tenant.close();
	});

	it("is told to wait by 403 after too many filtered reports in a minute, with no header that says how long", async () => {
		const { tenant, read } = await tenantFor({ limits: "vendor" });
		const path = "/admin/reports/v1/activity/users/all/applications/admin?eventName=CREATE_USER";
		const answers = [];
		for (let at = 0; at < 251; at++) answers.push(await read(path));
		const last = answers.at(-1);
		expect(answers.slice(0, 250).every(({ status }) => status === 200)).toBe(true);
		expect([last?.status, last?.body.error.errors[0]]).toEqual([
			403,
			{ message: "User Rate Limit Exceeded", domain: "usageLimits", reason: "userRateLimitExceeded" },
		]);
		const names: string[] = [];
		last?.headers.forEach((_, name) => void names.push(name));
		expect(names.filter((name) => /retry|ratelimit/.test(name))).toEqual([]);
		expect((await read(mine)).status).toBe(200);
		tenant.advance(60_000);
		expect((await read(path)).status).toBe(200);
		await tenant.close();
	});
});
