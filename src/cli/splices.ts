import { isMap, isPair, isScalar, isSeq, type Node, type Pair, stringify, type YAMLSeq } from "yaml";
import { indentAt } from "./import-edit.js";

/** A piece of a text that becomes another: from `start` up to `end`. */
export interface Splice {
	start: number;
	end: number;
	text: string;
}

/** Splices that touch no common character, carried out. */
export function spliced(text: string, splices: Splice[]): string {
	return inOrder(splices).reduceRight((whole, { start, end, text: piece }) => whole.slice(0, start) + piece + whole.slice(end), text);
}

const inOrder = (splices: Splice[]) => [...splices].sort((a, b) => a.start - b.start || a.end - b.end);

/** The lines that go and come, as a reviewer reads them: `-   - old`, `+   - new`, each with the number of its line in the old text. */
export function changedLines(text: string, splices: Splice[]): string[] {
	const blocks: { from: number; to: number; parts: Splice[] }[] = [];
	for (const splice of inOrder(splices)) {
		const from = lineStart(text, splice.start);
		// A piece that ends where a line begins does not touch that line.
		const to = splice.end > splice.start && text[splice.end - 1] === "\n" ? splice.end : lineEnd(text, splice.end);
		const last = blocks.at(-1);
		if (last && from < last.to) Object.assign(last, { to: Math.max(last.to, to), parts: [...last.parts, splice] });
		else blocks.push({ from, to, parts: [splice] });
	}
	return blocks.flatMap(({ from, to, parts }) => {
		const moved = parts.map((part) => ({ ...part, start: part.start - from, end: part.end - from }));
		const [before, after] = [linesOf(text.slice(from, to)), linesOf(spliced(text.slice(from, to), moved))];
		const same = commonStart(before, after);
		const tail = commonStart(before.slice(same).reverse(), after.slice(same).reverse());
		const number = text.slice(0, from).split("\n").length + same;
		return [
			`@ line ${number}`,
			...before.slice(same, before.length - tail).map((line) => `- ${line}`),
			...after.slice(same, after.length - tail).map((line) => `+ ${line}`),
		];
	});
}

const linesOf = (text: string) => (text === "" ? [] : text.replace(/\n$/, "").split("\n"));

function commonStart(a: string[], b: string[]): number {
	let count = 0;
	while (count < a.length && count < b.length && a[count] === b[count]) count++;
	return count;
}

export function lineStart(text: string, offset: number): number {
	return text.lastIndexOf("\n", offset - 1) + 1;
}

/** Behind the line's break. */
export function lineEnd(text: string, offset: number): number {
	const at = text.indexOf("\n", offset);
	return at < 0 ? text.length : at + 1;
}

/** A value on one line. */
export function flowText(value: unknown): string {
	return stringify(value, { collectionStyle: "flow", lineWidth: 0, flowCollectionPadding: true }).trimEnd();
}

/** Where a node ends, without the blank lines and comments that YAML counts to it. */
export function nodeEnd(text: string, node: Node): number {
	const [start = 0, end = start] = node.range ?? [];
	return start + text.slice(start, end).trimEnd().length;
}

/** Sets a pair's value; null where it is written in a form that can't be edited so. */
export function setValue(text: string, pair: Pair, value: unknown): Splice | null {
	const { key, value: node } = pair as { key: unknown; value: unknown };
	if (!isScalar(key) || !key.range || !(isScalar(node) || isMap(node) || isSeq(node)) || !node.range) return null;
	const flow = flowText(value);
	if (isScalar(node) || node.flow) {
		if (isScalar(node) && (node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED")) return null;
		return { start: node.range[0], end: node.range[1], text: flow };
	}
	const end = nodeEnd(text, node);
	// What people wrote beside the lines that go would go with them.
	return text.slice(key.range[1], end).includes("#") ? null : { start: key.range[1], end, text: `: ${flow}` };
}

/** Takes a whole pair out of a mapping in block style. */
export function dropPair(text: string, pair: Pair): Splice | null {
	const { key, value } = pair as { key: unknown; value: unknown };
	if (!isScalar(key) || !key.range) return null;
	const start = lineStart(text, key.range[0]);
	if (text.slice(start, key.range[0]).trim() !== "") return null;
	const node = isScalar(value) || isMap(value) || isSeq(value) ? value : key;
	return { start, end: lineEnd(text, nodeEnd(text, node)), text: "" };
}

/** Takes items out of a list and adds others at its end; the lines of the others, and what is written beside them, stay. */
export function editList(text: string, pair: Pair, drop: (item: unknown) => boolean, add: string[]): Splice[] | null {
	const { key, value: list } = pair as { key: unknown; value: unknown };
	if (!isScalar(key) || !key.range || !isSeq(list) || !list.range) return null;
	if (list.items.some((item) => isPair(item))) return null;
	const items = (list as YAMLSeq<Node>).items;
	const kept = items.filter((item) => !drop(item.toJSON()));
	if (list.flow) {
		const whole = text.slice(list.range[0], list.range[1]);
		if (whole.includes("#")) return null;
		if (items.length === 0 && add.length > 0) return [{ start: key.range[1], end: list.range[1], text: `:${blockItems(text, key.range[0], add)}` }];
		const all = [...kept.map((item) => text.slice(item.range?.[0], item.range?.[1]).trim()), ...add];
		return [{ start: list.range[0], end: list.range[1], text: all.length === 0 ? "[]" : `[ ${all.join(", ")} ]` }];
	}
	const last = items.at(-1);
	if (!last?.range) return null;
	const splices = items.flatMap((item): (Splice | null)[] => (kept.includes(item) ? [] : [itemLines(text, item)]));
	if (kept.length + add.length === 0) return emptied(text, key.range[1], splices);
	const indent = text.slice(lineStart(text, last.range[0]), last.range[0]).replace(/\S.*$/, "");
	const end = lineEnd(text, nodeEnd(text, last));
	const missing = end > 0 && text[end - 1] === "\n" ? "" : "\n";
	if (add.length > 0) splices.push({ start: end, end, text: missing + add.map((item) => `${indent}- ${item}\n`).join("") });
	return splices.includes(null) ? null : (splices as Splice[]);
}

/** No list is left where no item is; a comment that is nobody's own keeps it from being edited. */
function emptied(text: string, from: number, items: (Splice | null)[]): Splice[] | null {
	const end = items.at(-1)?.end;
	if (end === undefined || items.includes(null)) return null;
	const inside = (items as Splice[]).map((item) => ({ ...item, start: item.start - from, end: item.end - from }));
	return spliced(text.slice(from, end), inside).includes("#") ? null : [{ start: from, end, text: ": []\n" }];
}

/** Takes out the lines of an item of a list in block style; null where it does not begin beside its dash. */
export function itemLines(text: string, item: Node): Splice | null {
	const [at = 0] = item.range ?? [];
	const start = lineStart(text, at);
	return /^\s*-\s+$/.test(text.slice(start, at)) ? { start, end: lineEnd(text, nodeEnd(text, item)), text: "" } : null;
}

function blockItems(text: string, key: number, add: string[]): string {
	return add.map((item) => `\n${indentAt(text, key)}  - ${item}`).join("");
}
