import type { Millis } from "../model/known.js";
import type { FieldSource } from "./cel-type.js";
import type { CompiledPolicy } from "./compile.js";
import { walk } from "./emit.js";
import { fieldAt, usedFields } from "./fields.js";
import { formatValue, jsonValue } from "./format.js";
import { type Frame, interpret, type Trace } from "./interpret.js";
import type { Node } from "./node.js";
import { defect } from "./runtime.js";
import type { PolicyOutcome, PolicySource } from "./source.js";

/** One fact a finding rests on, before the snapshot adds when and by which request it was read. */
export interface PolicyEvidence {
	field: string;
	/** JSON value; missing = unknown. Times are RFC 3339. */
	value?: unknown;
	unknown?: true;
	source: FieldSource;
}

/** A condition taken apart: each part with its text, its value, and whether it stands in the way of a pass. */
export interface ExplainNode {
	text: string;
	/** undefined = unknown. */
	value: unknown;
	/** The value for people. */
	shown: string;
	/** `all`: every part must hold; `any`: one suffices. */
	join: "all" | "any" | null;
	/** Set where the value is not what a pass needs, on the way from the whole condition down to the cause. */
	wanted?: boolean;
	unknownFields: string[];
	/** Of the body of a loop: the element it was tried on. */
	element?: string;
	parts: ExplainNode[];
}

export interface Explanation {
	outcome: PolicyOutcome;
	where: ExplainNode | null;
	pass: ExplainNode;
	review: ExplainNode | null;
}

function frameOf(compiled: CompiledPolicy, subject: object, now: Millis): Frame {
	return { subject, word: compiled.policy.for, now, params: compiled.params, locals: new Map() };
}

/** Fields whose lack keeps `where`, `pass` or `review` from being known. Used by `explainUnknown`, for outcomes that are unknown. */
export function unknownFieldsOf(compiled: CompiledPolicy, subject: object, now: Millis): string[] {
	const { where, pass, review } = compiled.policy.checked;
	const frame = frameOf(compiled, subject, now);
	const held = defect.reason;
	const fields = new Set<string>();
	for (const node of [where, pass]) if (node) for (const field of interpret(node, frame).unknown) fields.add(field);
	if (fields.size === 0 && review) for (const field of interpret(review, frame).unknown) fields.add(field);
	defect.reason = held;
	return [...fields].sort();
}

const fieldsByPolicy = new WeakMap<PolicySource, readonly string[]>();

/** The policy's `evidence`, else every field that `where` and `pass` use. */
export function evidenceFields(policy: PolicySource): readonly string[] {
	const found = fieldsByPolicy.get(policy);
	if (found) return found;
	const fields = policy.evidence ?? usedFields([policy.checked.where, policy.checked.pass], policy.for);
	fieldsByPolicy.set(policy, fields);
	return fields;
}

/** The facts a finding rests on. */
export function evidenceOf(compiled: CompiledPolicy, subject: object): PolicyEvidence[] {
	const { policy } = compiled;
	return evidenceFields(policy).map((field) => {
		const found = fieldAt(policy.for, field, subject);
		if (found.value === undefined) return { field, unknown: true, source: found.source };
		return { field, value: jsonValue(found.value, found.type), source: found.source };
	});
}

/** Takes the conditions apart for one subject: what held, what did not, what is unknown, what would have to change. */
export function explainTree(compiled: CompiledPolicy, subject: object, now: Millis): Explanation {
	const { checked, where, pass, review } = compiled.policy;
	const frame = frameOf(compiled, subject, now);
	const held = defect.reason;
	const tell = (node: Node, text: string, wanted?: boolean): ExplainNode => explain(interpret(node, frame), text, wanted);
	const explanation: Explanation = {
		outcome: compiled.judge(subject, now),
		where: checked.where && where !== null ? tell(checked.where, where) : null,
		pass: tell(checked.pass, pass, true),
		review: checked.review && review !== null ? tell(checked.review, review) : null,
	};
	defect.reason = held;
	return explanation;
}

function explain(trace: Trace, text: string, wanted?: boolean): ExplainNode {
	const { node, value, unknown } = trace;
	const open = wanted !== undefined && value !== wanted;
	const loop = node.op === "loop" && (node.kind === "exists" || node.kind === "all") ? node : null;
	const all = node.op === "and" || (loop !== null && loop.kind === "all");
	const any = node.op === "or" || (loop !== null && loop.kind === "exists");
	// To make `a && b` false, or `a || b` true, one part is enough.
	const join = !all && !any ? null : all === (wanted ?? true) ? "all" : "any";
	const next = !open ? undefined : node.op === "not" ? !wanted : join || node.op === "asBool" ? wanted : undefined;
	const parts = trace.parts
		.filter((part) => part.node.op !== "const" && part.node.op !== "subject" && part.node.op !== "now")
		.map((part) => {
			const body = node.op === "loop" && part.node === node.body;
			const inner = explain(part, text, node.op === "loop" && !body ? undefined : next);
			const element = body && node.op === "loop" ? elementOf(trace, part, node.range) : undefined;
			return element === undefined ? inner : { ...inner, element };
		});
	return {
		text: text.slice(node.at, node.end),
		value,
		shown: formatValue(value, node.type),
		join,
		...(open ? { wanted } : {}),
		unknownFields: unknown,
		parts: worthShowing(node) ? parts : [],
	};
}

function elementOf(trace: Trace, body: Trace, range: Node): string | undefined {
	const list = trace.parts.find((part) => part.node === range)?.value;
	if (!Array.isArray(list)) return undefined;
	const index = trace.parts.filter((part) => part.node === body.node).indexOf(body);
	return formatValue(list[index], range.type.element ?? { kind: "dyn", nullable: true });
}

/** A field on its own has no parts that tell more. */
function worthShowing(node: Node): boolean {
	let operations = 0;
	walk(node, (inner) => {
		if (!["field", "member", "subject", "const", "now", "local", "param"].includes(inner.op)) operations++;
	});
	return operations > 0;
}
