import { randomBytes } from "node:crypto";
import { open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Diagnostic } from "../model/diagnostic.js";
import { pinnedLogins } from "./conflicts.js";
import { parseYaml } from "./document.js";
import { diagnosticAt } from "./later.js";
import { loadSource } from "./load.js";
import { applyEdits, type Edit, idEdit } from "./pin-edit.js";
import { decode, readSource, type Source } from "./source.js";
import type { Stack } from "./stack.js";

export type Resolved = { id: string } | { error: string };

/** Finds the one account (by login) or group (by name) of a system; an ambiguous name is an error. */
export type Resolve = (system: string, login: string, kind: "account" | "group") => Resolved | Promise<Resolved>;

export interface Pinned {
	/** What was written into the file; `login` with its system before it. */
	changed: { path: string; login: string; id: string }[];
	/** What could not be resolved, and ids in the file that disagree with their login. These are never changed. */
	problems: Diagnostic[];
}

/**
 * Writes the missing ids of a stack file in place; every other byte of it stays. The file is replaced in one step, and only if
 * it reads afterwards as it did before, the ids added.
 */
export async function pinStack(file: string, resolve: Resolve): Promise<Pinned> {
	const path = await realpath(file).catch(() => file);
	const read = await readSource(path);
	if ("problem" in read) return { changed: [], problems: [{ ...read.problem, file }] };
	const { source } = read;
	const { stack, diagnostics } = await loadSource(source);
	if (!stack) return { changed: [], problems: diagnostics };
	const { changed, edits, problems } = await decide(stack, source, resolve);
	if (edits.length === 0) return { changed: [], problems };
	const text = applyEdits(source.text, edits);
	const faults = await disagreement(stack, text, changed);
	if (faults.length > 0) return { changed: [], problems: [...problems, ...faults] };
	const bytes = Buffer.from((source.bom ? "\ufeff" : "") + text);
	if (!(await replace(path, source.bytes, bytes)))
		return {
			changed: [],
			problems: [...problems, diagnosticAt(stack, "", "the file was changed by somebody else meanwhile; nothing was written", "run `keelson pin` again")],
		};
	return { changed, problems };
}

async function decide(stack: Stack, source: Source, resolve: Resolve): Promise<Pinned & { edits: Edit[] }> {
	const marks = parseYaml(source).parsed?.marks;
	const out: Pinned & { edits: Edit[] } = { changed: [], edits: [], problems: [] };
	const problem = (path: string, message: string, hint?: string): void => {
		out.problems.push(diagnosticAt(stack, path, message, hint));
	};
	const disputed = new Set<string>();
	const missing: { path: string; name: string; id: string }[] = [];
	for (const { system, login, id, path } of pinnedLogins(stack)) {
		const found = await resolve(system, login, "account");
		const name = `${system}/${login}`;
		if ("error" in found) problem(`${path}.login`, `\`${name}\` can't be resolved: ${found.error}`);
		else if (!/^[^\s@]+$/.test(found.id)) problem(`${path}.login`, `\`${name}\` resolved to something that is no id`);
		else if (id === null) missing.push({ path, name, id: found.id });
		else if (id !== found.id) {
			disputed.add(name.toLowerCase());
			problem(
				`${path}.id`,
				`\`${name}\` has the id \`${found.id}\`, and \`${id}\` is pinned here`,
				"find out which of the two is meant; a pinned id is never changed by `keelson pin`",
			);
		}
	}
	for (const { path, name, id } of missing) {
		const edit = idEdit(source.text, marks?.get(path)?.node ?? null, id);
		if (disputed.has(name.toLowerCase()))
			problem(`${path}.login`, `\`${name}\` is pinned to another id elsewhere in this file`, "find out which of the two is meant");
		else if (edit === null) problem(path, `the id of \`${name}\` can't be written here in place`, `add \`id: ${id}\` by hand`);
		else {
			out.edits.push(edit);
			out.changed.push({ path, login: name, id });
		}
	}
	for (const { system, kind, target, name, path } of Object.values(stack.memberships)) {
		if (kind !== "group" || name === null) continue;
		const found = await resolve(system, name, "group");
		if ("error" in found) problem(`${path}.name`, `the group \`${name}\` of \`${system}\` can't be resolved: ${found.error}`);
		else if (found.id !== target)
			problem(`${path}.name`, `the group \`${name}\` has the id \`${found.id}\`, and \`${target}\` is named here`, "find out which of the two is meant");
	}
	return out;
}

/** Reads the new text: it must be a stack that differs by the ids alone. Two logins of one account, say, make it none. */
async function disagreement(before: Stack, text: string, changed: Pinned["changed"]): Promise<Diagnostic[]> {
	const decoded = decode(before.file, Buffer.from(text));
	if ("problem" in decoded) return [decoded.problem];
	const { stack: after, diagnostics } = await loadSource(decoded.source);
	if (!after) {
		const errors = diagnostics.filter((d) => d.level !== "warning");
		return errors.map((d) => ({ ...d, message: `with the ids written, and so nothing was written: ${d.message}` }));
	}
	const ids = new Map(changed.map(({ path, id }) => [path, id]));
	const plain = (stack: Stack): string => JSON.stringify({ ...stack, digest: "", positions: null });
	const wanted: Stack = structuredClone({ ...before, positions: new Map() });
	const { breakGlass, links, ...rules } = wanted.people;
	const entries: { path: string; id: string | null }[] = [
		...breakGlass,
		...Object.values(rules).flatMap((list) => list.flatMap((rule) => rule.login ?? [])),
		...links.flatMap(({ accounts }) => accounts),
		...wanted.exemptions.flatMap(({ subject }) => ("login" in subject ? subject : [])),
		...Object.values(wanted.memberships).flatMap(({ members }) => members),
		...wanted.remediation.guardrails.protect,
	];
	for (const entry of entries) entry.id = ids.get(entry.path) ?? entry.id;
	return plain(wanted) === plain(after)
		? []
		: [diagnosticAt(before, "", "the ids can't be written here in place; nothing was written", "write the file in YAML's block style")];
}

/** Replaces a file's bytes in one step, its mode kept. False: it no longer holds what it held. */
async function replace(path: string, before: Buffer, after: Buffer): Promise<boolean> {
	const { mode } = await stat(path);
	const temporary = join(dirname(path), `.${randomBytes(6).toString("hex")}.keelson-pin`);
	try {
		const handle = await open(temporary, "wx", mode & 0o777);
		try {
			await handle.chmod(mode & 0o777);
			await handle.writeFile(after);
			await handle.sync();
		} finally {
			await handle.close();
		}
		if (!(await readFile(path)).equals(before)) return false;
		await rename(temporary, path);
		return true;
	} finally {
		await rm(temporary, { force: true });
	}
}
