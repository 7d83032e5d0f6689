import { describe, expect, it } from "vitest";
import { desired as entra } from "../../providers/entra/desired.js";
import { desired as google } from "../../providers/google-workspace/desired.js";
import { desired as okta } from "../../providers/okta/desired.js";
import { provider } from "../../providers/okta/index.js";
import type { SettingRecord } from "../model/objects.js";
import { unresolved } from "../provider/desired.js";
import type { DesiredSetting, StackResource } from "../stack/stack.js";
import { judgeDesired } from "./desired.js";
import { at, type Seen, scanned, stackOf, world } from "./test-tenant.js";

const ruleId = "rule/OKTA_SIGN_ON/00p1/0pr1";
const live: SettingRecord = {
	id: ruleId,
	kind: "rule/OKTA_SIGN_ON",
	name: "Workforce",
	active: true,
	builtIn: false,
	parent: "00p1",
	session: { maxLifetimeMinutes: 720, maxIdleMinutes: 60, persistentCookie: false },
	signIn: { allows: true, mfaRequired: true, excludedAccounts: [], excludedGroups: [], includedGroups: [], appliesTo: null },
	values: {
		id: "0pr1",
		name: "Workforce",
		status: "ACTIVE",
		conditions: { people: { users: { exclude: [] } }, network: { connection: "ANYWHERE" } },
		actions: {
			signon: { access: "ALLOW", requireFactor: true, session: { maxSessionLifetimeMinutes: 720, maxSessionIdleMinutes: 60, usePersistentCookie: false } },
		},
	},
};
const lifetime = (minutes: number) => ({ actions: { signon: { session: { maxSessionLifetimeMinutes: minutes } } } });
const seen = (record: SettingRecord = live): Seen => ({ records: { settings: { [record.id]: record } } });

const setting = (values: Record<string, unknown>, change: Partial<DesiredSetting> = {}): DesiredSetting => ({
	system: "okta",
	setting: ruleId,
	name: null,
	mode: "authoritative",
	values,
	adopt: null,
	path: "settings.rule",
	...change,
});
const resource = (type: string, properties: Record<string, unknown>, change: Partial<StackResource> = {}): StackResource => ({
	name: "r",
	type,
	system: "okta",
	properties,
	options: {},
	get: null,
	defaultProvider: false,
	after: [],
	path: "resources.r",
	...change,
});
const rule = (properties: Record<string, unknown>) =>
	resource("okta:policy/ruleSignon:RuleSignon", { name: "New rule", mfaRequired: true, sessionIdle: 60, ...properties });

interface Declared {
	settings?: DesiredSetting[];
	resources?: Record<string, StackResource>;
	exempt?: string;
	compensatedBy?: string;
}

async function judged({ settings = [], resources = {}, exempt, compensatedBy }: Declared, read: Seen | null = seen()) {
	const exemption = { policy: "session-lifetime-users", owner: "o", reason: "r", ticket: null, expires: at + 1, expiresText: "soon", path: "exemptions.0" };
	const stack = stackOf({
		settings: Object.fromEntries(settings.map((one) => [`okta/${one.setting}`, one])),
		resources,
		exemptions: exempt === undefined ? [] : [{ ...exemption, ...(compensatedBy && { compensatedBy }), subject: { key: exempt, path: "exemptions.0.subject" } }],
	});
	const input = await world(stack);
	if (read) await scanned(input.store, read);
	const result = await judgeDesired({ ...input, settingKinds: new Map([["okta", provider.settings]]), mappings: new Map([["okta", okta]]), now: at });
	await input.store.close();
	return { ...result, said: result.verdicts.map(({ policy, outcome, already }) => `${policy} ${outcome}${already ? " already" : ""}`).sort() };
}

describe("a declared setting", () => {
	it("is judged as it would be: live values with the declared ones over them", async () => {
		const { verdicts, said } = await judged({ settings: [setting(lifetime(43_200))] });
		expect(said).toEqual(["session-lifetime-users fail"]);
		expect(verdicts[0]).toMatchObject({ severity: "medium", subject: `okta/${ruleId}`, path: "settings.rule.values" });
		expect(verdicts[0]?.message).toBe("Workforce: sessions last too long, and idle ones end in time (limits in minutes: 43200, idle 60)");
		expect((await judged({ settings: [setting(lifetime(480))] })).said).toEqual([]);
	});

	it("a second factor taken away fails the policy that asks for it", async () => {
		const { said } = await judged({ settings: [setting({ actions: { signon: { requireFactor: false } } })] });
		expect(said).toEqual(["mfa-enforced-by-policy fail"]);
	});

	it("what fails already is told apart, and one that the change mends is not told", async () => {
		const bad: SettingRecord = { ...live, session: { maxLifetimeMinutes: 43_200, maxIdleMinutes: 60 }, values: { ...live.values, ...lifetime(43_200) } };
		const signon = (minutes: number) => ({ actions: { signon: { session: { maxSessionLifetimeMinutes: minutes, maxSessionIdleMinutes: 60 } } } });
		expect((await judged({ settings: [setting(signon(50_000))] }, seen(bad))).said).toContain("session-lifetime-users fail already");
		expect((await judged({ settings: [setting(signon(480))] }, seen(bad))).said.join()).not.toContain("session-lifetime-users fail");
	});

	it("what is only observed is not judged, for nothing of it is written", async () => {
		expect((await judged({ settings: [setting(lifetime(43_200), { mode: "observe" })] })).said).toEqual([]);
	});

	it("what the provider can't foresee is unknown, and never a failure", async () => {
		const { said } = await judged({ settings: [setting({ conditions: { people: { users: { exclude: ["00u1"] } } } })] });
		expect(said.length).toBeGreaterThan(0);
		for (const one of said) expect(one).toMatch(/ unknown$/);
	});

	it("one that was never read is said, and is no verdict", async () => {
		for (const read of [null, seen({ ...live, id: "rule/OKTA_SIGN_ON/00p1/other" })]) {
			const { said, notes } = await judged({ settings: [setting(lifetime(43_200))] }, read);
			expect([said, notes]).toEqual([[], [`okta/${ruleId} was not read yet: no policy can judge it (keelson scan)`]]);
		}
	});

	it("an exemption covers it", async () => {
		expect((await judged({ settings: [setting(lifetime(43_200))], exempt: `okta/${ruleId}` })).said).toEqual(["session-lifetime-users excepted"]);
	});

	it("an exemption holds only if what compensates passes for the setting as it would be", async () => {
		const exempt = { exempt: `okta/${ruleId}`, compensatedBy: "mfa-enforced-by-policy" };
		const longer = { maxSessionLifetimeMinutes: 43_200 };
		expect((await judged({ settings: [setting({ actions: { signon: { session: longer } } })], ...exempt })).said).toEqual(["session-lifetime-users excepted"]);
		const both = await judged({ settings: [setting({ actions: { signon: { session: longer, requireFactor: false } } })], ...exempt });
		expect(both.said).toEqual(["mfa-enforced-by-policy fail", "session-lifetime-users fail"]);
		expect(both.verdicts.find(({ policy }) => policy === "session-lifetime-users")?.message).toMatch(
			/; the exemption until soon does not hold: mfa-enforced-by-policy fails$/,
		);
	});
});

describe("a resource that does not exist yet", () => {
	it("is judged by what it will be, with the package's defaults", async () => {
		expect((await judged({ resources: { r: rule({ sessionLifetime: 43_200 }) } })).said).toContain("session-lifetime-users fail");
		expect((await judged({ resources: { r: rule({}) } })).said.join()).not.toContain("fail");
		expect((await judged({ resources: { r: rule({ sessionLifetime: 0 }) } })).said).toContain("session-lifetime-users fail");
		expect((await judged({ resources: { r: rule({ mfaRequired: false }) } })).said).toContain("mfa-enforced-by-policy fail");
		expect((await judged({ resources: { r: rule({ status: "INACTIVE", mfaRequired: false }) } })).said).toEqual([]);
		expect((await judged({ resources: { r: rule({ usersExcluded: ["00u1"] }) } })).said).toContain("mfa-policy-exclusion-gaps review");
	});

	it("a value that only the vendor will know is unknown; one that another resource says is known", async () => {
		const other = resource("okta:network/zone:Zone", { name: "z", dynamicProxyType: "43200" }, { path: "resources.o" });
		const unknown = await judged({ resources: { o: other, r: rule({ sessionLifetime: "${o.id}" }) } });
		expect(unknown.said).toContain("session-lifetime-users unknown");
		expect(unknown.said.join()).not.toContain("fail");
		const numbered = { ...other, properties: { ...other.properties, asns: [43_200] } };
		expect((await judged({ resources: { o: numbered, r: rule({ sessionLifetime: "${o.asns[0]}" }) } })).said).toContain("session-lifetime-users fail");
	});

	it("one that exists by its name and fails already is told apart", async () => {
		const bad: SettingRecord = { ...live, name: "New rule", session: { maxLifetimeMinutes: 43_200, maxIdleMinutes: 60 } };
		expect((await judged({ resources: { r: rule({ sessionLifetime: 43_200 }) } }, seen(bad))).said).toContain("session-lifetime-users fail already");
		const good: SettingRecord = { ...live, name: "New rule" };
		expect((await judged({ resources: { r: rule({ sessionLifetime: 43_200 }) } }, seen(good))).said).toContain("session-lifetime-users fail");
	});

	it("an exemption names it by its key in the file", async () => {
		expect((await judged({ resources: { r: rule({ sessionLifetime: 43_200 }) }, exempt: "okta/resources/r" })).said).toContain(
			"session-lifetime-users excepted",
		);
	});

	it("of a type that no mapping knows nothing is said", async () => {
		expect(await judged({ resources: { r: resource("okta:network/zone:Zone", { name: "z" }) } })).toMatchObject({ verdicts: [], notes: [] });
	});
});

describe("vendors' resources as records", () => {
	const make = (mappings: typeof okta, type: string, properties: Record<string, unknown>) => mappings[type]?.(properties, "x")?.record;

	it("an Okta app's sign-on rule asks for two factors unless it says otherwise", () => {
		const type = "okta:index/appSignonPolicyRule:AppSignonPolicyRule";
		expect(make(okta, type, { name: "a", policyId: unresolved })).toMatchObject({
			kind: "rule/ACCESS_POLICY",
			active: true,
			session: null,
			signIn: { allows: true, mfaRequired: true },
		});
		expect(make(okta, type, { name: "a", policyId: "p", factorMode: "1FA" })).toMatchObject({ parent: "p", signIn: { mfaRequired: false } });
		const passkey = JSON.stringify({ possession: { phishingResistant: "REQUIRED", userVerification: "REQUIRED" } });
		expect(make(okta, type, { factorMode: "1FA", constraints: [passkey] })).toMatchObject({ signIn: { mfaRequired: true, phishingResistantRequired: true } });
		for (const open of [{ factorMode: unresolved }, { access: unresolved }, { constraints: unresolved }]) {
			const record = make(okta, type, open) as SettingRecord;
			expect([record.signIn?.mfaRequired, record.signIn?.allows]).toContain(undefined);
			expect(record.values).toBeUndefined();
		}
	});

	it("Entra's Conditional Access in Graph's words", () => {
		const type = "azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy";
		const conditions = { applications: { includedApplications: ["All"] }, users: { includedUsers: ["All"], excludedGroups: ["g1"] }, clientAppTypes: ["all"] };
		const whole = { displayName: "MFA", state: "enabled", conditions, grantControls: { operator: "OR", builtInControls: ["mfa"] } };
		expect(make(entra, type, whole)).toMatchObject({
			kind: "conditionalAccessPolicy",
			active: true,
			session: null,
			signIn: { allows: true, mfaRequired: true, excludedGroups: ["g1"], appliesTo: null, otherConditions: false },
		});
		expect(make(entra, type, { ...whole, sessionControls: { signInFrequency: 30, signInFrequencyPeriod: "days" } })).toMatchObject({
			session: { maxLifetimeMinutes: 43_200 },
		});
		expect(make(entra, type, { ...whole, state: "enabledForReportingButNotEnforced" })).toMatchObject({ active: false });
		expect(make(entra, type, { ...whole, grantControls: { operator: "OR", builtInControls: ["mfa", "compliantDevice"] } })).toMatchObject({
			signIn: { mfaRequired: false },
		});
		for (const open of [
			{ grantControls: unresolved },
			{ conditions: unresolved },
			{ conditions: { ...conditions, users: unresolved } },
			{ grantControls: { operator: unresolved, builtInControls: ["mfa"] } },
		])
			expect((make(entra, type, { ...whole, ...open }) as SettingRecord).signIn).toBeUndefined();
		expect((make(entra, type, { ...whole, sessionControls: unresolved }) as SettingRecord).session).toBeUndefined();
		const strength = make(entra, type, { ...whole, grantControls: { operator: "AND", authenticationStrengthPolicyId: "s1" } }) as SettingRecord;
		expect(strength.signIn?.mfaRequired).toBeUndefined();
	});

	it("a Google group's settings, with what the package sets by itself", () => {
		const type = "googleworkspace:index/groupSettings:GroupSettings";
		expect(make(google, type, { email: "g@acme.example", whoCanJoin: "ANYONE_CAN_JOIN" })).toMatchObject({
			kind: "group-settings",
			name: "g@acme.example",
			values: { whoCanJoin: "ANYONE_CAN_JOIN", allowExternalMembers: "false", whoCanViewGroup: "ALL_MEMBERS_CAN_VIEW" },
		});
		expect((make(google, type, { email: "g@acme.example", whoCanJoin: unresolved }) as SettingRecord).values).toBeUndefined();
	});
});
