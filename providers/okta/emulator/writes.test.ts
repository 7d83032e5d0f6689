import type { GroupRule } from "@okta/okta-sdk-nodejs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Emulator, emptyTenant, startEmulator, type TenantState } from "../emulator.js";
import { makeApp, makeCustomRole, makeFactor, makeGroup, makePolicy, makeRole, makeUser } from "./build.js";
import type { Wire } from "./state.js";
import { type Client, clientOf } from "./test-client.js";

let emulator: Emulator;
let state: TenantState;
let at: Client;
let user: string;

beforeEach(async () => {
	state = emptyTenant();
	user = makeUser(state, "u@corp.example", { profile: { department: "Sales" } });
	emulator = await startEmulator({ state, limits: "off" });
	at = clientOf(emulator.url);
});
afterEach(() => emulator.close());

const statusOf = async (id = user): Promise<string> => (await at(`GET /api/v1/users/${id}`)).body.status;
const events = async (): Promise<string[]> => (await at("GET /api/v1/logs?limit=1000")).body.map((event: { eventType: string }) => event.eventType);

describe("user lifecycle", () => {
	it("suspends only the active, and back", async () => {
		expect((await at(`POST /api/v1/users/${user}/lifecycle/suspend`)).body).toEqual({});
		expect(await statusOf()).toBe("SUSPENDED");
		const again = await at(`POST /api/v1/users/${user}/lifecycle/suspend`);
		expect([again.status, again.body.errorCode]).toEqual([400, "E0000001"]);
		await at(`POST /api/v1/users/${user}/lifecycle/unsuspend`);
		expect(await statusOf()).toBe("ACTIVE");
		expect(await events()).toEqual(["user.lifecycle.suspend", "user.lifecycle.unsuspend"]);
	});

	it("deactivates at once, or later when asked, and takes assignments and factors along", async () => {
		const app = makeApp(state, "Wiki");
		state.appUsers.get(app)?.set(user, { id: user });
		makeFactor(state, user, "push");
		await at(`POST /api/v1/users/${user}/lifecycle/deactivate`, undefined, { prefer: "respond-async" });
		expect((await at(`GET /api/v1/users/${user}`)).body).toMatchObject({ status: "ACTIVE", transitioningToStatus: "DEPROVISIONED" });
		emulator.advance(3000);
		const done = (await at(`GET /api/v1/users/${user}`)).body;
		expect([done.status, "transitioningToStatus" in done]).toEqual(["DEPROVISIONED", false]);
		expect([state.appUsers.get(app)?.size, state.factors.get(user)]).toEqual([0, []]);
		expect((await at(`POST /api/v1/users/${user}/lifecycle/deactivate`)).status).toBe(403);
	});

	it("activates a deactivated user as a bare account", async () => {
		await at(`POST /api/v1/users/${user}/lifecycle/deactivate`);
		const token = (await at(`POST /api/v1/users/${user}/lifecycle/activate?sendEmail=false`)).body;
		expect(token.activationUrl).toContain(token.activationToken);
		emulator.advance(3000);
		expect(await statusOf()).toBe("PROVISIONED");
	});

	it("needs two deletes for a live user", async () => {
		expect((await at(`DELETE /api/v1/users/${user}`)).status).toBe(204);
		expect(await statusOf()).toBe("DEPROVISIONED");
		await at(`DELETE /api/v1/users/${user}`);
		expect((await at(`GET /api/v1/users/${user}`)).status).toBe(404);
	});

	it("expires and resets passwords, unlocks only the locked, clears factors and sessions", async () => {
		expect((await at(`POST /api/v1/users/${user}/lifecycle/unlock`)).body.errorCode).toBe("E0000032");
		expect((await at(`POST /api/v1/users/${user}/lifecycle/expire_password`)).body.status).toBe("PASSWORD_EXPIRED");
		expect((await at(`POST /api/v1/users/${user}/lifecycle/reset_password`)).body.errorCode).toBe("E0000028");
		expect((await at(`POST /api/v1/users/${user}/lifecycle/reset_password?sendEmail=false`)).body.resetPasswordUrl).toContain(emulator.url);
		expect(await statusOf()).toBe("RECOVERY");
		makeFactor(state, user, "sms");
		state.sessions.set(user, [{ id: "s", created: "2025-01-01T00:00:00.000Z" }]);
		state.refreshTokens = new Map([[user, [{ id: "r" }]]]);
		await at(`POST /api/v1/users/${user}/lifecycle/reset_factors`);
		expect((await at(`GET /api/v1/users/${user}/factors`)).body).toEqual([]);
		await at(`DELETE /api/v1/users/${user}/sessions`);
		expect([state.sessions.has(user), state.refreshTokens.has(user)]).toEqual([false, true]);
		await at(`DELETE /api/v1/users/${user}/sessions?oauthTokens=true`);
		expect(state.refreshTokens.has(user)).toBe(false);
	});

	it("removes the whole of Okta Verify with push, and one factor otherwise", async () => {
		const push = makeFactor(state, user, "push");
		makeFactor(state, user, "token:software:totp");
		const sms = makeFactor(state, user, "sms");
		expect((await at(`DELETE /api/v1/users/${user}/factors/${push}`)).status).toBe(204);
		expect((await at(`GET /api/v1/users/${user}/factors`)).body.map((factor: { id: string }) => factor.id)).toEqual([sms]);
		expect((await at(`DELETE /api/v1/users/${user}/factors/${push}`)).status).toBe(404);
	});
});

describe("saving users", () => {
	it("merges on POST, replaces on PUT, and keeps logins unique", async () => {
		expect((await at(`POST /api/v1/users/${user}`, { profile: { title: "Clerk" } })).body.profile).toMatchObject({ department: "Sales", title: "Clerk" });
		const profile = { login: "u@corp.example", email: "u@corp.example" };
		expect((await at(`PUT /api/v1/users/${user}`, { profile })).body.profile).toEqual(profile);
		const twice = await at("POST /api/v1/users", { profile });
		expect([twice.status, twice.body.errorCauses[0].errorSummary]).toEqual([
			400,
			"login: An object with this field already exists in the current organization",
		]);
		const made = (await at("POST /api/v1/users?activate=false", { profile: { login: "new@corp.example", email: "new@corp.example" } })).body;
		expect(await statusOf(made.id)).toBe("STAGED");
	});

	it("holds to the entity tag", async () => {
		const tag = (await at(`GET /api/v1/users/${user}`)).headers.get("etag") ?? "";
		expect((await at(`POST /api/v1/users/${user}`, { profile: { title: "A" } }, { "if-match": tag })).status).toBe(200);
		const stale = await at(`POST /api/v1/users/${user}`, { profile: { title: "B" } }, { "if-match": tag });
		expect([stale.status, stale.body.errorCode]).toEqual([412, "E0000231"]);
	});

	it("fails on characters of four bytes and wants a length", async () => {
		const smile = await at(`POST /api/v1/users/${user}`, { profile: { title: "😀" } });
		expect([smile.status, smile.body.errorCode]).toEqual([500, "E0000009"]);
		expect((await at(`POST /api/v1/users/${user}`, { profile: { title: "Ünïcödé 漢字" } })).status).toBe(200);
		const { request } = await import("node:http");
		const status = await new Promise((resolve) => {
			const sent = request(
				`${emulator.url}/api/v1/users/${user}/lifecycle/suspend`,
				{ method: "POST", headers: { authorization: "SSWS 00emulator-token" } },
				(got) => resolve(got.statusCode),
			);
			sent.removeHeader("content-length");
			sent.removeHeader("transfer-encoding");
			sent.useChunkedEncodingByDefault = false;
			sent.end();
		});
		expect(status).toBe(411);
	});
});

describe("groups, rules and roles", () => {
	function rule(groupId: string): string {
		const expression = { value: 'user.department=="Sales"', type: "urn:okta:expression:1.0" };
		const body = { id: "0pr1", name: "Sales", status: "ACTIVE", conditions: { expression }, actions: { assignUserToGroups: { groupIds: [groupId] } } };
		state.groupRules.set("0pr1", body as unknown as Wire<GroupRule>);
		return "0pr1";
	}

	it("adds and removes members of Okta groups only, again and again", async () => {
		const group = makeGroup(state, "Own");
		for (const [method, size] of [
			["PUT", 1],
			["PUT", 1],
			["DELETE", 0],
			["DELETE", 0],
		] as const) {
			expect((await at(`${method} /api/v1/groups/${group}/users/${user}`)).status).toBe(204);
			expect((await at(`GET /api/v1/groups/${group}/users`)).body).toHaveLength(size);
		}
		expect((await events()).filter((type) => type.startsWith("group."))).toEqual(["group.user_membership.add", "group.user_membership.remove"]);
		const foreign = makeGroup(state, "Directory", [user], "APP_GROUP");
		const builtIn = makeGroup(state, "Everyone", [], "BUILT_IN");
		expect((await at(`DELETE /api/v1/groups/${foreign}/users/${user}`)).status).toBe(403);
		expect((await at(`DELETE /api/v1/groups/${builtIn}/users/${user}`)).status).toBe(501);
	});

	it("excludes a user taken out by hand from the rule, or has the rule put him back", async () => {
		const group = makeGroup(state, "Sales", [user]);
		const id = rule(group);
		emulator.knobs.ruleOnRemoval = "put-back";
		await at(`DELETE /api/v1/groups/${group}/users/${user}`);
		expect((await at(`GET /api/v1/groups/${group}/users`)).body).toHaveLength(1);
		emulator.knobs.ruleOnRemoval = "exclude";
		await at(`DELETE /api/v1/groups/${group}/users/${user}`);
		expect((await at(`GET /api/v1/groups/${group}/users`)).body).toHaveLength(0);
		expect((await at(`GET /api/v1/groups/rules/${id}`)).body.conditions.people.users.exclude).toEqual([user]);
	});

	it("moves users when a profile changes, but leaves members put in by hand", async () => {
		const group = makeGroup(state, "Sales");
		rule(group);
		const byHand = makeUser(state, "hand@corp.example", { profile: { department: "Legal" } });
		await at(`PUT /api/v1/groups/${group}/users/${byHand}`);
		await at(`POST /api/v1/users/${user}`, { profile: { title: "x" } });
		await at(`POST /api/v1/users/${byHand}`, { profile: { title: "x" } });
		expect(state.members.get(group)).toEqual(new Set([byHand, user]));
		await at(`POST /api/v1/users/${user}`, { profile: { department: "Legal" } });
		expect(state.members.get(group)).toEqual(new Set([byHand]));
	});

	it("grants and revokes roles by the id of the assignment", async () => {
		const made = await at(`POST /api/v1/users/${user}/roles`, { type: "HELP_DESK_ADMIN" });
		expect(made.status).toBe(201);
		expect((await at(`POST /api/v1/users/${user}/roles`, { type: "HELP_DESK_ADMIN" })).status).toBe(409);
		expect((await at(`DELETE /api/v1/users/${user}/roles/HELP_DESK_ADMIN`)).status).toBe(404);
		expect((await at(`DELETE /api/v1/users/${user}/roles/${made.body.id}`)).status).toBe(204);
		expect((await at(`GET /api/v1/users/${user}/roles/${made.body.id}`)).status).toBe(404);
		expect(await events()).toEqual(["user.account.privilege.grant", "user.account.privilege.revoke"]);
	});
});

it("takes a member out of a binding, a grant from a user, and a token from its owner", async () => {
	const assignment = makeRole(state, "user", user, "CUSTOM", makeCustomRole(state, "Creator", ["okta.users.create"]));
	const [{ role, resourceSet } = {}] = state.roles;
	const member = `/api/v1/iam/resource-sets/${resourceSet}/bindings/${role}/members/${assignment}`;
	expect([(await at(`GET ${member}`)).status, (await at(`DELETE ${member}`)).status, (await at(`GET ${member}`)).status]).toEqual([200, 204, 404]);
	state.userGrants.set(user, [
		{ id: "oag1", scopeId: "openid", clientId: "0oa1" },
		{ id: "oag2", scopeId: "email", clientId: "0oa1" },
	]);
	await at(`DELETE /api/v1/users/${user}/grants/oag1`);
	expect((await at(`GET /api/v1/users/${user}/grants`)).body.map((grant: { id: string }) => grant.id)).toEqual(["oag2"]);
	await at(`DELETE /api/v1/users/${user}/grants`);
	expect((await at(`GET /api/v1/users/${user}/grants`)).body).toEqual([]);
	state.apiTokens.set("00T1", { id: "00T1", name: "Old", userId: user });
	expect([(await at("DELETE /api/v1/api-tokens/00T1")).status, (await at("GET /api/v1/api-tokens/00T1")).status]).toEqual([204, 404]);
	expect(emulator.requests.filter((request) => request.failure !== undefined)).toEqual([]);
});

it("replaces policies and rules whole, and keeps what is the server's", async () => {
	const id = makePolicy(state, "PASSWORD", "Password", { settings: { password: { age: { maxAgeDays: 0 } } } }, [{ name: "One" }, { name: "Two" }]);
	const before = (await at(`GET /api/v1/policies/${id}`)).body;
	const settings = { password: { age: { maxAgeDays: 90 } } };
	const after = (await at(`PUT /api/v1/policies/${id}`, { ...before, id: "other", settings })).body;
	expect(after).toEqual({ ...before, settings, lastUpdated: after.lastUpdated });
	expect((await at(`PUT /api/v1/policies/${id}`, { name: "x", type: "OKTA_SIGN_ON" })).status).toBe(400);
	const [one, two] = (await at(`GET /api/v1/policies/${id}/rules`)).body;
	await at(`PUT /api/v1/policies/${id}/rules/${two.id}`, { ...two, priority: 1 });
	expect((await at(`GET /api/v1/policies/${id}/rules`)).body.map((rule: { id: string }) => rule.id)).toEqual([two.id, one.id]);
});

it("takes everything back on reset", async () => {
	const group = makeGroup(state, "Own", []);
	makeRole(state, "user", user, "USER_ADMIN");
	const before = structuredClone({ users: state.users, members: state.members, roles: state.roles, log: state.log, groups: state.groups });
	await at(`PUT /api/v1/groups/${group}/users/${user}`);
	await at("POST /api/v1/users", { profile: { login: "new@corp.example", email: "new@corp.example" } });
	await at(`POST /api/v1/users/${user}/lifecycle/deactivate`);
	await at(`DELETE /api/v1/users/${user}`);
	emulator.reset();
	expect({ users: state.users, members: state.members, roles: state.roles, log: state.log, groups: state.groups }).toEqual(before);
	expect((await at("GET /api/v1/users")).body).toHaveLength(1);
});

it("finds users by login after every change of it", async () => {
	expect((await at("GET /api/v1/users/u%40corp.example")).body.id).toBe(user);
	await at(`POST /api/v1/users/${user}`, { profile: { login: "renamed@corp.example" } });
	expect((await at("GET /api/v1/users/u%40corp.example")).status).toBe(404);
	expect((await at("GET /api/v1/users/renamed%40corp.example")).body.id).toBe(user);
	const profile = { login: "u@corp.example", email: "u@corp.example" };
	const made = (await at("POST /api/v1/users", { profile })).body.id;
	expect((await at("GET /api/v1/users/u%40corp.example")).body.id).toBe(made);
	for (const _ of [1, 2]) await at(`DELETE /api/v1/users/${made}`);
	expect((await at("GET /api/v1/users/u%40corp.example")).status).toBe(404);
});
