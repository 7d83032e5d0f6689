import type { Millis } from "../model/known.js";
import type { CelError } from "./ast.js";
import { checkExpression } from "./check.js";
import type { Scope } from "./checker.js";
import type { CompiledPolicy } from "./compile.js";
import { formatValue } from "./format.js";
import { defect } from "./runtime.js";
import type { MessagePart } from "./source.js";

/** The policy's message for one subject. Lists join with ", "; unknown shows "?". */
export function renderMessage(compiled: CompiledPolicy, subject: object, now: Millis): string {
	const held = defect.reason;
	const text = compiled.message.map((part) => (typeof part === "string" ? part : formatValue(part.value(subject, now), part.node.type))).join("");
	defect.reason = held;
	return text;
}

/** Reads a message: text, and expressions in braces (`{{` and `}}` are braces). Offsets of errors are into `text`. */
export function checkMessage(text: string, scope: Scope): { parts: MessagePart[]; errors: CelError[] } {
	const parts: MessagePart[] = [];
	const errors: CelError[] = [];
	let plain = "";
	let at = 0;
	while (at < text.length) {
		const char = text[at];
		if ((char === "{" || char === "}") && text[at + 1] === char) {
			plain += char;
			at += 2;
		} else if (char === "}") {
			errors.push({ at, end: at + 1, message: "this brace closes nothing", hint: "a brace itself is written }}" });
			at++;
		} else if (char === "{") {
			const end = closing(text, at + 1);
			if (end < 0) {
				errors.push({ at, end: at + 1, message: "this brace is never closed", hint: "a brace itself is written {{" });
				break;
			}
			const start = at + 1;
			const { node, errors: found } = checkExpression(text.slice(start, end), scope);
			errors.push(...found.map((e) => ({ ...e, at: e.at + start, end: e.end + start })));
			if (plain) parts.push(plain);
			plain = "";
			if (node) parts.push({ ...node, at: node.at + start, end: node.end + start });
			at = end + 1;
		} else {
			plain += char;
			at++;
		}
	}
	if (plain) parts.push(plain);
	return { parts, errors };
}

/** Where the brace that closes the expression stands, strings skipped; -1 when there is none. */
function closing(text: string, from: number): number {
	let quote = "";
	for (let i = from; i < text.length; i++) {
		const char = text[i] ?? "";
		if (quote) {
			if (char === "\\") i++;
			else if (char === quote) quote = "";
		} else if (char === "'" || char === '"') quote = char;
		else if (char === "}") return i;
		else if (char === "{") return -1;
	}
	return -1;
}
