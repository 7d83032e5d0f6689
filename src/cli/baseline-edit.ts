import { isMap, isSeq, type Node } from "yaml";
import { parseYaml } from "../stack/document.js";
import type { Source } from "../stack/source.js";
import { find, scalar } from "./import-edit.js";
import { editList, itemLines, lineEnd, lineStart, nodeEnd, type Splice, spliced } from "./splices.js";

/** Findings of one policy that are accepted now. */
export interface NewEntry {
	policy: string;
	/** RFC 3339. */
	accepted: string;
	/** Scan of each system. */
	run: Record<string, number>;
	owner: string;
	reason: string;
	expires: string;
	subjects: string[];
}

const head = `# Findings that were open when they were accepted here, so that a team could start. Review it like an exemption: each entry has an
# owner, a reason and an end. Subjects stand here by immutable id; keelson baseline --list shows their names.
`;

/** A baseline's first text. `schema`: path of its JSON Schema from where the file stands, for editors. */
export function newBaseline(entries: NewEntry[]): string {
	return `${head}findings:\n${entries.map((entry) => entryText(entry, "  ")).join("")}`;
}

/**
 * Takes subjects out of a baseline and adds entries at its end; every other character stays. Null: it is written in a form that can't be
 * edited so. `drop`: whether a policy's subject goes.
 */
export function editedBaseline(source: Source, drop: (policy: string, key: string) => boolean, add: NewEntry[]): string | null {
	const { text } = source;
	const root = parseYaml(source).parsed?.marks.get("")?.node;
	if (!root) return text.replace(/\n?$/, "\n").replace(/^\n$/, "") + newBaseline(add).slice(text.trim() === "" ? 0 : head.length);
	const pair = isMap(root) ? find(root, "findings") : undefined;
	const list = pair?.value;
	if (!pair || !isSeq(list) || !list.range) return null;
	const items = list.items as Node[];
	if (list.flow) {
		if (items.length > 0) return null;
		return add.length === 0 ? text : spliced(text, [{ start: list.range[0], end: list.range[1], text: `\n${entries(add, "  ").replace(/\n$/, "")}` }]);
	}
	const splices: Splice[] = [];
	let left = items.length;
	for (const item of items) {
		const subjects = isMap(item) ? find(item, "subjects") : undefined;
		const entry = item.toJSON() as { policy?: unknown; subjects?: unknown };
		const keys = Array.isArray(entry.subjects) ? entry.subjects.map(String) : [];
		const gone = keys.filter((key) => drop(String(entry.policy), key));
		if (gone.length === 0 || !subjects) continue;
		const edited = gone.length === keys.length ? [itemLines(text, item)] : editList(text, subjects, (key) => gone.includes(String(key)), []);
		if (!edited || edited.includes(null)) return null;
		splices.push(...(edited as Splice[]));
		if (gone.length === keys.length) left--;
	}
	const last = items.at(-1);
	const [start = 0] = last?.range ?? [];
	const indent = text.slice(lineStart(text, start), start).replace(/-.*$/s, "");
	const end = last ? lineEnd(text, nodeEnd(text, last)) : text.length;
	if (add.length > 0) splices.push({ start: end, end, text: (text[end - 1] === "\n" ? "" : "\n") + entries(add, indent) });
	const changed = spliced(text, splices);
	return left + add.length > 0 ? changed : changed.replace(/^findings:/m, "findings: []");
}

const entries = (add: NewEntry[], indent: string) => add.map((entry) => entryText(entry, indent)).join("");

function entryText({ policy, accepted, run, owner, reason, expires, subjects }: NewEntry, indent: string): string {
	const scans = Object.entries(run).map(([system, scan]) => `${scalar(system)}: ${scan}`);
	return [
		`- policy: ${scalar(policy)}`,
		`  accepted: ${accepted}`,
		`  run: { ${scans.join(", ")} }`,
		`  owner: ${scalar(owner)}`,
		`  reason: ${scalar(reason)}`,
		`  expires: ${expires}`,
		"  subjects:",
		...subjects.map((key) => `    - ${scalar(key)}`),
	]
		.map((line) => `${indent}${line}\n`)
		.join("");
}
