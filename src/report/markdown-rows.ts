import type { AccountRisk } from "../model/assessment.js";
import type { Finding, PolicyCounts } from "../model/finding.js";
import { markdownText } from "./markdown-text.js";
import { accountName, marksOf, sentenceOf, type View } from "./view.js";
import { tallyWords, unknownFields, whole } from "./words.js";

/** Tenant text inside a table cell. */
export function cell(text: string, limit = 200): string {
	return markdownText(text, limit);
}

/** An identifier as code where it is plainly one; else as text. */
export function code(text: string): string {
	return /^[A-Za-z0-9_./:-]{1,100}$/.test(text) ? `\`${text}\`` : cell(text);
}

export function findingRow(finding: Finding, view: View): string {
	const marks = marksOf(finding, view).filter((mark) => mark !== "new");
	return `| ${finding.severity} | ${marks.length > 0 ? `_${marks.join(", ")}:_ ` : ""}${cell(sentenceOf(finding, view), 300)} | ${code(finding.policy)} | ${code(finding.id)} |`;
}

export function policyRow(counts: PolicyCounts): string {
	const [field] = counts.unknown > 0 ? unknownFields(counts) : [];
	return `| ${counts.severity} | ${cell(counts.title)} ${code(counts.policy)} | ${tallyWords(counts)}${field === undefined ? "" : ` (no data for ${code(field)})`} |`;
}

export function accountRow(account: AccountRisk, view: View): string {
	const { score, scoreMax, band, contributions } = account.risk;
	const number = score === null ? "unknown" : `${whole(score)} ${band}${scoreMax > score ? ` (up to ${whole(scoreMax)})` : ""}`;
	const marks = [account.privileged ? "privileged" : "", account.breakGlass ? "break-glass" : "", account.kind === "human" ? "" : account.kind].filter(Boolean);
	const why = contributions
		.filter((part) => part.points > 0)
		.slice(0, 3)
		.map((part) => `+${whole(part.points)} ${cell(part.label)}`);
	return `| ${number} | ${cell(accountName(account, view))}${marks.length > 0 ? ` (${marks.map((mark) => cell(mark)).join(", ")})` : ""} | ${why.join("; ")} | ${cell(account.advice)} |`;
}
