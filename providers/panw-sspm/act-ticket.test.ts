import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SettingRecord } from "../../src/model/objects.js";
import type { SspmConnection } from "./connection.js";
import { actionOf, answer, carryOut, startTenant, type TestTenant } from "./test-tenant.js";

let one: TestTenant;
let act: SspmConnection;
beforeEach(async () => {
	one = await startTenant({ acme: true });
	act = await one.connect("act");
});
afterEach(() => one.close());

async function target(name: string): Promise<{ setting: string }> {
	const read = await one.scan({ only: ["settings"] });
	const found = (await read.bodies<SettingRecord>("settings")).find(({ values }) => values?.config_id === name);
	return { setting: String(found?.id) };
}

const writes = (): string[] => one.tenant.requests.filter(({ method, path }) => method !== "GET" && !path.includes("token")).map(({ method }) => method);

describe("a ticket", () => {
	it("is opened, read back, and linked in the next scan", async () => {
		const setting = await target("gh_saml_enforced");
		const { verified, inverse } = await carryOut(act, "open-ticket", setting);
		expect(verified).toMatchObject({ holds: true, proof: "read-back", detail: expect.stringMatching(/^SEC-\d+ is linked/) });
		expect(inverse).toEqual({ kind: "close-ticket", target: setting });
		const after = (await (await one.scan({ only: ["settings"] })).bodies<SettingRecord>("settings")).find(({ id }) => id === setting.setting);
		expect(after?.verdict?.tickets).toHaveLength(1);
		expect(after?.verdict?.failing).toBe(true);
	});

	it("is not opened twice", async () => {
		const setting = await target("gh_saml_enforced");
		await carryOut(act, "open-ticket", setting);
		expect(await actionOf("open-ticket").inspect(act, setting)).toMatchObject({ done: true, refused: null });
		await actionOf("open-ticket").perform(act, setting);
		expect(writes()).toEqual(["POST"]);
	});

	it("is not opened where the product itself has linked one", async () => {
		const setting = await target("o365_legacy_auth_blocked");
		expect(await actionOf("open-ticket").inspect(act, setting)).toMatchObject({ done: true, facts: { tickets: ["SEC-42"] } });
		await actionOf("open-ticket").perform(act, setting);
		expect(writes()).toEqual([]);
	});

	it("is opened anew where the one before is done", async () => {
		const setting = await target("o365_legacy_auth_blocked");
		one.tenant.faults.push(answer(/issue\/SEC-42$/, { fields: { status: { name: "Done" } } }));
		expect((await carryOut(act, "open-ticket", setting)).verified.detail).not.toContain("SEC-42");
	});

	it("that was opened right before the connection was cut is found, however late the list shows it", async () => {
		const setting = await target("gh_saml_enforced");
		const open = actionOf("open-ticket");
		const before = await open.inspect(act, setting);
		one.tenant.faults.push({ do: "cut", at: "after-write", method: "POST", path: /tickets/ });
		await expect(open.perform(act, setting, before)).rejects.toMatchObject({ ambiguous: true });
		one.tenant.faults.length = 0;
		expect((await open.verify(act, setting, before)).holds).toBe(true);
		expect(writes()).toEqual(["POST"]);
	});

	it("of an interrupted run is waited for before another one is opened", async () => {
		const setting = await target("gh_saml_enforced");
		const open = actionOf("open-ticket");
		const before = await open.inspect(act, setting);
		one.tenant.knobs.lagMs = 5_000;
		await open.perform(act, setting, before);
		expect((await open.inspect(act, setting)).done).toBe(false);
		// A new process: it knows what was seen before the call, and nothing else.
		const later = await one.connect("act");
		expect(await open.inspect(later, setting, before.facts)).toMatchObject({ done: true });
	});

	it("is unlinked again, once", async () => {
		const setting = await target("gh_saml_enforced");
		const { inverse } = await carryOut(act, "open-ticket", setting);
		expect((await carryOut(act, "close-ticket", inverse?.target ?? {})).verified).toMatchObject({ holds: true });
		expect(await actionOf("close-ticket").inspect(act, setting)).toMatchObject({ done: true });
		await actionOf("close-ticket").perform(act, setting);
		expect(writes()).toEqual(["POST", "DELETE"]);
		expect(actionOf("close-ticket").inverse(setting, { exists: true, done: false, refused: null, facts: {}, request: null })?.kind).toBe("open-ticket");
	});

	it("that somebody else opened is not unlinked for Keelson's", async () => {
		const setting = await target("o365_legacy_auth_blocked");
		expect(await actionOf("close-ticket").inspect(act, setting)).toMatchObject({ done: true });
		expect((await actionOf("close-ticket").inspect(act, { ...setting, ticket: "SEC-42" })).refused).toMatch(/in the product itself/);
	});
});

describe("no ticket is opened", () => {
	it.each([
		[{}, /options\.ticketing\.integration/],
		[{ ticketing: { project: "SEC" } }, /options\.ticketing\.integration/],
		[{ ticketing: { integration: "none", project: "SEC" } }, /no Jira project SEC in integration none/],
	])("with the options %j", async (options, why) => {
		const connection = await one.connect("act", { options });
		const setting = await target("gh_saml_enforced");
		expect((await actionOf("open-ticket").inspect(connection, setting)).refused).toMatch(why);
		await expect(actionOf("open-ticket").perform(connection, setting)).rejects.toThrow(why);
		expect(writes()).toEqual([]);
	});

	it.each([
		[{}, /give the key of the Jira project as systems\.sspm\.options\.ticketing\.project \(there is SEC\)/],
		[{ project: "HR" }, /no Jira project HR.*there is SEC/],
		[{ project: "SEC", issueType: "Epic" }, /no issue type Epic.*Task, Bug/],
	])("with the ticketing %j", async (more, why) => {
		const connection = await one.connect("act", { options: { ticketing: { integration: one.tenant.integrationId, ...more } } });
		expect((await actionOf("open-ticket").inspect(connection, await target("gh_saml_enforced"))).refused).toMatch(why);
	});

	it("for what is as it should be, or is not there, or is no configuration", async () => {
		const open = actionOf("open-ticket");
		expect((await open.inspect(act, await target("gh_2fa_required"))).refused).toMatch(/as it should be/);
		expect(await open.inspect(act, { setting: "config/github/none" })).toMatchObject({ exists: false });
		await expect(open.inspect(act, { setting: "idp/one" })).rejects.toThrow(/no configuration/);
	});

	it("where the lists are not whole", async () => {
		const setting = await target("gh_saml_enforced");
		one.tenant.faults.push(answer(/\/tickets/, { total: 3, items: [] }));
		await expect(actionOf("open-ticket").inspect(act, setting)).rejects.toThrow(/tickets could not be read whole/);
		one.tenant.faults.splice(0, 1, answer(/saas_instances$/, { total: 9, items: [] }));
		await expect(actionOf("open-ticket").perform(act, setting)).rejects.toThrow(/instances could not be read whole/);
		expect(writes()).toEqual([]);
	});

	it("where the app's accounts are not read, or it can't be said which instance it is", async () => {
		const setting = await target("gh_saml_enforced");
		const place = (saasInstanceId: string, appType: string) => ({ saasInstanceId, appType, displayName: saasInstanceId });
		one.tenant.faults.push(answer(/saas_instances$/, { total: 1, items: [place("one", "slack")] }));
		expect((await actionOf("open-ticket").inspect(act, setting)).refused).toMatch(/reads no accounts of Acme GitHub/);
		one.tenant.faults.splice(0, 1, answer(/saas_instances$/, { total: 2, items: [place("one", "github"), place("two", "github")] }));
		expect((await actionOf("open-ticket").inspect(act, setting)).refused).toMatch(/which SaaS instance Acme GitHub is/);
	});

	it("by the credential that reads", async () => {
		const reading = await one.connect("read");
		for (const kind of ["open-ticket", "close-ticket"] as const)
			await expect(actionOf(kind).perform(reading, await target("gh_saml_enforced"))).rejects.toThrow(/auth only reads/);
		expect(writes()).toEqual([]);
	});
});
