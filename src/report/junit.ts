import { create } from "xmlbuilder2";
import type { XMLBuilder } from "xmlbuilder2/lib/interfaces.js";
import type { Assessment } from "../model/assessment.js";
import type { Finding } from "../model/finding.js";
import { type Check, checksOf, plain, plainList, unknownWords } from "./checks.js";
import { type Place, placeOf, placeOfPolicy, type Surroundings } from "./surroundings.js";
import { acceptedWords, denominator, iso, whole } from "./words.js";

/** Accounts without data that are cases of their own in each suite. */
const shownUnknown = 200;

interface Case {
	classname: string;
	/** GitLab takes only the first of the same class and name in a report. */
	name: string;
	place: Place;
	result: "passed" | "failure" | "error" | "skipped" | "review";
	/** Severity of a failure. */
	type?: string;
	/** Lines; none for a case that passed. */
	text: string[];
}

/**
 * JUnit XML as Jenkins and GitLab read it: a suite for each policy, a case for each finding. An open finding fails, what lacks data
 * is an error, what is exempted or does not apply is skipped, a finding to review passes with its text. Subjects that pass are one
 * case of their suite. Fixed findings are left out.
 */
export function renderJunit(assessment: Assessment, surroundings: Surroundings): string {
	const suites = checksOf(assessment, surroundings).map((check) => ({ check, cases: casesOf(check, assessment, surroundings) }));
	const root = create({ version: "1.0", encoding: "UTF-8" }).ele("testsuites", {
		name: xml(`Keelson ${assessment.tenant}`, 255),
		...numbers(suites.flatMap(({ cases }) => cases)),
	});
	for (const { check, cases } of suites) {
		const suite = root.ele("testsuite", { name: xml(check.policy, 255), ...numbers(cases), timestamp: iso(assessment.at).slice(0, 19) });
		for (const one of cases) addCase(suite, one);
	}
	return `${root.end({ prettyPrint: true, indent: " " })}\n`;
}

function numbers(cases: Case[]): Record<string, string> {
	const count = (result: Case["result"]) => String(cases.filter((one) => one.result === result).length);
	return { tests: String(cases.length), failures: count("failure"), errors: count("error"), skipped: count("skipped"), time: "0" };
}

function addCase(suite: XMLBuilder, { classname, name, place, result, type, text }: Case): void {
	const one = suite.ele("testcase", {
		classname: xml(classname, 255),
		name: xml(name, 600),
		file: xml(place.path),
		line: String(place.line),
		time: "0",
	});
	const [first = "", ...more] = plainList(text).map(ampersands);
	if (result === "passed" && first === "") return;
	if (result === "passed" || result === "review") one.ele("system-out").txt([first, ...more].join("\n"));
	else if (result === "skipped") one.ele("skipped", { message: first });
	else one.ele(result, { ...(type !== undefined && { type }), message: first }).txt([first, ...more].join("\n"));
}

/** Text for an attribute or an element. */
export function xml(text: string, limit?: number): string {
	return ampersands(plain(text, limit));
}

/** The XML writer takes `&#27;` in a text for a reference and passes it on, which no reader of XML 1.0 takes. */
function ampersands(text: string): string {
	return text.replaceAll("&", "&amp;");
}

function casesOf(check: Check, assessment: Assessment, surroundings: Surroundings): Case[] {
	const { places } = surroundings;
	const { policy, counts, unknown } = check;
	const policyWide = { classname: `${policy}.${assessment.tenant}`, place: placeOfPolicy(policy, places) };
	const cases = check.findings.map((finding) => findingCase(finding, check, assessment, places));
	for (const { key, label } of unknown.accounts.slice(0, shownUnknown))
		cases.push({
			classname: `${systemOf(key)}.${assessment.tenant}`,
			name: nameOf(label, key, policy),
			place: placeOf({ policy, subject: { kind: "account", key, label }, outcome: "fail" }, places),
			result: "error",
			type: "unknown",
			text: [`${check.title}: unknown, for lack of data`, ...fieldLines(check)],
		});
	const left = unknown.total - Math.min(unknown.accounts.length, shownUnknown);
	if (left > 0 || unknown.unread.length > 0)
		cases.push({
			...policyWide,
			name: left > 0 ? `${policy}: more subjects without data` : `${policy}: subjects that were not read`,
			result: "error",
			type: "unknown",
			text: [unknownWords(check), ...fieldLines(check)],
		});
	if (counts && counts.pass > 0)
		cases.push({
			...policyWide,
			name: `${policy}: subjects that pass`,
			result: "passed",
			text: [`${whole(counts.pass)} of ${whole(denominator(counts))}`],
		});
	if (counts && (counts.notApplicable > 0 || cases.length === 0))
		cases.push({
			...policyWide,
			name: `${policy}: subjects it does not apply to`,
			result: "skipped",
			text: [`not applicable to ${whole(counts.notApplicable)}`],
		});
	return cases;
}

function fieldLines({ unknown }: Check): string[] {
	return [...unknown.fields.map((field) => `no data for ${field}`), ...unknown.unread];
}

function findingCase(finding: Finding, check: Check, { tenant }: Assessment, places: Surroundings["places"]): Case {
	const { policy, system, subject, outcome, severity, message, exemption } = finding;
	const base = { classname: `${system}.${tenant}`, name: nameOf(subject.label, subject.key, policy, finding.id), place: placeOf(finding, places) };
	if (outcome === "review") return { ...base, result: "review", text: [`To review: ${message}`, finding.id] };
	if (outcome === "excepted") {
		const why = exemption ? `${acceptedWords(exemption)} until ${exemption.expires} by ${exemption.owner}: ${exemption.reason}` : "exempted";
		return { ...base, result: "skipped", text: [`${why} (${message})`] };
	}
	const steps = check.remediation.map((step) => `To do: ${step}`);
	return { ...base, result: "failure", type: severity, text: [message, `Finding ${finding.id}, ${finding.state} since ${iso(finding.firstSeen)}`, ...steps] };
}

function nameOf(label: string, key: string, policy: string, finding?: string): string {
	const subject = label === key ? key : `${label} (${key})`;
	return `${policy}: ${subject}${finding === undefined ? "" : ` ${finding}`}`;
}

function systemOf(key: string): string {
	return key.split("/", 1)[0] ?? key;
}
