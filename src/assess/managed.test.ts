import { describe, expect, it } from "vitest";
import type { Finding } from "../model/finding.js";
import type { SettingSpec } from "../provider/setting.js";
import type { DesiredMembership, DesiredSetting } from "../stack/stack.js";
import { assess } from "./assess.js";
import { account, at, role, type Seen, scanned, stackOf, world } from "./test-tenant.js";

const day = 86_400_000;
const medium = "drift-desired-state";
const severe = "drift-desired-state-sign-in";

function group(members: (string | { id: string | null; until: number })[], change: Partial<DesiredMembership> = {}): DesiredMembership {
	return {
		system: "okta",
		kind: "group",
		target: "g",
		name: "Staff",
		mode: "authoritative",
		adopt: null,
		path: "memberships.okta/group/g",
		members: members.map((member, i) => {
			const of = typeof member === "string" ? { id: member, until: null } : member;
			return { login: `${of.id}@acme.example`, reason: null, path: `m.${i}`, ...of };
		}),
		...change,
	};
}

/** Words have no case; zones are a set; an idle time of 15 is the server's default. */
const rule: SettingSpec = {
	kind: "rule/X",
	title: "Rule",
	valuesSchema: {},
	read: () => Promise.reject(new Error("nothing is read over the network")),
	canonical: (values) => ({
		idle: 15,
		...values,
		...(Array.isArray(values.zones) ? { zones: values.zones.map(String).sort() } : {}),
		...(typeof values.access === "string" ? { access: values.access.toUpperCase() } : {}),
	}),
	update: null,
	pulumiTypes: [],
	lockOutCapable: true,
};
const plain: SettingSpec = { ...rule, kind: "brand", lockOutCapable: false };

function setting(id: string, values: Record<string, unknown>, change: Partial<DesiredSetting> = {}): DesiredSetting {
	return { system: "okta", setting: id, name: null, mode: "authoritative", values, adopt: null, path: `settings.okta/${id}`, ...change };
}

const stored = (id: string, values?: Record<string, unknown>) => ({
	id,
	kind: id.slice(0, id.lastIndexOf("/")),
	name: `The ${id}`,
	active: true,
	builtIn: false,
	...(values ? { values } : {}),
});

const people = (...ids: string[]) => Object.fromEntries(ids.map((id) => [id, account(id)]));
const members = (...ids: string[]) => Object.fromEntries(ids.map((id) => [`g/${id}`, { group: "g", account: id, source: "direct" }]));
const staff = { g: { id: "g", name: "Staff", type: "OKTA_GROUP", source: "direct" } };

async function judged(desired: { settings?: DesiredSetting[]; memberships?: DesiredMembership[] }, seen: Seen, kinds: SettingSpec[] | null = [rule, plain]) {
	const settings = Object.fromEntries((desired.settings ?? []).map((one) => [`okta/${one.setting}`, one]));
	const memberships = Object.fromEntries((desired.memberships ?? []).map((one) => [`okta/${one.kind}/${one.target}`, one]));
	const input = await world(stackOf({ settings, memberships }));
	await scanned(input.store, seen);
	const assessment = await assess({ ...input, ...(kinds ? { settingKinds: new Map([["okta", kinds]]) } : {}) });
	await input.store.close();
	if (!assessment) throw new Error("nothing was judged");
	const counts = (policy: string) => {
		const { pass, fail, unknown, review, notApplicable } = assessment.policies.find((one) => one.policy === policy) ?? {};
		return { pass, fail, unknown, review, notApplicable };
	};
	const findings = assessment.findings.filter(({ policy }) => policy === medium || policy === severe);
	return { findings, counts, problems: assessment.problems.map(({ message }) => message) };
}

const differencesIn = (finding: Finding | undefined) => finding?.evidence.find(({ field }) => field === "managed.differences");
const none = { pass: 0, fail: 0, unknown: 0, review: 0, notApplicable: 0 };

describe("memberships", () => {
	it("a member put there by hand is a finding with both sides, the request and both ways out", async () => {
		const { findings } = await judged(
			{ memberships: [group(["a"])] },
			{ records: { accounts: people("a", "b"), groups: staff, memberships: members("a", "b") } },
		);
		expect(findings).toHaveLength(1);
		const [finding] = findings;
		expect(finding).toMatchObject({ policy: medium, severity: "medium", outcome: "fail", subject: { kind: "managed", key: "okta/group/g", label: "Staff" } });
		expect(differencesIn(finding)).toMatchObject({
			value: [{ path: "members[b]", desired: null, live: "b@acme.example" }],
			call: "GET /memberships",
			requestId: "req-memberships",
			observedAt: at,
		});
		expect(finding?.remediation.join("\n")).toMatch(/keelson up[\s\S]*keelson drift --adopt okta\/group\/g/);
	});

	it("a member whose time is over is one too many", async () => {
		const records = { accounts: people("a", "t"), groups: staff, memberships: members("a", "t") };
		const ends = (until: number) => judged({ memberships: [group(["a", { id: "t", until }])] }, { records });
		expect((await ends(at - 1)).findings[0]?.message).toContain("t@acme.example is in it and not declared");
		expect((await ends(at + day)).findings).toEqual([]);
	});

	it("of members not all read: one too many is certain, one missing is not, and no difference is a pass only where additive", async () => {
		const coverage = { memberships: "partial" } as const;
		const of = (mode: DesiredMembership["mode"], wanted: string[], seen: string[]) =>
			judged({ memberships: [group(wanted, { mode })] }, { records: { accounts: people("a", "b"), groups: staff, memberships: members(...seen) }, coverage });
		expect((await of("authoritative", ["a"], ["a", "b"])).counts(medium)).toEqual({ ...none, fail: 1 });
		expect((await of("authoritative", ["a", "b"], ["a"])).counts(medium)).toEqual({ ...none, unknown: 1 });
		expect((await of("authoritative", ["a"], ["a"])).counts(medium)).toEqual({ ...none, unknown: 1 });
		expect((await of("additive", ["a"], ["a", "b"])).counts(medium)).toEqual({ ...none, pass: 1 });
		expect((await of("additive", ["a", "b"], ["a"])).counts(medium)).toEqual({ ...none, unknown: 1 });
	});

	it("the name of a role of which no holder was seen is unknown, so that a wrong one is no pass", async () => {
		const desired = { memberships: [group([], { kind: "role", target: "SUPER_ADMIN", name: "Helpers", mode: "additive" })] };
		const holder = { roleAssignments: { "a/r": role("r", "a") } };
		expect((await judged(desired, { records: holder })).findings[0]?.message).toContain("name is Super Administrator, declared Helpers");
		expect((await judged(desired, { records: {}, coverage: { roleAssignments: "partial" } })).counts(severe)).toEqual({ ...none, unknown: 1 });
	});

	it("keeps its id when the object is renamed and when the difference is another", async () => {
		const of = async (name: string, ...seen: string[]) =>
			(await judged({ memberships: [group([], { name: null })] }, { records: { groups: { g: { ...staff.g, name } }, memberships: members(...seen) } }))
				.findings;
		const [one, other] = [await of("Staff", "a"), await of("People", "b", "c")];
		expect(one.map(({ id }) => id)).toEqual(other.map(({ id }) => id));
		expect(other[0]?.subject.label).toBe("People");
	});

	it("a group is gone only when all groups were read", async () => {
		const of = (state: "complete" | "partial" | "unreadable") => judged({ memberships: [group(["a"])] }, { records: {}, coverage: { groups: state } });
		expect((await of("complete")).findings[0]?.message).toBe("Staff is not as declared: there is no such object");
		expect((await of("partial")).counts(medium)).toEqual({ ...none, unknown: 1 });
		expect((await of("unreadable")).counts(medium)).toEqual({ ...none, unknown: 1 });
	});

	it("observe is for a person to look at", async () => {
		const { findings } = await judged({ memberships: [group([], { mode: "observe" })] }, { records: { groups: staff, memberships: members("b") } });
		expect(findings.map(({ outcome }) => outcome)).toEqual(["review"]);
		expect(findings[0]?.remediation.join("\n")).toContain("Keelson changes nothing here");
	});

	it("a login without an id is unknown, and said", async () => {
		const { counts, problems } = await judged({ memberships: [group([{ id: null, until: at + day }])] }, { records: { groups: staff } });
		expect(counts(medium)).toEqual({ ...none, unknown: 1 });
		expect(problems.join()).toContain("run keelson pin");
	});

	it("a group that carries an administrator's role, and the role itself, are critical", async () => {
		const records = {
			accounts: people("a", "b"),
			groups: staff,
			memberships: members("b"),
			roleAssignments: { "g/r": role("r", "g", { principalType: "group" }), "a/r": role("r2", "a") },
		};
		const desired = { memberships: [group([]), group(["a"], { kind: "role", target: "SUPER_ADMIN", name: null })] };
		const { findings, counts } = await judged(desired, { records });
		expect(findings.map(({ severity, subject }) => `${severity} ${subject.key}`).sort()).toEqual(["critical okta/group/g", "critical okta/role/SUPER_ADMIN"]);
		expect(counts(medium)).toEqual({ ...none, notApplicable: 2 });
		const blind = await judged(desired, { records: { ...records, roleAssignments: {} }, coverage: { roleAssignments: "unreadable" } });
		expect(blind.counts(medium)).toEqual({ ...none, fail: 1, unknown: 1 });
		expect(blind.counts(severe)).toEqual({ ...none, unknown: 2 });
	});
});

describe("settings", () => {
	it("compares in the provider's one form: defaults, the order of sets and case are no difference", async () => {
		const desired = { settings: [setting("rule/X/1", { access: "deny", zones: ["z1", "z2"], idle: 15 })] };
		const { counts } = await judged(desired, { records: { settings: { "rule/X/1": stored("rule/X/1", { access: "DENY", zones: ["z2", "z1"], other: 1 }) } } });
		expect(counts(severe)).toEqual({ ...none, pass: 1 });
	});

	it("what decides a sign-in is critical, another setting is not", async () => {
		const settings = { "rule/X/1": stored("rule/X/1", { access: "ALLOW" }), "brand/1": stored("brand/1", { colour: "red" }) };
		const { findings } = await judged(
			{ settings: [setting("rule/X/1", { access: "deny" }), setting("brand/1", { colour: "blue" })] },
			{ records: { settings } },
		);
		expect(findings.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
			"critical: The rule/X/1 is not as declared: access is ALLOW, declared DENY",
			"medium: The brand/1 is not as declared: colour is red, declared blue",
		]);
	});

	it.each([
		["its values were not read", { records: { settings: { "rule/X/1": stored("rule/X/1") } } }, [rule]],
		["the list broke off before it", { records: { settings: {} }, coverage: { settings: "partial" as const } }, [rule]],
		["nothing of its kind is in the scan", { records: { settings: { "brand/1": stored("brand/1", {}) } } }, [rule]],
		["the provider can't compare it", { records: { settings: { "rule/X/1": stored("rule/X/1", { access: "DENY" }) } } }, []],
		["no kinds were given", { records: { settings: { "rule/X/1": stored("rule/X/1", { access: "DENY" }) } } }, null],
	])("is unknown where %s", async (_, seen, kinds) => {
		const { findings, counts } = await judged({ settings: [setting("rule/X/1", { access: "deny" })] }, seen, kinds);
		expect(findings).toEqual([]);
		expect(counts(severe)).toEqual({ ...none, unknown: 1 });
	});

	it("is gone where all were read, others of its kind among them", async () => {
		const { findings } = await judged({ settings: [setting("rule/X/1", { a: 1 })] }, { records: { settings: { "rule/X/2": stored("rule/X/2", {}) } } });
		expect(findings[0]?.message).toContain("there is no such object");
	});
});
