import type { AccountRisk, Assessment } from "../model/assessment.js";
import { type Finding, type PolicyCounts, type Severity, type SubjectKind, severities } from "../model/finding.js";
import type { CollectionName, Coverage } from "../model/snapshot.js";
import { safeText } from "./sanitise.js";
import type { PolicyFacts, Surroundings } from "./surroundings.js";
import { collectionWords, denominator, whole } from "./words.js";

/** One policy with everything that is known of its subjects, as formats for other machines list it. */
export interface Check extends Omit<PolicyFacts, "subject"> {
	policy: string;
	title: string;
	severity: Severity;
	cause: string;
	/** What is at stake; empty where the policy does not say. */
	why: string;
	/** Missing for a policy that was not asked this time. */
	counts: PolicyCounts | undefined;
	/** Open or excepted, in the assessment's order. */
	findings: Finding[];
	fixed: Finding[];
	unknown: Unknown;
}

/** What could not be judged for lack of data. */
export interface Unknown {
	/** Whether there is any: then nothing may be called passed as a whole. */
	any: boolean;
	/** Subjects that were met and not judged. */
	total: number;
	/** Accounts among them, by name; `total` counts the others as well. */
	accounts: AccountRisk[];
	/** What is missing of them, most first. */
	fields: string[];
	/** Lists of subjects that were not read whole: there may be more that nobody met. */
	unread: string[];
}

/** The lists that the subjects of a policy come from. Of systems and declared objects each knows itself what it lacks. */
const listsOf = {
	account: ["accounts"],
	person: ["accounts", "workers"],
	credential: ["credentials"],
	device: ["devices"],
	group: ["groups"],
	app: ["apps"],
	setting: ["settings"],
	system: [],
	managed: [],
} satisfies Record<SubjectKind, CollectionName[]>;

/** The policies of an assessment, most severe first, then by id. */
export function checksOf(assessment: Assessment, { policies }: Pick<Surroundings, "policies">): Check[] {
	const checks = new Map<string, Check>();
	const gaps = gapsOf(assessment);
	for (const counts of assessment.policies) checks.set(counts.policy, newCheck(counts, counts, policies, gaps));
	for (const finding of assessment.findings) {
		let check = checks.get(finding.policy);
		if (!check) {
			check = newCheck(finding, undefined, policies, []);
			checks.set(finding.policy, check);
		}
		(finding.state === "fixed" ? check.fixed : check.findings).push(finding);
		if (!policies.has(finding.policy)) check.controls = [...new Set([...check.controls, ...finding.controls])];
		if (check.remediation.length === 0) check.remediation = finding.remediation;
	}
	for (const account of assessment.accounts) for (const policy of account.unknownPolicies) checks.get(policy)?.unknown.accounts.push(account);
	for (const { unknown } of checks.values()) {
		unknown.total = Math.max(unknown.total, unknown.accounts.length);
		unknown.any = unknown.total > 0 || unknown.unread.length > 0;
	}
	return [...checks.values()].sort((a, b) => rank(b) - rank(a) || compare(a.policy, b.policy));
}

function newCheck(of: PolicyCounts | Finding, counts: PolicyCounts | undefined, policies: Surroundings["policies"], gaps: Gap[]): Check {
	const { policy, title, severity, cause } = of;
	const facts = policies.get(policy);
	const fields = Object.entries(counts?.unknownFields ?? {})
		.sort(([a, n], [b, m]) => m - n || compare(a, b))
		.map(([field]) => field);
	const lists: readonly string[] | undefined = facts && listsOf[facts.subject];
	const unread = gaps.filter(({ list }) => lists === undefined || lists.includes(list)).map(({ words }) => words);
	return {
		...{ policy, title, severity, cause, counts },
		why: counts?.why ?? "",
		findings: [],
		fixed: [],
		unknown: { any: false, total: counts?.unknown ?? 0, accounts: [], fields, unread },
		remediation: facts?.remediation ?? [],
		controls: facts?.controls ?? [],
		references: facts?.references ?? [],
	};
}

interface Gap {
	list: CollectionName;
	words: string;
}

function gapsOf({ systems }: Assessment): Gap[] {
	return systems.flatMap(({ system, coverage }) =>
		coverage.filter(isGap).map(({ collection, state }) => ({
			list: collection,
			words: `${collectionWords[collection]} of ${system} ${state === "partial" ? "read in part" : "not read"}`,
		})),
	);
}

/** What a system does not offer at all is nothing that was missed. */
function isGap({ state, reasons }: Coverage): boolean {
	return state !== "complete" && (reasons.length === 0 || reasons.some(({ cause }) => cause !== "unsupported"));
}

/** `unknown for 3 of 15: no data for account.authenticators; accounts of okta read in part`; never to be read as a pass. */
export function unknownWords({ unknown, counts }: Pick<Check, "unknown" | "counts">): string {
	const all = Math.max(counts ? denominator(counts) : 0, unknown.total);
	const fields = unknown.total === 0 ? "" : unknown.fields.slice(0, 3).join(", ");
	const judged = unknown.total === 0 ? "may be unknown for more" : `unknown for ${whole(unknown.total)} of ${whole(all)}`;
	const why = [...(fields === "" ? [] : [`no data for ${fields}`]), ...unknown.unread.slice(0, 3)];
	const rest = unknown.unread.length > 3 ? `, and ${unknown.unread.length - 3} lists more` : "";
	return why.length === 0 ? judged : `${judged}: ${why.join("; ")}${rest}`;
}

export function rank({ severity }: { severity: Severity }): number {
	return severities.indexOf(severity);
}

export function compare(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Text for a file that a CI job may print: hidden characters are shown by number, workflow commands are broken. `otherwise` stands
 * for text that is empty, which some readers refuse.
 */
export function plain(text: string, limit = 1000, otherwise = "unnamed"): string {
	const shown = safeText(text, "terminal", limit).trim();
	return shown === "" ? otherwise : shown;
}

/** Plain texts of a list, without those that are empty or twice there. */
export function plainList(texts: readonly string[], limit = 1000): string[] {
	return [...new Set(texts.map((text) => plain(text, limit, "")))].filter((text) => text !== "");
}
