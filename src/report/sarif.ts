import { gzipSync } from "node:zlib";
import type { Log, Notification, Result, Run } from "sarif";
import type { Assessment } from "../model/assessment.js";
import type { Finding, Severity } from "../model/finding.js";
import { type Check, checksOf, compare, plain, rank, unknownWords } from "./checks.js";
import { fingerprint } from "./fingerprint.js";
import { rulesOf, unknownRule } from "./sarif-rules.js";
import { type Place, placeOf, placeOfPolicy, type Surroundings } from "./surroundings.js";
import { counted, iso } from "./words.js";

/** What GitHub takes: results in a run, and bytes of the file under gzip. A file over either is refused whole. */
const githubResults = 25_000;
const githubBytes = 10_000_000;
const schema = "https://json.schemastore.org/sarif-2.1.0.json";

const levelOf = { info: "note", low: "note", medium: "warning", high: "error", critical: "error" } satisfies Record<Severity, Result.level>;

/**
 * SARIF 2.1.0 (OASIS) within GitHub's limits for code scanning: open findings, most severe first, and one `open` result for each
 * policy that lacks data, so that a finding whose data is gone does not look mended. Findings to review have `kind: review`, exempted
 * ones a suppression. Passes and what is fixed are left out. What is over the limits is left out from the least severe, and said so.
 */
export function renderSarif(assessment: Assessment, surroundings: Surroundings): string {
	const checks = checksOf(assessment, surroundings);
	const { rules, indexOf } = rulesOf(checks);
	const unknown = checks.filter((check) => check.unknown.any).map((check) => unknownResult(check, assessment, surroundings));
	const findings = checks
		.flatMap((check) => check.findings)
		.sort(worstFirst)
		.map((finding) => findingResult(finding, assessment, surroundings));
	const write = (count: number): string => {
		const results = [...unknown, ...findings.slice(0, count)].map((result) => ({ ...result, ruleIndex: indexOf(result.ruleId ?? "") }));
		const log: Log = { $schema: schema, version: "2.1.0", runs: [run(assessment, surroundings, rules, results, findings.length - count)] };
		return `${JSON.stringify(log, null, 1)}\n`;
	};
	let count = Math.max(0, Math.min(findings.length, githubResults - unknown.length));
	for (;;) {
		const text = write(count);
		// Text without gzip is never smaller, bar a few bytes.
		const size = text.length * 3 < githubBytes ? 0 : gzipSync(text).length;
		if (size <= githubBytes || count === 0) return text;
		count = Math.min(count - 1, Math.floor((count * githubBytes * 0.95) / size));
	}
}

function run(assessment: Assessment, { version }: Surroundings, rules: Run["tool"]["driver"]["rules"] & object, results: Result[], left: number): Run {
	const notes: Notification[] =
		left === 0 ? [] : [{ level: "warning", message: { text: `${counted(left, "finding")} left out, the least severe ones, to stay within GitHub's limits.` } }];
	return {
		tool: {
			driver: {
				name: "Keelson",
				semanticVersion: version,
				rules,
			},
		},
		automationDetails: { id: `keelson/${plain(assessment.tenant, 200).replaceAll("/", "_")}/${iso(assessment.at)}` },
		columnKind: "utf16CodeUnits",
		originalUriBaseIds: { "%SRCROOT%": { description: { text: "The root of the repository." } } },
		invocations: [{ executionSuccessful: true, endTimeUtc: iso(assessment.at), ...(notes.length > 0 && { toolExecutionNotifications: notes }) }],
		results,
	};
}

function findingResult(finding: Finding, assessment: Assessment, { places }: Surroundings): Result {
	const place = placeOf(finding, places);
	const where = place === places.stack ? "declared nowhere" : place === placeOfPolicy(finding.policy, places) ? "its policy is set here" : "declared here";
	const { exemption } = finding;
	return {
		ruleId: plain(finding.policy, 255),
		kind: finding.outcome === "review" ? "review" : "fail",
		level: finding.outcome === "review" ? "none" : levelOf[finding.severity],
		message: { text: message(`${finding.message} (live state of ${finding.system}; ${where})`) },
		locations: [location(place)],
		partialFingerprints: prints(assessment, [finding.policy, finding.system, finding.subject.key, finding.id]),
		...(finding.outcome === "excepted" && {
			suppressions: [
				{
					kind: "external",
					justification: plain(
						exemption
							? `${exemption.source === "baseline" ? "in the baseline: " : ""}${exemption.reason} (owner ${exemption.owner}, until ${exemption.expires}${exemption.ticket ? `, ${exemption.ticket}` : ""})`
							: "",
					),
				},
			],
		}),
		properties: { finding: plain(finding.id), state: finding.state, subject: plain(finding.subject.key), firstSeen: iso(finding.firstSeen) },
	};
}

function unknownResult(check: Check, assessment: Assessment, { places }: Surroundings): Result {
	return {
		ruleId: unknownRule,
		kind: "open",
		level: "none",
		message: { text: message(`${check.policy}: ${unknownWords(check)}. This is no pass.`) },
		locations: [location(placeOfPolicy(check.policy, places))],
		partialFingerprints: prints(assessment, ["unknown", check.policy]),
		properties: { policy: plain(check.policy), unknown: check.unknown.total },
	};
}

/** Many findings stand at one line, and would be one to GitHub by its text: the finding itself is what is hashed. */
function prints({ tenant }: Assessment, parts: string[]): Record<string, string> {
	const print = fingerprint(tenant, ...parts);
	return { primaryLocationLineHash: `${print.slice(0, 16)}:1`, "keelsonFinding/v1": print };
}

function location({ path, line, column, endColumn }: Place): NonNullable<Result["locations"]>[number] {
	const uri = path.split("/").map(encodeURIComponent).join("/");
	return {
		physicalLocation: {
			artifactLocation: { uri, uriBaseId: "%SRCROOT%" },
			region: { startLine: line, startColumn: column, endLine: line, endColumn: Math.max(endColumn, column + 1) },
		},
	};
}

/** In a message braces hold arguments and `[text](target)` links (SARIF 2.1.0 §3.11.5, §3.11.6): text of a tenant has neither. */
function message(text: string): string {
	return plain(text).replace(/[{}]/g, "$&$&").replaceAll("](", "] (");
}

function worstFirst(a: Finding, b: Finding): number {
	return order(a) - order(b) || rank(b) - rank(a) || compare(a.policy, b.policy) || compare(a.subject.key, b.subject.key) || compare(a.id, b.id);
}

function order({ outcome }: Finding): number {
	return ["fail", "review", "excepted"].indexOf(outcome);
}
