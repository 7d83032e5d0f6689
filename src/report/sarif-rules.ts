import type { ReportingDescriptor } from "sarif";
import type { Severity } from "../model/finding.js";
import { type Check, plain, plainList } from "./checks.js";
import { ownMarkdown } from "./markdown-text.js";

/** Rule of the results that say where data lacks. */
export const unknownRule = "keelson-unknown";

/** Tags that GitHub keeps. */
const shownTags = 10;

/** GitHub reads over 9.0 as critical, from 7.0 as high, from 4.0 as medium, from 0.1 as low, and shows none without it. */
const scoreOf = { info: undefined, low: "2.0", medium: "5.5", high: "8.0", critical: "9.5" } satisfies Record<Severity, string | undefined>;

const levelOf = { info: "note", low: "note", medium: "warning", high: "error", critical: "error" } satisfies Record<Severity, string>;

/** One rule for each policy with something to report, in their order, and the one for lacking data where it is needed. */
export function rulesOf(checks: readonly Check[]): { rules: ReportingDescriptor[]; indexOf(id: string): number } {
	const rules: ReportingDescriptor[] = [];
	const places = new Map<string, number>();
	const add = (rule: ReportingDescriptor) => {
		if (places.has(rule.id)) return;
		places.set(rule.id, rules.length);
		rules.push(rule);
	};
	for (const check of checks) if (check.findings.length > 0) add(ruleOf(check));
	if (checks.some(({ unknown }) => unknown.any)) add(lacking);
	return { rules, indexOf: (id) => places.get(id) ?? -1 };
}

function ruleOf(check: Check): ReportingDescriptor {
	const title = plain(check.title);
	const why = plain(check.why, 1000, title);
	const steps = plainList(check.remediation);
	const [uri] = check.references.filter((url) => URL.canParse(url) && url.startsWith("https://"));
	const score = scoreOf[check.severity];
	return {
		id: plain(check.policy, 255),
		...nameOf(check.policy),
		shortDescription: { text: title },
		fullDescription: { text: why },
		defaultConfiguration: { level: levelOf[check.severity] },
		help: { text: [why, ...steps.map((step) => `- ${step}`)].join("\n"), markdown: helpMarkdown(check) },
		...(uri !== undefined && { helpUri: uri }),
		properties: {
			tags: plainList(["security", "identity", check.cause, ...check.controls], 100).slice(0, shownTags),
			precision: "high",
			...(score !== undefined && { "security-severity": score }),
		},
	} as ReportingDescriptor;
}

/** `MfaRegisteredAllUsers`: what SARIF readers expect of a name; none where it would say the id again. */
function nameOf(id: string): { name?: string } {
	const words = id.split(/[^A-Za-z0-9]+/).map((word) => word.slice(0, 1).toUpperCase() + word.slice(1));
	const name = words.join("").slice(0, 255);
	return name === "" || name.toLowerCase() === plain(id, 255).toLowerCase() ? {} : { name };
}

function helpMarkdown({ title, why, remediation, references }: Check): string {
	const steps = plainList(remediation).map((step) => `- ${ownMarkdown(step, 1000)}`);
	const links = plainList(references).map((url) => `- ${ownMarkdown(url, 1000)}`);
	const parts = [
		ownMarkdown(why === "" ? title : why, 1000),
		...(steps.length > 0 ? ["**What to do**", steps.join("\n")] : []),
		...(links.length > 0 ? ["**More**", links.join("\n")] : []),
	];
	return parts.filter((part) => part !== "").join("\n\n") || "No text.";
}

const lacking: ReportingDescriptor = {
	id: unknownRule,
	...nameOf(unknownRule),
	shortDescription: { text: "A policy could not be judged for lack of data" },
	fullDescription: { text: "Keelson could not read what this policy needs. What is unknown is neither a pass nor a failure." },
	defaultConfiguration: { level: "note" },
	help: {
		text: "Run keelson doctor: it names the scopes that are missing. Findings of this policy may be absent here only since their data is.",
		markdown: "Run `keelson doctor`: it names the scopes that are missing. Findings of this policy may be absent here only since their data is.",
	},
	properties: { tags: ["security", "identity", "coverage"], precision: "very-high" },
};
