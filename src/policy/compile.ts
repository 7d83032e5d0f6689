import type { Millis } from "../model/known.js";
import type { CelError } from "./ast.js";
import { checkCondition } from "./check.js";
import { type Emitter, emitExpression, emitFunction, newEmitter, type ParamValues, writeFunction } from "./emit.js";
import type { Node, Scalar } from "./node.js";
import { checkParams, paramValues } from "./params.js";
import * as runtime from "./runtime.js";
import type { PolicyOutcome, PolicySource } from "./source.js";
import type { PolicySubject } from "./types.js";

/** A value of one expression; undefined = unknown. */
export type Evaluator = (subject: object, now: Millis) => unknown;
/** A condition: true, false, or undefined = unknown. */
export type Condition = (subject: object, now: Millis) => boolean | undefined;

/** Receives every outcome of a batch, by the places of the policy and the subject in their lists. */
export interface OutcomeSink {
	outcome(policy: number, subject: number, outcome: PolicyOutcome): void;
	/** A runtime error behind an unknown outcome. */
	defect?(policy: number, subject: number, found: PolicyDefect): void;
}

/** A runtime error of a policy: a mistake in the policy, or data of a type nobody foresaw. The outcome is unknown. */
export interface PolicyDefect {
	/** Which condition failed, and the offset into its text. */
	part: "where" | "pass" | "review";
	offset: number;
	reason: string;
}

/** A policy with its parameters, ready to run. */
export interface CompiledPolicy {
	policy: PolicySource;
	params: ParamValues;
	/** The outcome for one subject. Allocates nothing for simple policies. */
	judge: (subject: object, now: Millis) => PolicyOutcome;
	/** `judge` over all, each outcome handed to the sink as that of policy number `index` on subject number `first` and up. */
	judgeAll: (subjects: readonly object[], now: Millis, sink: OutcomeSink, index: number, first: number) => void;
	/** Null = every subject. */
	where: Condition | null;
	pass: Condition;
	review: Condition | null;
	/** Plain text, and expressions with how their value is shown. */
	message: (string | { node: Node; value: Evaluator })[];
}

/**
 * Makes JavaScript of a checked policy. Parameters not given have their defaults.
 * @throws Error when a parameter is unknown or does not fit its declaration, naming both.
 */
export function compilePolicy(policy: PolicySource, params: Readonly<Record<string, Scalar | Scalar[]>> = {}): CompiledPolicy {
	const [problem] = checkParams(policy.params, params);
	if (problem) throw new Error(`policy ${policy.id}: ${problem.message}${problem.hint ? ` (${problem.hint})` : ""}`);
	const values = paramValues(policy.params, params);
	const e = newEmitter(values);
	const { where, pass, review, message } = policy.checked;
	const names = {
		where: where ? emitFunction(e, where) : null,
		pass: emitFunction(e, pass),
		review: review ? emitFunction(e, review) : null,
	};
	const messageNodes = message.filter((part) => typeof part !== "string");
	const messageNames = messageNodes.map((node) => emitFunction(e, node));
	const judge = emitJudge(e, policy.checked, (policy.for === "account" || policy.for === "person") && policy.breakGlass === "skip");
	const judgeAll = `function judgeAll(a,n,sink,p,first){for(let i=0;i<a.length;i++)sink.outcome(p,first+i,${judge}(a[i],n));}`;
	const made = link(
		e,
		`${judgeAll}return{judge:${judge},judgeAll,where:${names.where},pass:${names.pass},review:${names.review},message:[${messageNames.join(",")}]};`,
	) as Omit<CompiledPolicy, "policy" | "params" | "message"> & { message: Evaluator[] };
	let next = 0;
	const parts = message.map((part) => (typeof part === "string" ? part : { node: part, value: made.message[next++] as Evaluator }));
	return { policy, params: values, judge: made.judge, judgeAll: made.judgeAll, where: made.where, pass: made.pass, review: made.review, message: parts };
}

/** Compiles all, each with the parameters set for its id. */
export function compileAll(
	policies: readonly PolicySource[],
	params: Readonly<Record<string, Readonly<Record<string, Scalar | Scalar[]>>>> = {},
): CompiledPolicy[] {
	return policies.map((policy) => compilePolicy(policy, Object.hasOwn(params, policy.id) ? params[policy.id] : {}));
}

/** Checks and compiles a lone condition, as in the stack file's `people.service[].where`. Offsets of errors are into `text`. */
export function compileCondition(
	text: string,
	subject: PolicySubject,
): { condition: Condition; node: Node; errors?: undefined } | { condition?: undefined; errors: CelError[] } {
	const { node, errors } = checkCondition(text, { subject, params: {} });
	if (!node) return { errors };
	const e = newEmitter({});
	const name = emitFunction(e, node);
	return { condition: link(e, `return ${name};`) as Condition, node };
}

/** The runtime as a plain object, which is read faster than a module. */
const helpers = { ...runtime };

/** Runs generated code once, which gives its functions. The code comes from checked trees only; see `literal` in emit.ts. */
function link(e: Emitter, end: string): unknown {
	return new Function("R", "K", `"use strict";${e.functions.join("\n")}\n${end}`)(helpers, e.constants);
}

/** The outcome as one function with the conditions written out in it: fewer functions to warm up than one a condition. */
function emitJudge(e: Emitter, { where, pass, review }: PolicySource["checked"], skipBreakGlass: boolean): string {
	return writeFunction(e, (inner) => {
		const lines = skipBreakGlass ? ['if(s.breakGlass===true)return "not-applicable";'] : [];
		lines.push(where ? `const w=${emitExpression(inner, where)};if(w===false)return "not-applicable";` : "const w=true;");
		// An unknown `where` cannot turn a subject that passes into a finding, hence pass comes first.
		lines.push(`const p=${emitExpression(inner, pass)};if(p===true)return "pass";if(w!==true||p!==false)return "unknown";`);
		lines.push(review ? `const r=${emitExpression(inner, review)};return r===true?"review":r===false?"fail":"unknown";` : 'return "fail";');
		return lines.join("");
	});
}
