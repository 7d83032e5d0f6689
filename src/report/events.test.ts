import { describe, expect, it } from "vitest";
import { gitlabParts } from "./gitlab.js";
import { renderJunit } from "./junit.js";
import { ocsfParts } from "./ocsf.js";
import { testAssessment } from "./test-assessment.js";
import { testSurroundings } from "./test-surroundings.js";

const assessment = testAssessment();
const surroundings = testSurroundings(
	{},
	{ "policy-0": { controls: ["nist-800-53:ac-2.3", "stig-okta:V-273186", "cis-v8:5.3"], references: ["https://example.com/a"] } },
);
const live = assessment.findings.filter(({ state }) => state !== "fixed");
/** Accounts were read whole, all other lists in part: only of policy-0, which is for accounts, nothing is unknown. */
const lacking = assessment.policies.length - 1;
const open = live.filter(({ outcome }) => outcome === "fail");

interface Event {
	activity_id: number;
	type_uid: number;
	status_id: number;
	severity_id: number;
	time: number;
	compliance: { status_id: number; requirements?: string[]; standards?: string[]; checks?: object[] };
	finding_info: { uid: string };
	resources?: { uid: string; criticality?: string }[];
	unmapped: { outcome: string; state?: string; subjects?: number };
}

describe("OCSF", () => {
	const events: Event[] = JSON.parse([...ocsfParts(assessment, surroundings)].join(""));
	const of = (id: string) => events.find(({ finding_info }) => finding_info.uid === id) as Event;

	it("has an event for every finding, fixed ones too, and one for each policy that lacks data", () => {
		expect(events).toHaveLength(assessment.findings.length + lacking);
		for (const finding of assessment.findings) {
			const event = of(finding.id);
			const activity = { new: 1, open: 2, reopened: 2, fixed: 3 }[finding.state];
			expect([event.activity_id, event.type_uid, event.time]).toEqual([activity, 200_300 + activity, assessment.at]);
			expect(event.status_id).toBe(finding.state === "fixed" ? 4 : finding.outcome === "excepted" ? 3 : 1);
			expect(event.compliance.status_id).toBe(finding.state === "fixed" || finding.outcome === "review" ? 99 : 3);
		}
	});

	it("never says pass, and says missing information of what is unknown", () => {
		expect(events.map(({ compliance }) => compliance.status_id)).not.toContain(1);
		const unknown = events.filter(({ unmapped }) => unmapped.outcome === "unknown");
		expect(unknown.map(({ compliance, severity_id }) => [compliance.status_id, severity_id])).toEqual(Array(lacking).fill([2, 0]));
		expect(unknown.map(({ unmapped }) => unmapped.subjects)).toContain(7);
	});

	it("names subjects by system, kind and immutable id, and controls by framework", () => {
		const [first] = assessment.findings;
		const event = of(first?.id ?? "");
		expect(event.resources).toEqual([{ uid: "key number 0", type: "user", name: "login number 0", criticality: "High" }]);
		expect(event.compliance).toMatchObject({
			standards: ["nist-800-53", "stig-okta", "cis-v8"],
			checks: [
				{ uid: "V-273186", standards: ["stig-okta"] },
				{ uid: "5.3", standards: ["cis-v8"] },
			],
		});
		const keyed = {
			...assessment,
			findings: [{ ...(first as (typeof assessment.findings)[number]), subject: { kind: "account" as const, key: "okta/00u1", label: "kim" } }],
		};
		const [other]: Event[] = JSON.parse([...ocsfParts(keyed, surroundings)].join(""));
		expect(other?.resources?.[0]?.uid).toBe("okta:user:00u1");
	});
});

describe("JUnit", () => {
	const xml = renderJunit(assessment, surroundings);
	const count = (pattern: RegExp) => [...xml.matchAll(pattern)].length;

	it("fails what is open, errs on what is unknown, skips what is exempted or does not apply", () => {
		expect(count(/<failure /g)).toBe(open.length);
		const excepted = live.filter(({ outcome }) => outcome === "excepted").length;
		expect(count(/<skipped message="exempted/g)).toBe(excepted);
		expect(count(/<skipped message="not applicable to 9"/g)).toBe(assessment.policies.length);
		// Four accounts lack data for policy-1, which says so of three.
		expect(count(/<error type="unknown" message="title number 1: unknown, for lack of data"/g)).toBe(4);
		expect(count(/<error /g)).toBe(4 + lacking);
	});

	it("counts what it holds, in each suite and in all", () => {
		const suites = xml.split(/(?=<testsuite )/).slice(1);
		expect(suites).toHaveLength(assessment.policies.length);
		for (const part of [xml.slice(xml.indexOf("<testsuites")), ...suites]) {
			const [head = ""] = part.split("\n");
			const number = (name: string) => Number(new RegExp(` ${name}="(\\d+)"`).exec(head)?.[1]);
			const here = (tag: string) => part.split(`<${tag} `).length - 1;
			expect([number("tests"), number("failures"), number("errors"), number("skipped")]).toEqual([
				here("testcase"),
				here("failure"),
				here("error"),
				here("skipped"),
			]);
		}
	});

	it("gives no two cases the same name, of which GitLab would show one", () => {
		const names = [...xml.matchAll(/<testcase (classname="[^"]*" name="[^"]*")/g)].map(([, name]) => name);
		expect(new Set(names).size).toBe(names.length);
	});
});

describe("GitLab's code quality report", () => {
	const issues: { description: string; check_name: string; fingerprint: string; severity: string; location: { path: string; lines: { begin: number } } }[] =
		JSON.parse([...gitlabParts(assessment, surroundings)].join(""));

	it("has an entry for all that is open, to review, or unknown", () => {
		const review = live.filter(({ outcome }) => outcome === "review").length;
		expect(issues).toHaveLength(open.length + review + lacking);
		expect(issues.filter(({ description }) => description.startsWith("To review: ")).map(({ severity }) => severity)).toEqual(Array(review).fill("info"));
		expect(issues.find(({ description }) => description === "message number 0")).toEqual({
			description: "message number 0",
			check_name: "policy-0",
			fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
			severity: "blocker",
			location: { path: "stacks/acme.yaml", lines: { begin: 7 } },
		});
	});

	it("has no fingerprint twice", () => {
		expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length);
	});

	it("is an empty list where nothing is wrong", () => {
		expect([...gitlabParts({ ...assessment, findings: [], accounts: [], policies: [] }, surroundings)].join("")).toBe("[]\n");
		expect([...ocsfParts({ ...assessment, findings: [], accounts: [], policies: [] }, surroundings)].join("")).toBe("[]\n");
	});
});
