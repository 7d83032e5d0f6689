import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { every, tenantFor } from "./test-workspace.js";

const groups = "/admin/directory/v1/groups";

let one: Awaited<ReturnType<typeof tenantFor>>;
beforeAll(async () => {
	one = await tenantFor({ users: 620 });
});
afterAll(() => one.tenant.close());
let id: (name: string) => string;
beforeEach(() => {
	id = (name) => [...one.tenant.state.groups.values()].find(({ body }) => body.email === `${name}@tenant-7.example`)?.id ?? "";
});

describe("groups", () => {
	it("are listed by customer, domain or member", async () => {
		const all = await every(one.read, `${groups}?customer=my_customer&maxResults=20`, "groups");
		expect(all.map((group) => group.id).sort()).toEqual(one.tenant.truth().groups.sort());
		expect(all.every(({ directMembersCount }) => typeof directMembersCount === "string")).toBe(true);
		expect((await one.read(groups)).status).toBe(400);
		const [group] = all.filter(({ directMembersCount }) => directMembersCount !== "0");
		const [member] = [...(one.tenant.state.groups.get(group?.id)?.members.values() ?? [])];
		const of = await every(one.read, `${groups}?customer=my_customer&userKey=${member?.id}`, "groups");
		expect(of.map((found) => found.id)).toContain(group?.id);
		expect((await one.read(`${groups}?customer=my_customer&query=colour=red`)).status).toBe(400);
		expect((await one.read(`${groups}?customer=my_customer&query=email:team-1*`)).body.groups.length).toBeGreaterThan(1);
	});

	it("give all direct members past a page of 200, whatever is asked for", async () => {
		const all = [...one.tenant.state.groups.values()];
		const seen: string[] = [];
		for (const group of all)
			for (const member of await every(one.read, `${groups}/${group.id}/members?maxResults=1000`, "members"))
				if (member.type !== "CUSTOMER") seen.push(`${group.id}/${member.id || member.email}`);
		expect(seen.sort()).toEqual(one.tenant.truth().memberships.sort());
	});

	it("have members of every type: everybody has no address, outsiders no status", async () => {
		const [everybody] = (await one.read(`${groups}/${id("everyone")}/members`)).body.members;
		expect(everybody).toEqual({ kind: "admin#directory#member", etag: expect.any(String), id: one.tenant.state.customer.id, role: "MEMBER", type: "CUSTOMER" });
		const outside = (await one.read(`${groups}/${id("partners")}/members`)).body.members;
		for (const member of outside) expect([member.type, "status" in member]).toEqual(["EXTERNAL", false]);
		expect((await one.read(`${groups}/${id("partners")}/hasMember/pat@partner.example`)).body.error.message).toBe("Invalid Input: memberKey");
		expect((await one.read(`${groups}/${id("partners")}/members/pat@partner.example`)).body.delivery_settings).toBe("ALL_MAIL");
	});

	it("tell inner members on request, through a ring, and may leave some out", async () => {
		const path = `${groups}/${id("all-departments")}/members?includeDerivedMembership=true`;
		const whole = (await every(one.read, path, "members")).length;
		expect(whole).toBeGreaterThan(500);
		one.tenant.choices.derivedLossy = true;
		expect((await every(one.read, path, "members")).length).toBeLessThan(whole);
		one.tenant.choices.derivedLossy = false;
	});
});

describe("settings of a group", () => {
	it("come as Atom unless JSON is asked for, truth values as strings", async () => {
		const path = `/groups/v1/groups/${encodeURIComponent("partners@tenant-7.example")}`;
		const { tenant, read, call } = await tenantFor();
		const atom = await read(path);
		expect(atom.headers.get("content-type")).toMatch(/^application\/atom\+xml/);
		expect(atom.body).toContain("<apps:allowExternalMembers>true</apps:allowExternalMembers>");
		expect((await read(`${path}?alt=json`)).body).toMatchObject({
			kind: "groupsSettings#groups",
			allowExternalMembers: "true",
			whoCanJoin: "ANYONE_CAN_JOIN",
			maxMessageBytes: 26_214_400,
		});
		expect((await call("PATCH", `${path}?alt=json`, { whoCanJoin: "INVITED_CAN_JOIN" })).body.whoCanJoin).toBe("INVITED_CAN_JOIN");
		expect((await call("PATCH", `${path}?alt=json`, { whoCanJoin: "MAYBE" })).status).toBe(400);
		await tenant.close();
	});
});

describe("writes on groups", () => {
	it("add, change and remove members; a dynamic group refuses", async () => {
		const { tenant, read, call } = await tenantFor({ users: 60 });
		const group = (await call("POST", groups, { email: "fresh@tenant-7.example", name: "Fresh" })).body;
		const members = `${groups}/${group.id}/members`;
		const user = [...tenant.state.users.keys()][5];
		expect((await call("POST", members, { id: user, role: "MEMBER" })).body).toMatchObject({ id: user, type: "USER", status: "ACTIVE" });
		expect((await call("POST", members, { id: user })).status).toBe(409);
		expect((await call("POST", members, { email: "friend@partner.example" })).body.type).toBe("EXTERNAL");
		expect((await call("PATCH", `${members}/${user}`, { role: "OWNER" })).body.role).toBe("OWNER");
		expect((await read(`${groups}/${group.id}`)).body.directMembersCount).toBe("2");
		expect((await call("DELETE", `${members}/${user}`)).status).toBe(204);
		expect((await call("DELETE", `${members}/${user}`)).body.error.message).toBe("Resource Not Found: memberKey");
		const dynamic = [...tenant.state.groups.values()].find((row) => row.dynamic !== null);
		expect((await call("DELETE", `${groups}/${dynamic?.id}/members/${[...(dynamic?.members.keys() ?? [])][0]}`)).status).toBe(403);
		expect((await call("DELETE", `${groups}/${group.id}`)).status).toBe(204);
		expect((await read(`${groups}/${group.id}`)).status).toBe(404);
		await tenant.close();
	});
});

describe("groups of Cloud Identity", () => {
	it("are searched by the customer's real id and tell when a membership ends", async () => {
		const search = (query: string) => `/v1/groups:search?query=${encodeURIComponent(query)}`;
		const customer = one.tenant.state.customer.id;
		expect((await one.read(search("parent == 'customers/my_customer'"))).status).toBe(403);
		const found = await every(one.read, search(`parent == 'customers/${customer}' && 'cloudidentity.googleapis.com/groups.security' in labels`), "groups");
		expect(found.map(({ name }) => name)).toEqual([`groups/${id("admins-desk")}`]);
		const memberships = await every(one.read, `/v1/groups/${id("leaders")}/memberships?view=FULL`, "memberships");
		expect(memberships.some(({ roles }) => roles[0].expiryDetail?.expireTime)).toBe(true);
		expect((await one.read(`/v1/groups/${id("leaders")}/memberships?pageSize=501&view=FULL`)).body.error.status).toBe("INVALID_ARGUMENT");
	});

	it("search transitively only in the larger editions", async () => {
		const path = `/v1/groups/${id("all-departments")}/memberships:searchTransitiveMemberships?pageSize=1000`;
		expect((await one.read(path)).body.memberships.length).toBeGreaterThan(500);
		one.tenant.choices.edition = "business";
		expect((await one.read(path)).body.error.status).toBe("PERMISSION_DENIED");
		one.tenant.choices.edition = "enterprise";
	});
});
