import type { Evidence, Outcome, PolicyCounts, SubjectRef } from "../model/finding.js";
import type { RequestRef } from "../model/snapshot.js";
import { withheldWords } from "../model/withheld.js";
import type { CompiledPolicy } from "../policy/compile.js";
import { defectOf } from "../policy/evaluate.js";
import { evidenceOf } from "../policy/explain.js";
import { usedFields } from "../policy/fields.js";
import { renderMessage } from "../policy/message.js";
import type { PolicyOutcome } from "../policy/source.js";
import type { FindingDraft } from "../store/store.js";
import type { Excuse, Exemptions } from "./exemptions.js";
import { evidence, findingId } from "./finding.js";
import { emptyCounts, tally } from "./tally.js";

/** Collects what every policy says of every subject of one run. */
export interface Judge {
	counts: Map<string, PolicyCounts>;
	/** Policy id → the subject's own fields that its conditions read. */
	fields: Map<string, string[]>;
	findings: FindingDraft[];
	/** Policy id → what went wrong in it: a mistake of the policy, and no lack of data. */
	defects: Map<string, string>;
	/** Policy id → the keys of the subjects that are unknown now: an old finding of them stays as it was. */
	unknown: Map<string, { kind: SubjectRef["kind"]; keys: string[] }>;
	watch: Watch | undefined;
}

/** Told of every subject that a policy judges, whatever it says of it. */
export type Watch = (policy: CompiledPolicy, outcome: PolicyOutcome, one: Case, now: number) => void;

export function newJudge(policies: CompiledPolicy[], watch?: Watch): Judge {
	return {
		counts: new Map(policies.map((policy) => [policy.policy.id, emptyCounts(policy)])),
		fields: new Map(policies.map((policy) => [policy.policy.id, fieldsOf(policy)])),
		findings: [],
		defects: new Map(),
		unknown: new Map(),
		watch,
	};
}

/** Names of the subject's own fields that a policy's conditions read: `authenticators`, `lastActivity`. */
export function fieldsOf({ policy }: CompiledPolicy): string[] {
	const { where, pass, review } = policy.checked;
	return [...new Set(usedFields([where, pass, review], policy.for).map((path) => path.split(".")[1] ?? path))];
}

export interface Verdict {
	policy: CompiledPolicy;
	outcome: Outcome;
	finding: FindingDraft | null;
}

export interface Case {
	subject: object;
	ref: SubjectRef;
	system: string;
	login?: string | undefined;
	breakGlass?: boolean;
	/** Weight in posture: the exposure multiplier, 1 for tenant-level subjects. */
	weight: number;
	/** The request that delivered a field, which is of this collection; null for what the stack file says or a join gave. */
	request(source: string, field: string): RequestRef | null;
}

/** Judges one subject by one policy and books the outcome. */
export function judge(book: Judge, policy: CompiledPolicy, one: Case, exempt: Exemptions, now: number): Verdict {
	return bookOutcome(book, policy, policy.judge(one.subject, now), one, exempt, now);
}

/** Books what a policy said of one subject. */
export function bookOutcome(book: Judge, policy: CompiledPolicy, raw: PolicyOutcome, one: Case, exempt: Exemptions, now: number): Verdict {
	book.watch?.(policy, raw, one, now);
	const excuse = raw === "fail" ? exempt.of(policy.policy.id, one, now) : null;
	const outcome: Outcome = excuse?.exemption ? "excepted" : raw;
	const counts = book.counts.get(policy.policy.id) as PolicyCounts;
	tally(counts, outcome, one.weight);
	if (outcome === "unknown") {
		const lacking = (book.fields.get(policy.policy.id) ?? []).filter((field) => lacks(one.subject, field));
		for (const field of lacking) counts.unknownFields[`${policy.policy.for}.${field}`] = (counts.unknownFields[`${policy.policy.for}.${field}`] ?? 0) + 1;
		const defect = lacking.length === 0 ? defectOf(policy, one.subject, now) : null;
		if (defect) book.defects.set(policy.policy.id, `${defect.part} has a runtime error: ${defect.reason}`);
		noteUnknown(book, policy.policy.id, one.ref);
		exempt.unsure(policy.policy.id, one.ref, one.login);
	}
	if (outcome !== "fail" && outcome !== "review" && outcome !== "excepted") return { policy, outcome, finding: null };
	const finding = draft(policy, one, outcome, excuse, now);
	book.findings.push(finding);
	return { policy, outcome, finding };
}

function noteUnknown(book: Judge, policy: string, { kind, key }: SubjectRef): void {
	const found = book.unknown.get(policy);
	if (found) found.keys.push(key);
	else book.unknown.set(policy, { kind, keys: [key] });
}

/** Ids that findings of the unknown subjects have, made one by one as they are asked for: mostly nobody asks, and they can be millions. */
export function* unknownIds(book: Judge): Iterable<string> {
	for (const [policy, { kind, keys }] of book.unknown) for (const key of keys) yield findingId(policy, { kind, key });
}

/** No value, or a list that may lack elements. */
export function lacks(subject: object, field: string): boolean {
	const value: unknown = Reflect.get(subject, field);
	return value === undefined || (Array.isArray(value) && (value as { partial?: true }).partial === true);
}

function draft(policy: CompiledPolicy, one: Case, outcome: FindingDraft["outcome"], excuse: Excuse | null, now: number): FindingDraft {
	const { policy: source } = policy;
	const { exemption, withheld } = excuse ?? { exemption: null };
	const message = renderMessage(policy, one.subject, now);
	const facts: Evidence[] = evidenceOf(policy, one.subject).map((fact) => evidence(fact, fact.source, one.request(fact.source, fact.field)));
	return {
		id: findingId(source.id, one.ref),
		policy: source.id,
		title: source.title,
		severity: source.severity,
		cause: source.cause,
		outcome,
		system: one.system,
		subject: one.ref,
		message: withheld ? `${message}; ${withheldWords(withheld)}` : message,
		evidence: facts,
		remediation: source.remediation.map((step) => (typeof step === "string" ? step : step.manual)),
		controls: source.controls,
		...(exemption ? { exemption } : {}),
		...(withheld ? { withheld } : {}),
	};
}
