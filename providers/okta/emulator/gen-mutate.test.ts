import { describe, expect, it } from "vitest";
import { brokenReferences } from "./gen-integrity.js";
import { generateTenant, mutateTenant } from "./generator.js";

const now = Date.UTC(2026, 0, 1);
const later = now + 3_600_000;

describe("mutateTenant", () => {
	const before = generateTenant({ seed: 1, users: 2000, now });
	const state = generateTenant({ seed: 1, users: 2000, now });
	const changed = mutateTenant(state, { seed: 9, share: 0.05, now: later });

	it("says truly which users, groups and factors changed", () => {
		const users = [...state.users.keys()].filter((id) => state.users.get(id)?.lastUpdated !== before.users.get(id)?.lastUpdated);
		expect(new Set(users)).toEqual(changed.users);
		const members = [...state.members.keys()].filter((id) => [...(state.members.get(id) ?? [])].join() !== [...(before.members.get(id) ?? [])].join());
		expect(new Set(members)).toEqual(changed.groups);
		const factors = [...state.users.keys()].filter((id) => JSON.stringify(state.factors.get(id)) !== JSON.stringify(before.factors.get(id)));
		expect(factors.filter((id) => !changed.factors.has(id))).toEqual([]);
		expect(changed.users.size).toBeGreaterThan(0);
		expect(changed.groups.size).toBeGreaterThan(0);
		expect(changed.factors.size).toBeGreaterThan(0);
	});

	it("moves dates forward where something changed, and leaves all else alone", () => {
		for (const id of changed.users) expect(Date.parse(state.users.get(id)?.lastUpdated ?? "")).toBeGreaterThan(now);
		for (const id of changed.groups) expect(Date.parse(state.groups.get(id)?.lastMembershipUpdated ?? "")).toBeGreaterThan(now);
		const touched = [...state.users.keys()].filter((id) => JSON.stringify(state.users.get(id)) !== JSON.stringify(before.users.get(id)));
		expect(touched.length).toBeLessThanOrEqual(100);
		expect([...state.groups.keys()].filter((id) => state.groups.get(id)?.lastMembershipUpdated !== before.groups.get(id)?.lastMembershipUpdated).length).toBe(
			changed.groups.size,
		);
	});

	it("tells of every change in the log, after all that was there", () => {
		const news = state.log.slice(before.log.length);
		expect(news).toHaveLength(changed.events);
		expect(changed.events).toBe(100);
		expect(state.log.slice(0, before.log.length)).toEqual(before.log);
		expect(news.every((e) => Date.parse(e.published ?? "") > now && Date.parse(e.published ?? "") <= later)).toBe(true);
		const named = (type: RegExp): Set<string | undefined> =>
			new Set(news.filter((e) => type.test(e.eventType ?? "")).flatMap((e) => (e.target ?? []).map((t) => t.id)));
		for (const id of changed.factors) expect(named(/^user\.mfa\.factor\./)).toContain(id);
		for (const id of changed.groups) expect(named(/^group\.user_membership\./)).toContain(id);
		for (const id of changed.users) expect(named(/^user\.(lifecycle|account)\./)).toContain(id);
	});

	it("keeps the tenant whole, and does the same for the same seed", () => {
		expect(brokenReferences(state)).toEqual([]);
		const again = generateTenant({ seed: 1, users: 2000, now });
		mutateTenant(again, { seed: 9, share: 0.05, now: later });
		expect(again).toEqual(state);
		const other = generateTenant({ seed: 1, users: 2000, now });
		mutateTenant(other, { seed: 10, share: 0.05, now: later });
		expect(other.log).not.toEqual(state.log);
	});
});
