import { afterEach, describe, expect, it } from "vitest";
import { compilePolicy } from "../policy/compile.js";
import { policyOf } from "../policy/test-policy.js";
import type { AssessInput } from "./assess.js";
import { diffPolicies, type PolicyChange, type PolicyDiff } from "./policy-diff.js";
import { alteredPolicies } from "./policy-diff-altered.js";
import { account, at, role, scanned, stackOf, world } from "./test-tenant.js";

const day = 86_400_000;
const unused = (days: number, change: Parameters<typeof policyOf>[0] = { pass: "" }) =>
	compilePolicy(
		policyOf({ message: "{account.login} is unused", ...change, pass: `account.lastActivity != null && account.lastActivity > now - days(${days})` }),
	);

const opened: AssessInput[] = [];
afterEach(async () => {
	for (const { store } of opened.splice(0)) await store.close();
});

/** Ana was here yesterday, Ben forty days ago, Cleo (an administrator) sixty, of Dan it is not known. */
async function tenant(stack = stackOf()): Promise<AssessInput> {
	const input = await world(stack);
	opened.push(input);
	const seen = (days: number) => ({ lastActivity: at - days * day });
	const { lastActivity: _, ...dan } = account("dan");
	await scanned(input.store, {
		records: {
			accounts: { ana: account("ana"), ben: account("ben", seen(40)), cleo: account("cleo", seen(60)), dan },
			roleAssignments: { r1: role("r1", "cleo") },
		},
	});
	return input;
}

async function diff(before: ReturnType<typeof unused>[], after: ReturnType<typeof unused>[], stack = stackOf()): Promise<PolicyDiff> {
	const found = await diffPolicies(await tenant(stack), { policies: before, policyDigest: "b" }, { policies: after, policyDigest: "a" });
	if (!found) throw new Error("nothing was judged");
	return found;
}

const told = ({ subjects }: PolicyChange) => subjects.map(({ kind, subject, before, after }) => `${subject.key} ${kind}: ${before} > ${after}`);
const only = ({ policies }: PolicyDiff) => policies[0] as PolicyChange;

describe("what a change of policies does to the stored state", () => {
	it("names who is flagged, the privileged first, with what is said of them", async () => {
		const change = only(await diff([unused(90)], [unused(30)]));
		expect(told(change)).toEqual(["okta/cleo flagged: pass > fail", "okta/ben flagged: pass > fail"]);
		expect(change.subjects.map(({ privileged }) => privileged)).toEqual([true, false]);
		expect(change.subjects[1]?.message).toBe("ben@acme.example is unused");
		expect(change).toMatchObject({ change: "changed", keys: ["pass"], before: { pass: 3, fail: 0, unknown: 1 }, after: { pass: 1, fail: 2, unknown: 1 } });
	});

	it("names who is cleared, and the message that is gone", async () => {
		const change = only(await diff([unused(30)], [unused(50)]));
		expect(told(change)).toEqual(["okta/ben cleared: fail > pass"]);
		expect(change.subjects[0]?.message).toBe("ben@acme.example is unused");
	});

	it("never calls cleared what can't be said any more, nor flagged what becomes known and fine", async () => {
		const byRisk = compilePolicy(policyOf({ pass: "account.risk.level == 'none'" }));
		expect(told(only(await diff([unused(30)], [byRisk])))).toEqual([
			"okta/cleo unknown: fail > unknown",
			"okta/ana unknown: pass > unknown",
			"okta/ben unknown: fail > unknown",
		]);
		const everybody = compilePolicy(policyOf({ pass: "account.enabled" }));
		expect(told(only(await diff([unused(90)], [everybody])))).toEqual(["okta/dan known: unknown > pass"]);
		const nobody = compilePolicy(policyOf({ pass: "!account.enabled" }));
		expect(told(only(await diff([unused(90)], [nobody])))).toContain("okta/dan flagged: unknown > fail");
	});

	it("counts those it newly applies to or no longer does, and names only those who must act", async () => {
		const change = only(await diff([unused(30, { pass: "", where: "account.login.startsWith('b')" })], [unused(30)]));
		expect(told(change)).toEqual(["okta/cleo flagged: not-applicable > fail", "okta/dan unknown: not-applicable > unknown"]);
		expect(change.scope).toEqual({ more: 1, fewer: 0 });
		const back = only(await diff([unused(30)], [unused(30, { pass: "", where: "account.login.startsWith('b')" })]));
		expect(told(back)).toEqual(["okta/cleo cleared: fail > not-applicable", "okta/dan known: unknown > not-applicable"]);
		expect(back.scope).toEqual({ more: 0, fewer: 1 });
	});

	it("judges a policy that is added or removed against nothing", async () => {
		const added = await diff([], [unused(50)]);
		expect(only(added)).toMatchObject({ change: "added", before: null, after: { fail: 1, pass: 2, unknown: 1 }, scope: { more: 2, fewer: 0 } });
		expect(told(only(added))).toEqual(["okta/cleo flagged: null > fail", "okta/dan unknown: null > unknown"]);
		expect(added.posture.before).toEqual({ posture: null, postureMax: null, coverage: null });
		const removed = await diff([unused(50)], []);
		expect(only(removed)).toMatchObject({ change: "removed", after: null });
		expect(told(only(removed))).toEqual(["okta/cleo cleared: fail > null"]);
		expect(removed.same).toBe(0);
	});

	it("takes a failure that an exemption excuses for no flag", async () => {
		const exempt = stackOf({
			exemptions: [
				{
					...{ policy: "example", subject: { key: "okta/ben", path: "" }, owner: "it", reason: "on leave", ticket: null },
					...{ expires: at + 30 * day, expiresText: "2026-01-31", path: "exemptions.0" },
				},
			],
		});
		expect(told(only(await diff([unused(90)], [unused(30)], exempt)))).toEqual(["okta/cleo flagged: pass > fail", "okta/ben accepted: pass > excepted"]);
	});

	it("finds no difference between a policy and itself, and stores nothing", async () => {
		const input = await tenant();
		const found = await diffPolicies(input, input, input);
		expect(found).toMatchObject({ policies: [], same: input.policies.length });
		expect(found?.posture.before).toEqual(found?.posture.after);
		expect(await input.store.findings({ systems: ["okta"] })).toEqual([]);
		expect(await input.store.trend("acme", 10)).toEqual([]);
	});
});

describe("how a policy is altered", () => {
	it("keeps the counts of a policy that is only worded or weighed anew, and names nobody", async () => {
		const base = unused(30);
		const change = only(await diff([base], [compilePolicy({ ...base.policy, severity: "critical", message: "gone for long" })]));
		expect(change).toMatchObject({ severity: "critical", keys: ["message"], subjects: [], before: { fail: 2 }, after: { fail: 2 } });
	});

	it("tells severity, parameters and rewritten keys apart, and no comment", () => {
		const rest = "params: { days: { type: integer, default: 30, description: d } }";
		const base = policyOf({ pass: "account.lastActivity != null && account.lastActivity > now - days(params.days)", rest });
		const other = { ...base, digest: "other" };
		expect(alteredPolicies([compilePolicy(base)], [compilePolicy(other)])).toEqual([]);
		expect(alteredPolicies([compilePolicy(base)], [compilePolicy({ ...base, severity: "high", why: "because" }, { days: 7 })])).toEqual([
			{
				...{ policy: "example", change: "changed", severityChange: { before: "low", after: "high" } },
				...{ params: [{ name: "days", before: 30, after: 7 }], keys: ["why"] },
			},
		]);
	});
});
