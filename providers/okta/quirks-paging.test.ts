import { afterEach, describe, expect, it } from "vitest";
import { testServer } from "../../src/provider/test-server.js";
import { openStore } from "../../src/store/open.js";
import { makeGroup, makeRole, makeUser } from "./emulator/build.js";
import { closeQuirkOrgs, quirkOrg, smallTenant } from "./test-quirks.js";

afterEach(closeQuirkOrgs);

describe("Okta's pages", () => {
	it("may lead to another host, behind a proxy or custom domain: no token goes there, and the list is not whole", async () => {
		const stranger = await testServer((_seen, response) => void response.end("[]"));
		const org = await quirkOrg({ state: smallTenant(450) });
		org.emulator.knobs.faults = [{ do: "foreign-next", origin: stranger.url, path: /\/api\/v1\/users\?/ }];
		const read = await org.scan({ only: ["accounts"] });
		expect(stranger.seen).toEqual([]);
		expect(read.coverage("accounts")).toMatchObject({
			state: "partial",
			known: 200,
			reasons: [{ cause: "cut-off", detail: expect.stringContaining(stranger.url) }],
		});
		await stranger.close();
	});

	it("of a group's members that are too large time out with 500: they are asked for by 200", async () => {
		const state = smallTenant(300);
		const group = makeGroup(state, "Large", [...state.users.keys()]);
		const org = await quirkOrg({ state });
		org.emulator.knobs.faults = [{ do: "status", status: 500, path: /\/groups\/[^/]+\/users\?.*limit=1000/ }];
		const read = await org.scan({ only: ["accounts", "groups", "groupRules", "memberships"] });
		expect(read.coverage("memberships")).toMatchObject({ state: "complete", reasons: [] });
		expect((await read.records("memberships")).filter(({ id }) => id.startsWith(group))).toHaveLength(state.users.size);
	});

	it("of administrators and role bindings are linked in the body, not in the header", async () => {
		const state = smallTenant();
		const admins = Array.from({ length: 120 }, (_, index) => makeUser(state, `admin${index}@corp.example`));
		for (const id of admins) makeRole(state, "user", id, "READ_ONLY_ADMIN");
		const org = await quirkOrg({ state });
		const read = await org.scan({ only: ["accounts", "groups", "groupRules", "memberships", "roleAssignments"] });
		const holders = new Set((await read.records("roleAssignments")).map(({ body }) => Reflect.get(body, "principal")));
		for (const id of admins) expect(holders).toContain(id);
		expect(org.calls(/\/iam\/assignees\/users\?.*after=/).length).toBeGreaterThan(0);
	});

	it.each(["again", "loop"] as const)("that repeat (%s) are no end: what is read stays, the list is not whole, and the scan ends", async (how) => {
		const org = await quirkOrg({ state: smallTenant(450) });
		org.emulator.knobs.faults = [{ do: "repeat-page", how, path: /\/api\/v1\/users\?.*after=/ }];
		const read = await org.scan({ only: ["accounts"] });
		expect(read.coverage("accounts")).toMatchObject({ state: "partial", reasons: [{ cause: "cut-off" }] });
	});

	it("may be empty and still have a next one: an empty page ends nothing", async () => {
		const org = await quirkOrg({ state: smallTenant(450) });
		org.emulator.knobs.faults = [{ do: "empty-page", path: /\/api\/v1\/users\?.*after=/, times: 1 }];
		const read = await org.scan({ only: ["accounts"] });
		expect(read.coverage("accounts")).toMatchObject({ state: "complete", known: org.state.users.size });
	});

	it("have cursors that expire: the list is read once more from its beginning", async () => {
		const org = await quirkOrg({ state: smallTenant(450) });
		org.emulator.knobs.faults = [{ do: "expired-cursor", path: /\/api\/v1\/users\?.*after=/, times: 1 }];
		const read = await org.scan({ only: ["accounts"] });
		expect(read.coverage("accounts")).toMatchObject({ state: "complete", reasons: [], known: org.state.users.size });
	});

	it("list a group a while after it was deleted, whose members are then 404: it has none, and that is no gap", async () => {
		const state = smallTenant();
		const group = makeGroup(state, "Gone");
		const org = await quirkOrg({ state });
		const read = await org.scan({
			only: ["accounts", "groups", "groupRules", "memberships"],
			after(collection) {
				if (collection === "groups") state.groups.delete(group);
			},
		});
		expect(org.calls(new RegExp(`/groups/${group}/users`)).map(({ status }) => status)).toEqual([404]);
		expect(read.coverage("memberships")).toMatchObject({ state: "complete", reasons: [] });
	});

	it("show a change of members late, the count too: a group that changed just before the last scan is read again in the next", async () => {
		const state = smallTenant();
		const [comes, goes] = [makeUser(state, "comes@corp.example"), makeUser(state, "goes@corp.example")];
		const group = makeGroup(state, "Late", [goes]);
		const org = await quirkOrg({ state, knobs: { membersLagMs: 60_000 } });
		const store = await openStore("sqlite::memory:");
		const only = ["accounts" as const, "groups" as const, "groupRules" as const, "memberships" as const];
		// One for one: the count stays.
		await org.write(`/api/v1/groups/${group}/users/${goes}`, undefined, "DELETE");
		await org.write(`/api/v1/groups/${group}/users/${comes}`, undefined, "PUT");
		org.pass(30_000);
		const first = await org.scan({ only, store });
		expect(await first.body("memberships", `${group}/${comes}`)).toBeUndefined();
		org.pass(3600_000);
		const second = await org.scan({ only, store });
		expect(await second.body("memberships", `${group}/${comes}`)).toBeDefined();
		expect(await second.body("memberships", `${group}/${goes}`)).toBeUndefined();
		await store.close();
	});
});
