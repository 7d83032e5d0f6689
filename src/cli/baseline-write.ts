import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { parseBaseline } from "../stack/baseline.js";
import { loadSource, projectFolder } from "../stack/load.js";
import { decode, readSource } from "../stack/source.js";
import type { Stack } from "../stack/stack.js";
import { editedBaseline, type NewEntry, newBaseline } from "./baseline-edit.js";
import { CliError } from "./exit.js";
import { replaceFile } from "./import-edit.js";

/** The stack's baseline, or the file beside the stack file that would be it. */
export function baselineFile(stack: Stack): string {
	return stack.baseline?.file ?? join(dirname(stack.file), `${basename(stack.file).replace(/\.ya?ml$/, "")}.baseline.yaml`);
}

/**
 * Writes the baseline: whole, or not at all. What was there stays, comments too, but the subjects that go. The new text must read as what was
 * meant, else nothing is written.
 * @throws CliError where the file is written in a form that can't be edited in place
 */
export async function writeBaseline(stack: Stack, gone: ReadonlySet<string>, add: NewEntry[], now: number): Promise<void> {
	const file = baselineFile(stack);
	const drop = (policy: string, key: string) => gone.has(`${policy}\0${key}`);
	const read = existsSync(file) ? await readSource(file) : null;
	if (read && "problem" in read) throw new CliError(`${shown(file)}: ${read.problem.message}`);
	const text = read ? editedBaseline(read.source, drop, add) : newBaseline(add);
	const decoded = text === null ? null : decode(file, Buffer.from(text));
	const parsed = decoded && "source" in decoded ? await parseBaseline(decoded.source, Object.keys(stack.systems), now) : null;
	const wanted = [
		...names(stack.baseline?.entries ?? []).filter((name) => !gone.has(name)),
		...add.flatMap(({ policy, subjects }) => subjects.map((key) => `${policy}\0${key}`)),
	];
	if (text === null || !parsed?.entries || names(parsed.entries).sort().join("\n") !== wanted.sort().join("\n"))
		throw new CliError(`${shown(file)} is written in a form that is not edited here: write its lists in YAML's block style, one item a line`);
	if (read) return replaceFile(read.source, text);
	await mkdir(dirname(file), { recursive: true });
	await writeFile(file, text, { flag: "wx" });
}

function names(entries: { policy: string; subjects: { key: string }[] }[]): string[] {
	return entries.flatMap(({ policy, subjects }) => subjects.map(({ key }) => `${policy}\0${key}`));
}

/** Names the baseline in the stack file, every other character kept. False: it is named already. */
export async function nameBaseline(stack: Stack): Promise<boolean> {
	if (stack.baseline) return false;
	const path = relative(projectFolder(stack.file), baselineFile(stack)).split(sep).join("/");
	const read = await readSource(stack.file);
	const text = "source" in read ? `${read.source.text.replace(/\n?$/, "\n")}\nbaseline: ${path}\n` : "";
	const decoded = decode(stack.file, Buffer.from(text));
	const named = "source" in decoded ? (await loadSource(decoded.source)).stack : undefined;
	const plain = ({ baseline: _, ...rest }: Stack) => JSON.stringify({ ...rest, digest: "", positions: null });
	if (!("source" in read) || !named || plain(named) !== plain(stack))
		throw new CliError(`${shown(stack.file)} can't be edited in place: add the line \`baseline: ${path}\` to it`);
	await replaceFile(read.source, text);
	return true;
}

function shown(file: string): string {
	return relative(process.cwd(), file);
}
