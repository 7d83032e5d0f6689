import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Finding } from "../model/finding.js";
import { tenantPosture } from "../score/posture.js";
import { withHistory } from "./history.js";
import { nextSteps } from "./steps.js";
import { at, testAssessment } from "./test-assessment.js";
import { fairShare, viewOf } from "./view.js";
import { counted, coverageLine, tallyWords, trendWords, whole } from "./words.js";

describe("fairShare", () => {
	it("gives all when all fit, never more than the limit or than there is, and as much as it can", () => {
		fc.assert(
			fc.property(fc.array(fc.nat({ max: 300 }), { maxLength: 20 }), fc.nat({ max: 1000 }), (sizes, limit) => {
				const shares = fairShare(sizes, limit);
				const sum = (list: number[]) => list.reduce((total, one) => total + one, 0);
				expect(sum(shares)).toBe(Math.min(limit, sum(sizes)));
				const cut = shares.filter((share, index) => share < (sizes[index] ?? 0));
				shares.forEach((share, index) => {
					expect(share).toBeLessThanOrEqual(sizes[index] ?? 0);
					for (const other of cut) expect(share).toBeLessThanOrEqual(other + 1);
				});
			}),
		);
	});
});

describe("nextSteps", () => {
	it("says how much the mean behind posture gains, and ranks by it", () => {
		const assessment = testAssessment();
		const steps = nextSteps(assessment);
		expect(steps.map(({ gain }) => gain)).toEqual(steps.map(({ gain }) => gain).toSorted((a, b) => b - a));
		// Without known failures nothing holds the posture down, so that the tenant's posture is the mean itself.
		const policies = assessment.policies.map((counts) => ({ ...counts, severity: "medium" as const, excepted: 0 }));
		const [first] = nextSteps({ ...assessment, policies });
		const mended = policies.map((counts) =>
			counts.policy === first?.counts.policy
				? { ...counts, fail: 0, weight: { ...counts.weight, pass: counts.weight.pass + counts.weight.fail, fail: 0 } }
				: counts,
		);
		expect(first?.gain).toBeCloseTo((tenantPosture(mended).posture ?? 0) - (tenantPosture(policies).posture ?? 0), 9);
	});

	it("counts the risk and the accounts that a policy's findings touch", () => {
		const step = nextSteps(testAssessment()).find(({ counts }) => counts.policy === "policy-0");
		expect(step).toMatchObject({ risk: 159, accounts: 2, advice: ["remediation number 0"] });
	});
});

describe("viewOf", () => {
	it("parts policies by what they found, and leaves exempted and fixed findings out of the open ones", () => {
		const view = viewOf(testAssessment());
		expect(view.failing.map(({ policy }) => policy)).toEqual(["policy-0", "policy-1", "policy-2", "policy-3", "policy-4"]);
		expect([view.unknown, view.passing, view.silent].map(([first]) => first?.policy)).toEqual(["policy-5", "policy-6", "policy-7"]);
		expect(view.open).toHaveLength(15);
		expect(view.fixed).toHaveLength(5);
		expect(view.excepted).toHaveLength(5);
		expect(view.open.some(({ outcome, state }) => outcome === "excepted" || state === "fixed")).toBe(false);
	});
});

describe("withHistory", () => {
	const day = 86_400_000;
	const stored = (id: string, state: Finding["state"], firstSeen: number, lastSeen: number): Finding => ({
		...(testAssessment().findings[0] as Finding),
		id,
		state,
		firstSeen,
		lastSeen,
	});
	const judged = { ...testAssessment(), findings: ["kept", "fresh", "again"].map((id) => stored(id, "open", at, at)) };

	it("keeps what was seen before, and shows as fixed what the run before still saw", () => {
		const history = [
			stored("kept", "open", at - 30 * day, at),
			stored("again", "reopened", at - 60 * day, at),
			stored("gone", "fixed", at - 60 * day, at - 7 * day),
			stored("long-gone", "fixed", at - 60 * day, at - 30 * day),
		];
		expect(withHistory(judged, history).findings.map(({ id, state, firstSeen }) => [id, state, (at - firstSeen) / day])).toEqual([
			["kept", "open", 30],
			["fresh", "new", 0],
			["again", "reopened", 60],
			["gone", "fixed", 60],
		]);
	});

	it("knows nothing of what came later", () => {
		const later = withHistory({ ...judged, trend: [...judged.trend, { at: at + day, posture: 90, comparable: true }] }, [
			stored("kept", "open", at + day, at + day),
			stored("gone", "fixed", at + day, at + 2 * day),
		]);
		expect(later.findings.map(({ state }) => state)).toEqual(["new", "new", "new"]);
		expect(later.trend.at(-1)?.at).toBe(at);
	});
});

describe("words", () => {
	it("groups digits and forms plurals", () => {
		expect([whole(0), whole(999), whole(9800), whole(1234567)]).toEqual(["0", "999", "9,800", "1,234,567"]);
		expect([counted(1, "finding"), counted(0, "finding"), counted(2, "policy", "policies")]).toEqual(["1 finding", "0 findings", "2 policies"]);
	});

	it("compares posture with the newest run before, and only where it can", () => {
		const assessment = testAssessment();
		expect(trendWords(assessment)).toBe("+3 since the run before");
		expect(trendWords({ ...assessment, posture: { ...assessment.posture, posture: 50.6 } })).toBe("as in the run before");
		expect(trendWords({ ...assessment, posture: { ...assessment.posture, posture: 40 } })).toBe("−11 since the run before");
		expect(trendWords({ ...assessment, posture: { ...assessment.posture, posture: null } })).toBe("");
		expect(trendWords({ ...assessment, trend: [{ at: at - 1, posture: 41, comparable: false }] })).toMatch(/not comparable/);
		expect(trendWords({ ...assessment, trend: [{ at, posture: 12, comparable: true }] })).toBe("");
	});

	it("says of how many, and nothing of what is unknown for all", () => {
		const [counts] = testAssessment().policies;
		if (!counts) throw new Error("no policy");
		const none = { ...counts, pass: 0, fail: 0, unknown: 0, review: 0, excepted: 0 };
		expect(tallyWords(none)).toBe("applies to nothing here");
		expect(tallyWords({ ...none, unknown: 12 })).toBe("unknown for all 12");
		expect(tallyWords({ ...none, pass: 3 })).toBe("3 of 3 pass");
		expect(tallyWords({ ...none, pass: 3, unknown: 1 })).toBe("1 of 4 unknown");
	});

	it("names the scopes to grant together, and the detail where there is one", () => {
		const gap = { collection: "settings", state: "unreadable", known: 0, eligible: null, unseen: [], requests: 1 } as const;
		expect(coverageLine({ ...gap, unseen: [], reasons: [{ cause: "scope", detail: "403", scope: "okta.logs.read" }] })).toBe(
			"settings: unreadable, nothing read: scope okta.logs.read is missing",
		);
		expect(coverageLine({ ...gap, unseen: [], reasons: [{ cause: "budget", detail: "the request budget of 40 was used up" }] })).toBe(
			"settings: unreadable, nothing read: the request budget of 40 was used up",
		);
	});
});
