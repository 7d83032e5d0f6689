import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PolicyCounts } from "../model/finding.js";
import { controlPosture, frameworkPosture, policyPosture, tenantPosture } from "./posture.js";
import { counted, counts, type SubjectResult, severity, subjects } from "./test-fixtures.js";

const policies = fc
	.array(fc.record({ severity, results: subjects }), { maxLength: 8 })
	.map((all) => all.map((one, i) => counted(`p${i}`, one.severity, one.results)));

function turned(results: readonly SubjectResult[], from: SubjectResult["outcome"], to: SubjectResult["outcome"]): SubjectResult[] {
	const at = results.findIndex((one) => one.outcome === from);
	return results.map((one, i) => (i === at ? { ...one, outcome: to } : one));
}

/** Null is no number to compare: nothing known is the lowest end. */
const floor = (value: number | null) => value ?? 0;

describe("of one policy", () => {
	it("counts unknown as not passed, and as passed at the upper end", () => {
		expect(policyPosture(counts("p", "high", { pass: 6, fail: 1, unknown: 2, excepted: 1 }))).toEqual({ posture: 60, postureMax: 80, coverage: 0.8 });
		expect(policyPosture(counts("p", "high", { unknown: 4 }))).toEqual({ posture: null, postureMax: 100, coverage: 0 });
		expect(policyPosture(counts("p", "high", {}))).toEqual({ posture: null, postureMax: null, coverage: null });
	});

	it("keeps 0 ≤ posture ≤ postureMax ≤ 100, apart by what is unknown", () => {
		fc.assert(
			fc.property(subjects, (results) => {
				const { posture, postureMax, coverage } = policyPosture(counted("p", "high", results));
				if (postureMax === null || coverage === null) {
					expect(results.every((one) => one.outcome === "not-applicable")).toBe(true);
					return;
				}
				expect(0 <= floor(posture) && floor(posture) <= postureMax && postureMax <= 100).toBe(true);
				expect(postureMax - floor(posture)).toBeCloseTo(100 * (1 - coverage), 9);
			}),
		);
	});
});

describe("of a tenant", () => {
	it("is the mean by severity, held at 60 by a critical and at 85 by a high failure", () => {
		const good = counts("a", "medium", { pass: 10 });
		expect(tenantPosture([good, counts("b", "low", { pass: 1, fail: 3 })])).toEqual({ posture: 81.25, postureMax: 81.25, coverage: 1, cappedBy: null });
		expect(tenantPosture([good, counts("b", "critical", { pass: 999, fail: 1 })])).toEqual({ posture: 60, postureMax: 60, coverage: 1, cappedBy: "b" });
		expect(tenantPosture([good, counts("z", "high", { pass: 999, fail: 1 }), counts("c", "high", { pass: 9, excepted: 1 })])).toMatchObject({
			posture: 85,
			cappedBy: "c",
		});
		expect(tenantPosture([counts("b", "critical", { pass: 1, fail: 9 })])).toMatchObject({ posture: 10, cappedBy: null });
	});

	it("counts a policy of which nothing is known as unknown, and leaves out what does not apply", () => {
		const good = counts("a", "medium", { pass: 10 });
		expect(tenantPosture([good, counts("b", "medium", { unknown: 5 })])).toEqual({ posture: 50, postureMax: 100, coverage: 0.5, cappedBy: null });
		expect(tenantPosture([good, counts("b", "critical", {})])).toMatchObject({ posture: 100, coverage: 1 });
		expect(tenantPosture([counts("b", "medium", { unknown: 5 })])).toEqual({ posture: null, postureMax: 100, coverage: 0, cappedBy: null });
		expect(tenantPosture([])).toEqual({ posture: null, postureMax: null, coverage: null, cappedBy: null });
	});

	it("keeps 0 ≤ posture ≤ postureMax ≤ 100 and gives the same bits in any order of policies", () => {
		const shuffled = policies.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
		fc.assert(
			fc.property(shuffled, ([all, others]) => {
				const tenant = tenantPosture(all);
				expect(0 <= floor(tenant.posture) && floor(tenant.posture) <= (tenant.postureMax ?? 100) && (tenant.postureMax ?? 0) <= 100).toBe(true);
				expect(tenantPosture(others)).toEqual(tenant);
			}),
		);
	});

	it("never falls by a mend, never rises by a pass lost to unknown or a failure exempted, and ignores what does not apply", () => {
		fc.assert(
			fc.property(policies, severity, subjects, (others, grade, results) => {
				for (const posture of [(all: PolicyCounts[]) => floor(tenantPosture(all).posture), (all: PolicyCounts[]) => floor(controlPosture(all).posture)]) {
					const of = (changed: SubjectResult[]) => posture([...others, counted("changed", grade, changed)]);
					const before = of(results);
					expect(of(turned(results, "fail", "pass"))).toBeGreaterThanOrEqual(before - 1e-9);
					expect(of(turned(results, "pass", "unknown"))).toBeLessThanOrEqual(before + 1e-9);
					expect(of(turned(results, "fail", "excepted"))).toBeLessThanOrEqual(before);
					expect(of([...results, { outcome: "not-applicable", weight: 2 }])).toBe(before);
				}
			}),
		);
	});
});

describe("of controls", () => {
	it("says what was not assessed, does not apply, or is unknown, and never passes it", () => {
		expect(controlPosture([])).toEqual({ posture: null, postureMax: null, coverage: null, state: "not-assessed" });
		expect(controlPosture([counts("a", "info", { pass: 3 })])).toMatchObject({ posture: null, state: "not-assessed" });
		expect(controlPosture([counts("a", "low", {})])).toMatchObject({ posture: null, state: "not-applicable" });
		expect(controlPosture([counts("a", "low", { unknown: 1 })])).toMatchObject({ posture: null, postureMax: 100, state: "unknown" });
		expect(controlPosture([counts("a", "critical", { fail: 1 }), counts("b", "high", { pass: 1 })])).toMatchObject({ posture: 37.5, state: "assessed" });
	});

	it("averages a framework over what was assessed, with both counts", () => {
		const controls = [
			controlPosture([counts("a", "low", { pass: 1 })]),
			controlPosture([counts("b", "low", { unknown: 1 })]),
			controlPosture([counts("c", "low", {})]),
			controlPosture([]),
		];
		expect(frameworkPosture(controls)).toEqual({ posture: 50, postureMax: 100, coverage: 0.5, assessed: 2, controls: 4 });
		expect(frameworkPosture([])).toEqual({ posture: null, postureMax: null, coverage: null, assessed: 0, controls: 0 });
	});
});
