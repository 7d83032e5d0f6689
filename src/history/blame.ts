import { type AssessInput, assess } from "../assess/assess.js";
import { findingId } from "../assess/finding.js";
import type { Case } from "../assess/judge.js";
import type { AssessedSystem, Assessment } from "../model/assessment.js";
import type { Finding, SubjectKind } from "../model/finding.js";
import type { Millis } from "../model/known.js";
import type { CollectionName } from "../model/snapshot.js";
import type { CompiledPolicy } from "../policy/compile.js";
import { evidenceFields } from "../policy/explain.js";
import { fieldAt, usedFields } from "../policy/fields.js";
import { jsonValue } from "../policy/format.js";
import type { PolicyOutcome } from "../policy/source.js";
import { type Change, changesOf } from "./changes.js";
import { erasures } from "./object.js";

/**
 * What a run says of one subject, judged by today's policies. `absent`: all of its kind was read, and it is not there. `unread`: it is not
 * among what was read, and not all was read.
 */
export type VerdictThen = PolicyOutcome | "absent" | "unread";

export interface Verdict {
	at: Millis;
	outcome: VerdictThen;
	/** The fields that the policy decides by, as policies write them; missing: unknown, or there is no subject. */
	fields: Record<string, unknown>;
	/** What else it gives as evidence. */
	facts: Record<string, unknown>;
}

/** Since when a finding is one, by the runs that are stored. */
export interface Blame {
	/** The oldest run of those since `before` that found it. */
	since: Millis;
	/** The newest run that did not: it passed, did not apply, or was not there. Null: none of those that were looked at. */
	before: Pick<Verdict, "at" | "outcome"> | null;
	/** Runs since `before` in which it was unknown. */
	unknown: number;
	/** Runs that were looked at, the newest included. */
	runs: number;
	/** What the policy decides by and was otherwise in `before`, with its evidence. Empty where it was there, and nothing is `unread`: time alone made the difference. */
	changed: Change[];
	/** What the policy reads and one of the two runs did not know, or not all of: whether it changed nobody can say. */
	unread: string[];
	/** The newest run that found it by other data than the newest of all, and what has changed since then; null: none did. */
	otherwise: { at: Millis; changed: Change[] } | null;
}

export interface PastInput extends Omit<AssessInput, "asOf" | "dryRun" | "watch"> {
	/** Times of runs, newest first. */
	runs: readonly Millis[];
	/** Told before each run is judged. */
	progress?(done: number): void;
}

/** Walks back from the newest run until one did not find it, for every finding at once. Judged is by today's stack file and policies; nothing is written. */
export async function blame(findings: readonly Finding[], input: PastInput): Promise<Map<string, Blame>> {
	const walks = new Map<string, { newest: Verdict; oldest: Verdict; blame: Blame }>();
	const erased = await erasedIn(input);
	let open = findings;
	for (const [index, at] of input.runs.entries()) {
		if (open.length === 0) break;
		input.progress?.(index);
		const then = await verdictsAt(open, at, input, erased);
		if (then === null) break;
		for (const { id } of open) {
			const verdict = then.get(id) as Verdict;
			const one = walks.get(id) ?? { newest: verdict, oldest: verdict, blame: fresh(at) };
			walks.set(id, one);
			one.blame.runs++;
			if (verdict.outcome === "fail" || verdict.outcome === "review") {
				one.blame.since = at;
				one.oldest = verdict;
				const changed = one.blame.otherwise ? [] : knownChanges({ ...verdict.fields, ...verdict.facts }, { ...one.newest.fields, ...one.newest.facts }).changed;
				if (changed.length > 0) one.blame.otherwise = { at, changed };
			} else if (verdict.outcome === "unknown" || verdict.outcome === "unread") one.blame.unknown++;
			else {
				one.blame.before = { at, outcome: verdict.outcome };
				if (verdict.outcome !== "absent") Object.assign(one.blame, changedBetween(verdict, one.oldest));
			}
		}
		open = open.filter(({ id }) => walks.get(id)?.blame.before === null);
	}
	return new Map([...walks].map(([id, { blame: made }]) => [id, made]));
}

async function erasedIn({ store, stack }: PastInput): Promise<ReadonlyMap<string, Millis>> {
	return erasures(await store.journal({ tenant: stack.name }));
}

function fresh(at: Millis): Blame {
	return { since: at, before: null, unknown: 0, runs: 0, changed: [], unread: [], otherwise: null };
}

/** What each of the runs says of one finding's subject, newest first. */
export async function verdictsOf(finding: Finding, input: PastInput): Promise<Verdict[]> {
	const verdicts: Verdict[] = [];
	const erased = await erasedIn(input);
	for (const [index, at] of input.runs.entries()) {
		input.progress?.(index);
		const then = (await verdictsAt([finding], at, input, erased))?.get(finding.id);
		if (!then) break;
		verdicts.push(then);
	}
	return verdicts;
}

/** Null: nothing was stored by then. */
async function verdictsAt(
	findings: readonly Finding[],
	at: Millis,
	{ runs: _, progress: __, ...input }: PastInput,
	erased: ReadonlyMap<string, Millis>,
): Promise<Map<string, Verdict> | null> {
	const wanted = new Set(findings.map(({ id }) => id));
	const asked = new Set(findings.map(({ policy }) => policy));
	const met = new Map<string, Verdict>();
	const watch = (policy: CompiledPolicy, outcome: PolicyOutcome, one: Case) => {
		const id = findingId(policy.policy.id, one.ref);
		if (wanted.has(id)) met.set(id, { at, outcome, ...readOf(policy, one.subject) });
	};
	const policies = input.policies.filter(({ policy }) => asked.has(policy.id));
	const judged = await assess({ ...input, policies, asOf: at, dryRun: true, watch });
	if (judged === null) return null;
	for (const { id, subject, system } of findings) {
		if (met.has(id)) continue;
		const isAbsent = at >= (erased.get(subject.key) ?? 0) && isWhole(judged, subject.kind, system, Object.keys(input.stack.systems));
		met.set(id, { at, outcome: isAbsent ? "absent" : "unread", fields: {}, facts: {} });
	}
	return met;
}

function readOf({ policy }: CompiledPolicy, subject: object): Pick<Verdict, "fields" | "facts"> {
	const { where, pass, review } = policy.checked;
	const decides = usedFields([where, pass, review], policy.for);
	const values = (paths: readonly string[]) =>
		Object.fromEntries(
			paths.flatMap((path) => {
				const { value, type } = fieldAt(policy.for, path, subject);
				return value === undefined ? [] : [[path, jsonValue(value, type)]];
			}),
		);
	return { fields: values(decides), facts: values(evidenceFields(policy).filter((path) => !decides.includes(path))) };
}

function changedBetween(before: Verdict, after: Verdict): Pick<Blame, "changed" | "unread"> {
	const { changed, unread } = knownChanges(before.fields, after.fields);
	return { changed: changed.length === 0 ? [] : [...changed, ...knownChanges(before.facts, after.facts).changed], unread };
}

/** What differs between values that are known of both. A value that one run did not read did not come then, nor go. */
function knownChanges(before: Record<string, unknown>, after: Record<string, unknown>): Pick<Blame, "changed" | "unread"> {
	const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
	const same = (path: string) => changesOf({ value: before[path] }, { value: after[path] }).length === 0;
	const unread = paths.filter((path) => (isVague(before[path]) || isVague(after[path])) && !same(path));
	const known = (values: Record<string, unknown>) => Object.fromEntries(Object.entries(values).filter(([path]) => !unread.includes(path)));
	return { changed: changesOf(known(before), known(after)), unread };
}

function isVague(value: unknown): boolean {
	return value === undefined || (typeof value === "object" && value !== null && "$partial" in value);
}

/** Where a subject's absence can be seen: each of these must have been read. */
const collectionsOf: Record<Exclude<SubjectKind, "person" | "managed">, CollectionName[]> = {
	account: ["accounts"],
	credential: ["credentials"],
	device: ["devices"],
	group: ["groups"],
	app: ["apps"],
	setting: ["settings"],
	system: [],
};

/** Whether all of a kind was read. A system that was not read at all yet tells nothing, nor does a collection that nobody asked for. */
function isWhole({ systems }: Assessment, kind: SubjectKind, system: string, all: string[]): boolean {
	const state = ({ coverage }: AssessedSystem, name: CollectionName) => coverage.find(({ collection }) => collection === name)?.state;
	const isRead = (one: AssessedSystem, name: CollectionName) => (state(one, name) ?? "complete") === "complete";
	// Who is a person, and by what key, all systems say together: before the personnel system was there, the same people had other keys.
	if (kind === "person")
		return all.every((name) => systems.some((one) => one.system === name)) && systems.every((one) => isRead(one, "accounts") && isRead(one, "workers"));
	const own = systems.find((one) => one.system === system);
	if (!own) return false;
	if (kind === "managed") return (["groups", "settings", "roleAssignments"] as const).every((name) => isRead(own, name));
	return collectionsOf[kind].every((name) => state(own, name) === "complete");
}
