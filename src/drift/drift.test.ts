import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { merged } from "../plan/specs.js";
import type { DesiredMembership, DesiredSetting, OwnershipMode } from "../stack/stack.js";
import { type Drift, differs, driftDigest, driftOf, membershipDrift, settingDrift } from "./drift.js";
import type { LiveMember, LiveMembership, LiveSetting } from "./live.js";
import { type Mend, mendMembership, mendSetting } from "./mend.js";
import { asLive, differences } from "./values.js";

const now = Date.UTC(2026, 0, 1);
const modes: OwnershipMode[] = ["authoritative", "additive", "observe"];
const ids = ["a", "b", "c", "d", "e", "f"];

function group(members: (string | { id: string; until: number })[], mode: OwnershipMode, name: string | null = null): DesiredMembership {
	return {
		system: "okta",
		kind: "group",
		target: "g",
		name,
		mode,
		adopt: null,
		path: "memberships[okta/group/g]",
		members: members.map((member, i) => ({
			login: `${typeof member === "string" ? member : member.id}@x`,
			reason: null,
			path: `m.${i}`,
			...(typeof member === "string" ? { id: member, until: null } : member),
		})),
	};
}

function live(members: Record<string, LiveMember>, name = "G"): LiveMembership {
	return { exists: true, name, members: new Map(Object.entries(members)) };
}

const direct = (members: string[]): LiveMembership => live(Object.fromEntries(members.map((id) => [id, { source: "direct" as const }])));

/** A group as the vendor would have it after the changes. */
function afterwards(before: LiveMembership, changes: Mend[]): LiveMembership {
	const members = new Map(before.members);
	for (const { kind, target } of changes) {
		const id = target.account ?? "";
		if (kind === "add-group-member") members.set(id, { source: "direct" });
		else if (kind === "remove-group-member") members.delete(id);
		else if (kind === "add-role") members.set(id, { assignments: [{ id: `new-${id}`, scope: null }], through: members.get(id)?.through ?? [] });
		else if (kind === "remove-role") {
			const left = members.get(id)?.assignments?.filter((one) => one.id !== target.assignment) ?? [];
			const through = members.get(id)?.through ?? [];
			if (left.length + through.length === 0) members.delete(id);
			else members.set(id, { assignments: left, through });
		}
	}
	return { ...before, members };
}

const some = fc.uniqueArray(fc.constantFrom(...ids));
const anyMode = fc.constantFrom(...modes);

describe("memberships", () => {
	it("names who is missing and who is not declared", () => {
		const drift = membershipDrift("okta/group/g", group(["a", "b"], "authoritative"), direct(["b", "c"]), now);
		expect([drift.missing, drift.extra]).toEqual([["a"], ["c"]]);
	});

	it("additive: more members than declared are no drift", () => {
		expect(differs(membershipDrift("k", group(["a"], "additive"), direct(["a", "c"]), now))).toBe(false);
	});

	it("observe reports both sides and changes nothing", () => {
		const desired = group(["a"], "observe");
		const drift = membershipDrift("k", desired, direct(["c"]), now);
		expect([drift.missing, drift.extra, mendMembership(drift, desired, direct(["c"])).changes]).toEqual([["a"], ["c"], []]);
	});

	it("a member whose time is over is not desired", () => {
		const desired = group(["a", { id: "b", until: now }, { id: "c", until: now + 1 }], "authoritative");
		const drift = membershipDrift("k", desired, direct(["a", "b"]), now);
		expect([drift.missing, drift.extra]).toEqual([["c"], ["b"]]);
	});

	it("refuses to compare a login without an id", () => {
		const desired = group(["a"], "authoritative");
		for (const member of desired.members) member.id = null;
		expect(() => membershipDrift("k", desired, direct([]), now)).toThrow("a@x has no pinned id: run keelson pin");
	});

	it("a group of another name than declared is left alone", () => {
		const desired = group([], "authoritative", "Admins");
		const drift = membershipDrift("k", desired, direct(["a"]), now);
		const { changes, notHere } = mendMembership(drift, desired, direct(["a"]));
		expect(differs(drift)).toBe(true);
		expect(changes).toEqual([]);
		expect(notHere[0]?.why).toContain('it is named "G" and not "Admins"');
	});

	it("a group that is gone is a drift for a person, with no change", () => {
		const gone: LiveMembership = { exists: false, name: null, members: new Map() };
		const desired = group(["a"], "authoritative");
		const drift = membershipDrift("k", desired, gone, now);
		expect([differs(drift), drift.missing, mendMembership(drift, desired, gone).changes]).toEqual([true, [], []]);
	});

	it("a value that is compared only is drift, is named, and is in no change", () => {
		const schema = { properties: { state: {}, conditions: { readOnly: true } } };
		const held: LiveSetting = {
			exists: true,
			name: "P",
			values: { state: "off", conditions: { users: ["a"] } },
			canonical: (values) => values,
			schema,
			writable: true,
		};
		const wanted = (values: Record<string, unknown>): DesiredSetting => ({
			system: "entra",
			setting: "p/1",
			name: null,
			mode: "authoritative",
			values,
			adopt: null,
			path: "",
		});
		const both = wanted({ state: "on", conditions: { users: [] } });
		const mending = mendSetting(settingDrift("k", both, held), both, held);
		expect(mending.changes).toEqual([{ system: "entra", kind: "update-setting", target: { setting: "p/1", values: { state: "on" } } }]);
		expect(mending.notHere.map(({ why }) => why)).toEqual([expect.stringContaining("conditions.users is compared")]);
		const fixed = wanted({ conditions: { users: [] } });
		const drift = settingDrift("k", fixed, held);
		expect(differs(drift)).toBe(true);
		expect(mendSetting(drift, fixed, held)).toEqual({
			changes: [],
			notHere: [{ id: "p/1", why: expect.stringContaining("conditions.users is compared and not changed from here") }],
		});
	});

	it("a member from outside is named as the vendor names it", () => {
		const held = live({ a: { source: "direct", login: "guest@other.example" }, b: { source: "direct" } });
		expect(membershipDrift("k", group(["b"], "authoritative"), held, now).outside).toEqual({ a: "guest@other.example" });
	});

	it("a member put there by a rule, or of unknown origin, is mended at its source", () => {
		const desired = group([], "authoritative");
		const held = live({ a: { source: "rule" }, b: { source: "unknown" }, c: { source: "direct" } });
		const { changes, notHere } = mendMembership(membershipDrift("k", desired, held, now), desired, held);
		expect(changes.map(({ target }) => target.account)).toEqual(["c"]);
		expect(notHere.map(({ id }) => id)).toEqual(["a", "b"]);
	});

	it("a role: own assignments are removed by id, one held through a group is named", () => {
		const desired: DesiredMembership = { ...group(["a"], "authoritative"), kind: "role", target: "SUPER_ADMIN" };
		const held = live({
			a: { assignments: [], through: ["Admins"] },
			b: { assignments: [{ id: "r1", scope: null }], through: [] },
			c: { assignments: [], through: ["Admins"] },
		});
		const drift = membershipDrift("okta/role/SUPER_ADMIN", desired, held, now);
		const { changes, notHere } = mendMembership(drift, desired, held);
		expect(drift).toMatchObject({ missing: [], extra: ["b", "c"], outside: {} });
		expect(changes).toEqual([{ system: "okta", kind: "remove-role", target: { account: "b", assignment: "r1", role: "SUPER_ADMIN" } }]);
		expect(notHere).toEqual([{ id: "c", why: "it holds the role through the group Admins: declare that group's members" }]);
	});

	it("applying the computed changes leaves no drift, whatever the mode that writes", () => {
		fc.assert(
			fc.property(some, some, fc.constantFrom<OwnershipMode>("authoritative", "additive"), (wanted, held, mode) => {
				const desired = group(wanted, mode);
				const before = direct(held);
				const { changes } = mendMembership(membershipDrift("k", desired, before, now), desired, before);
				expect(differs(membershipDrift("k", desired, afterwards(before, changes), now))).toBe(false);
			}),
		);
	});

	it("a change of mode alone never takes anybody out: what held under the old mode is no removal under the new, unless it becomes authoritative", () => {
		fc.assert(
			fc.property(some, some, anyMode, anyMode, (wanted, held, from, to) => {
				const before = direct(held);
				const settle = group(wanted, from);
				const settled = afterwards(before, mendMembership(membershipDrift("k", settle, before, now), settle, before).changes);
				const next = group(wanted, to);
				const { changes } = mendMembership(membershipDrift("k", next, settled, now), next, settled);
				const removed = changes.filter(({ kind }) => kind === "remove-group-member");
				if (to !== "authoritative") expect(removed).toEqual([]);
				if (to === "observe") expect(changes).toEqual([]);
				// Becoming authoritative over members nobody declared is refused until it is adopted: the lifecycle's test holds that.
				if (from === "authoritative") expect(removed).toEqual([]);
			}),
		);
	});
});

describe("settings", () => {
	/** A kind whose lists are sets, whose words have no case, with a server default. */
	const canonical = (values: Record<string, unknown>): Record<string, unknown> => ({
		idle: 15,
		...values,
		...(Array.isArray(values.zones) ? { zones: [...new Set(values.zones.map(String))].sort() } : {}),
		...(typeof values.access === "string" ? { access: values.access.toUpperCase() } : {}),
	});
	const setting = (values: Record<string, unknown>, mode: OwnershipMode = "authoritative"): DesiredSetting => ({
		system: "okta",
		setting: "rule/X/p/r",
		name: null,
		mode,
		values,
		adopt: null,
		path: "s",
	});
	const liveSetting = (values: Record<string, unknown>, writable = true): LiveSetting => ({ exists: true, name: "R", values, canonical, writable });
	const values = fc.record(
		{
			zones: fc.array(fc.constantFrom("z1", "z2", "z3"), { maxLength: 4 }),
			access: fc.constantFrom("ALLOW", "allow", "Deny"),
			idle: fc.constantFrom(15, 30),
			session: fc.record({ lifetime: fc.constantFrom(60, 720), "persistent.cookie": fc.boolean() }, { requiredKeys: [] }),
		},
		{ requiredKeys: [] },
	);

	it("compares in canonical form, and only what is declared", () => {
		const held = liveSetting({ zones: ["z2", "z1", "z1"], access: "ALLOW", other: 1, session: { lifetime: 60, idle: 5 } });
		expect(differences({ zones: ["z1", "z2"], access: "allow", idle: 15, session: { lifetime: 60 } }, held)).toEqual([]);
		expect(differences({ access: "deny", session: { lifetime: 720 } }, held)).toEqual([
			{ path: "access", keys: ["access"], desired: "DENY", live: "ALLOW" },
			{ path: "session.lifetime", keys: ["session", "lifetime"], desired: 720, live: 60 },
		]);
	});

	it("applying the declared values leaves no drift", () => {
		fc.assert(
			fc.property(values, values, (wanted, held) => {
				const desired = setting(wanted);
				const before = liveSetting(held);
				const { changes } = mendSetting(settingDrift("k", desired, before), desired, before);
				const written = changes[0]?.target.values ?? {};
				expect(differs(settingDrift("k", desired, liveSetting(merged(held, written))))).toBe(false);
				expect(changes.length === 0).toBe(differences(wanted, before).length === 0);
			}),
		);
	});

	it("the declared values as they are live: equal to the declared ones exactly when nothing differs", () => {
		fc.assert(
			fc.property(values, values, (wanted, held) => {
				const changed = differences(wanted, liveSetting(held));
				const shown = asLive(wanted, changed);
				if (changed.length === 0) expect(shown).toEqual(wanted);
				// What is shown as live is live: declared in its place, it would be no drift.
				expect(
					differences(shown, liveSetting(held)).filter(({ keys }) => changed.some((change) => change.keys.join() === keys.join() && change.live !== undefined)),
				).toEqual([]);
			}),
		);
	});

	it("what can only be read is not changed, and observe changes nothing", () => {
		const desired = setting({ access: "deny" });
		const readOnly = liveSetting({ access: "ALLOW" }, false);
		expect(mendSetting(settingDrift("k", desired, readOnly), desired, readOnly)).toMatchObject({ changes: [], notHere: [{ id: "rule/X/p/r" }] });
		const observed = setting({ access: "deny" }, "observe");
		expect(mendSetting(settingDrift("k", observed, liveSetting({})), observed, liveSetting({})).changes).toEqual([]);
	});
});

describe("the whole stack", () => {
	it("lists what differs by key, and nothing of what could not be read", () => {
		const stack = {
			settings: { "okta/s": { system: "okta", setting: "s", name: null, mode: "authoritative" as const, values: { a: 1 }, adopt: null, path: "" } },
			memberships: {
				"okta/group/g": group(["a"], "authoritative"),
				"okta/group/h": { ...group(["a"], "authoritative"), target: "h" },
				"okta/group/i": { ...group(["a"], "authoritative"), target: "i" },
			},
		};
		const state = {
			settings: new Map([["okta/s", { exists: true, name: "S", values: { a: 2 }, canonical: (v: Record<string, unknown>) => v, writable: true }]]),
			memberships: new Map([
				["okta/group/h", direct(["a"])],
				["okta/group/g", direct([])],
			]),
		};
		expect(driftOf(stack, state, now).map(({ key }) => key)).toEqual(["okta/group/g", "okta/s"]);
	});

	it("the digest is of the difference: another difference, key or mode has another", () => {
		const base: Drift = {
			key: "k",
			kind: "membership",
			system: "okta",
			mode: "authoritative",
			exists: true,
			name: "G",
			misnamed: null,
			missing: ["a"],
			extra: [],
			outside: {},
			changed: [],
		};
		const others: Drift[] = [
			{ ...base, key: "l" },
			{ ...base, mode: "additive" },
			{ ...base, missing: ["b"] },
			{ ...base, missing: [], extra: ["a"] },
			{ ...base, exists: false },
		];
		expect(driftDigest({ ...base, name: "other name" })).toBe(driftDigest(base));
		expect(new Set([base, ...others].map(driftDigest)).size).toBe(others.length + 1);
	});
});
