import type { Millis } from "../model/known.js";
import type { CompiledPolicy, OutcomeSink, PolicyDefect } from "./compile.js";
import { unknownFieldsOf } from "./explain.js";
import { defect } from "./runtime.js";
import type { PolicyOutcome } from "./source.js";
import { catalogue, type PolicySubject, policySubjects } from "./types.js";

export interface Evaluation {
	outcome: PolicyOutcome;
	/** Why the outcome is unknown: fields as policies write them. Empty for any other outcome. */
	unknownFields: string[];
	defect?: PolicyDefect;
}

/** Judges one subject, with the reasons of an unknown outcome. For many subjects use `evaluateAccounts`, or `compiled.judge` alone. */
export function evaluate(compiled: CompiledPolicy, subject: object, now: Millis): Evaluation {
	const outcome = compiled.judge(subject, now);
	if (outcome !== "unknown") return { outcome, unknownFields: [] };
	const found = defectOf(compiled, subject, now);
	return { outcome, unknownFields: explainUnknown(compiled, subject, now), ...(found ? { defect: found } : {}) };
}

/** The fields whose lack makes the outcome unknown; empty when it is known, or when a runtime error is the only cause. */
export function explainUnknown(compiled: CompiledPolicy, subject: object, now: Millis): string[] {
	if (compiled.judge(subject, now) !== "unknown") return [];
	return unknownFieldsOf(compiled, subject, now);
}

/** How many subjects are judged before the next policy has its turn: few enough to stay in the processor's cache. */
const block = 512;

/**
 * Judges every subject by every policy, handing each outcome to the sink, one thread. Despite its name it takes subjects of any one kind.
 * @throws Error when the policies are for different kinds.
 */
export function evaluateAccounts(compiled: readonly CompiledPolicy[], subjects: readonly object[], now: Millis, sink: OutcomeSink): void {
	const kind = compiled[0]?.policy.for;
	if (kind === undefined) return;
	if (compiled.some((c) => c.policy.for !== kind)) throw new Error("the policies of one batch are for one kind of subject");
	for (let from = 0; from < subjects.length; from += block) {
		const shaped = subjects.slice(from, from + block).map(uniformers[kind]);
		for (const [index, policy] of compiled.entries()) {
			defect.reason = null;
			policy.judgeAll(shaped, now, sink, index, from);
			if (sink.defect && defect.reason !== null) report(policy, index, shaped, from, now, sink);
		}
	}
}

/**
 * Judges every subject by every policy. The outcomes are written to `into`, those of one subject together, in the order of the policies.
 * @throws Error when the policies are for different kinds.
 */
export function outcomesOf(compiled: readonly CompiledPolicy[], subjects: readonly object[], now: Millis, into: PolicyOutcome[]): void {
	const width = compiled.length;
	evaluateAccounts(compiled, subjects, now, {
		outcome(policy, subject, outcome) {
			into[subject * width + policy] = outcome;
		},
	});
}

/** Copies a subject with every field of its kind in one order, missing ones as undefined: objects of one shape are read twice as fast. */
const uniformers = Object.fromEntries(policySubjects.map((kind) => [kind, uniformer(Object.keys(catalogue[kind].fields ?? {}))])) as Record<
	PolicySubject,
	(subject: object) => object
>;

function uniformer(fields: readonly string[]): (subject: object) => object {
	return new Function("s", `return{${fields.map((field) => `${field}:s.${field}`).join(",")}};`) as (subject: object) => object;
}

/** Looks a block through again for the subjects behind a runtime error. */
function report(policy: CompiledPolicy, index: number, subjects: readonly object[], from: number, now: Millis, sink: OutcomeSink): void {
	for (const [i, subject] of subjects.entries()) {
		const found = policy.judge(subject, now) === "unknown" ? defectOf(policy, subject, now) : null;
		if (found) sink.defect?.(index, from + i, found);
	}
}

/** The runtime error behind an unknown outcome, or null when nothing but lacking data is behind it. */
export function defectOf(compiled: CompiledPolicy, subject: object, now: Millis): PolicyDefect | null {
	for (const part of ["where", "pass", "review"] as const) {
		const condition = compiled[part];
		if (!condition) continue;
		defect.reason = null;
		const value = condition(subject, now);
		const reason: string | null = defect.reason;
		const offset = defect.site;
		defect.reason = null;
		if (value === undefined && reason !== null) return { part, offset, reason };
	}
	return null;
}
