import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { create } from "xmlbuilder2";
import { anyAssessment } from "./test-arbitrary.js";
import { type Texts, testAssessment } from "./test-assessment.js";
import { harmful, hostile } from "./test-hostile.js";
import { machineFormats, stringsOf } from "./test-surroundings.js";

const formats = Object.entries(machineFormats).map(([name, render]) => ({ name, render }));

/** What a reader makes of a file: all its texts. @throws Error where it is no JSON, or no XML 1.0 */
function read(name: string, text: string): string[] {
	if (name !== "junit") return [...stringsOf(JSON.parse(text))];
	// Characters and references that XML 1.0 forbids (§2.2, §4.1).
	expect(text).not.toMatch(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
	expect(text.replace(/&(?:amp|lt|gt|quot|apos);/g, "")).not.toContain("&");
	expect(text.replace(/<!\[CDATA\[/g, "")).not.toContain("]]>");
	expect(create(text).root().node.nodeName).toBe("testsuites");
	const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
	const decoded = (markup: string) => markup.replace(/&(amp|lt|gt|quot|apos);/g, (_, entity: string) => entities[entity] ?? "");
	return [...text.matchAll(/="([^"]*)"|>([^<]+)</g)].map(([, attribute, inner]) => decoded(attribute ?? inner ?? ""));
}

describe.each(formats)("$name of hostile texts", ({ name, render }) => {
	it.each(hostile.map((text) => ({ text })))("$text in every field", ({ text }) => {
		const numbered: Texts = (field, number) => (field === "id" || field === "policy" || field === "key" ? `${text} ${number}` : text);
		const written = render(testAssessment(numbered));
		expect(written).not.toMatch(harmful);
		for (const line of written.split("\n")) expect(line).not.toMatch(/^\s*::|##\w*\[/);
		const texts = read(name, written);
		expect(texts.length).toBeGreaterThan(20);
		for (const one of texts) expect(one).not.toMatch(/##\w*\[/);
	});

	it("says what it was given, to the letter, where the letters are plain", () => {
		const said = "a & b &lt; &#27; \"c\" 'd' > e ]]> f";
		const texts = read(
			name,
			render(testAssessment((field, number) => (field === "message" ? `${said} ${number}` : field === "id" ? `f_${number}` : `${field}-${number}`))),
		);
		const plain = (text: string) =>
			name === "oscal" ? text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code))).replaceAll("\u200b", "") : text;
		expect(texts.some((text) => plain(text).includes(`${said} 1`))).toBe(true);
	});
});

describe.each(formats)("$name of any assessment", ({ name, render }) => {
	it("can be read, hides nothing, has no command for a CI job, and is the same twice", () => {
		fc.assert(
			fc.property(anyAssessment, (assessment) => {
				const text = render(assessment);
				expect(text).not.toMatch(harmful);
				for (const line of text.split("\n")) expect(line).not.toMatch(/^\s*::|##\w*\[/);
				read(name, text);
				expect(render(structuredClone(assessment))).toBe(text);
			}),
			{ numRuns: 60 },
		);
	});
});

describe("an assessment in which nothing is known", () => {
	const known = testAssessment();
	const nothing = {
		...known,
		findings: [],
		accounts: [],
		policies: known.policies.slice(0, 3).map((counts) => ({ ...counts, pass: 0, fail: 0, review: 0, excepted: 0, unknown: 9 })),
	};

	it("passes in no format", () => {
		const sarif = JSON.parse(machineFormats.sarif?.(nothing) ?? "");
		expect(sarif.runs[0].results.map(({ kind }: { kind: string }) => kind)).toEqual(["open", "open", "open"]);
		const ocsf: { compliance: { status_id: number } }[] = JSON.parse(machineFormats.ocsf?.(nothing) ?? "");
		expect(ocsf.map(({ compliance }) => compliance.status_id)).toEqual([2, 2, 2]);
		expect(machineFormats.junit?.(nothing)).toMatch(/^<testsuites [^>]*tests="6" failures="0" errors="3" skipped="3"/m);
		expect(JSON.parse(machineFormats.gitlab?.(nothing) ?? "")).toHaveLength(3);
		const oscal = JSON.parse(machineFormats.oscal?.(nothing) ?? "");
		const [result] = oscal["assessment-results"].results;
		expect(result.findings.map(({ target }: { target: { status: object } }) => target.status)).toEqual(
			Array(3).fill({ state: "not-satisfied", reason: "other", remarks: expect.stringContaining("unknown for 9 of 9") }),
		);
	});
});
