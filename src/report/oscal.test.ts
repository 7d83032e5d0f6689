import { describe, expect, it } from "vitest";
import type { Assessment } from "../model/assessment.js";
import type { PolicyCounts } from "../model/finding.js";
import { stableUuid } from "./fingerprint.js";
import { renderOscal } from "./oscal.js";
import { testAssessment } from "./test-assessment.js";
import { testSurroundings } from "./test-surroundings.js";

const base = testAssessment();
const whole = base.systems.map((system) => ({ ...system, coverage: system.coverage.filter(({ state }) => state === "complete") }));
const controls = {
	"policy-0": { controls: ["nist-800-53:ac-2.3", "cis-v8:5.3"] },
	"policy-1": { controls: ["nist-800-53:ac-2.3"] },
	"policy-2": { controls: ["soc2:CC6.1"] },
};

/** What is said of the objectives when policies come out like this. */
function said(counts: Record<string, Partial<PolicyCounts>>, over: Partial<Assessment> = {}) {
	const policies = Object.entries(counts).map(([policy, numbers]) => ({
		...(base.policies[0] as PolicyCounts),
		...{ policy, title: policy, pass: 0, fail: 0, unknown: 0, review: 0, excepted: 0, notApplicable: 0, unknownFields: {} },
		...numbers,
	}));
	const document = JSON.parse(renderOscal({ ...base, systems: whole, accounts: [], findings: [], policies, ...over }, testSurroundings({}, controls)));
	const [result] = document["assessment-results"].results;
	return {
		findings: Object.fromEntries(
			(result.findings ?? []).map(({ target }: { target: { "target-id": string; status: { state: string; reason: string } } }) => [
				target["target-id"],
				`${target.status.state} ${target.status.reason}`,
			]),
		),
		reviewed: result["reviewed-controls"]["control-selections"].flatMap((one: Record<string, { "control-id": string }[]>) =>
			(one["include-controls"] ?? []).map((control) => control["control-id"]),
		),
	};
}

describe("an objective", () => {
	it("is satisfied where all of its policies pass", () => {
		expect(said({ "policy-0": { pass: 3 }, "policy-1": { pass: 1 } })).toEqual({ findings: { "ac-2.3_obj": "satisfied pass" }, reviewed: ["ac-2.3"] });
	});

	it("is not where one of them fails", () => {
		expect(said({ "policy-0": { pass: 3 }, "policy-1": { pass: 1, fail: 1, unknown: 2 } })).toEqual({
			findings: { "ac-2.3_obj": "not-satisfied fail" },
			reviewed: ["ac-2.3"],
		});
	});

	it.each([["unknown"], ["review"], ["excepted"]] as const)("is not where one subject is %s, and is not said to be reviewed", (outcome) => {
		expect(said({ "policy-0": { pass: 3 }, "policy-1": { pass: 1, [outcome]: 1 } })).toEqual({
			findings: { "ac-2.3_obj": "not-satisfied other" },
			reviewed: ["keelson_none"],
		});
	});

	it("is not where the list of subjects was not read whole, though all of them pass", () => {
		const systems = base.systems.map((system) => ({ ...system, coverage: system.coverage.map((one) => ({ ...one, state: "partial" as const })) }));
		expect(said({ "policy-0": { pass: 3 } }, { systems }).findings).toEqual({ "ac-2.3_obj": "not-satisfied other" });
		const other = systems.map((system) => ({ ...system, coverage: system.coverage.filter(({ collection }) => collection !== "accounts") }));
		expect(said({ "policy-0": { pass: 3 } }, { systems: other }).findings).toEqual({ "ac-2.3_obj": "satisfied pass" });
	});

	it("is left out where its policies apply to nothing", () => {
		expect(said({ "policy-0": { notApplicable: 5 }, "policy-1": {} })).toEqual({ findings: {}, reviewed: ["keelson_none"] });
	});

	it("is Keelson's own for a policy that is mapped to no control of SP 800-53", () => {
		expect(said({ "policy-2": { pass: 1 } })).toEqual({ findings: { "keelson_policy-2_obj": "satisfied pass" }, reviewed: ["keelson_none"] });
	});
});

describe("the document", () => {
	const read = (assessment: Assessment) => JSON.parse(renderOscal(assessment, testSurroundings({}, controls)))["assessment-results"];
	const document = read(base);

	it("refers to nothing that is not in it", () => {
		const uuids = new Set<string>();
		const refers: string[] = [];
		const walk = (value: unknown): void => {
			if (Array.isArray(value)) for (const item of value) walk(item);
			else if (typeof value === "object" && value !== null)
				for (const [key, held] of Object.entries(value)) {
					if (key === "uuid") {
						expect(uuids).not.toContain(held);
						uuids.add(held);
					} else if (key.endsWith("-uuid") || key === "href") refers.push(String(held).replace("#", ""));
					else walk(held);
				}
		};
		walk(document);
		expect(refers.length).toBeGreaterThan(50);
		expect(refers.filter((uuid) => !uuids.has(uuid))).toEqual([]);
	});

	it("keeps the UUIDs of what stays the same, and is itself another one when anything changes", () => {
		const later = read({ ...base, at: base.at + 60_000 });
		const of = (one: typeof document, list: string) => one.results[0][list].map(({ uuid }: { uuid: string }) => uuid);
		for (const list of ["observations", "risks", "findings"]) expect(of(later, list)).toEqual(of(document, list));
		expect(later.uuid).not.toBe(document.uuid);
		expect(read(structuredClone(base)).uuid).toBe(document.uuid);
	});

	it("calls a risk whose findings are all exempted one that was accepted", () => {
		const excepted = base.findings.filter(({ outcome }) => outcome === "excepted");
		expect(read({ ...base, findings: excepted }).results[0].risks.map(({ status }: { status: string }) => status)).toEqual(Array(5).fill("deviation-approved"));
	});
});

it("UUIDs are of version 5 and variant 1", () => {
	for (const name of ["a", "b", "c", "d"]) expect(stableUuid(name)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
	expect(stableUuid("a", "b")).not.toBe(stableUuid("ab"));
});
