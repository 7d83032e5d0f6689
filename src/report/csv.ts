import type { Assessment } from "../model/assessment.js";
import type { Finding } from "../model/finding.js";
import { safeText } from "./sanitise.js";
import { iso } from "./words.js";

/** Characters of one cell; a spreadsheet holds 32,767 in a cell, quotes and the apostrophe among them. */
const cellLimit = 15_000;

const header = [
	"id",
	"severity",
	"policy",
	"title",
	"outcome",
	"state",
	"system",
	"subject_kind",
	"subject_key",
	"subject",
	"message",
	"first_seen",
	"last_seen",
	"exemption_owner",
	"exemption_reason",
	"exemption_ticket",
	"exemption_expires",
	"exemption_source",
	"remediation",
	"controls",
];

/**
 * Findings as CSV (RFC 4180: CRLF, every cell quoted, UTF-8 without a byte order mark), one a line.
 * A cell that a spreadsheet would take for a formula starts with an apostrophe; hidden characters are shown by number.
 */
export function renderCsv(assessment: Assessment): string {
	return [header, ...assessment.findings.map(cells)].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

function cells(finding: Finding): string[] {
	const { subject, exemption } = finding;
	return [
		finding.id,
		finding.severity,
		finding.policy,
		finding.title,
		finding.outcome,
		finding.state,
		finding.system,
		subject.kind,
		subject.key,
		subject.label,
		finding.message,
		iso(finding.firstSeen),
		iso(finding.lastSeen),
		exemption?.owner ?? "",
		exemption?.reason ?? "",
		exemption?.ticket ?? "",
		exemption?.expires ?? "",
		exemption ? (exemption.source ?? "stack") : "",
		finding.remediation.join("; "),
		finding.controls.join(" "),
	];
}

/** Spreadsheets read = + - @, also full-width and after spaces, as the start of a formula (OWASP, CSV injection). */
const formula = /^\s*[=+\-@|%\uff1d\uff0b\uff0d\uff20]/u;

function cell(text: string): string {
	const plain = safeText(text, "json", cellLimit);
	return `"${(formula.test(plain) ? `'${plain}` : plain).replaceAll('"', '""')}"`;
}
