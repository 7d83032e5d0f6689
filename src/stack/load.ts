import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import type { Diagnostic } from "../model/diagnostic.js";
import { readBaseline } from "./baseline.js";
import { build } from "./build.js";
import { checkConflicts } from "./conflicts.js";
import { type Mark, parseYaml } from "./document.js";
import { reportSchemaErrors } from "./explain.js";
import { diagnosticAt, rememberSource } from "./later.js";
import { isSecretPath } from "./mask.js";
import { accepted } from "./prepared.js";
import { createReporter, type Reporter, shownKey } from "./report.js";
import type { PackageLookup } from "./resources.js";
import { stackSchema } from "./schema.js";
import { positionAt, readSource, type Source } from "./source.js";
import type { Position, Stack } from "./stack.js";
import { checkSystems, type ProviderLookup } from "./systems.js";
import { checkTexts } from "./texts.js";
import { isMapping, mapping } from "./values.js";
import type { Complaint } from "./yaml-errors.js";

export interface LoadOptions extends ProviderLookup, PackageLookup {
	/** `file` is relative to this folder [the process's]; paths within the file too, if this is given, else see `projectFolder`. */
	cwd?: string;
	/** Milliseconds; decides which dates lie in the past. [now] */
	now?: number;
	/** What the file names is within this folder, or an error. [anywhere] */
	within?: string;
}

export interface Loaded {
	/** Present when no diagnostic is an error. */
	stack?: Stack;
	/** At most 20, by position. */
	diagnostics: Diagnostic[];
}

/** Reads and checks a stack file. Never throws for what the file holds; never puts a value from `auth` or `act` into a diagnostic. */
export async function loadStack(file: string, options: LoadOptions = {}): Promise<Loaded> {
	const path = resolve(options.cwd ?? process.cwd(), file);
	const read = await readSource(path);
	if ("problem" in read) return { diagnostics: [read.problem] };
	const { stack, diagnostics } = await loadSource(read.source, options);
	const strays = stack && options.within !== undefined ? await straysFrom(options.within, stack) : [];
	if (strays.length > 0) return { diagnostics: [...diagnostics, ...strays] };
	if (!stack?.baseline) return stack ? { stack, diagnostics } : { diagnostics };
	const { entries, diagnostics: more } = await readBaseline(stack.baseline.file, Object.keys(stack.systems), options.now ?? Date.now());
	if (!entries) return { diagnostics: [...diagnostics, ...more] };
	stack.baseline.entries = entries;
	return { stack, diagnostics: [...diagnostics, ...more] };
}

/** Files and folders that a stack file names outside of a folder, whether by their path or by a link. */
async function straysFrom(root: string, stack: Stack): Promise<Diagnostic[]> {
	const { policies, baseline, remediation } = stack;
	const named = [
		...policies.dirs.map((path, index) => [`policies.dirs.${index}`, path] as const),
		...(baseline ? [["baseline", baseline.file] as const] : []),
		["remediation.plans", remediation.plans] as const,
		["remediation.receipts", remediation.receipts] as const,
	];
	const strays: Diagnostic[] = [];
	for (const [place, path] of named) {
		const real = await realpath(path).catch(() => path);
		const way = relative(await realpath(root), real);
		if (way.split(sep)[0] === "..")
			strays.push(diagnosticAt(stack, place, "this is outside of the repository", "what a pull request brings is judged by files of the repository alone"));
		// Of a file that is none, a key say, a mistake would show lines.
		else if (place === "baseline" && !isOwnYaml(way)) strays.push(diagnosticAt(stack, place, "this is no YAML file, or stands in a hidden folder"));
	}
	return strays;
}

function isOwnYaml(path: string): boolean {
	return /\.ya?ml$/.test(path) && !/(^|[\\/])(node_modules|\.[^./\\][^/\\]*)[\\/]/.test(path);
}

/** As `loadStack`, from a file already read; of a baseline only the path is known then. */
export async function loadSource(source: Source, options: LoadOptions = {}): Promise<Loaded> {
	const { parsed, complaints } = parseYaml(source);
	const reporter = createReporter(source, parsed?.marks ?? null);
	for (const complaint of complaints) report(complaint, source, reporter);
	if (parsed === null) return { diagnostics: reporter.diagnostics() };
	const { data, marks } = parsed;
	if (!(await accepted("stack", stackSchema, data))) {
		const { schemaErrors } = await import("./validate.js");
		reportSchemaErrors(schemaErrors(data), [], marks, reporter);
	}
	if (!isMapping(data)) return { diagnostics: reporter.diagnostics() };
	checkTexts(data, marks, reporter);
	await checkSystems(data, marks, reporter, options);
	const systems = Object.keys(mapping(data.systems));
	const scope = { reporter, systems: systems.length > 0 ? systems : null };
	const declared = build(data, options.cwd === undefined ? projectFolder(source.file) : resolve(options.cwd), options.now ?? Date.now(), scope);
	if (Object.keys(declared.resources).length > 0) await (await import("./resources.js")).checkResources(declared, marks, scope, options);
	checkConflicts(declared, marks, scope);
	const diagnostics = reporter.diagnostics();
	if (diagnostics.some((d) => d.level !== "warning")) return { diagnostics };
	const digest = createHash("sha256").update(source.bytes).digest("hex");
	const stack: Stack = { ...declared, file: source.file, digest, positions: positions(source, marks) };
	rememberSource(stack, source, marks);
	return { stack, diagnostics };
}

/**
 * The folder that relative paths of a stack file start from: the nearest one at or above the file that holds `Pulumi.yaml`
 * or `.git`, else the file's own. It does not depend on where the command was started.
 */
export function projectFolder(file: string): string {
	const own = dirname(file);
	for (let folder = own; ; folder = dirname(folder)) {
		if (existsSync(resolve(folder, "Pulumi.yaml")) || existsSync(resolve(folder, ".git"))) return folder;
		if (dirname(folder) === folder) return own;
	}
}

function report({ offset, message, hint, parts, key, before }: Complaint, source: Source, reporter: Reporter): void {
	const named = key === undefined ? message : message.replace("KEY", shownKey(parts?.slice(0, -1) ?? [], key));
	const first = before === undefined ? "" : ` (first in line ${positionAt(source, before).line})`;
	reporter.offset(offset, named + first, { hint, parts });
}

function positions(source: Source, marks: Map<string, Mark>): Map<string, Position> {
	const out = new Map<string, Position>();
	for (const [path, mark] of marks) {
		// A key there may be a pasted secret; those of a channel are known.
		if (isSecretPath(mark.parts) && mark.parts.length > (mark.parts[0] === "notify" ? 4 : 3)) continue;
		out.set(path, positionAt(source, mark.key !== null && !mark.scalar ? mark.key[0] : mark.value[0]));
	}
	return out;
}
