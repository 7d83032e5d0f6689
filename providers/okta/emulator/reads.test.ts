import { afterEach, describe, expect, it } from "vitest";
import { type Emulator, emptyTenant, startEmulator } from "../emulator.js";
import { BUILT_AT, makeApp, makeCustomRole, makeFactor, makeGroup, makePolicy, makeRole, makeUser } from "./build.js";
import { all, clientOf } from "./test-client.js";

let emulator: Emulator;
afterEach(() => emulator.close());

async function start(state = emptyTenant()) {
	emulator = await startEmulator({ state, limits: "off", clock: () => BUILT_AT });
	return clientOf(emulator.url);
}

const q = encodeURIComponent;

describe("users", () => {
	it("come in pages of at most 200, each once, without deactivated ones", async () => {
		const state = emptyTenant();
		for (let i = 0; i < 450; i++) makeUser(state, `u${i}@corp.example`, i % 10 === 0 ? { status: "DEPROVISIONED" } : {});
		const at = await start(state);
		const { rows, pages } = await all(at, "/api/v1/users?limit=500");
		expect([rows.length, new Set(rows.map((row) => row.id)).size, pages]).toEqual([405, 405, 3]);
		expect((await all(at, `/api/v1/users?search=${q("status pr")}`)).rows).toHaveLength(450);
		expect((await all(at, `/api/v1/users?filter=${q('status eq "DEPROVISIONED"')}&limit=7`)).rows).toHaveLength(45);
	});

	it("stay complete while others are created and deleted between pages", async () => {
		const state = emptyTenant();
		const ids = Array.from({ length: 50 }, (_, i) => makeUser(state, `u${i}@corp.example`));
		const at = await start(state);
		const first = await at("GET /api/v1/users?limit=20");
		const gone = first.body[3].id;
		for (const _ of [1, 2]) await at(`DELETE /api/v1/users/${gone}`);
		const rest = await all(at, first.next ?? "");
		const seen = new Set([...first.body, ...rest.rows].map((row: { id: string }) => row.id));
		expect(ids.filter((id) => !seen.has(id))).toEqual([]);
	});

	it("are found by id, by login in any case, by the part before @, and not otherwise", async () => {
		const state = emptyTenant();
		const id = makeUser(state, "Ada.Lovelace@corp.example");
		const at = await start(state);
		for (const key of [id, "ada.lovelace%40CORP.example", "ada.lovelace"]) expect((await at(`GET /api/v1/users/${key}`)).body.id).toBe(id);
		const missing = await at("GET /api/v1/users/00uAAAAAAAAAAAAAAAAA");
		expect([missing.status, missing.body.errorCode]).toEqual([404, "E0000007"]);
	});

	it.each([
		['profile.department eq "Sales"', 2],
		['profile.login sw "a"', 1],
		['created gt "2025-01-01T00:00:00.000Z" and created lt "2025-02-01T00:00:00.000Z"', 3],
		['lastUpdated gt "2025-02-01T00:00:00.000Z"', 0],
		['(status lt "ACTIVE" or status gt "ACTIVE")', 1],
		['profile.department eq "sales" and (profile.login sw "b" or profile.login sw "c")', 1],
	])("search %s finds %i", async (search, count) => {
		const state = emptyTenant();
		makeUser(state, "alan@corp.example", { profile: { department: "Sales" } });
		makeUser(state, "betty@corp.example", { profile: { department: "Sales" } });
		makeUser(state, "carl@corp.example", { status: "SUSPENDED" });
		const at = await start(state);
		expect((await at(`GET /api/v1/users?search=${q(search)}`)).body).toHaveLength(count);
	});

	it.each(['status ne "ACTIVE"', "status", 'status eq "ACTIVE', "(status pr", 'status eq "A" xor id pr'])("search %s is refused", async (search) => {
		const answer = await (await start())(`GET /api/v1/users?search=${q(search)}`);
		expect([answer.status, answer.body.errorCode]).toEqual([400, "E0000031"]);
	});

	it("have factors, unless deactivated", async () => {
		const state = emptyTenant();
		const live = makeUser(state, "live@corp.example");
		const gone = makeUser(state, "gone@corp.example", { status: "DEPROVISIONED" });
		makeFactor(state, live, "webauthn");
		const at = await start(state);
		expect((await at(`GET /api/v1/users/${live}/factors`)).body[0]).toMatchObject({ factorType: "webauthn", status: "ACTIVE" });
		const refused = await at(`GET /api/v1/users/${gone}/factors`);
		expect([refused.status, refused.body.errorCode]).toEqual([404, "E0000007"]);
	});
});

describe("groups and roles", () => {
	it("keep roles of groups out of a user's own, and out of the assignees", async () => {
		const state = emptyTenant();
		const user = makeUser(state, "u@corp.example");
		const other = makeUser(state, "o@corp.example");
		const group = makeGroup(state, "Admins", [user]);
		makeRole(state, "group", group, "ORG_ADMIN");
		const { role, resourceSet } = makeCustomRole(state, "Creator", ["okta.users.create"], ["orn:okta:directory:o:users"]);
		const assignment = makeRole(state, "user", other, "CUSTOM", { role, resourceSet });
		const at = await start(state);
		expect((await at(`GET /api/v1/users/${user}/roles`)).body).toEqual([]);
		expect((await at(`GET /api/v1/groups/${group}/roles`)).body).toMatchObject([{ type: "ORG_ADMIN", assignmentType: "GROUP" }]);
		expect((await at("GET /api/v1/iam/assignees/users")).body.value.map((row: { id: string }) => row.id)).toEqual([other]);
		const members = await at(`GET /api/v1/iam/resource-sets/${resourceSet}/bindings/${role}/members`);
		expect(members.body.members).toMatchObject([{ id: assignment, _links: { self: { href: `${emulator.url}/api/v1/users/${other}` } } }]);
		expect((await at(`GET /api/v1/iam/roles/Creator/permissions`)).body.permissions).toMatchObject([{ label: "okta.users.create" }]);
	});

	it("page through assignees in the body", async () => {
		const state = emptyTenant();
		const ids = Array.from({ length: 250 }, (_, i) => makeUser(state, `u${i}@corp.example`));
		for (const id of ids) makeRole(state, "user", id, "READ_ONLY_ADMIN");
		const at = await start(state);
		const seen: string[] = [];
		for (let next: string | undefined = "/api/v1/iam/assignees/users"; next !== undefined; ) {
			const { body } = await at(`GET ${next}`);
			seen.push(...body.value.map((row: { id: string }) => row.id));
			next = body._links.next?.href;
		}
		expect(seen.sort()).toEqual(ids.sort());
	});

	it("count everybody in Everyone and list deactivated members too", async () => {
		const state = emptyTenant();
		const gone = makeUser(state, "gone@corp.example", { status: "DEPROVISIONED" });
		const live = makeUser(state, "live@corp.example");
		const everyone = makeGroup(state, "Everyone", [], "BUILT_IN");
		const group = makeGroup(state, "Both", [gone, live]);
		const at = await start(state);
		expect((await at(`GET /api/v1/groups/${everyone}?expand=stats`)).body._embedded.stats.usersCount).toBe(2);
		expect((await all(at, `/api/v1/groups/${group}/users?limit=1`)).rows.map((row) => row.id).sort()).toEqual([gone, live].sort());
		expect((await at(`GET /api/v1/users/${live}/groups`)).body.map((row: { id: string }) => row.id).sort()).toEqual([everyone, group].sort());
	});
});

describe("the rest", () => {
	it("serves policies by type and rules in order of priority", async () => {
		const state = emptyTenant();
		makePolicy(state, "PASSWORD", "Password");
		const id = makePolicy(state, "OKTA_SIGN_ON", "Sign-on", {}, [{ name: "first" }, { name: "second" }]);
		const at = await start(state);
		expect((await at("GET /api/v1/policies?type=OKTA_SIGN_ON")).body.map((policy: { id: string }) => policy.id)).toEqual([id]);
		expect((await at(`GET /api/v1/policies/${id}/rules`)).body.map((rule: { name: string }) => rule.name)).toEqual(["first", "second"]);
		expect((await at("GET /api/v1/policies")).body.errorCode).toBe("E0000028");
		expect((await at("GET /api/v1/policies?type=NONE")).status).toBe(400);
	});

	it("embeds the user in an app's users when asked", async () => {
		const state = emptyTenant();
		const user = makeUser(state, "u@corp.example");
		const app = makeApp(state, "Wiki");
		state.appUsers.get(app)?.set(user, { id: user, scope: "USER", status: "ACTIVE" });
		const at = await start(state);
		expect((await at(`GET /api/v1/apps/${app}/users?expand=user`)).body[0]._embedded.user.profile.login).toBe("u@corp.example");
		expect((await at("GET /api/v1/apps?q=Wi")).body).toHaveLength(1);
	});

	it("answers unknown paths with 404 and unserved methods with 405", async () => {
		const at = await start();
		expect([(await at("GET /api/v1/nothing")).status, (await at("DELETE /api/v1/users")).body.errorCode]).toEqual([404, "E0000022"]);
	});
});
