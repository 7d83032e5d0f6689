import { describe, expect, it } from "vitest";
import type { Assessment } from "../model/assessment.js";
import { assess } from "./assess.js";
import { account, at, passkey, push, role, type Seen, scanned, stackOf, world } from "./test-tenant.js";

async function judged(seen: Seen, stack = stackOf()): Promise<Assessment> {
	const input = await world(stack);
	await scanned(input.store, seen);
	const assessment = await assess(input);
	await input.store.close();
	if (!assessment) throw new Error("nothing was judged");
	return assessment;
}

const counts = (assessment: Assessment, policy: string) => assessment.policies.find((entry) => entry.policy === policy);
const of = (assessment: Assessment, policy: string) => assessment.findings.filter((finding) => finding.policy === policy);

describe("judging a snapshot", () => {
	it("never calls factors that were not read none", async () => {
		const result = await judged({
			records: { accounts: { ana: account("ana"), ben: account("ben") }, authenticators: { ben: { items: [push] } } },
			coverage: { authenticators: "partial" },
		});
		expect(counts(result, "mfa-registered-all-users")).toMatchObject({ pass: 1, fail: 0, unknown: 1, unknownFields: { "account.authenticators": 1 } });
	});

	it("holds privilege for unknown while the roles were not all read, and for true as soon as one is seen", async () => {
		const seen: Seen = {
			records: {
				accounts: { ana: account("ana"), ben: account("ben") },
				authenticators: { ana: { items: [] }, ben: { items: [] } },
				roleAssignments: { r1: role("r1", "ben") },
			},
			coverage: { roleAssignments: "partial" },
		};
		const result = await judged(seen);
		expect(counts(result, "mfa-registered-privileged")).toMatchObject({ fail: 1, unknown: 1 });
		expect(of(result, "mfa-registered-privileged").map(({ subject }) => subject.key)).toEqual(["okta/ben"]);
	});

	it("finds a role held through a group, and says by which path", async () => {
		const result = await judged({
			records: {
				accounts: { ana: account("ana") },
				authenticators: { ana: { items: [] } },
				groups: { g: { id: "g", name: "Admins", type: "OKTA_GROUP", source: "direct" } },
				memberships: { "g/ana": { group: "g", account: "ana", source: "direct" } },
				roleAssignments: { r1: role("r1", "g", { principalType: "group" }) },
			},
		});
		const [finding] = of(result, "mfa-registered-privileged");
		expect(finding?.message).toContain("Super Administrator");
		expect(finding?.evidence.find(({ field }) => field === "account.privileged")).toMatchObject({
			value: true,
			call: "GET /memberships",
			requestId: "req-memberships",
		});
	});

	it("holds privilege for unknown while memberships of a group with a role were not all read", async () => {
		const result = await judged({
			records: {
				accounts: { ana: account("ana") },
				authenticators: { ana: { items: [] } },
				groups: { g: { id: "g", name: "Admins", type: "OKTA_GROUP", source: "direct" } },
				roleAssignments: { r1: role("r1", "g", { principalType: "group" }) },
			},
			coverage: { memberships: "partial" },
		});
		expect(counts(result, "mfa-registered-privileged")).toMatchObject({ fail: 0, unknown: 1 });
	});

	it("keeps the finding of an account that a broken-off list did not name, and neither passes nor fails it anew", async () => {
		const input = await world();
		const none = { ana: { items: [] }, ben: { items: [] } };
		await scanned(input.store, { records: { accounts: { ana: account("ana"), ben: account("ben") }, authenticators: none } });
		const first = await assess(input);
		expect(of(first as Assessment, "mfa-registered-all-users")).toHaveLength(2);
		await scanned(input.store, { records: { accounts: { ana: account("ana") }, authenticators: none }, coverage: { accounts: "partial" } }, at + 1000);
		const second = (await assess(input)) as Assessment;
		expect(counts(second, "mfa-registered-all-users")).toMatchObject({ fail: 1, unknown: 1 });
		const stored = await input.store.findings({ systems: ["okta"] });
		expect(stored.filter(({ policy, state }) => policy === "mfa-registered-all-users" && state !== "fixed")).toHaveLength(2);
		await input.store.close();
	});

	it("calls a finding fixed when the account is mended, and reopened when it comes back", async () => {
		const input = await world();
		const state = async (factors: object[], when: number) => {
			await scanned(input.store, { records: { accounts: { ana: account("ana") }, authenticators: { ana: { items: factors } } } }, when);
			return of((await assess(input)) as Assessment, "mfa-registered-all-users").map((finding) => finding.state);
		};
		expect(await state([], at)).toEqual(["new"]);
		expect(await state([], at + 1)).toEqual(["open"]);
		expect(await state([push], at + 2)).toEqual(["fixed"]);
		expect(await state([], at + 3)).toEqual(["reopened"]);
		await input.store.close();
	});

	it("skips break-glass accounts by pinned id, and says when id and login disagree", async () => {
		const stack = stackOf();
		stack.people.breakGlass = [{ system: "okta", login: "ana@acme.example", id: "ana", path: "people.breakGlass.0" }];
		const seen: Seen = { records: { accounts: { ana: account("ana"), ben: account("ben") }, authenticators: { ana: { items: [] }, ben: { items: [] } } } };
		const result = await judged(seen, stack);
		expect(of(result, "mfa-registered-all-users").map(({ subject }) => subject.key)).toEqual(["okta/ben"]);
		expect(result.problems).toEqual([]);
		stack.people.breakGlass = [{ system: "okta", login: "ana@acme.example", id: "ben", path: "people.breakGlass.0" }];
		expect((await judged(seen, stack)).problems).toMatchObject([
			{ path: "people.breakGlass.0", blocksWrites: true, message: expect.stringContaining("ben@acme.example") },
		]);
		stack.people.breakGlass = [{ system: "okta", login: "zed@acme.example", id: "gone", path: "people.breakGlass.0" }];
		expect((await judged(seen, stack)).problems).toMatchObject([{ blocksWrites: true, message: expect.stringContaining("not found") }]);
	});

	it("does not call an emergency account missing while the list of accounts was not read to its end", async () => {
		const stack = stackOf();
		stack.people.breakGlass = ["ana", "ben"].map((id, index) => ({ system: "okta", login: `${id}@acme.example`, id, path: `people.breakGlass.${index}` }));
		const seen = (accounts: Record<string, object>, state: "complete" | "partial" | "unreadable"): Seen => ({
			records: {
				accounts,
				authenticators: { ana: { items: [passkey] }, ben: { items: [passkey] } },
				roleAssignments: { a: role("a", "ana"), b: role("b", "ben") },
			},
			coverage: { accounts: state },
		});
		const sound = async (seen: Seen) => counts(await judged(seen, stack), "breakglass-present-and-sound");
		const [ana, ben] = [account("ana"), account("ben")];
		expect(await sound(seen({ ana, ben }, "complete"))).toMatchObject({ pass: 1, fail: 0, unknown: 0 });
		expect(await sound(seen({ ana }, "partial"))).toMatchObject({ pass: 0, fail: 0, unknown: 1 });
		expect(await sound(seen({}, "unreadable"))).toMatchObject({ pass: 0, fail: 0, unknown: 1 });
		expect(await sound(seen({ ana }, "complete"))).toMatchObject({ pass: 0, fail: 1, unknown: 0 });
	});

	it("marks a live exemption as excepted, never as a pass, and names the unused and the ended one", async () => {
		const entry = (policy: string, expires: number, path: string) => ({
			policy,
			subject: { system: "okta", login: "ana@acme.example", id: "ana", path: `${path}.subject` },
			owner: "it@acme.example",
			reason: "moving",
			ticket: null,
			expires,
			expiresText: new Date(expires).toISOString().slice(0, 10),
			path,
		});
		const stack = stackOf({
			exemptions: [
				entry("mfa-registered-all-users", at + 1, "exemptions.0"),
				entry("guest-privileged", at + 1, "exemptions.1"),
				entry("dormant-account", at - 1, "exemptions.2"),
			],
		});
		const result = await judged({ records: { accounts: { ana: account("ana") }, authenticators: { ana: { items: [] } } } }, stack);
		expect(counts(result, "mfa-registered-all-users")).toMatchObject({ pass: 0, fail: 0, excepted: 1 });
		expect(result.problems.map(({ path, message }) => [path, message.includes("ended") ? "ended" : "unused"])).toEqual([
			["exemptions.1", "unused"],
			["exemptions.2", "ended"],
		]);
	});

	it("scores contributions that sum to the score, and gives no number where nothing is known", async () => {
		const result = await judged({
			records: {
				accounts: { ana: account("ana"), dark: { id: "dark", login: "dark@acme.example" } },
				authenticators: { ana: { items: [] } },
				roleAssignments: { r1: role("r1", "ana") },
			},
		});
		const ana = result.accounts.find(({ key }) => key === "okta/ana");
		expect(ana?.risk.score).toBeGreaterThan(75);
		expect(ana?.risk.contributions.reduce((sum, part) => sum + part.points, 0)).toBe(ana?.risk.score);
		const dark = result.accounts.find(({ key }) => key === "okta/dark");
		expect(dark?.risk).toMatchObject({ score: null, band: "unknown" });
		expect(result.bands.unknown).toBe(1);
	});

	it("gives the same bytes for the same snapshot", async () => {
		const input = await world();
		await scanned(input.store, {
			records: { accounts: { ana: account("ana"), ben: account("ben") }, authenticators: { ana: { items: [passkey] }, ben: { items: [] } } },
		});
		const once = await assess({ ...input, dryRun: true });
		const twice = await assess({ ...input, dryRun: true });
		expect(JSON.stringify(twice)).toBe(JSON.stringify(once));
		await input.store.close();
	});
});
