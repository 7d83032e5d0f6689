import type { AccountRisk, Assessment } from "../model/assessment.js";
import { type ExemptionRef, type Finding, type PolicyCounts, severities } from "../model/finding.js";
import { denominator, earlierRuns } from "./words.js";

/** The parts of an assessment as every report shows them, each in its order. */
export interface View {
	/** Open failures and findings to review, by policy; those of the riskiest subjects first. */
	byPolicy: Map<string, Finding[]>;
	/** Policies with a failure or something to review, worst first. */
	failing: PolicyCounts[];
	/** Policies without a failure and with unknown subjects. */
	unknown: PolicyCounts[];
	/** Policies that every subject passes, exempted ones aside. */
	passing: PolicyCounts[];
	/** Policies that apply to nothing here. */
	silent: PolicyCounts[];
	open: Finding[];
	/** New or reopened; empty on a first run, where all are. */
	fresh: Finding[];
	fixed: Finding[];
	excepted: ExceptedGroup[];
	/** Accounts above the low band, worst first. */
	risky: AccountRisk[];
	firstRun: boolean;
	/** Keys of emergency accounts that are in the assessment. */
	breakGlass: ReadonlySet<string>;
	/** Accounts of more than one system are in it: each has to be named with its own. */
	several: boolean;
}

/** Findings that one exemption holds back. */
export interface ExceptedGroup {
	exemption: ExemptionRef;
	policy: string;
	title: string;
	findings: Finding[];
}

export function viewOf(assessment: Assessment): View {
	const scores = new Map<string, number>();
	for (const { key, risk } of assessment.accounts) if (risk.score) scores.set(key, risk.score);
	const risk = (finding: Finding) => scores.get(finding.subject.key) ?? 0;
	const live = assessment.findings.filter((finding) => finding.state !== "fixed");
	const open = live
		.filter((finding) => finding.outcome !== "excepted")
		.sort((a, b) => rank(b) - rank(a) || risk(b) - risk(a) || compare(a.subject.label, b.subject.label) || compare(a.id, b.id));
	const policies = [...assessment.policies].sort((a, b) => rank(b) - rank(a) || b.fail - a.fail || compare(a.policy, b.policy));
	const asked = policies.filter((counts) => denominator(counts) > 0);
	const fresh = open.filter(({ state }) => state === "new" || state === "reopened");
	const firstRun = earlierRuns(assessment).length === 0;
	return {
		byPolicy: groupBy(open, (finding) => finding.policy),
		failing: asked.filter((counts) => counts.fail + counts.review > 0),
		unknown: asked.filter((counts) => counts.fail + counts.review === 0 && counts.unknown > 0),
		passing: asked.filter((counts) => counts.fail + counts.review + counts.unknown === 0),
		silent: policies.filter((counts) => denominator(counts) === 0),
		open,
		fresh: firstRun ? [] : fresh,
		fixed: assessment.findings.filter((finding) => finding.state === "fixed"),
		excepted: exceptedGroups(live),
		risky: assessment.accounts.filter((account) => account.risk.band !== "low" && account.risk.band !== "unknown"),
		firstRun,
		breakGlass: new Set(assessment.accounts.filter((account) => account.breakGlass).map((account) => account.key)),
		several: assessment.systems.filter(({ accounts }) => accounts > 0).length > 1,
	};
}

/** The finding's message, with the system it is about where there are several. */
export function sentenceOf(finding: Finding, view: View): string {
	return view.several && finding.subject.kind !== "person" && !finding.message.startsWith(finding.system)
		? `${finding.system}: ${finding.message}`
		: finding.message;
}

/** The account's name, with its system where there are several. */
export function accountName({ key, label }: { key: string; label: string }, view: View): string {
	const system = key.slice(0, key.indexOf("/"));
	return view.several && system !== "" ? `${label} in ${system}` : label;
}

/** What marks a finding off in a list: its state, what it needs, and whose account it is. */
export function marksOf(finding: Finding, view: View): string[] {
	const marks: string[] = [];
	if (finding.state === "reopened" || (finding.state === "new" && !view.firstRun)) marks.push(finding.state);
	if (finding.outcome === "review") marks.push("to review");
	if (view.breakGlass.has(finding.subject.key)) marks.push("break-glass");
	return marks;
}

export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
	const groups = new Map<string, T[]>();
	for (const item of items) {
		const key = keyOf(item);
		const group = groups.get(key);
		if (group) group.push(item);
		else groups.set(key, [item]);
	}
	return groups;
}

/** How many of each group to show, so that no large group crowds the others out of `limit`. */
export function fairShare(sizes: readonly number[], limit: number): number[] {
	let left = limit;
	const shares = sizes.map(() => 0);
	const order = sizes.map((_, index) => index).sort((a, b) => (sizes[a] ?? 0) - (sizes[b] ?? 0) || a - b);
	for (const [place, index] of order.entries()) {
		const share = Math.min(sizes[index] ?? 0, Math.floor(left / (order.length - place)));
		shares[index] = share;
		left -= share;
	}
	return shares;
}

function exceptedGroups(live: Finding[]): ExceptedGroup[] {
	const excepted = live.filter((finding) => finding.outcome === "excepted");
	const groups = groupBy(excepted, ({ policy, exemption }) =>
		JSON.stringify([policy, exemption?.owner, exemption?.reason, exemption?.ticket, exemption?.expires, exemption?.source]),
	);
	return [...groups.values()].map((findings) => {
		const [first] = findings as [Finding];
		return { policy: first.policy, title: first.title, findings, exemption: first.exemption ?? { owner: "unknown", reason: "unknown", expires: "unknown" } };
	});
}

function rank({ severity }: { severity: Finding["severity"] }): number {
	return severities.indexOf(severity);
}

function compare(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
