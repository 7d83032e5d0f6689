import { readFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { default as Ajv04 } from "ajv-draft-04";
import { fullFormats } from "ajv-formats/dist/formats.js";
import fc from "fast-check";
import type { Log, Result } from "sarif";
import { describe, expect, it } from "vitest";
import type { Assessment } from "../model/assessment.js";
import { severities } from "../model/finding.js";
import { renderSarif } from "./sarif.js";
import { exemptionKey } from "./surroundings.js";
import { anyAssessment } from "./test-arbitrary.js";
import { testAssessment } from "./test-assessment.js";
import { hostile } from "./test-hostile.js";
import { stackLine, testSurroundings } from "./test-surroundings.js";

const published = JSON.parse(readFileSync(new URL("../../node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json", import.meta.url), "utf8"));
// One of its patterns is no expression under the flag `u`.
const ajv = new Ajv04.default({ strict: false, unicodeRegExp: false, allErrors: true });
for (const name of ["date-time", "uri", "uri-reference"] as const) ajv.addFormat(name, fullFormats[name]);
const valid = ajv.compile(published);

function read(assessment: Assessment, surroundings = testSurroundings()) {
	const text = renderSarif(assessment, surroundings);
	const log: Log = JSON.parse(text);
	const [run] = log.runs;
	if (!run) throw new Error("no run");
	return { text, log, run, results: run.results ?? [], rules: run.tool.driver.rules ?? [] };
}

/** What GitHub requires, docs.github.com: SARIF support for code scanning, and its limits. */
function githubTakes({ run, results, rules }: ReturnType<typeof read>): void {
	expect(results.length).toBeLessThanOrEqual(25_000);
	for (const rule of rules) {
		expect(rule.id).not.toBe("");
		expect((rule.name ?? "none").length).toBeLessThanOrEqual(255);
		for (const text of [rule.shortDescription?.text, rule.fullDescription?.text, rule.help?.text, rule.help?.markdown]) expect(text).toMatch(/\S/);
		for (const text of [rule.shortDescription?.text, rule.fullDescription?.text]) expect([...(text ?? "")].length).toBeLessThanOrEqual(1024);
		expect(rule.properties?.tags?.length).toBeLessThanOrEqual(10);
		const score = rule.properties?.["security-severity"];
		if (score !== undefined) expect(score).toMatch(/^(?:9\.5|8\.0|5\.5|2\.0)$/);
	}
	expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
	for (const result of results) {
		expect(rules[result.ruleIndex ?? -1]?.id).toBe(result.ruleId);
		expect(result.message.text).toMatch(/\S/);
		const [place, ...more] = result.locations ?? [];
		expect(more).toEqual([]);
		expect(place?.physicalLocation?.artifactLocation?.uri).toMatch(/^[^/\\.][^\\]*$/);
		const { startLine = 0, endLine = -1, startColumn = 0, endColumn = 0 } = place?.physicalLocation?.region ?? {};
		expect(startLine).toBeGreaterThan(0);
		expect(endLine).toBe(startLine);
		expect(endColumn).toBeGreaterThan(startColumn);
		expect(result.partialFingerprints?.primaryLocationLineHash).toMatch(/^[0-9a-f]{16}:1$/);
	}
	expect(run.automationDetails?.id).toMatch(/^keelson\/[^/]+\/[^/]+$/);
}

describe("the published schema of SARIF 2.1.0", () => {
	const good = read(testAssessment());

	it("takes what is written, of any assessment", () => {
		expect(valid(good.log), JSON.stringify(valid.errors)).toBe(true);
		githubTakes(good);
		fc.assert(
			fc.property(anyAssessment, (assessment) => {
				const made = read(assessment);
				expect(valid(made.log), JSON.stringify(valid.errors)).toBe(true);
				githubTakes(made);
			}),
			{ numRuns: 60 },
		);
	});

	it.each(hostile.map((text) => ({ text })))("takes $text in every field", ({ text }) => {
		const made = read(testAssessment((field, number) => (field === "id" || field === "policy" || field === "key" ? `${text} ${number}` : text)));
		expect(valid(made.log), JSON.stringify(valid.errors)).toBe(true);
		githubTakes(made);
	});

	it("refuses a wrong level, and a rule without an id", () => {
		const [run] = good.log.runs;
		expect(valid({ ...good.log, runs: [{ ...run, results: [{ ...good.results[0], level: "terrible" }] }] })).toBe(false);
		expect(valid({ ...good.log, runs: [{ ...run, tool: { driver: { name: "x", rules: [{}] } } }] })).toBe(false);
	});
});

describe("results", () => {
	const assessment = testAssessment();
	const { results, rules } = read(assessment);
	const of = (id: string) => results.find(({ properties }) => properties?.finding === id) as Result;
	const finding = (outcome: string, state?: string) => assessment.findings.find((one) => one.outcome === outcome && (!state || one.state === state));

	it("are the findings that are open or excepted, and one for each policy that lacks data", () => {
		const live = assessment.findings.filter(({ state }) => state !== "fixed");
		expect(results.flatMap(({ properties }) => properties?.finding ?? []).sort()).toEqual(live.map(({ id }) => id).sort());
		expect(results.filter(({ kind }) => kind === "open").length).toBe(assessment.policies.length);
		expect(of(finding("review")?.id ?? "")).toMatchObject({ kind: "review", level: "none" });
		expect(of(finding("excepted")?.id ?? "")).toMatchObject({
			kind: "fail",
			suppressions: [{ kind: "external", justification: "reason number 0 (owner owner number 0, until expires number 0, ticket number 0)" }],
		});
		expect(of(finding("fail", "new")?.id ?? "")).toMatchObject({ kind: "fail", level: "error" });
		expect(rules.find(({ id }) => id === "policy-0")?.properties).toMatchObject({ "security-severity": "9.5" });
		expect(rules.find(({ id }) => id === "policy-4")?.properties).not.toHaveProperty("security-severity");
	});

	it("come most severe first, with those that are exempted last", () => {
		const shown = results.flatMap(({ properties }) => assessment.findings.filter(({ id }) => id === properties?.finding));
		const fails = shown.filter(({ outcome }) => outcome === "fail").map(({ severity }) => severities.indexOf(severity));
		expect(fails).toEqual(fails.toSorted((a, b) => b - a));
		expect(shown.slice(-5).map(({ outcome }) => outcome)).toEqual(Array(5).fill("excepted"));
	});

	it("have each a fingerprint of its own, that holds over other messages, lines and states", () => {
		const prints = results.map(({ partialFingerprints }) => partialFingerprints?.primaryLocationLineHash);
		expect(new Set(prints).size).toBe(results.length);
		const later: Assessment = {
			...assessment,
			findings: assessment.findings.map((one) => ({ ...one, message: "other", subject: { ...one.subject, label: "renamed" }, state: "open" as const })),
		};
		const moved = read(later, testSurroundings({ stack: { ...stackLine, line: 9 } }));
		expect(moved.results.map(({ partialFingerprints }) => partialFingerprints?.primaryLocationLineHash)).toEqual(expect.arrayContaining(prints));
	});

	it("stand at the exemption's line, the subject's, the policy's, or the first of the stack file, and say which", () => {
		const [failing, excepted] = [finding("fail", "new"), finding("excepted")];
		const exemptions = new Map([[exemptionKey(excepted?.policy ?? "", excepted?.subject.key ?? ""), { ...stackLine, line: 30 }]]);
		const made = read(
			assessment,
			testSurroundings({ exemptions, subjects: new Map([[failing?.subject.key ?? "", { ...stackLine, path: "st äcks/a.yaml", line: 7 }]]) }),
		);
		const at = (id = "") => {
			const result = made.results.find(({ properties }) => properties?.finding === id);
			const place = result?.locations?.[0]?.physicalLocation;
			return [place?.artifactLocation?.uri, place?.region?.startLine, /\(live state of system number 0; (.*)\)$/.exec(result?.message.text ?? "")?.[1]];
		};
		expect(at(failing?.id)).toEqual(["st%20%C3%A4cks/a.yaml", 7, "declared here"]);
		expect(at(excepted?.id)).toEqual(["stacks/acme.yaml", 30, "declared here"]);
		const other = assessment.findings.find(({ policy, subject, state }) => policy === "policy-1" && subject.key !== failing?.subject.key && state !== "fixed");
		expect(at(other?.id)).toEqual(["stacks/acme.yaml", 20, "its policy is set here"]);
		const nowhere = assessment.findings.find(
			({ policy, subject, state }) => policy === "policy-2" && subject.key !== failing?.subject.key && state !== "fixed",
		);
		expect(at(nowhere?.id)).toEqual(["stacks/acme.yaml", 1, "declared nowhere"]);
	});

	it("have no link and no argument from a tenant in their messages", () => {
		const made = read(testAssessment((field, number) => (field === "message" ? "{0} [x](https://evil.example)" : `${field} ${number}`)));
		expect(made.results.find(({ properties }) => properties?.finding)?.message.text).toMatch(/^\{\{0\}\} \[x\] \(https/);
	});
});

describe("what GitHub would refuse", () => {
	const [first] = testAssessment().findings;
	const many = (count: number, text: (index: number) => string): Assessment => ({
		...testAssessment(),
		findings: Array.from({ length: count }, (_, index) => ({
			...(first as Assessment["findings"][number]),
			id: `f_${index}`,
			severity: index % 1000 === 0 ? ("critical" as const) : ("low" as const),
			policy: index % 1000 === 0 ? "policy-0" : "policy-3",
			message: text(index),
			state: "open" as const,
		})),
	});

	it("is cut to 25,000 results, from the least severe, and said so", () => {
		const { results, run } = read(many(26_000, (index) => `number ${index}`));
		expect(results).toHaveLength(25_000);
		expect(results.filter(({ ruleId }) => ruleId === "policy-0")).toHaveLength(26);
		expect(results.filter(({ kind }) => kind === "open")).toHaveLength(8);
		expect(run.invocations?.[0]?.toolExecutionNotifications?.[0]?.message.text).toContain("1,008 findings left out");
	});

	it("is cut to 10 MB under gzip", () => {
		let seed = 1;
		const noise = () => {
			seed = (seed * 48_271) % 2_147_483_647;
			return seed.toString(36);
		};
		const { text, results } = read(many(20_000, () => Array.from({ length: 140 }, noise).join(" ")));
		const packed = gzipSync(text);
		expect(packed.length).toBeLessThanOrEqual(10_000_000);
		expect(gunzipSync(packed).length).toBe(Buffer.byteLength(text));
		expect(results.length).toBeLessThan(20_000);
		expect(results.length).toBeGreaterThan(5_000);
		expect(results.filter(({ ruleId }) => ruleId === "policy-0")).toHaveLength(20);
	});
});
