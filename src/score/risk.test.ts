import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Exposure, severities } from "../model/finding.js";
import { band } from "./band.js";
import { explain, wholePoints } from "./contributions.js";
import { exposureWeight, exposureWeightMax } from "./exposure.js";
import { count, emptyTally, type Gap, hazards, points, sum } from "./hazard.js";
import { riskScore } from "./risk.js";
import { exposure, failed, failures, input, risk, severity, unexposed, unknowns } from "./test-fixtures.js";

/** The score before rounding, by the formula as docs/scoring.md tells it: a second way, group by group. */
function byTheBook(gaps: readonly Gap[], factor: number): number {
	const h = [0, 0.116347, 0.515899, 0.916291, 1.609438];
	const damped = [0, 0, 0, 0, 0];
	for (const cause of new Set(gaps.map((gap) => gap.cause))) {
		const group = gaps.filter((gap) => gap.cause === cause).map((gap) => severities.indexOf(gap.severity));
		const worst = Math.max(...group);
		const k = group.filter((one) => one === worst).length;
		for (const one of group) damped[one] = (damped[one] ?? 0) + (h[one] ?? 0) * (one === worst ? (1 + (k - 1) * 0.25) / k : 0.25);
	}
	const cap = (x: number, c: number) => c * (1 - Math.exp(-x / c));
	const [, low = 0, medium = 0, high = 0, critical = 0] = damped;
	const total = cap(cap(low, 0.960906) + medium, 1.386294) + high + critical;
	return 100 * (1 - Math.exp(-total * factor));
}

function raw(gaps: readonly Gap[], facts: Exposure): number {
	const tally = emptyTally();
	count(tally, gaps);
	return points(sum(tally).total * exposureWeight(facts));
}

describe("the formula", () => {
	it("puts one finding at 0, 10, 35, 60 and 80 by hazards equal to the published ones", () => {
		expect(hazards.map((h) => h.toFixed(6))).toEqual(["0.000000", "0.116347", "0.515899", "0.916291", "1.609438"]);
		expect(severities.map((one) => riskScore(risk(failures(one, 1))).score)).toEqual([0, 10, 35, 60, 80]);
	});

	it("agrees with the formula written out group by group", () => {
		fc.assert(
			fc.property(failed, exposure, (gaps, facts) => {
				expect(raw(gaps, facts)).toBeCloseTo(byTheBook(gaps, exposureWeight(facts)), 3);
			}),
		);
	});

	it("gives the same bits in any order", () => {
		const shuffled = input.chain((one) =>
			fc.tuple(
				fc.constant(one),
				fc.shuffledSubarray([...one.failed], { minLength: one.failed.length }),
				fc.shuffledSubarray([...one.unknown], { minLength: one.unknown.length }),
			),
		);
		fc.assert(
			fc.property(shuffled, ([one, others, unknown]) => {
				expect(riskScore({ ...one, failed: others, unknown })).toEqual(riskScore(one));
			}),
		);
	});

	it("never falls by another finding, a graver one, or another exposure", () => {
		fc.assert(
			fc.property(failed, exposure, severity, fc.nat(), fc.constantFrom("mfa", "new"), (gaps, facts, grade, at, cause) => {
				const before = raw(gaps, facts);
				expect(raw([...gaps, { severity: grade, cause }], facts)).toBeGreaterThanOrEqual(before - 1e-9);
				const raised = gaps.map((gap, i) =>
					i === at % gaps.length && severities.indexOf(grade) > severities.indexOf(gap.severity) ? { ...gap, severity: grade } : gap,
				);
				expect(raw(raised, facts)).toBeGreaterThanOrEqual(before - 1e-9);
				for (const fact of ["topPrivilege", "privilege", "external", "reachableAnywhere", "dormant"] as const) {
					expect(raw(gaps, { ...facts, [fact]: true })).toBeGreaterThanOrEqual(before - 1e-9);
				}
			}),
		);
	});

	it("caps crowds: lows at 50, lows and mediums at 75", () => {
		fc.assert(
			fc.property(fc.nat(5000), fc.nat(5000), (lows, mediums) => {
				expect(raw(failures("low", lows), unexposed)).toBeLessThanOrEqual(50 + 1e-9);
				expect(raw([...failures("low", lows), ...failures("medium", mediums)], unexposed)).toBeLessThanOrEqual(75 + 1e-9);
			}),
			{ numRuns: 20 },
		);
	});

	it("weighs exposure from 1 to 2.75, top privilege and other privilege never both", () => {
		const all: Exposure = { topPrivilege: true, privilege: true, external: true, reachableAnywhere: true, dormant: true };
		const none: Exposure = { topPrivilege: undefined, privilege: undefined, external: undefined, reachableAnywhere: undefined, dormant: undefined };
		expect([unexposed, all, { ...all, topPrivilege: false }, none].map(exposureWeight)).toEqual([1, 2.75, 2.25, 1]);
		expect([unexposed, all, { ...all, topPrivilege: false }, none].map(exposureWeightMax)).toEqual([1, 2.75, 2.25, 2.75]);
	});
});

describe("contributions", () => {
	it("are ≥ 0 and sum to the score, exactly before rounding and in whole points after it", () => {
		fc.assert(
			fc.property(input, (one) => {
				const tally = emptyTally();
				count(tally, one.failed);
				const exact = explain(one.failed, tally, sum(tally), one.exposure);
				expect(exact.every((row) => row.points >= 0)).toBe(true);
				expect(exact.reduce((total, row) => total + row.points, 0)).toBeCloseTo(raw(one.failed, one.exposure), 9);
				const { score, contributions } = riskScore(one);
				expect(contributions.every((row) => row.points >= 0 && Number.isInteger(row.points))).toBe(true);
				expect(contributions.reduce((total, row) => total + row.points, 0)).toBe(score ?? 0);
				for (const row of contributions) {
					const before = exact.find((other) => other.id === row.id && other.source === row.source);
					expect(Math.abs(row.points - (before?.points ?? 1e9))).toBeLessThan(1 + 1e-6);
				}
			}),
		);
	});

	it("break ties by id, not by noise in the last bits", () => {
		const row = (id: string, exact: number) => ({ source: "finding", id, label: id, points: exact }) as const;
		expect(wholePoints([row("b", 10.5 + 1e-13), row("a", 10.5)], 21).map(({ id, points }) => [id, points])).toEqual([
			["a", 11],
			["b", 10],
		]);
	});

	it("name every failed finding once, and only exposure that adds something", () => {
		const dormantGuest = riskScore(risk(failures("medium", 1), { external: true, dormant: true }));
		expect(dormantGuest.contributions.map((row) => [row.id, row.points])).toEqual([
			["medium-0", 35],
			["dormant", 7],
			["external", 6],
		]);
		expect(riskScore(risk(failures("info", 2), { topPrivilege: true })).contributions.map((row) => [row.source, row.points])).toEqual([
			["finding", 0],
			["finding", 0],
		]);
	});
});

describe("the interval", () => {
	it("holds the score, whole and within 0–100, with the bands of both ends", () => {
		fc.assert(
			fc.property(input, (one) => {
				const result = riskScore(one);
				const low = result.score ?? 0;
				expect(Number.isInteger(low) && low >= 0 && low <= result.scoreMax && result.scoreMax <= 100).toBe(true);
				expect(result.band).toBe(band(result.score));
				if (result.score !== null) expect(result.bandMax).toBe(band(result.scoreMax));
				if (one.failed.length === 0) expect(low).toBe(0);
				expect([result.unknownPolicies, result.evaluatedPolicies]).toEqual([one.unknown.length, one.evaluated]);
			}),
		);
	});

	it("tops out at what the score becomes when every unknown fails and every unknown exposure is present", () => {
		const factor = { topPrivilege: true, privilege: true, external: true, reachableAnywhere: true, dormant: true };
		fc.assert(
			fc.property(input, (one) => {
				const exposure = Object.fromEntries(Object.entries(factor).map(([fact, present]) => [fact, one.exposure[fact as keyof Exposure] ?? present]));
				const all = [...one.failed, ...one.unknown.map((gap) => ({ ...gap, id: gap.policy }))];
				expect(riskScore(one).scoreMax).toBe(riskScore(risk(all, exposure)).score);
			}),
		);
	});

	it("leaves the score and never widens when an unknown turns out a pass", () => {
		fc.assert(
			fc.property(input, unknowns, (one, more) => {
				const before = riskScore({ ...one, known: one.known + 1, unknown: [...one.unknown, ...more] });
				const after = riskScore({ ...one, known: one.known + 1 + more.length });
				expect(after.score).toBe(before.score);
				expect(after.scoreMax).toBeLessThanOrEqual(before.scoreMax);
			}),
		);
	});

	it("is unknown, never 0, where nothing is known", () => {
		const unknown = [{ policy: "mfa", label: "MFA", severity: "high", cause: "mfa" } as const];
		expect(riskScore({ failed: [], unknown, exposure: unexposed, known: 0, evaluated: 1 })).toMatchObject({
			score: null,
			band: "unknown",
			scoreMax: 60,
			bandMax: "high",
		});
		expect(riskScore({ failed: [], unknown: [], exposure: unexposed, known: 0, evaluated: 3 })).toMatchObject({
			score: null,
			band: "unknown",
			bandMax: "unknown",
		});
		expect(riskScore({ failed: [], unknown: [], exposure: unexposed, known: 0, evaluated: 0 })).toMatchObject({ score: 0, band: "low" });
		expect(riskScore({ failed: [], unknown: [], exposure: unexposed, known: 3, evaluated: 3 })).toMatchObject({ score: 0, scoreMax: 0, band: "low" });
	});
});

it("reads bands from the shown whole number, without gaps", () => {
	expect([0, 20, 20.4, 20.5, 50.49, 50.5, 75.4, 75.5, 100, null].map(band)).toEqual([
		"low",
		"low",
		"low",
		"medium",
		"medium",
		"high",
		"high",
		"critical",
		"critical",
		"unknown",
	]);
});
