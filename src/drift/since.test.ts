import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { role, type Seen, scanned } from "../assess/test-tenant.js";
import type { SettingSpec } from "../provider/setting.js";
import type { DesiredMembership, DesiredSetting } from "../stack/stack.js";
import { openStore } from "../store/open.js";
import type { Store } from "../store/store.js";
import { memberSince, objectSince, pastOf, valueSince } from "./since.js";

const group: DesiredMembership = { system: "okta", kind: "group", target: "g", name: "G", mode: "authoritative", members: [], adopt: null, path: "m" };
const admins: DesiredMembership = { ...group, kind: "role", target: "SUPER_ADMIN" };
const rule: DesiredSetting = { system: "okta", setting: "rule/X/1", name: "One", mode: "authoritative", values: { idle: 5 }, adopt: null, path: "s" };
const spec: Pick<SettingSpec, "canonical" | "update"> = { canonical: (values) => values, update: null };
const live = { exists: true, name: "G", members: new Map([["a", { assignments: [{ id: "r", scope: null }] }]]) };

let store: Store;
beforeEach(async () => {
	store = await openStore("sqlite::memory:");
});
afterEach(() => store.close());

/** Scans at 1000, 2000, …; each as given. */
async function past(...scans: Seen[]) {
	for (const [index, seen] of scans.entries()) await scanned(store, seen, (index + 1) * 1000);
	return pastOf(store, "okta");
}

const withMember = (member: boolean, state?: "partial" | "unreadable"): Seen => ({
	records: { groups: { g: { id: "g", name: "G" } }, memberships: member ? { "g/a": { group: "g", account: "a", source: "direct" } } : {} },
	...(state ? { coverage: { memberships: state } } : {}),
});

describe("a member who is not declared", () => {
	const since = async (...scans: Seen[]) => {
		const { asDeclared, differs, unread } = await memberSince(await past(...scans), group, "a", "extra", live);
		return [asDeclared?.finished ?? null, differs, unread];
	};

	it("came between the last scan without and the first scan with", async () => {
		expect(await since(withMember(false), withMember(false), withMember(true), withMember(true))).toEqual([2000, 3000, 0]);
	});
	it("came after the newest scan where that saw nobody", async () => {
		expect(await since(withMember(true), withMember(false))).toEqual([2000, null, 0]);
	});
	it("was always there as far as anybody looked", async () => {
		expect(await since(withMember(true), withMember(true))).toEqual([null, 1000, 0]);
	});
	it("went and came again: the last coming counts", async () => {
		expect(await since(withMember(true), withMember(false), withMember(true))).toEqual([2000, 3000, 0]);
	});
	it("absence is not believed of a list that broke off, and the scan is counted", async () => {
		expect(await since(withMember(false), withMember(false, "partial"), withMember(true))).toEqual([1000, 3000, 1]);
	});
	it("a scan that read nothing of it tells nothing", async () => {
		expect(await since(withMember(false, "unreadable"))).toEqual([null, null, 1]);
	});
	it("is unknown where nothing is stored", async () => {
		expect(await since()).toEqual([null, null, 0]);
	});
});

describe("a declared member who is gone", () => {
	it("went between the last scan with and the first scan without", async () => {
		const found = await memberSince(await past(withMember(true), withMember(false), withMember(false)), group, "a", "missing", live);
		expect([found.asDeclared?.finished, found.differs]).toEqual([1000, 2000]);
	});
	it("is not known to be gone in a scan that did not meet it", async () => {
		const found = await memberSince(await past(withMember(true), withMember(false, "partial")), group, "a", "missing", live);
		expect([found.asDeclared?.finished, found.differs, found.unread]).toEqual([1000, null, 1]);
	});
});

describe("a role's holder", () => {
	const holding = (held: boolean): Seen => ({ records: { roleAssignments: held ? { "a/r": role("r", "a") } : { "b/r": role("r", "b") } } });
	it("is told by its own assignments, whatever their ids", async () => {
		const found = await memberSince(await past(holding(false), holding(true)), admins, "a", "extra", live);
		expect([found.asDeclared?.finished, found.differs]).toEqual([1000, 2000]);
	});
	it("through a group is told by that group, not here", async () => {
		const through = { ...live, members: new Map([["a", { assignments: [], through: ["Admins"] }]]) };
		expect(await memberSince(await past(holding(false)), admins, "a", "extra", through)).toMatchObject({ asDeclared: null, differs: null });
	});
});

describe("a setting's value", () => {
	const with_ = (values?: object): Seen => ({
		records: { settings: { "rule/X/1": { id: "rule/X/1", kind: "rule/X", name: "One", active: true, builtIn: false, ...(values && { values }) } } },
	});
	it("is held against what is declared now, scan by scan", async () => {
		const found = await valueSince(
			await past(with_({ idle: 5 }), with_({ idle: 5, other: 1 }), with_({ idle: 60 }), with_({ idle: 90 })),
			"k",
			rule,
			"idle",
			spec,
		);
		expect([found.asDeclared?.finished, found.differs, found.unread]).toEqual([2000, 3000, 0]);
	});
	it("is unknown of a scan that did not read the values", async () => {
		const found = await valueSince(await past(with_({ idle: 5 }), with_(), with_({ idle: 60 })), "k", rule, "idle", spec);
		expect([found.asDeclared?.finished, found.differs, found.unread]).toEqual([1000, 3000, 1]);
	});
});

describe("the object itself", () => {
	const named = (name: string | null): Seen => ({ records: { groups: name === null ? {} : { g: { id: "g", name } } } });
	const drift = {
		key: "okta/group/g",
		kind: "membership" as const,
		system: "okta",
		mode: "authoritative" as const,
		missing: [],
		extra: [],
		outside: {},
		changed: [],
	};
	it("is gone since the first scan that did not list it", async () => {
		const found = await objectSince(await past(named("G"), named(null)), { ...drift, exists: false, name: null, misnamed: null }, group);
		expect([found.asDeclared?.finished, found.differs]).toEqual([1000, 2000]);
	});
	it("has another name since the first scan that saw it", async () => {
		const found = await objectSince(await past(named("G"), named("H"), named("I")), { ...drift, exists: true, name: "I", misnamed: "G" }, group);
		expect([found.asDeclared?.finished, found.differs]).toEqual([1000, 2000]);
	});
});
