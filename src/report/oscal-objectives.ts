import { type Check, compare, unknownWords } from "./checks.js";
import { fingerprint } from "./fingerprint.js";
import { markdownText } from "./markdown-text.js";
import { denominator } from "./words.js";

/** What is determined of one assessment objective. */
export interface Objective {
	/** Of the part in NIST's catalogue of SP 800-53 revision 5 (`ac-2.3_obj`), else our own. */
	id: string;
	/** `ac-2.3`; null for a policy that is mapped to no control of SP 800-53. */
	control: string | null;
	title: string;
	state: "satisfied" | "not-satisfied";
	reason: "pass" | "fail" | "other";
	remarks: string;
	checks: Check[];
}

/**
 * Objectives in the order of their ids. One is satisfied only where every policy mapped to it was asked of something, all passed, and
 * nothing was unknown. Policies that apply to nothing say nothing, and an objective of such policies alone is left out.
 */
export function objectivesOf(checks: readonly Check[]): Objective[] {
	const byId = new Map<string, { control: string | null; checks: Check[] }>();
	for (const check of checks) {
		if (!check.unknown.any && check.findings.length === 0 && (!check.counts || denominator(check.counts) === 0)) continue;
		const controls = check.controls.flatMap((key) => /^nist-800-53:([a-z]{2}-\d+(?:\.\d+)?)$/.exec(key)?.[1] ?? []);
		const targets = controls.length > 0 ? controls.map((control) => [`${control}_obj`, control] as const) : [[ownId(check.policy), null] as const];
		for (const [id, control] of targets) {
			const held = byId.get(id) ?? { control, checks: [] };
			held.checks.push(check);
			byId.set(id, held);
		}
	}
	return [...byId]
		.sort(([a], [b]) => compare(a, b))
		.map(([id, { control, checks: of }]) => ({
			id,
			control,
			checks: of,
			title: control === null ? shown(of[0]?.title ?? "") : `${control.toUpperCase()}, as far as Keelson's policies check it`,
			...determined(of),
		}));
}

/** A token of OSCAL for a policy; ids that are none are hashed. */
function ownId(policy: string): string {
	return `keelson_${/^[A-Za-z0-9._-]+$/.test(policy) ? policy : fingerprint(policy)}_obj`;
}

function shown(text: string): string {
	return markdownText(text.trim(), 500) || "unnamed";
}

function determined(checks: readonly Check[]): Pick<Objective, "state" | "reason" | "remarks"> {
	const failing = checks.some(({ counts, findings }) => (counts?.fail ?? 0) > 0 || findings.some(({ outcome }) => outcome === "fail"));
	const remarks = checks.flatMap((check) => doubts(check).map((doubt) => `${shown(check.policy)}: ${shown(doubt)}.`));
	if (failing) return { state: "not-satisfied", reason: "fail", remarks: remarks.join("\n\n") };
	if (remarks.length > 0) return { state: "not-satisfied", reason: "other", remarks: remarks.join("\n\n") };
	return { state: "satisfied", reason: "pass", remarks: "" };
}

/** Why it is no pass, though nothing fails. */
function doubts(check: Check): string[] {
	const { unknown, counts, findings } = check;
	const out: string[] = [];
	if (unknown.any) out.push(unknownWords(check));
	if ((counts?.excepted ?? 0) > 0 || findings.some(({ outcome }) => outcome === "excepted")) out.push("failures are accepted by an exemption");
	if ((counts?.review ?? 0) > 0 || findings.some(({ outcome }) => outcome === "review")) out.push("there is something to review");
	if (!counts) out.push("it was not asked this time");
	return out;
}
