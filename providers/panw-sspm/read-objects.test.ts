import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AccountRecord } from "../../src/model/account.js";
import type { AppRecord, CredentialRecord, RoleAssignmentRecord, SettingRecord } from "../../src/model/objects.js";
import { openStore } from "../../src/store/open.js";
import { answer, type Scanned, startTenant, type TestTenant } from "./test-tenant.js";

let one: TestTenant;
let read: Scanned;
beforeAll(async () => {
	one = await startTenant({ acme: true });
	read = await one.scan();
});
afterAll(() => one.close());

const grantsOf = async (from: Scanned) => (await from.bodies<CredentialRecord>("credentials")).filter(({ kind }) => kind === "oauth-grant");

describe("third-party apps", () => {
	it("are apps that are no people's, beside those that are watched", async () => {
		const apps = await read.bodies<AppRecord>("apps");
		expect(
			apps
				.filter(({ foreign }) => !foreign)
				.map(({ type }) => type)
				.sort(),
		).toEqual(["github", "google-workspace", "office365", "slack"]);
		expect(apps.filter(({ foreign, nonHuman }) => foreign && nonHuman)).toHaveLength(14);
	});

	it("of single users are theirs, with the risky scopes; those for all are the app's own", async () => {
		const apps = new Map((await read.bodies<AppRecord>("apps")).map((app) => [app.id, app]));
		const accounts = new Map((await read.bodies<AccountRecord>("accounts")).map((account) => [account.id, account]));
		const grants = await grantsOf(read);
		const own = grants.filter(({ owner }) => accounts.has(owner ?? ""));
		expect(own.length).toBeGreaterThan(5);
		for (const { app, scopes, id } of own) {
			expect(apps.has(app ?? "")).toBe(true);
			expect(scopes?.length, id).toBeGreaterThan(0);
		}
		const shared = grants.filter(({ owner }) => apps.has(owner ?? ""));
		expect(shared.map(({ name }) => name)).toEqual(expect.arrayContaining(["Backup Vault", "Stand-up Bot", "Build Runner"]));
		expect(shared.map(({ name }) => name)).not.toContain("Meeting Bot");
	});

	it("of users that were not asked for leave a gap", async () => {
		const short = await one.scan({ budget: { perAccountRequests: 1 } });
		expect(short.coverage("credentials")).toMatchObject({ state: "partial", reasons: [{ cause: "budget" }] });
	});

	it("whose users can't be read are the app's own, and leave a gap", async () => {
		const blind = await one.scan({ faults: [answer(/plugin-users/, {}, 403)] });
		expect(blind.coverage("credentials").state).toBe("partial");
		expect((await grantsOf(blind)).map(({ name }) => name)).toContain("Meeting Bot");
	});
});

describe("settings", () => {
	const of = async (id: RegExp) => (await read.bodies<SettingRecord>("settings")).find((one) => id.test(one.id));

	it("tell of each identity provider what the product does with it", async () => {
		expect(await of(/^idp\//)).toMatchObject({
			name: "Acme Okta",
			values: {
				appType: "okta",
				designated: true,
				features: { ACTIVITY: "OK", LOGOUT: "OK" },
				offers: expect.arrayContaining(["LOGOUT"]),
				accounts: expect.any(Number),
				apps: ["github", "google-workspace", "office365", "slack"],
			},
		});
	});

	it("tell of each type of app how the product signs in and what it calls risky", async () => {
		expect((await of(/^app-type\/office365/))?.values).toMatchObject({
			signIn: "REDIRECT_URL",
			riskyPermissions: ["Directory.ReadWrite.All", "Mail.ReadWrite"],
		});
		expect((await of(/^app-type\/slack/))?.values).toMatchObject({ signIn: "PROVIDED_CREDENTIALS", singleSignOn: ["OKTA"] });
		expect((await of(/^third-party-apps/))?.values).toMatchObject({ all: 14 });
	});

	it("tell of each app whether what is known of it is old", async () => {
		const apps = (await read.bodies<SettingRecord>("settings")).filter(({ kind }) => kind === "app");
		expect(apps.map(({ name, values }) => [name, values?.stale]).sort()).toEqual([
			["Acme GitHub", false],
			["Acme Google Workspace", false],
			["Acme Microsoft 365", false],
			["Acme Slack", true],
		]);
	});

	it("are the same in a second read, and controls are looked up once", async () => {
		const store = await openStore("sqlite::memory:");
		const first = await (await one.scan({ store })).records("settings");
		const before = one.tenant.requests.length;
		const second = await (await one.scan({ store })).records("settings");
		expect(second.map(({ body }) => body)).toEqual(first.map(({ body }) => body));
		expect(one.tenant.requests.slice(before).filter(({ path }) => path.includes("/controls/"))).toEqual([]);
		await store.close();
	});

	it("keep what was read where configurations are suddenly none", async () => {
		const store = await openStore("sqlite::memory:");
		const first = await (await one.scan({ store })).records("settings");
		const second = await one.scan({ store, faults: [answer(/apps\/[^/]+\/configs$/, [])] });
		expect(second.coverage("settings")).toMatchObject({ state: "partial" });
		expect(second.coverage("settings").reasons.some(({ cause }) => cause === "floor")).toBe(true);
		expect((await second.records("settings")).length).toBe(first.length);
		await store.close();
	});

	it("ask for an app by itself where the list says too little of it", async () => {
		const apps = await one.connect("read").then((connection) => connection.client.send({ method: "GET", path: "/sspm/api/v1/apps" }));
		const items = (apps.body as { items: { app_id: string; tenant: string }[] }).items.map(({ app_id, tenant }) => ({ app_id, tenant }));
		const scant = await one.scan({ faults: [answer(/v1\/apps(\?|$)/, { total: items.length, items })] });
		expect(scant.coverage("settings")).toMatchObject({ state: "complete" });
		const known = async (from: Scanned) => (await from.records("settings")).map(({ id, body }) => ({ id, body }));
		expect(await known(scant)).toEqual(await known(read));
	});
});

it("an account that the vendor calls elevated holds a privileged role, and others none", async () => {
	const roles = await read.bodies<RoleAssignmentRecord>("roleAssignments");
	const held = new Set(roles.map(({ principal }) => principal));
	for (const { id, privileged } of one.tenant.truth().accounts) expect(held.has(id)).toBe(privileged);
	expect(new Set(roles.map(({ level }) => level))).toEqual(new Set(["privileged"]));
});

it("an identity part without a licence leaves the rest whole", async () => {
	one.tenant.choices.licensed = "sspm";
	const half = await one.scan();
	one.tenant.choices.licensed = "both";
	expect(half.coverage("apps").state).toBe("complete");
	expect(half.coverage("accounts")).toMatchObject({ reasons: [expect.objectContaining({ cause: "licence" })] });
	expect(half.coverage("accounts").state).not.toBe("complete");
	const configs = (await half.bodies<SettingRecord>("settings")).filter(({ verdict }) => verdict);
	expect(configs.length).toBeGreaterThan(20);
	for (const { verdict } of configs) expect(verdict).not.toHaveProperty("tickets");
});
