import { afterEach, describe, expect, it } from "vitest";
import type { AccountRecord } from "../../src/model/account.js";
import { openStore } from "../../src/store/open.js";
import { makeFactor, makeGroup, makeUser } from "./emulator/build.js";
import { closeQuirkOrgs, quirkOrg, smallTenant } from "./test-quirks.js";

afterEach(closeQuirkOrgs);

const hour = 3600_000;

describe("Okta's lists of users", () => {
	it("hide deactivated users unless asked by search: every status is read all the same", async () => {
		const org = await quirkOrg();
		const deactivated = [...org.state.users.values()].filter((user) => user.status === "DEPROVISIONED");
		expect(deactivated.length).toBeGreaterThan(0);
		const found = await (await org.scan({ only: ["accounts"] })).records("accounts");
		expect(found.map(({ id }) => id)).toEqual([...org.state.users.keys()].sort());
	});

	it.each([
		["with the same clock", 0],
		["whose clock is an hour behind ours", -hour],
		["whose clock is an hour ahead of ours", hour],
	])("come from a search index that lags: what was created or changed just before the scan is read fresh, in an org %s", async (_name, skew) => {
		const org = await quirkOrg({ skew, knobs: { searchLagMs: 60_000 } });
		const [one = "", two = ""] = [...org.state.users.values()].filter((user) => user.status === "ACTIVE").map((user) => user.id);
		const created = await org.write("/api/v1/users?activate=true", {
			profile: { firstName: "New", lastName: "Hire", login: "new@corp.example", email: "new@corp.example" },
		});
		await org.write(`/api/v1/users/${one}`, { profile: { department: "Moved" } });
		await org.write(`/api/v1/users/${two}/lifecycle/suspend`);
		const read = await org.scan({ only: ["accounts"] });
		expect(read.coverage("accounts").state).toBe("complete");
		expect(await read.body("accounts", String(created.id))).toMatchObject({ login: "new@corp.example" });
		expect(await read.body("accounts", one)).toMatchObject({ department: "Moved" });
		expect(await read.body("accounts", two)).toMatchObject({ status: "SUSPENDED", enabled: false });
	});

	it("do not understand `ne` and refuse long expressions: no query of a first or a later scan holds either", async () => {
		const org = await quirkOrg();
		const store = await openStore("sqlite::memory:");
		await org.scan({ store });
		org.pass(24 * hour);
		await org.scan({ store });
		await store.close();
		const queries = org.emulator.requests.map(({ url }) => new URL(url, org.emulator.url).searchParams);
		const expressions = queries.flatMap((query) => [query.get("search"), query.get("filter")].filter((text) => text !== null));
		expect(expressions.length).toBeGreaterThan(4);
		for (const expression of expressions) {
			expect(expression).not.toMatch(/\bne\b/);
			expect(expression).not.toMatch(/00[ug][A-Za-z0-9]{17}/);
			expect(expression.length).toBeLessThan(1000);
		}
		expect(org.emulator.requests.filter(({ status, path }) => status === 400 && path !== "/oauth2/v1/token")).toEqual([]);
	});

	it("are read by pages of 200 and never by a request a user", async () => {
		const state = smallTenant(450);
		const org = await quirkOrg({ state });
		await org.scan({ only: ["accounts", "groups", "groupRules", "memberships"] });
		expect(org.calls(/\/api\/v1\/users\?.*search=/)).toHaveLength(3);
		expect(org.calls(/\/api\/v1\/users\/./)).toEqual([]);
		expect(org.calls(/\/api\/v1\/groups\/[^/]+\/users/).length).toBeLessThanOrEqual(state.groups.size);
	});

	it("hold logins with a slash, by which nothing can be fetched: everything is fetched by id", async () => {
		const state = smallTenant();
		const id = makeUser(state, "ops/night #1?@corp.example");
		makeFactor(state, id, "webauthn");
		const group = makeGroup(state, "Night shift", [id]);
		const org = await quirkOrg({ state });
		const read = await org.scan();
		expect(await read.body("accounts", id)).toMatchObject({ login: "ops/night #1?@corp.example" });
		expect(await read.body("authenticators", id)).toMatchObject({ items: [{ type: "webauthn" }] });
		expect(await read.body("memberships", `${group}/${id}`)).toBeDefined();
		expect(org.calls(/night/)).toEqual([]);
	});
});

describe("Okta's group members", () => {
	it("hold deactivated users, who cannot be filtered out: such a member is kept and known to be unable to sign in", async () => {
		const state = smallTenant();
		const live = makeUser(state, "live@corp.example");
		const gone = makeUser(state, "gone@corp.example", { status: "DEPROVISIONED" });
		const group = makeGroup(state, "Mixed", [live, gone]);
		const org = await quirkOrg({ state });
		const read = await org.scan();
		expect(read.coverage("memberships")).toMatchObject({ state: "complete", reasons: [] });
		const members = (await read.records("memberships")).filter(({ id }) => id.startsWith(group)).map(({ body }) => Reflect.get(body, "account"));
		expect(members.sort()).toEqual([live, gone].sort());
		expect(await read.body("accounts", gone)).toMatchObject({ enabled: false });
		expect(org.calls(/\/groups\/[^/]+\/users\?.*(?:filter|search)=/)).toEqual([]);
	});

	it("of Everyone are all but the deactivated, though other groups hold those", async () => {
		const org = await quirkOrg();
		const everyone = [...org.state.groups.values()].find((group) => group.profile?.name === "Everyone")?.id ?? "";
		const read = await org.scan({ only: ["accounts", "groups", "groupRules", "memberships"] });
		const accounts = (await read.records("accounts")).map(({ body }) => body as AccountRecord);
		const members = (await read.records("memberships")).filter(({ id }) => id.startsWith(everyone)).map(({ body }) => Reflect.get(body, "account"));
		expect(members).toEqual(accounts.filter(({ status }) => status !== "DEPROVISIONED").map(({ id }) => id));
	});
});

describe("Okta's nulls", () => {
	it("may be omitted or present for the same field: the same records come of both", async () => {
		const found: string[][] = [];
		for (const nulls of ["omit", "keep"] as const) {
			const state = smallTenant();
			const profile = { department: null, title: null, managerId: null, userType: null, displayName: null, costCenter: null };
			makeUser(state, "bare@corp.example", { id: "00uBARE0000000000000", profile });
			const [group] = [...state.groups.values()];
			if (group?.profile) group.profile = { ...group.profile, description: null } as never;
			const org = await quirkOrg({ state, knobs: { nulls } });
			const read = await org.scan();
			const all = await Promise.all(
				read.scan.coverage.map(async ({ collection }) => (await read.records(collection)).map(({ id, body }) => `${collection} ${id} ${stable(body)}`)),
			);
			found.push(all.flat());
		}
		expect(found[0]).toEqual(found[1]);
	});
});

/** JSON with sorted keys; a setting's raw values are compared where a stack file declares them. */
function stable(body: object): string {
	return JSON.stringify(body, (key, value) => {
		if (key === "values" || typeof value !== "object" || value === null || Array.isArray(value)) return key === "values" ? undefined : value;
		return Object.fromEntries(Object.entries(value).sort());
	});
}
