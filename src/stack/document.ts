import { isAlias, isMap, isNode, isPair, isScalar, isSeq, type Node, type ParsedNode, parseDocument } from "yaml";
import type { Parts } from "./paths.js";
import { pathText } from "./paths.js";
import type { Source } from "./source.js";
import { formatTrap, isAmbiguousWord } from "./traps.js";
import { type Complaint, indentTrap, syntaxComplaints } from "./yaml-errors.js";

/** Where a value of the document stands. Ranges are offsets in the source's text: from, to (exclusive). */
export interface Mark {
	parts: Parts;
	key: [number, number] | null;
	value: [number, number];
	/** End of the value with its trailing comment. */
	end: number;
	scalar: boolean;
	/** An unquoted `yes`, `no`, `on`, `off`: text here, a boolean to other readers of YAML. */
	ambiguousWord: boolean;
	node: Node | null;
}

/** A stack file's values as plain data, and where each stands, by `pathText`. */
export interface Parsed {
	data: unknown;
	marks: Map<string, Mark>;
}

/** Nesting deeper than this is refused. */
export const maxDepth = 64;

/** Parses YAML 1.2 of the plain kind: one document; no anchors, aliases, merge keys, tags. Complaints name offsets. */
export function parseYaml(source: Source): { parsed: Parsed | null; complaints: Complaint[] } {
	const doc = parseDocument<ParsedNode>(source.text, {
		version: "1.2",
		schema: "core",
		merge: false,
		uniqueKeys: false,
		prettyErrors: false,
		stringKeys: false,
	});
	const indent = indentTrap(source.text, doc.contents);
	if (indent !== null) return { parsed: null, complaints: [indent] };
	const syntax = syntaxComplaints(source, doc);
	if (syntax.length > 0) return { parsed: null, complaints: syntax };
	const complaints: Complaint[] = [];
	const marks = new Map<string, Mark>();
	const root = doc.contents;
	if (root === null || (isScalar(root) && root.value === null)) {
		return {
			parsed: null,
			complaints: [
				{
					offset: 0,
					message: source.text.trim() === "" ? "the file is empty" : "the file holds nothing but comments",
					hint: "start with `name:` and `systems:`",
				},
			],
		};
	}
	const data = convert(root, [], null, { source, marks, complaints });
	return { parsed: { data, marks }, complaints };
}

interface Walk {
	source: Source;
	marks: Map<string, Mark>;
	complaints: Complaint[];
}

function convert(node: Node | null, parts: Parts, key: [number, number] | null, walk: Walk): unknown {
	const range = node?.range ?? [key?.[1] ?? 0, key?.[1] ?? 0, key?.[1] ?? 0];
	const word = isScalar(node) && node.type === "PLAIN" && typeof node.value === "string" && isAmbiguousWord(node.value);
	walk.marks.set(pathText(parts), { parts, key, value: [range[0], range[1]], end: range[2], scalar: !isMap(node) && !isSeq(node), ambiguousWord: word, node });
	const complain = (message: string, hint: string): void => {
		walk.complaints.push({ offset: range[0], parts, message, hint });
	};
	if (node === null) return null;
	if (isAlias(node)) {
		complain("an alias (`*name`) is not allowed in a stack file", "write the value out");
		return undefined;
	}
	if (!isScalar(node) && !isMap(node) && !isSeq(node)) return undefined;
	if (node.anchor !== undefined) complain("an anchor (`&name`) is not allowed in a stack file", "remove it, and write the value out where it is used");
	if (node.tag !== undefined)
		complain("a tag (`!name`) is not allowed in a stack file", "remove it; write text in quotes where it could be read as something else");
	if (isScalar(node)) {
		const trap = formatTrap(node);
		if (trap !== null) complain(trap.message, trap.hint);
		return node.value;
	}
	if (parts.length >= maxDepth) {
		complain(`nested deeper than ${maxDepth} levels`, "no stack file needs this; look for a missing bracket");
		return undefined;
	}
	if (isSeq(node)) return node.items.map((item, index) => convert(isPair(item) ? null : isNode(item) ? item : null, [...parts, index], null, walk));
	return convertMap(node.items, parts, walk);
}

function convertMap(items: { key: unknown; value: unknown }[], parts: Parts, walk: Walk): Record<string, unknown> {
	const out: Record<string, unknown> = {};
	const seen = new Map<string, number>();
	for (const { key, value } of items) {
		const name = isNode(key) ? readKey(key, parts, walk) : null;
		const keyRange: [number, number] = isNode(key) ? [key.range?.[0] ?? 0, key.range?.[1] ?? 0] : [0, 0];
		if (name === null) {
			markRefused([...parts, ""], keyRange, value, walk);
			continue;
		}
		const before = seen.get(name);
		if (before !== undefined) {
			walk.complaints.push({
				offset: keyRange[0],
				parts: [...parts, name],
				key: name,
				message: "KEY stands twice in one mapping",
				before,
				hint: "keep one of the two",
			});
			markRefused([...parts, name], keyRange, value, walk);
			continue;
		}
		seen.set(name, keyRange[0]);
		const converted = convert(isNode(value) ? value : null, [...parts, name], keyRange, walk);
		if (converted !== undefined) out[name] = converted;
	}
	return out;
}

// What is left out of the data has a place too, for it may be a secret that a code frame must hide.
function markRefused(parts: Parts, key: [number, number], node: unknown, walk: Walk): void {
	const [from, to, end] = (isNode(node) ? node.range : null) ?? [key[1], key[1], key[1]];
	walk.marks.set(`refused ${key[0]}`, { parts, key, value: [from, to], end, scalar: true, ambiguousWord: false, node: null });
}

function readKey(key: Node, parts: Parts, walk: Walk): string | null {
	const refuse = (message: string, hint: string): null => {
		walk.complaints.push({ offset: key.range?.[0] ?? 0, parts, message, hint });
		return null;
	};
	if (isAlias(key)) return refuse("an alias (`*name`) is not allowed as a key", "write the key out");
	if (!isScalar(key)) return refuse("a key must be text", "braces or brackets stand here as a key: put text that holds them in quotes");
	if (key.anchor !== undefined || key.tag !== undefined) return refuse("an anchor or a tag is not allowed on a key", "remove it");
	if (typeof key.value !== "string") {
		const text = key.source ?? "";
		return refuse(
			text === "" ? "a key is missing before the colon" : "a key must be text, and this is read as a number, a boolean or null",
			text === "" ? "write the key" : "put it in quotes",
		);
	}
	if (key.value === "<<" && key.type === "PLAIN") return refuse("a merge key (`<<`) is not allowed in a stack file", "write the merged keys out");
	if (key.value === "__proto__") return refuse("`__proto__` can't be a key", "use another name");
	return key.value;
}
