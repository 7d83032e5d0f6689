import { afterEach, describe, expect, it } from "vitest";
import type { RoleAssignmentRecord } from "../../src/model/objects.js";
import type { CollectionName } from "../../src/model/snapshot.js";
import { openStore } from "../../src/store/open.js";
import { makeUser } from "./emulator/build.js";
import { closeQuirkOrgs, quirkNow, quirkOrg, smallTenant } from "./test-quirks.js";

const hour = 3600_000;
const only: CollectionName[] = ["accounts", "groups", "memberships", "roleAssignments", "apps", "credentials", "risks"];
afterEach(closeQuirkOrgs);

describe("an org with Identity Threat Protection", () => {
	it("tells who became a risk and since when, at the cost of one user's request", async () => {
		const state = smallTenant();
		const id = makeUser(state, "eve@corp.example");
		const org = await quirkOrg({ state });
		const store = await openStore("sqlite::memory:");
		const first = await org.scan({ only, store });
		expect(first.coverage("risks")).toMatchObject({ state: "complete", reasons: [] });
		expect(await first.body("risks", id)).toMatchObject({ level: "none" });

		org.pass(hour);
		const raised = org.now();
		await org.write(`/api/v1/users/${id}/risk`, { riskLevel: "HIGH", riskReason: "Seen in two countries" }, "PUT");
		org.pass(hour);
		org.forget();
		const second = await org.scan({ only, store });
		expect(org.calls(/\/risk$/).map(({ url }) => url.split("/")[4])).toEqual([id]);
		expect(await second.body("risks", id)).toEqual({ level: "high", source: "Seen in two countries", since: raised });
		expect(second.coverage("risks").known).toBe(first.coverage("risks").known);
		await store.close();
	});
});

describe("an org without the licences", () => {
	it("spends one request on each, and has no gap", async () => {
		const org = await quirkOrg({ knobs: { unlicensed: ["identity-threat-protection", "identity-governance"] } });
		const read = await org.scan({ only });
		expect(org.calls(/\/risk$/)).toHaveLength(1);
		expect(org.calls(/\/governance$/)).toHaveLength(1);
		expect(read.coverage("risks")).toMatchObject({ state: "complete", known: 0, reasons: [{ cause: "licence" }] });
		expect(read.coverage("roleAssignments")).toMatchObject({ state: "complete", reasons: [] });
		const strong = (await read.records("roleAssignments")).map(({ body }) => body as RoleAssignmentRecord).filter(({ level }) => level === "top");
		expect(strong.length).toBeGreaterThan(0);
		expect(strong.every(({ governed }) => governed === null)).toBe(true);
	});
});

describe("users' refresh tokens", () => {
	it("are read from the app's list, belong to the user, and go with a revocation that the log tells of", async () => {
		const state = smallTenant();
		const userId = makeUser(state, "ann@corp.example");
		const app = [...state.apps.values()].find((one) => Reflect.get(Object(one), "name") === "oidc_client");
		const clientId = String(app?.id);
		const iso = (at: number): string => new Date(at).toISOString();
		const token = {
			id: "oar1",
			status: "ACTIVE",
			userId,
			clientId,
			created: iso(quirkNow),
			expiresAt: iso(quirkNow + 1000 * hour),
			scopes: ["offline_access"],
		};
		state.refreshTokens = new Map([[userId, [token]]]);
		Object.assign(Object(app).settings?.oauthClient ?? {}, { grant_types: ["authorization_code", "refresh_token"] });
		const org = await quirkOrg({ state });
		const store = await openStore("sqlite::memory:");
		const first = await org.scan({ only, store });
		expect(await first.body("credentials", "oar1")).toMatchObject({ kind: "refresh-token", owner: userId, app: clientId, scopes: ["offline_access"] });

		org.pass(hour);
		org.forget();
		await org.scan({ only, store });
		expect(org.calls(/\/apps\/[^/]+\/(tokens|grants|credentials)/)).toEqual([]);

		await org.write(`/api/v1/apps/${clientId}/tokens`, undefined, "DELETE");
		org.pass(hour);
		const third = await org.scan({ only, store });
		expect(await third.body("credentials", "oar1")).toBeUndefined();
		expect(third.coverage("credentials").state).toBe("complete");
		await store.close();
	});
});
