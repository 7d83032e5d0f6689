import { afterEach, describe, expect, it } from "vitest";
import type { AuthenticatorsBody } from "../../src/model/snapshot.js";
import { makeFactor, makeGroup, makeRole, makeUser } from "./emulator/build.js";
import { closeQuirkOrgs, quirkOrg, smallTenant } from "./test-quirks.js";

afterEach(closeQuirkOrgs);

const factorCalls = /\/users\/[^/]+\/factors$/;
const userOf = (url: string): string => url.split("/")[4] ?? "";

describe("Okta's factors", () => {
	it("of a deactivated user are 404, not an empty list: nobody who cannot sign in is asked about", async () => {
		const org = await quirkOrg();
		const read = await org.scan();
		const asked = org.calls(factorCalls);
		expect(asked.filter(({ status }) => status === 404)).toEqual([]);
		const idle = [...org.state.users.values()].filter((user) => ["DEPROVISIONED", "STAGED", "SUSPENDED", "PROVISIONED"].includes(String(user.status)));
		expect(idle.length).toBeGreaterThan(0);
		for (const user of idle) expect(asked.map(({ url }) => userOf(url))).not.toContain(user.id);
		expect(read.coverage("authenticators")).toMatchObject({ state: "complete", reasons: [], eligible: org.state.users.size - idle.length });
	});

	it("of a user who is deactivated while the scan runs are 404: no gap, and no record that says none", async () => {
		const state = smallTenant();
		const id = makeUser(state, "leaver@corp.example");
		makeFactor(state, id, "push");
		const org = await quirkOrg({ state });
		const read = await org.scan({
			after(collection) {
				const user = state.users.get(id);
				if (collection === "credentials" && user) state.users.set(id, { ...user, status: "DEPROVISIONED" });
			},
		});
		expect(org.calls(factorCalls).filter(({ status }) => status === 404)).toHaveLength(1);
		expect(await read.body("authenticators", id)).toBeUndefined();
		expect(read.coverage("authenticators")).toMatchObject({ state: "complete", reasons: [] });
	});

	it("have types that no list of Okta's names: they come through, of unknown strength, and spoil no list", async () => {
		const state = smallTenant();
		const id = makeUser(state, "early@corp.example");
		for (const type of ["signed_nonce", "brain_wave", "push"]) makeFactor(state, id, type);
		const org = await quirkOrg({ state });
		const read = await org.scan();
		const { items } = (await read.body("authenticators", id)) as AuthenticatorsBody;
		expect(Object.fromEntries(items.map((item) => [item.type, item.strength]))).toEqual({
			brain_wave: "unknown",
			push: "strong",
			signed_nonce: "phishing-resistant",
		});
		expect(read.coverage("authenticators")).toMatchObject({ state: "complete", reasons: [] });
	});

	it("cost a request a user: within a budget administrators come first, those through a group too, and the rest stay unknown", async () => {
		const state = smallTenant(200);
		const plain = makeUser(state, "zz.plain@corp.example", { id: "00u00000000000000000" });
		const through = makeUser(state, "zz.through@corp.example", { id: "00uzzzzzzzzzzzzzzzzz" });
		const group = makeGroup(state, "Help desk", [through]);
		makeRole(state, "group", group, "HELP_DESK_ADMIN");
		const holders = new Set(state.roles.filter((role) => role.status === "ACTIVE").map((role) => role.principalId));
		for (const [id, members] of state.members) if (holders.has(id)) for (const member of members) holders.add(member);
		const admins = [...state.users.values()].filter(
			(user) => holders.has(String(user.id)) && ["ACTIVE", "PASSWORD_EXPIRED", "LOCKED_OUT", "RECOVERY"].includes(String(user.status)),
		);
		const allowed = admins.length + 5;

		const org = await quirkOrg({ state, knobs: { unlicensed: ["identity-threat-protection"] } });
		const read = await org.scan({ budget: { perAccountRequests: allowed } });
		const asked = org.calls(factorCalls).map(({ url }) => userOf(url));
		expect(asked).toHaveLength(allowed);
		expect(asked).toContain(through);
		expect(asked).toEqual(expect.arrayContaining(admins.map((user) => user.id)));
		const known = (await read.records("authenticators")).map(({ id }) => id);
		expect(known).toEqual(asked.toSorted());
		expect(known.includes(plain)).toBe(asked.includes(plain));
		const coverage = read.coverage("authenticators");
		expect(coverage).toMatchObject({ state: "partial", known: allowed, reasons: [{ cause: "budget" }] });
		expect(coverage.eligible).toBeGreaterThan(allowed);
	});
});
