import { relative } from "node:path";
import { type Loaded, loadSource } from "../stack/load.js";
import { decode, readSource } from "../stack/source.js";
import type { Exemption, Stack } from "../stack/stack.js";
import { editedExemptions, type NewExemption } from "./exempt-edit.js";
import { CliError } from "./exit.js";
import { replaceFile } from "./import-edit.js";

/**
 * Writes the stack file with other exemptions: whole, or not at all. The new text must be a stack file that differs by these alone.
 * @returns the exemptions of the new text
 * @throws CliError where it can't be
 */
export async function writeExemptions(stack: Stack, drop: ReadonlySet<number>, add: NewExemption[]): Promise<Exemption[]> {
	const file = relative(process.cwd(), stack.file);
	const read = await readSource(stack.file);
	if ("problem" in read) throw new CliError(`${file}: ${read.problem.message}`);
	const { source } = read;
	const before = (await loadSource(source)).stack;
	if (before?.digest !== stack.digest) throw new CliError(`${file} was changed meanwhile: nothing was written`);
	const text = editedExemptions(source, drop, add);
	if (text === null)
		throw new CliError(
			`${file}: \`exemptions\` is written in a form that is not edited here: write it in YAML's block style, one key a line; nothing was written`,
		);
	const decoded = decode(stack.file, Buffer.from((source.bom ? "\ufeff" : "") + text));
	const loaded: Loaded = "source" in decoded ? await loadSource(decoded.source) : { diagnostics: [decoded.problem] };
	const { stack: after, diagnostics } = loaded;
	if (!after) {
		const wrong = diagnostics.find(({ level }) => level !== "warning");
		throw new CliError(`${file} would not load with it, and so nothing was written: ${wrong?.message ?? "it is no stack file"}`);
	}
	const wanted = [...before.exemptions.filter((_, index) => !drop.has(index)).map(plainEntry), ...add.map(plainNew)];
	if (rest(after) !== rest(before) || JSON.stringify(after.exemptions.map(plainEntry)) !== JSON.stringify(wanted))
		throw new CliError(`${file} can't be edited in place: nothing was written`);
	await replaceFile(source, text);
	return after.exemptions;
}

const rest = ({ exemptions: _, ...stack }: Stack) => JSON.stringify({ ...stack, digest: "", positions: null });

/** What an entry says, wherever it stands. */
function plainEntry({ policy, subject, owner, reason, ticket, expiresText, compensatedBy }: Exemption): unknown[] {
	const whom = "key" in subject ? [subject.key] : [`${subject.system}/${subject.login}`, subject.id];
	return [policy, whom, owner, reason, ticket, expiresText, compensatedBy ?? null];
}

function plainNew({ policy, subject, owner, reason, ticket, expires, compensatedBy }: NewExemption): unknown[] {
	const whom = "key" in subject ? [subject.key] : [subject.login, subject.id];
	return [policy, whom, owner, reason, ticket ?? null, expires, compensatedBy ?? null];
}
