import { describe, expect, it } from "vitest";
import { acmePresence } from "../../../src/emulate/acme-presence.js";
import { emulation } from "../emulator.js";
import { immutableId } from "./person.js";
import { builtAt, tried } from "./test-tenant.js";

describe("the invented tenant", () => {
	it("is the same for the same seed, and another for another", async () => {
		const start = async (seed: number) => {
			const tenant = await emulation.start({ users: 30, seed, now: builtAt });
			await tenant.close();
			return tenant.truth();
		};
		expect(await start(3)).toEqual(await start(3));
		expect((await start(4)).accounts[0]).not.toEqual((await start(3)).accounts[0]);
	});

	it("has ten thousand people soon", async () => {
		const tenant = await emulation.start({ users: 10_000, seed: 1, now: builtAt });
		expect(tenant.truth().accounts).toHaveLength(10_000);
		await tenant.close();
	});

	it("tells what a reader finds", async () => {
		const tenant = await tried({ users: 120 });
		const truth = tenant.truth();
		const users = await tenant.all("/v1.0/users?$select=id,userPrincipalName,accountEnabled&$top=50");
		expect(users.map((one) => ({ id: one.id, login: one.userPrincipalName, enabled: one.accountEnabled }))).toEqual(
			truth.accounts.map(({ privileged: _, ...rest }) => rest),
		);
		expect((await tenant.all("/v1.0/groups?$select=id")).map(({ id }) => id)).toEqual(truth.groups);
		const direct = [];
		for (const group of truth.groups)
			for (const one of await tenant.all(`/v1.0/groups/${group}/members?$select=id&$top=999`))
				if (one["@odata.type"] !== "#microsoft.graph.device") direct.push(`${group}/${one.id}`);
		expect(direct.sort()).toEqual([...truth.memberships].sort());
		expect(truth.accounts.filter((one) => one.privileged).length).toBeGreaterThan(4);
		await tenant.close();
	});

	it("is changed behind everybody's back, and taken back", async () => {
		const tenant = await tried({ users: 200 });
		const before = tenant.truth();
		const ids = tenant.mutate(0.2);
		expect(ids.length).toBeGreaterThan(20);
		expect(tenant.truth()).not.toEqual(before);
		tenant.withhold(["User.Read.All"]);
		tenant.faults.push({ do: "throttle", retryAfterSeconds: 3 });
		const throttled = await tenant.ask("a.b.c", "/v1.0/users");
		expect([throttled.status, throttled.headers.get("retry-after")]).toEqual([429, "3"]);
		tenant.reset();
		expect(tenant.truth()).toEqual(before);
		expect((await tenant.read("/v1.0/users")).status).toBe(200);
		await tenant.close();
	});
});

describe("Acme", () => {
	it("is the company of the other systems", async () => {
		const tenant = await tried({ acme: true, federatedDomain: "acme.example" });
		const people = acmePresence("directory", builtAt);
		const select =
			"id,displayName,userPrincipalName,mail,accountEnabled,employeeId,onPremisesSyncEnabled,onPremisesImmutableId,userType,signInActivity,department";
		const users = await tenant.all(`/v1.0/users?$select=${select}`);
		expect(users).toHaveLength(people.length);
		const privileged = new Map(tenant.truth().accounts.map((one) => [one.id, one.privileged]));
		for (const one of people) {
			const user = users.find(({ mail, userPrincipalName }) => mail === one.login || userPrincipalName === one.login);
			expect(user, one.key).toMatchObject({
				accountEnabled: one.enabled,
				employeeId: one.number,
				userType: one.external ? "Guest" : "Member",
				onPremisesSyncEnabled: one.synced ? true : null,
				onPremisesImmutableId: one.synced ? immutableId(one.key) : null,
				department: one.worker?.department ?? null,
			});
			expect(user.userPrincipalName.includes("#EXT#")).toBe(one.external);
			expect("signInActivity" in user).toBe(one.seen !== null);
			if (one.admin === "top") expect(privileged.get(user.id), one.key).toBe(true);
		}
		const domain = (await tenant.read("/v1.0/domains/acme.example")).body;
		expect(domain.authenticationType).toBe("Federated");
		expect((await tenant.read("/v1.0/domains/acme.example/federationConfiguration")).body.value).toHaveLength(1);
		await tenant.close();
	});

	it("has weaknesses", async () => {
		const tenant = await tried({ acme: true });
		const policies = await tenant.all("/v1.0/identity/conditionalAccess/policies");
		expect(policies.map(({ state }) => state)).toContain("enabledForReportingButNotEnforced");
		const emergency = (await tenant.read("/v1.0/users/breakglass1@acme.example")).body.id;
		expect(policies.some((one) => one.conditions.users.excludeUsers.includes(emergency))).toBe(true);
		const ends = (await tenant.all("/v1.0/applications")).flatMap((app) =>
			app.passwordCredentials.map((one: { endDateTime: string }) => Date.parse(one.endDateTime) - builtAt),
		);
		expect(Math.min(...ends)).toBeLessThan(0);
		expect(Math.max(...ends)).toBeGreaterThan(9 * 365 * 86_400_000);
		expect((await tenant.read("/v1.0/identityProtection/riskyUsers")).body.value).toHaveLength(1);
		await tenant.close();
	});
});
