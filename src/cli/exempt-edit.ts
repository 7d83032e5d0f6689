import { isMap, isNode, isScalar, isSeq, type Node } from "yaml";
import { parseYaml } from "../stack/document.js";
import type { Source } from "../stack/source.js";
import { isAmbiguousWord } from "../stack/traps.js";
import { find } from "./import-edit.js";
import { itemLines, lineEnd, lineStart, nodeEnd, type Splice, spliced } from "./splices.js";

/** An exemption to be written. */
export interface NewExemption {
	policy: string;
	/** One account, or anything by its key. */
	subject: { login: string; id: string } | { key: string };
	owner: string;
	reason: string;
	ticket?: string;
	expires: string;
	compensatedBy?: string;
}

/**
 * Takes entries out of a stack file's exemptions, by their place in the list, and adds others at its end; every other character stays. Null: the
 * list is written in a form that can't be edited so.
 */
export function editedExemptions(source: Source, drop: ReadonlySet<number>, add: NewExemption[]): string | null {
	const { text } = source;
	const eol = text.includes("\r\n") ? "\r\n" : "\n";
	const root = parseYaml(source).parsed?.marks.get("")?.node;
	if (!isMap(root) || root.flow) return null;
	const pair = find(root, "exemptions");
	if (!pair) return add.length === 0 ? text : `${text}${text.endsWith("\n") ? "" : eol}${eol}exemptions:${eol}${entries(add, "  ", eol)}`;
	const { key, value: list } = pair as { key: unknown; value: unknown };
	if (!isScalar(key) || !key.range) return null;
	if (isSeq(list) && list.range && list.items.length > 0) {
		const items = list.items.filter(isNode);
		if (items.length < list.items.length) return null;
		const splices = list.flow ? flowSplices(text, list.range, items, drop, add) : blockSplices(text, items, drop, add, eol);
		return splices && spliced(text, splices);
	}
	if (add.length === 0) return text;
	const empty = isSeq(list) ? list.range : isScalar(list) && list.value === null ? list.range : undefined;
	return empty ? spliced(text, begin(text, key.range[1], empty, add, eol)) : null;
}

/** Under a key that holds nothing yet. What is written beside it stays beside it. */
function begin(text: string, keyEnd: number, [start, stop]: [number, number, number], add: NewExemption[], eol: string): Splice[] {
	const end = lineEnd(text, Math.max(keyEnd, stop));
	// `[]` or `null` goes with the blanks before it; nothing at all has no place of its own.
	const from = start < stop ? start - (/[ \t]*$/.exec(text.slice(keyEnd, start))?.[0].length ?? 0) : stop;
	const gone: Splice[] = start < stop ? [{ start: from, end: stop, text: "" }] : [];
	return [...gone, { start: end, end, text: `${text[end - 1] === "\n" ? "" : eol}${entries(add, "  ", eol)}` }];
}

function blockSplices(text: string, items: Node[], drop: ReadonlySet<number>, add: NewExemption[], eol: string): Splice[] | null {
	const splices = items.flatMap((item, index) => (drop.has(index) ? [itemLines(text, item)] : []));
	if (splices.includes(null)) return null;
	const last = items.at(-1) as Node;
	const [start = 0] = last.range ?? [];
	const indent = text.slice(lineStart(text, start), start).replace(/-.*$/s, "");
	if (indent.trim() !== "") return null;
	const end = lineEnd(text, nodeEnd(text, last));
	if (add.length > 0) splices.push({ start: end, end, text: `${text[end - 1] === "\n" ? "" : eol}${entries(add, indent, eol)}` });
	return splices as Splice[];
}

function flowSplices(text: string, [from, to]: [number, number, number], items: Node[], drop: ReadonlySet<number>, add: NewExemption[]): Splice[] | null {
	const texts = items.map((item) => text.slice(item.range?.[0], nodeEnd(text, item)));
	if (drop.size > 0) {
		// What people wrote beside an entry that goes would go with it, or stay beside another.
		if (text.slice(from, to).includes("#")) return null;
		const kept = [...texts.filter((_, index) => !drop.has(index)), ...add.map(flowEntry)];
		return [{ start: from, end: to, text: kept.length === 0 ? "[]" : `[${kept.join(", ")}]` }];
	}
	const end = nodeEnd(text, items.at(-1) as Node);
	return [{ start: end, end, text: add.map((entry) => `, ${flowEntry(entry)}`).join("") }];
}

function fields({ policy, subject, owner, reason, ticket, expires, compensatedBy }: NewExemption): [string, string][] {
	return [
		["policy", scalar(policy)],
		[
			"subject",
			`{ ${Object.entries(subject)
				.map(([name, value]) => `${name}: ${scalar(value)}`)
				.join(", ")} }`,
		],
		["owner", scalar(owner)],
		["reason", scalar(reason)],
		...(ticket === undefined ? [] : [["ticket", scalar(ticket)] as [string, string]]),
		["expires", expires],
		...(compensatedBy === undefined ? [] : [["compensatedBy", scalar(compensatedBy)] as [string, string]]),
	];
}

const entries = (add: NewExemption[], indent: string, eol: string) =>
	add
		.map((entry) =>
			fields(entry)
				.map(([name, value], index) => `${indent}${index === 0 ? "- " : "  "}${name}: ${value}${eol}`)
				.join(""),
		)
		.join("");

const flowEntry = (entry: NewExemption) =>
	`{ ${fields(entry)
		.map(([name, value]) => `${name}: ${value}`)
		.join(", ")} }`;

/** Plain where every reader of YAML takes it for this text, within braces too; else in quotes. */
function scalar(text: string): string {
	const plain = /^[A-Za-z0-9](?:[\w .@/+()'-]*[\w.@/+()'-])?$/.test(text) && /[A-Za-z]/.test(text);
	const other = /^[0-9][0-9eE_.+-]*$|^0[xob]/i.test(text) || isAmbiguousWord(text) || /^(true|false|null)$/i.test(text);
	return plain && !other ? text : JSON.stringify(text);
}
