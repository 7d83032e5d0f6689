import { Ajv2020 } from "ajv/dist/2020.js";
import { fullFormats } from "ajv-formats/dist/formats.js";
import fc from "fast-check";
import { expect, it } from "vitest";
import { assessmentSchema } from "./assessment-schema.js";
import { renderJson } from "./json.js";
import { anyAssessment } from "./test-arbitrary.js";
import { at, testAssessment } from "./test-assessment.js";

const validator = (schema: object) => {
	const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
	ajv.addFormat("date-time", fullFormats["date-time"]);
	return ajv.compile(schema);
};
const published = validator(assessmentSchema);
/** The same schema, in which a key that it does not name is an error: output and schema cannot part. */
const strict = validator(closed(assessmentSchema) as object);

function closed(schema: unknown): unknown {
	if (Array.isArray(schema)) return schema.map(closed);
	if (typeof schema !== "object" || schema === null) return schema;
	const inner = Object.fromEntries(Object.entries(schema).map(([key, held]) => [key, closed(held)]));
	return "properties" in schema && "required" in schema && Array.isArray(schema.required) ? { ...inner, additionalProperties: false } : inner;
}

it("fits the published schema, which names every key", () => {
	expect(strict(JSON.parse(renderJson(testAssessment()))), JSON.stringify(strict.errors)).toBe(true);
	fc.assert(
		fc.property(anyAssessment, (assessment) => {
			const read: unknown = JSON.parse(renderJson(assessment));
			expect(strict(read), JSON.stringify(strict.errors)).toBe(true);
			expect(published(read)).toBe(true);
		}),
	);
});

it("tells a wrong assessment from a right one", () => {
	const read = JSON.parse(renderJson(testAssessment()));
	expect(published({ ...read, later: "a key of a later version" })).toBe(true);
	expect(published({ ...read, at })).toBe(false);
	expect(published({ ...read, at: "yesterday" })).toBe(false);
	expect(published({ ...read, findings: [{ ...read.findings[0], severity: "terrible" }] })).toBe(false);
	expect(published({ ...read, posture: { ...read.posture, posture: 101 } })).toBe(false);
});

it("holds every key of the assessment, with times in RFC 3339 and unknown as a missing key", () => {
	const assessment = testAssessment();
	const read = JSON.parse(renderJson(assessment));
	expect(Object.keys(read).sort()).toEqual([...Object.keys(assessment), "schema"].sort());
	for (const part of ["policies", "accounts", "findings", "systems", "problems", "trend"] as const) {
		expect(Object.keys(read[part][0]).sort()).toEqual(Object.keys(assessment[part][0] ?? {}).sort());
		expect(read[part]).toHaveLength(assessment[part].length);
	}
	expect(read.at).toBe("2026-11-25T13:11:55.000Z");
	expect(read.findings[0].evidence[0].observedAt).toBe("2026-11-24T13:11:55.000Z");
	expect(read.accounts[0].exposure).toEqual({ topPrivilege: true, external: false, dormant: true });
	expect(read.systems[0].coverage[1].unseen).toBe(2);
});

it("leaves evidence as it was read, though its keys be named like times", () => {
	const assessment = testAssessment();
	const value = { at: 5, unseen: ["a"], started: 7, $partial: [1] };
	const [finding] = assessment.findings;
	if (finding) finding.evidence = [{ field: "x", value, observedAt: null, call: "derived", requestId: null }];
	expect(JSON.parse(renderJson(assessment)).findings[0].evidence[0].value).toEqual(value);
});

it("marks a partial list", () => {
	const assessment = testAssessment();
	const [finding] = assessment.findings;
	if (finding) finding.evidence = [{ field: "x", value: Object.assign(["a"], { partial: true }), observedAt: null, call: "derived", requestId: null }];
	expect(JSON.parse(renderJson(assessment)).findings[0].evidence[0].value).toEqual({ $partial: ["a"] });
});

it("lists every account with a finding, and of a large tenant's others the worst ten thousand, and says how many are left out", () => {
	const assessment = testAssessment();
	const [failing] = assessment.accounts;
	if (!failing) throw new Error("the fixture has no account");
	const clean = { ...failing, findings: [] };
	assessment.accounts = [...Array.from({ length: 10_003 }, (_, n) => ({ ...clean, key: `okta/${n}` })), { ...failing, key: "okta/last", findings: ["f_1"] }];
	const read = JSON.parse(renderJson(assessment));
	expect(read.accounts).toHaveLength(10_001);
	expect(read.accounts.slice(-2).map(({ key }: { key: string }) => key)).toEqual(["okta/9999", "okta/last"]);
	expect(read.accountsLeftOut).toBe(3);
	expect(strict(read), JSON.stringify(strict.errors)).toBe(true);
});
