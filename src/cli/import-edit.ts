import writeFileAtomic from "write-file-atomic";
import { isMap, isScalar, type Pair, stringify, type YAMLMap } from "yaml";
import { parseYaml } from "../stack/document.js";
import { loadSource } from "../stack/load.js";
import { decode, readSource, type Source } from "../stack/source.js";
import type { Stack } from "../stack/stack.js";

/** An entry for the stack file. */
export interface Block {
	section: "memberships" | "settings";
	key: string;
	/** As it stands in the section, without the section's indentation. */
	text: string;
}

export function membershipBlock(key: string, name: string | null, members: { id: string; login: string }[]): Block {
	const lines = [...members].sort((a, b) => (a.login < b.login ? -1 : 1)).map(({ id, login }) => `    - { login: ${scalar(login)}, id: ${scalar(id)} }\n`);
	const list = lines.length === 0 ? "  members: []\n" : `  members:\n${lines.join("")}`;
	return { section: "memberships", key, text: `${scalar(key)}:\n${name === null ? "" : `  name: ${scalar(name)}\n`}  mode: authoritative\n${list}` };
}

export function settingBlock(key: string, name: string | null, values: Record<string, unknown>, names: Record<string, string> = {}): Block {
	const body = stringify({ ...(name === null ? {} : { name }), mode: "authoritative", values }, { lineWidth: 0 });
	return { section: "settings", key, text: `${scalar(key)}:\n${indented(withNames(body, names), "  ")}` };
}

/** Entries of lists that are ids get the name beside, for people. */
export function withNames(text: string, names: Record<string, string>): string {
	return text.replace(/^( *- )(\S+)$/gm, (line, _dash, id: string) =>
		Object.hasOwn(names, id) ? `${line} # ${String(names[id]).replace(/\p{C}|\p{Zl}|\p{Zp}/gu, " ")}` : line,
	);
}

/** Writes `adopt` into a declared entry, every other character kept. False: the entry is not written in a form that can be edited so. */
export function writeAdopt(stack: Stack, section: Block["section"], key: string, digest: string): Promise<boolean> {
	return edit(stack, (text, sections) => {
		const entry = find(sections(section), key)?.value;
		if (!isMap(entry)) return null;
		const held = find(entry, "adopt")?.value;
		if (isScalar(held) && held.range) return text.slice(0, held.range[0]) + digest + text.slice(held.range[1]);
		const first = entry.items[0]?.key;
		if (!isScalar(first) || !first.range) return null;
		const at = first.range[0];
		return `${text.slice(0, at)}adopt: ${digest}${entry.flow ? ", " : `\n${indentAt(text, at)}`}${text.slice(at)}`;
	});
}

/** Adds an entry at the head of its section, or a section at the end of the file. */
export function writeBlock(stack: Stack, block: Block): Promise<boolean> {
	return edit(stack, (text, sections) => {
		const held = sections(block.section);
		if (held === undefined) return `${text.replace(/\n?$/, "\n")}\n${block.section}:\n${indented(block.text, "  ")}`;
		const first = held?.items[0]?.key;
		if (!held || held.flow || !isScalar(first) || !first.range) return null;
		const start = text.lastIndexOf("\n", first.range[0]) + 1;
		return text.slice(0, start) + indented(block.text, indentAt(text, first.range[0])) + text.slice(start);
	});
}

/** `undefined`: the file has no such section; null: it is no mapping. */
type Sections = (name: string) => YAMLMap | null | undefined;

async function edit(stack: Stack, change: (text: string, sections: Sections) => string | null): Promise<boolean> {
	const read = await readSource(stack.file);
	if ("problem" in read) return false;
	const { source } = read;
	const marks = parseYaml(source).parsed?.marks;
	const text = change(source.text, (name) => {
		const node = marks?.get(name)?.node;
		return node === undefined ? undefined : isMap(node) ? node : null;
	});
	if (text === null || !(await reads(source, text))) return false;
	await replaceFile(source, text);
	return true;
}

/** The new text must be a stack file as well. */
async function reads(source: Source, text: string): Promise<boolean> {
	const decoded = decode(source.file, Buffer.from(text));
	return !("problem" in decoded) && (await loadSource(decoded.source)).stack !== undefined;
}

/** The file is the old or the new one, never a part. */
export async function replaceFile({ file, bom }: Source, text: string): Promise<void> {
	await writeFileAtomic(file, (bom ? "\ufeff" : "") + text);
}

export function find(map: YAMLMap | null | undefined, key: string): Pair | undefined {
	return map?.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
}

export function indentAt(text: string, offset: number): string {
	return " ".repeat(offset - (text.lastIndexOf("\n", offset - 1) + 1));
}

function indented(text: string, indent: string): string {
	return text.replace(/^(?=.)/gm, indent);
}

export function scalar(text: string): string {
	return stringify(text, { lineWidth: 0 }).trimEnd();
}
