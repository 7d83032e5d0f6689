import type { Finding, PolicyCounts, Posture, Severity, SubjectRef } from "../model/finding.js";
import type { PolicyOutcome } from "../policy/source.js";
import { type AssessInput, assess } from "./assess.js";
import { findingId } from "./finding.js";
import type { Watch } from "./judge.js";
import { type AlteredPolicy, alteredPolicies, decidesAnew } from "./policy-diff-altered.js";

/** The policies of one side, with what `policyDigest` is of them. */
export type Judging = Pick<AssessInput, "policies" | "policyDigest">;

/**
 * `flagged`: fails now. `unknown`: can't be said any more. `cleared`: failed, and is known not to. `known`: was unknown or to be looked at,
 * and is fine. `review`: a person should look now. `accepted`: would fail, were it not for an exemption or the baseline.
 */
export const changeKinds = ["flagged", "unknown", "cleared", "known", "review", "accepted"] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** Of a policy that is not there on that side: null. */
export type Side = PolicyOutcome | "excepted" | null;

/** What becomes of one subject under one policy. */
export interface SubjectChange {
	kind: ChangeKind;
	subject: SubjectRef;
	before: Side;
	after: Side;
	/** Null: it is not known. */
	privileged: boolean | null;
	/** Declared as an emergency account. */
	breakGlass?: true;
	/** What the finding says that is there now, else the one that was there. */
	message?: string;
}

export interface PolicyChange extends AlteredPolicy {
	title: string;
	/** Severity now; of a policy that is gone, as it was. */
	severity: Severity;
	/** Everybody of whom the policy says something else, in the order of the kinds. */
	subjects: SubjectChange[];
	/** Subjects it newly applies to and that pass, and those that passed and that it no longer applies to: nobody has to act on them. */
	scope: { more: number; fewer: number };
	before: Counted | null;
	after: Counted | null;
}

export type Counted = Pick<PolicyCounts, "pass" | "fail" | "unknown" | "review" | "excepted" | "notApplicable">;

export interface PolicyDiff {
	at: number;
	posture: { before: Posture; after: Posture };
	/** Policies that are not as on the other side, whether or not that alters an outcome. */
	policies: PolicyChange[];
	/** Policies that are the same on both sides. */
	same: number;
}

/**
 * Judges the stored snapshot by two sets of policies; all else, from exemptions to emergency accounts, is `input`'s on both sides, so
 * that what differs comes of the policies alone. Writes nothing.
 * @returns null when nothing is stored
 */
export async function diffPolicies(input: Omit<AssessInput, keyof Judging | "watch" | "dryRun">, base: Judging, proposed: Judging): Promise<PolicyDiff | null> {
	const altered = alteredPolicies(base.policies, proposed.policies);
	const ids = altered.filter(decidesAnew).map(({ policy }) => policy);
	const seen = newSeen(ids);
	const before = await judgedSide({ ...input, ...base, watch: seen.before }, ids);
	const after = before && (await judgedSide({ ...input, ...proposed, watch: seen.after }, ids));
	if (!before || !after) return null;
	const found = { before: before.findings, after: after.findings };
	return {
		at: after.at,
		posture: { before: before.posture, after: after.posture },
		policies: altered.map((one) => {
			const [was, is] = [before.counts.get(one.policy), after.counts.get(one.policy)];
			const { title, severity } = (is ?? was) as PolicyCounts;
			return { ...one, title, severity, ...seen.changes(one.policy, found), before: was ? counted(was) : null, after: is ? counted(is) : null };
		}),
		same: proposed.policies.length - altered.filter(({ change }) => change !== "removed").length,
	};
}

interface JudgedSide {
	at: number;
	posture: Posture;
	counts: Map<string, PolicyCounts>;
	/** Of the altered policies, by id. */
	findings: Map<string, Finding>;
}

/** What is needed of one side: the whole of it, twice, is more than a large tenant should hold. */
async function judgedSide(input: AssessInput, altered: readonly string[]): Promise<JudgedSide | null> {
	const assessment = await assess({ ...input, dryRun: true });
	if (!assessment) return null;
	const { at, policies, findings } = assessment;
	const { posture, postureMax, coverage } = assessment.posture;
	return {
		...{ at, posture: { posture, postureMax, coverage } },
		counts: new Map(policies.map((one) => [one.policy, one])),
		findings: new Map(findings.filter(({ policy }) => altered.includes(policy)).map((finding) => [finding.id, finding])),
	};
}

interface Seen {
	ref: SubjectRef;
	before: PolicyOutcome | null;
	after: PolicyOutcome | null;
	privileged: boolean | null;
	breakGlass: boolean;
}

/** Found by finding id, on either side. */
interface Found {
	before: ReadonlyMap<string, Finding>;
	after: ReadonlyMap<string, Finding>;
}

/**
 * Holds what the altered policies say of each subject, and lets go of it as soon as the other side says the same: of a hundred thousand
 * accounts mostly few are left.
 */
function newSeen(policies: readonly string[]) {
	const held = new Map<string, Map<string, Seen>>(policies.map((policy) => [policy, new Map()]));
	const keyOf = ({ kind, key }: SubjectRef) => `${kind}\0${key}`;
	const before: Watch = ({ policy }, outcome, { ref, subject }) => {
		held.get(policy.id)?.set(keyOf(ref), { ref, before: outcome, after: null, ...standing(subject) });
	};
	const after: Watch = ({ policy }, outcome, { ref, subject }) => {
		const subjects = held.get(policy.id);
		if (!subjects) return;
		const key = keyOf(ref);
		const one = subjects.get(key);
		if (one?.before === outcome) subjects.delete(key);
		else if (one) one.after = outcome;
		else subjects.set(key, { ref, before: null, after: outcome, ...standing(subject) });
	};
	const changes = (policy: string, found: Found) => {
		const subjects: SubjectChange[] = [];
		const scope = { more: 0, fewer: 0 };
		for (const one of held.get(policy)?.values() ?? []) {
			const change = changeOf(policy, one, found);
			if (change) subjects.push(change);
			else if (one.after === "pass" && apart(one.before)) scope.more++;
			else if (one.before === "pass" && apart(one.after)) scope.fewer++;
		}
		return { subjects: subjects.sort(byKind), scope };
	};
	return { before, after, changes };
}

function changeOf(policy: string, one: Seen, found: Found): SubjectChange | null {
	const id = findingId(policy, one.ref);
	const was = found.before.get(id);
	const is = found.after.get(id);
	const before: Side = was?.outcome ?? one.before;
	const after: Side = is?.outcome ?? one.after;
	const kind = kindOf(before, after);
	if (kind === null) return null;
	const message = (is ?? was)?.message;
	return {
		...{ kind, subject: one.ref, before, after, privileged: one.privileged },
		...(one.breakGlass && { breakGlass: true as const }),
		...(message !== undefined && { message }),
	};
}

/** A failure that becomes unknown is not cleared, and one that nobody can judge yet is not known to be fine. */
function kindOf(before: Side, after: Side): ChangeKind | null {
	if (before === after) return null;
	if (after === "fail") return "flagged";
	if (after === "unknown") return "unknown";
	if (after === "excepted") return before === "fail" ? "cleared" : "accepted";
	if (before === "fail") return "cleared";
	if (after === "review") return "review";
	return (before === "unknown" || before === "review") && after !== null ? "known" : null;
}

function apart(side: Side): boolean {
	return side === null || side === "not-applicable";
}

/** Whether a subject holds privilege, by whichever of its fields says so: of a credential or a device its owner's. */
function standing(subject: object): Pick<Seen, "privileged" | "breakGlass"> {
	const facts = ["privileged", "topPrivileged", "ownerPrivileged", "ownerTopPrivileged"]
		.filter((name) => name in subject)
		.map((name) => Reflect.get(subject, name));
	const privileged = facts.includes(true) ? true : facts.length === 0 || facts.includes(undefined) ? null : false;
	return { privileged, breakGlass: Reflect.get(subject, "breakGlass") === true };
}

function byKind(a: SubjectChange, b: SubjectChange): number {
	return (
		changeKinds.indexOf(a.kind) - changeKinds.indexOf(b.kind) ||
		Number(b.privileged ?? false) - Number(a.privileged ?? false) ||
		(a.subject.label < b.subject.label ? -1 : a.subject.label > b.subject.label ? 1 : a.subject.key < b.subject.key ? -1 : 1)
	);
}

function counted({ pass, fail, unknown, review, excepted, notApplicable }: PolicyCounts): Counted {
	return { pass, fail, unknown, review, excepted, notApplicable };
}
