import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { every, send, tenantFor, tokenOf } from "./test-workspace.js";

const users = "/admin/directory/v1/users";
const my = "/admin/directory/v1/customer/my_customer";

let one: Awaited<ReturnType<typeof tenantFor>>;
beforeEach(async () => {
	one = await tenantFor({ users: 60 });
});
afterEach(() => one.tenant.close());

const plain = () =>
	[...one.tenant.state.users.values()].find(
		(person) =>
			!person.deleted &&
			!person.body.suspended &&
			!person.body.archived &&
			person.body.isEnrolledIn2Sv &&
			!one.tenant.truth().accounts.find(({ id }) => id === person.id)?.privileged,
	)?.id ?? "";
const reason = (answer: { body: { error: { errors: { reason: string }[] } } }) => answer.body.error.errors[0]?.reason;

describe("a write on a user", () => {
	it("changes only what is sent, and leaves an event in the admin log", async () => {
		const id = plain();
		const before = (await one.read(`${users}/${id}`)).body;
		const { status, body } = await one.call("PUT", `${users}/${id}`, { suspended: true });
		expect([status, body.suspended, body.suspensionReason]).toEqual([200, true, "ADMIN"]);
		expect(body.etag).not.toBe(before.etag);
		expect({ ...body, etag: 0, suspended: 0, suspensionReason: 0, suspensionTime: 0 }).toEqual({
			...before,
			etag: 0,
			suspended: 0,
			suspensionReason: 0,
			suspensionTime: 0,
		});
		const log = await every(one.read, "/admin/reports/v1/activity/users/all/applications/admin?eventName=SUSPEND_USER", "items");
		expect(log[0]).toMatchObject({
			actor: { email: one.tenant.state.admin },
			events: [{ name: "SUSPEND_USER", parameters: [{ name: "USER_EMAIL", value: before.primaryEmail }] }],
		});
		const back = (await one.call("PATCH", `${users}/${id}`, { suspended: false })).body;
		expect(back).not.toHaveProperty("suspensionTime");
	});

	it("by the reading credential is refused", async () => {
		for (const [method, path, sent] of [
			["PUT", "", { suspended: true }],
			["DELETE", "", undefined],
			["POST", "/makeAdmin", { status: true }],
		] as const) {
			const answer = await one.readWith(method, `${users}/${plain()}${path}`, sent);
			expect([answer.status, reason(answer)]).toEqual([403, "insufficientPermissions"]);
		}
	});

	it("clears with null, replaces lists whole, and refuses what it cannot take", async () => {
		const id = plain();
		expect((await one.call("PUT", `${users}/${id}`, { externalIds: [{ type: "organization", value: "9" }] })).body.externalIds).toEqual([
			{ type: "organization", value: "9" },
		]);
		expect((await one.call("PUT", `${users}/${id}`, { externalIds: null })).body).not.toHaveProperty("externalIds");
		for (const sent of [{ suspended: "yes" }, { orgUnitPath: "/Nowhere" }, { password: "short" }])
			expect((await one.call("PUT", `${users}/${id}`, sent)).status).toBe(400);
		expect((await one.call("PUT", `${users}/${id}`, { suspended: true }, { "if-match": '"old"' })).status).toBe(412);
	});

	it("archives only while there are seats, and cannot lift Google's own suspension", async () => {
		const id = plain();
		one.tenant.choices.archiveSeats = 0;
		expect(reason(await one.call("PUT", `${users}/${id}`, { archived: true }))).toBe("insufficientArchivedUserLicenses");
		one.tenant.choices.archiveSeats = 99;
		expect((await one.call("PUT", `${users}/${id}`, { archived: true })).body).toMatchObject({ archived: true, suspended: false });
		await one.call("PUT", `${users}/${id}`, { suspended: true });
		const person = one.tenant.state.users.get(id);
		if (person) person.body.suspensionReason = "ABUSE";
		expect((await one.call("PUT", `${users}/${id}`, { suspended: false })).status).toBe(412);
	});

	it("deletes, and restores by id within 20 days", async () => {
		const id = plain();
		expect((await one.call("DELETE", `${users}/${id}`)).status).toBe(204);
		expect((await one.read(`${users}/${id}`)).status).toBe(404);
		expect((await one.call("POST", `${users}/${id}/undelete`, { orgUnitPath: "/" })).status).toBe(204);
		expect((await one.read(`${users}/${id}`)).body.orgUnitPath).toBe("/");
		await one.call("DELETE", `${users}/${id}`);
		const listed = async () => {
			const token = (await tokenOf(one.tenant)).body.access_token;
			const { body } = await send(one.tenant, "GET", `${users}?customer=my_customer&showDeleted=true`, undefined, { authorization: `Bearer ${token}` });
			return ((body.users ?? []) as { id: string }[]).some((user) => user.id === id);
		};
		expect(await listed()).toBe(true);
		one.tenant.advance(21 * 86_400_000);
		expect(await listed()).toBe(false);
		const token = (await tokenOf(one.tenant, { which: "act" })).body.access_token;
		const late = await send(one.tenant, "POST", `${users}/${id}/undelete`, { orgUnitPath: "/" }, { authorization: `Bearer ${token}` });
		expect(late.status).toBe(404);
	});

	it("inserts, refuses an address that is taken, and needs a while before it can be changed", async () => {
		one.tenant.choices.settleMs = 5000;
		const sent = { primaryEmail: "new.person@tenant-7.example", name: { givenName: "New", familyName: "Person" }, password: "long enough, this" };
		const { status, body } = await one.call("POST", users, sent);
		expect([status, body.isAdmin, body.lastLoginTime]).toEqual([200, false, "1970-01-01T00:00:00.000Z"]);
		expect(JSON.stringify(body)).not.toContain("long enough");
		expect(reason(await one.call("POST", users, sent))).toBe("duplicate");
		expect((await one.call("PUT", `${users}/${body.id}`, { archived: true })).body.error.message).toBe("User creation is not complete.");
		one.tenant.advance(5001);
		expect((await one.call("PUT", `${users}/${body.id}`, { suspended: true })).status).toBe(200);
	});

	it("makes and unmakes a super administrator, but not oneself", async () => {
		const id = plain();
		expect((await one.call("POST", `${users}/${id}/makeAdmin`, { status: true })).status).toBe(204);
		expect((await one.read(`${users}/${id}`)).body.isAdmin).toBe(true);
		expect((await one.read(`${my}/roleassignments?userKey=${id}`)).body.items).toHaveLength(1);
		expect((await one.call("POST", `${users}/${id}/makeAdmin`, { status: false })).status).toBe(204);
		expect((await one.read(`${users}/${id}`)).body.isAdmin).toBe(false);
		expect((await one.call("POST", `${users}/${one.tenant.state.admin}/makeAdmin`, { status: false })).status).toBe(403);
	});
});

describe("a write on what belongs to a user", () => {
	it("signs out, turns the second factor off, and takes grants and app passwords away", async () => {
		const id = plain();
		const person = one.tenant.state.users.get(id);
		if (person) Object.assign(person, { apps: 2, appPasswords: 1 });
		expect((await one.call("POST", `${users}/${id}/signOut`)).status).toBe(204);
		const [token] = (await one.read(`${users}/${id}/tokens`)).body.items;
		expect((await one.call("DELETE", `${users}/${id}/tokens/${token.clientId}`)).status).toBe(204);
		expect((await one.read(`${users}/${id}/tokens`)).body.items).toHaveLength(1);
		expect((await one.call("DELETE", `${users}/${id}/tokens/${token.clientId}`)).status).toBe(404);
		expect((await one.call("DELETE", `${users}/${id}/asps/0`)).status).toBe(204);
		expect((await one.read(`${users}/${id}/asps`)).body).not.toHaveProperty("items");
		await one.call("POST", `${users}/${id}/verificationCodes/generate`);
		expect((await one.read(`${users}/${id}/verificationCodes`)).body.items).toHaveLength(10);
		await one.call("POST", `${users}/${id}/verificationCodes/invalidate`);
		expect((await one.read(`${users}/${id}/verificationCodes`)).body).not.toHaveProperty("items");
		expect((await one.call("POST", `${users}/${id}/twoStepVerification/turnOff`)).status).toBe(204);
		expect((await one.read(`${users}/${id}`)).body.isEnrolledIn2Sv).toBe(false);
		expect(reason(await one.call("POST", `${users}/${id}/twoStepVerification/turnOff`))).toBe("invalid");
		one.tenant.reset();
		expect((await one.read(`${users}/${id}`)).status).toBe(401);
	});

	it("assigns and removes a role", async () => {
		const id = plain();
		const role = [...one.tenant.state.roles.values()].find(({ roleName }) => roleName === "_HELP_DESK_ADMIN_ROLE")?.roleId;
		const made = (await one.call("POST", `${my}/roleassignments`, { roleId: role, assignedTo: id, scopeType: "CUSTOMER" })).body;
		expect((await one.read(`${users}/${id}`)).body).toMatchObject({ isAdmin: false, isDelegatedAdmin: true });
		expect((await one.call("POST", `${my}/roleassignments`, { roleId: role, assignedTo: id, scopeType: "CUSTOMER" })).status).toBe(409);
		expect((await one.call("DELETE", `${my}/roleassignments/${made.roleAssignmentId}`)).status).toBe(204);
		expect((await one.read(`${my}/roleassignments/${made.roleAssignmentId}`)).status).toBe(404);
	});

	it("is seen late when reads lag", async () => {
		one.tenant.knobs.lagMs = 60_000;
		const id = plain();
		await one.call("PUT", `${users}/${id}`, { suspended: true });
		expect((await one.read(`${users}/${id}`)).body.suspended).toBe(false);
		one.tenant.advance(60_001);
		expect((await one.read(`${users}/${id}`)).body.suspended).toBe(true);
	});
});
