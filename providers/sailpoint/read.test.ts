import { afterEach, describe, expect, it } from "vitest";
import type { AccountRecord } from "../../src/model/account.js";
import type { AppRecord, CredentialRecord, MembershipRecord, RoleAssignmentRecord, SettingRecord } from "../../src/model/objects.js";
import { scan, startTenant, type TestTenant } from "./test-tenant.js";

let one: TestTenant;
afterEach(() => one.close());

describe("a tenant as it is read", () => {
	it("every identity, uncorrelated ones too, with what it is linked to", async () => {
		one = await startTenant({ acme: true });
		const read = await scan(await one.connect("read"));
		const accounts = await read.bodies<AccountRecord>("accounts");
		expect(accounts.map(({ id }) => id).sort()).toEqual(
			one.tenant
				.truth()
				.accounts.map(({ id }) => id)
				.sort(),
		);
		const links = accounts.flatMap((account) => [...(account.links ?? [])]);
		expect(new Set(links.flatMap(({ provider }) => provider ?? []))).toEqual(new Set(["okta", "entra", "google-workspace"]));
		expect(links.some(({ kind }) => kind === "worker")).toBe(true);
		expect(accounts.some(({ lastActivity }) => typeof lastActivity === "number")).toBe(true);
		expect(accounts.every(({ links: own }) => own?.partial === undefined)).toBe(true);
	});

	it("user levels, and who has none", async () => {
		one = await startTenant();
		const read = await scan(await one.connect("read"));
		const roles = await read.bodies<RoleAssignmentRecord>("roleAssignments");
		const privileged = one.tenant.truth().accounts.filter((account) => account.privileged);
		expect(new Set(roles.map(({ principal }) => principal))).toEqual(new Set(privileged.map(({ id }) => id)));
		expect(roles.filter(({ level }) => level === "top").length).toBeGreaterThan(0);
		expect(read.coverage.roleAssignments?.state).toBe("complete");
	});

	it("roles in force and not those that begin later; access profiles through roles", async () => {
		one = await startTenant();
		const read = await scan(await one.connect("read"));
		const memberships = await read.bodies<MembershipRecord>("memberships");
		expect(memberships.map(({ group, account }) => `${group}/${account}`).sort()).toEqual([...one.tenant.truth().memberships].sort());
		expect(new Set(memberships.map(({ source }) => source))).toEqual(new Set(["rule", "direct"]));
		expect(memberships.some(({ memberType }) => memberType === "group")).toBe(true);
	});

	it("campaigns and certifications with what is overdue, sources with what is nobody's", async () => {
		one = await startTenant();
		one.tenant.advance(400 * 86_400_000);
		const read = await scan(await one.connect("read"));
		const settings = await read.bodies<SettingRecord>("settings");
		const of = (kind: string) => settings.filter((setting) => setting.kind === kind);
		expect(of("campaign").find(({ active }) => active)?.values).toMatchObject({ overdue: true });
		expect(of("campaign").find(({ active }) => !active)?.values).toMatchObject({ overdue: false });
		expect(of("certification").some(({ values }) => values?.overdue === true)).toBe(true);
		expect(of("source").some(({ values }) => Number(values?.uncorrelatedAccounts) > 0)).toBe(true);
		expect(of("entitlement").length).toBeGreaterThan(0);
	});

	it("tokens and clients, no secret among them", async () => {
		one = await startTenant();
		const read = await scan(await one.connect("read"));
		const credentials = await read.bodies<CredentialRecord>("credentials");
		expect(new Set(credentials.map(({ kind }) => kind))).toEqual(new Set(["api-token", "app-secret"]));
		expect(credentials.some(({ expires }) => expires === null)).toBe(true);
		expect(credentials.some(({ lastUsed }) => lastUsed === null)).toBe(true);
		const apps = await read.bodies<AppRecord>("apps");
		expect(apps.some(({ nonHuman }) => nonHuman)).toBe(true);
		expect(apps.some(({ owners }) => (owners?.length ?? 0) > 0)).toBe(true);
		for (const secret of one.tenant.secrets()) expect(JSON.stringify([credentials, apps])).not.toContain(secret);
	});
});

describe("what can't be read", () => {
	it("source accounts without their scope: links may be more, and counts are unknown", async () => {
		one = await startTenant();
		one.tenant.withhold(["idn:accounts:read"]);
		const read = await scan(await one.connect("read"));
		expect(read.coverage.accounts?.state).toBe("complete");
		expect((await read.bodies<AccountRecord>("accounts")).every(({ links }) => links?.partial)).toBe(true);
		expect(read.coverage.settings).toMatchObject({ state: "partial" });
		expect(read.coverage.settings?.reasons[0]).toMatchObject({ cause: "scope", scope: "idn:accounts:read" });
		const sources = (await read.bodies<SettingRecord>("settings")).filter(({ kind }) => kind === "source");
		expect(sources.every(({ values }) => values && !("uncorrelatedAccounts" in values))).toBe(true);
	});

	it("user levels over the budget: nobody is unprivileged for want of a read; those to be rechecked come first", async () => {
		one = await startTenant();
		const [admin] = one.tenant.truth().accounts.filter(({ privileged }) => privileged);
		const recheck = new Set([admin?.id ?? ""]);
		const read = await scan(await one.connect("read"), { budget: { perAccountRequests: 0, recheck } });
		expect(read.coverage.roleAssignments).toMatchObject({ state: "partial" });
		expect(read.coverage.roleAssignments?.reasons.map(({ cause }) => cause)).toEqual(["budget"]);
		expect((await read.bodies<RoleAssignmentRecord>("roleAssignments")).map(({ principal }) => principal)).toContain(admin?.id);
		expect(read.coverage.memberships?.reasons.map(({ cause }) => cause)).toEqual(["budget"]);
	});

	it("is not asked for a thousand times", async () => {
		one = await startTenant({ users: 120 });
		one.tenant.withhold(["sp:auth-user:read"]);
		const read = await scan(await one.connect("read"), { only: ["accounts", "roleAssignments"] });
		expect(read.coverage.roleAssignments?.state).toBe("unreadable");
		expect(one.tenant.requests.filter(({ path }) => path.includes("auth-users")).length).toBeLessThan(25);
	});

	it("by the older version of the identities API it is the same", async () => {
		one = await startTenant();
		const now = await scan(await one.connect("read"), { only: ["accounts"] });
		const then = await scan(await one.connect("read", { options: { identities: "beta" } }), { only: ["accounts"] });
		expect(await then.bodies("accounts")).toEqual(await now.bodies("accounts"));
		expect(one.tenant.requests.some(({ path }) => path === "/beta/identities")).toBe(true);
	});
});
