import { describe, expect, it } from "vitest";
import { account, at, passkey, role, type Seen, scanned, world } from "../assess/test-tenant.js";
import { changesOf } from "./changes.js";
import { historyOf, roleHistory } from "./object.js";

const day = 86_400_000;
const member = (group: string, who: string) => ({ [`${group}/${who}`]: { group, account: who, source: "local" } });

async function told(...scans: (Seen["records"] | Seen)[]) {
	const { store, stack } = await world();
	for (const [index, one] of scans.entries()) await scanned(store, "records" in one ? one : { records: one }, at + index * day);
	return { store, input: async () => ({ store, journal: await store.journal({ tenant: stack.name }) }) };
}
const ann = { system: "okta", collection: "accounts", id: "ann" } as const;

describe("an object's history", () => {
	it("tells what changed of an account, its factors, its groups and its roles, newest first", async () => {
		const { input } = await told(
			{ accounts: { ann: account("ann") }, memberships: member("g1", "ann"), authenticators: { ann: { items: [passkey] } } },
			{
				accounts: { ann: account("ann", { status: "SUSPENDED" }) },
				memberships: { ...member("g2", "ann"), ...member("g2", "annabel") },
				authenticators: { ann: { items: [] } },
			},
			{
				accounts: { ann: account("ann", { status: "SUSPENDED" }) },
				memberships: member("g2", "ann"),
				roleAssignments: { "ann/r1": role("r1", "ann") },
				authenticators: { ann: { items: [] } },
			},
			{},
		);
		const events = await historyOf(ann, await input());
		expect(events.filter((one) => one.at === at + 2 * day)).toEqual([
			{ at: at + 2 * day, what: "role-given", role: "SUPER_ADMIN", label: "Super Administrator", principal: "ann" },
		]);
		expect(events.filter((one) => one.at === at + day)).toEqual(
			expect.arrayContaining([
				{ at: at + day, what: "changed", changes: [{ path: "status", before: "ACTIVE", after: "SUSPENDED" }] },
				{ at: at + day, what: "changed", changes: [{ path: "items.k", before: passkey }] },
				{ at: at + day, what: "joined", group: "g2", account: "ann" },
				{ at: at + day, what: "left", group: "g1", account: "ann" },
			]),
		);
		expect(events.at(-1)).toEqual({ at, what: "first-seen" });
		expect(events.filter(({ what }) => what === "gone").map((one) => one.at)).toContain(at + 3 * day);
		expect(events.map((one) => one.at)).toEqual(events.map((one) => one.at).toSorted((a, b) => b - a));
	});

	it("does not take the end of a gap in reading for somebody's coming", async () => {
		const group = { system: "okta", collection: "groups", id: "g1" } as const;
		const { input } = await told(
			{ records: { groups: { g1: { id: "g1", name: "One" } } }, coverage: { memberships: "unreadable" } },
			{ groups: { g1: { id: "g1", name: "One" } }, memberships: member("g1", "ann") },
			{ groups: { g1: { id: "g1", name: "One" } }, memberships: { ...member("g1", "ann"), ...member("g1", "bob") } },
		);
		const joined = (await historyOf(group, await input())).filter(({ what }) => what === "joined");
		expect(joined).toEqual([
			{ at: at + 2 * day, what: "joined", group: "g1", account: "bob" },
			{ at: at + day, what: "joined", group: "g1", account: "ann", unsure: true },
		]);
	});

	it("says nothing of members that the first scan found, nor that somebody left whom a later one could not read", async () => {
		const { input } = await told(
			{ accounts: { ann: account("ann") }, memberships: member("g1", "ann") },
			{ records: {}, coverage: { accounts: "partial", memberships: "partial" } },
		);
		expect(await historyOf(ann, await input())).toEqual([{ at, what: "first-seen" }]);
	});

	it("does not take the first value that is still kept for a coming", async () => {
		const one = (more: object) => ({ accounts: { ann: account("ann", more) }, memberships: { "g1/ann": { group: "g1", account: "ann", ...more } } });
		const { store, input } = await told(one({ source: "direct" }), {}, one({ source: "direct", title: "A" }), one({ source: "rule", title: "B" }));
		expect((await historyOf(ann, await input())).map(({ what }) => what)).toEqual(["changed", "back", "joined", "gone", "left", "first-seen"]);
		for (const what of ["accounts", "memberships"] as const) await store.prune({ system: "okta", what, before: at + 4 * day });
		expect(await historyOf(ann, await input())).toEqual([]);
	});

	it("does not take what an erasure left for a coming", async () => {
		const { store, input } = await told({ accounts: { ann: account("ann") } }, { accounts: { ann: account("ann", { title: "A" }) } });
		await store.erase({ tenant: "acme", system: "okta", id: "ann", texts: ["ann@acme.example"], dryRun: false });
		await store.appendJournal({ tenant: "acme", at: at + 2 * day, plan: "erase", action: null, event: "erased", data: { subject: "okta/ann" } });
		expect(await historyOf(ann, await input())).toEqual([]);
	});

	it("says that what changed, or is gone, may have been so for long where the scan before had not read it", async () => {
		const { input } = await told(
			{ accounts: { ann: account("ann") }, memberships: member("g1", "ann") },
			{ records: {}, coverage: { accounts: "unreadable", memberships: "unreadable" } },
			{ accounts: { ann: account("ann", { title: "A" }) } },
		);
		expect((await historyOf(ann, await input())).map(({ what, unsure }) => [what, unsure])).toEqual([
			["changed", true],
			["left", true],
			["first-seen", undefined],
		]);
	});

	it("does not say of whom may activate a role that they hold it", async () => {
		const { input } = await told({}, { roleAssignments: { "ann/r1": role("r1", "ann", { assignment: "eligible" }) } });
		expect(await roleHistory("okta", "SUPER_ADMIN", await input())).toMatchObject([{ what: "role-given", principal: "ann", eligible: true }]);
	});

	it("tells who was given a role and who lost it", async () => {
		const { input } = await told(
			{ roleAssignments: { "ann/r1": role("r1", "ann") } },
			{ roleAssignments: { "bob/r2": role("r2", "bob"), "bob/r3": role("r3", "bob", { role: "HELP_DESK_ADMIN", label: "Help desk" }) } },
		);
		expect((await roleHistory("okta", "SUPER_ADMIN", await input())).map((one) => ("principal" in one ? [one.what, one.principal] : one))).toEqual([
			["role-taken", "ann"],
			["role-given", "bob"],
		]);
	});

	it("has what Keelson did, with its end", async () => {
		const { store, input } = await told({ accounts: { ann: account("ann") } });
		const entry = { tenant: "acme", plan: "p1", action: "a1", data: { system: "okta", kind: "suspend-account", target: { account: "ann" } } };
		await store.appendJournal({ ...entry, at: at + 5, event: "intent" });
		await store.appendJournal({ ...entry, at: at + 6, event: "verified", data: {} });
		expect((await historyOf(ann, await input()))[0]).toEqual({ at: at + 5, what: "keelson", action: "suspend-account", outcome: "verified", plan: "p1" });
		expect(await historyOf({ ...ann, id: "bob" }, await input())).toEqual([]);
		await store.appendJournal({ ...entry, at: at + 7, event: "intent" });
		await store.appendJournal({ ...entry, at: at + 8, event: "failed", data: {} });
		expect((await historyOf(ann, await input())).slice(0, 2)).toMatchObject([{ outcome: "failed" }, { outcome: "verified" }]);
	});
});

describe("what differs between two bodies", () => {
	it("takes elements of lists by their ids, and plain lists whole", () => {
		const [a, b] = [
			{ id: "a", on: true },
			{ id: "b", on: true },
		];
		expect(changesOf({ items: [a] }, { items: [b, { ...a, on: false }] })).toEqual([
			{ path: "items.a.on", before: true, after: false },
			{ path: "items.b", after: b },
		]);
		expect(changesOf({ zones: ["x"], deep: { n: 1, same: [] } }, { zones: ["x", "y"], deep: { same: [] } })).toEqual([
			{ path: "deep.n", before: 1 },
			{ path: "zones", before: ["x"], after: ["x", "y"] },
		]);
		expect(changesOf({ a: null }, { a: null, b: undefined })).toEqual([]);
	});

	it("does not say that an element is gone from a list that was not read whole", () => {
		const partial = Object.assign([{ id: "b" }], { partial: true });
		expect(changesOf({ items: [{ id: "a" }, { id: "b" }] }, { items: partial })).toEqual([
			{ path: "items", before: [{ id: "a" }, { id: "b" }], after: partial },
		]);
	});
});
