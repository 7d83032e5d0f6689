import fc from "fast-check";
import { type Exposure, type PolicyCounts, type Severity, severities } from "../model/finding.js";
import type { FailedGap } from "./contributions.js";
import type { RiskInput, UnknownGap } from "./risk.js";

/** Inputs that the tests of this room share. */
export const unexposed: Exposure = { topPrivilege: false, privilege: false, external: false, reachableAnywhere: false, dormant: false };

export function failures(severity: Severity, times: number, cause?: string): FailedGap[] {
	return Array.from({ length: times }, (_, i) => ({ id: `${severity}-${i}`, label: severity, severity, cause: cause ?? `${severity}-cause-${i}` }));
}

export function risk(failed: FailedGap[], exposure: Partial<Exposure> = {}, unknown: UnknownGap[] = []): RiskInput {
	return { failed, unknown, exposure: { ...unexposed, ...exposure }, known: failed.length + 1, evaluated: failed.length + unknown.length + 1 };
}

export function counts(policy: string, severity: Severity, some: Partial<Pick<PolicyCounts, "pass" | "fail" | "unknown" | "excepted">>): PolicyCounts {
	const weight = { pass: 0, fail: 0, unknown: 0, excepted: 0, ...some };
	return { policy, title: policy, severity, cause: "mfa", ...weight, review: 0, notApplicable: 0, weight, unknownFields: {} };
}

export const severity = fc.constantFrom(...severities);
const cause = fc.constantFrom("mfa", "dormancy", "privilege", "credentials", "__proto__");
const gap = fc.record({ severity, cause });

export const failed = fc
	.array(gap, { maxLength: 12 })
	.map((gaps): FailedGap[] => gaps.map((one, i) => ({ ...one, id: `f${String(i).padStart(2, "0")}`, label: `finding ${i}` })));
export const unknowns = fc.array(gap, { maxLength: 8 }).map((gaps): UnknownGap[] => gaps.map((one, i) => ({ ...one, policy: `p${i}`, label: `policy ${i}` })));
const fact = fc.constantFrom(true, false, undefined);
export const exposure: fc.Arbitrary<Exposure> = fc.record({ topPrivilege: fact, privilege: fact, external: fact, reachableAnywhere: fact, dormant: fact });
export const input: fc.Arbitrary<RiskInput> = fc.record({ failed, unknown: unknowns, exposure, passed: fc.nat(20) }).map(({ passed, ...rest }) => ({
	...rest,
	known: rest.failed.length + passed,
	evaluated: rest.failed.length + rest.unknown.length + passed,
}));

/** Subjects of one policy, each with its outcome and weight, as the counts of a report. */
export interface SubjectResult {
	outcome: "pass" | "fail" | "unknown" | "excepted" | "not-applicable";
	weight: number;
}
export const subjects = fc.array(
	fc.record({
		outcome: fc.constantFrom("pass", "fail", "unknown", "excepted", "not-applicable") satisfies fc.Arbitrary<SubjectResult["outcome"]>,
		weight: fc.integer({ min: 4, max: 11 }).map((quarters) => quarters / 4),
	}),
	{ maxLength: 15 },
);

export function counted(policy: string, grade: Severity, results: readonly SubjectResult[]): PolicyCounts {
	const all = counts(policy, grade, {});
	all.weight = { pass: 0, fail: 0, unknown: 0, excepted: 0 };
	for (const { outcome, weight } of results) {
		if (outcome === "not-applicable") all.notApplicable++;
		else {
			all[outcome]++;
			all.weight[outcome] += weight;
		}
	}
	return all;
}
