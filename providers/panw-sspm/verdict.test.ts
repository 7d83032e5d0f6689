import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SettingRecord } from "../../src/model/objects.js";
import { isStale } from "./schema-config.js";
import { answer, type Scanned, startTenant, type TestTenant } from "./test-tenant.js";
import { judge } from "./verdict.js";

const config = { monitored: true, status: "Fail", current_value: "false", recommended_value: "true", operator: "equal" };

it.each([
	[-3_601_000 * 24 * 2, true],
	[-3_600_000 * 24, false],
	[60_000, false],
	[3_600_000 * 24, true],
])("an app that was scanned %i ms from now is stale: %s", (from, stale) => {
	expect(isStale({ id: "1", name: "GitHub", type: "github", scanned: 1e12 + from }, 1e12)).toBe(stale);
});

describe("a configuration", () => {
	it.each([
		["fails by the vendor's word", {}, { failing: true }],
		["passes by the vendor's word", { status: "Pass", current_value: "true" }, { failing: false }],
		["is believed in either case", { status: "NON_COMPLIANT" }, { failing: true }],
		["fails by its values where the word is strange", { status: "Drifted" }, { failing: true }],
		["passes by its values where the word is strange", { status: "Drifted", current_value: "True" }, { failing: false }],
		["is held against what was accepted", { status: "Drifted", overridden: true, overridden_value: "false" }, { failing: false }],
		["is held against what was locked", { status: "Drifted", current_value: "a", locked: true, locked_value: "a", recommended_value: "b" }, { failing: false }],
		["without a value keeps the vendor's word", { current_value: undefined }, { failing: true }],
	])("%s", (_what, over, expected) => {
		expect(judge({ ...config, ...over }, undefined)).toEqual(expected);
	});

	it.each([
		["the vendor can't say", { status: "Unknown" }, /status is Unknown/],
		["there is no status", { status: undefined }, /no status/],
		["it is not monitored", { monitored: false }, /not to monitor/],
		["it isn't said whether it is monitored", { monitored: undefined }, /does not say/],
		["it was attested by hand", { monitored_attestation: "Accepted" }, /by hand/],
		["it fails with the very value that is recommended", { current_value: "True" }, /opposite/],
		["it passes with another value", { status: "Pass" }, /opposite/],
		["the word is strange and there is no value", { status: "Drifted", current_value: undefined }, /not known here/],
		["the word is strange and so is the operator", { status: "Drifted", operator: "resembles" }, /not known here/],
		["the operator is another one in the catalogue", { status: "Drifted" }, /not known here/, "not_equal"],
		["numbers are meant and are none", { status: "Drifted", operator: "less_or_equal", current_value: "soon", recommended_value: "8" }, /not known here/],
	])("is unknown where %s", (_what, over, why, operator: string | undefined = undefined) => {
		const judged = judge({ ...config, ...over }, operator);
		expect(judged).toEqual({ why: expect.stringMatching(why) });
	});

	it("that is accepted as it is does not contradict the recommendation", () => {
		expect(judge({ ...config, status: "Pass", overridden: true, overridden_value: "false" }, undefined)).toEqual({ failing: false });
	});
});

describe("in a read", () => {
	let tenant: TestTenant;
	let read: Scanned;
	const of = async (from: Scanned, name: string): Promise<SettingRecord> => {
		const found = (await from.bodies<SettingRecord>("settings")).find(({ values }) => values?.config_id === name);
		if (!found) throw new Error(`${name} was not read`);
		return found;
	};
	beforeAll(async () => {
		tenant = await startTenant({ acme: true });
		read = await tenant.scan();
	});
	afterAll(() => tenant.close());

	it("every configuration has the catalogue's severity, its owner and where it is mended", async () => {
		expect((await of(read, "o365_mfa_admins")).verdict).toMatchObject({
			failing: true,
			severity: "critical",
			current: "false",
			recommended: "true",
			appType: "office365",
			owner: "entra",
			tickets: [],
			console: expect.stringMatching(/^https:/),
		});
		expect((await of(read, "gh_saml_enforced")).verdict).toMatchObject({ failing: true, owner: null });
		const { controls } = (await of(read, "o365_mfa_admins")).verdict ?? {};
		expect(controls?.[0]).toMatch(/^PAN-/);
		expect(controls?.length).toBeGreaterThan(1);
	});

	it("what is old, unread or not monitored is unknown, with the reason", async () => {
		for (const [name, why] of [
			["slack_2fa_required", /two of its intervals/],
			["gws_api_access", /status is Unknown/],
			["o365_link_expiry_days", /not to monitor/],
		] as const) {
			const setting = await of(read, name);
			expect(setting.verdict).not.toHaveProperty("failing");
			expect(setting.values?.notJudged).toMatch(why);
		}
		expect((await of(read, "o365_session_hours")).verdict).toMatchObject({ failing: false, recommended: "24" });
		expect((await of(read, "o365_auto_forward")).verdict).toMatchObject({ failing: true, recommended: "BLOCKED" });
	});

	it("what contradicts itself is unknown", async () => {
		const setting = await of(read, "gh_saml_enforced");
		const raw = { ...setting.values, id: "one", name: "One", status: "Pass", tickets: [] };
		const other = await tenant.scan({ faults: [answer(/\/configs$/, [raw])], only: ["settings"] });
		expect((await of(other, "gh_saml_enforced")).verdict).not.toHaveProperty("failing");
	});

	it("without the catalogue severity is unknown, and is none where the catalogue has no such entry", async () => {
		const down = await tenant.scan({ faults: [answer(/catalog\/apps\/github\/configs/, {}, 404)], only: ["settings"] });
		expect((await of(down, "gh_saml_enforced")).verdict).not.toHaveProperty("severity");
		expect(down.coverage("settings").state).toBe("partial");
		const empty = await tenant.scan({ faults: [answer(/catalog\/apps\/github\/configs/, [])], only: ["settings"] });
		expect((await of(empty, "gh_saml_enforced")).verdict?.severity).toBe(null);
	});

	it("an entry about another control lends no severity", async () => {
		const entry = { id: "gh_saml_enforced", severity: "Low", common_control: "PAN-99999999" };
		const other = await tenant.scan({ faults: [answer(/catalog\/apps\/github\/configs/, [entry])], only: ["settings"] });
		expect((await of(other, "gh_saml_enforced")).verdict).not.toHaveProperty("severity");
	});

	it("tickets are linked until they are done in Jira", async () => {
		expect((await of(read, "o365_legacy_auth_blocked")).verdict?.tickets).toEqual(["SEC-42"]);
		expect((await of(read, "o365_legacy_auth_blocked")).values?.tickets).toEqual([{ key: "SEC-42", status: "In Progress", open: true }]);
		const done = await tenant.scan({ faults: [answer(/issue\/SEC-42$/, { fields: { status: { name: "Won't do" } } })], only: ["settings"] });
		expect((await of(done, "o365_legacy_auth_blocked")).verdict?.tickets).toEqual([]);
		const unsaid = await tenant.scan({ faults: [answer(/issue\/SEC-42$/, {}, 404)], only: ["settings"] });
		expect((await of(unsaid, "o365_legacy_auth_blocked")).verdict?.tickets).toEqual(["SEC-42"]);
	});

	it("tickets are unknown where their list can't be read", async () => {
		const blind = await tenant.scan({ faults: [answer(/\/tickets/, {}, 403)], only: ["settings"] });
		expect((await of(blind, "o365_legacy_auth_blocked")).verdict).not.toHaveProperty("tickets");
	});
});
