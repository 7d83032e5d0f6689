import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import type { CompiledPolicy } from "../policy/compile.js";
import { exemptionKey, type Place, type Places, type Surroundings } from "../report/surroundings.js";
import { pinnedLogins } from "../stack/conflicts.js";
import { diagnosticAt } from "../stack/later.js";
import { projectFolder } from "../stack/load.js";
import { pathText } from "../stack/paths.js";
import type { Stack } from "../stack/stack.js";
import { packageRoot } from "./package-root.js";
import { shippedPolicies } from "./workspace.js";

/** What formats for other machines need beside the assessment: where things are declared, and what the policies say. */
export function surroundingsOf(stack: Stack, policies: readonly CompiledPolicy[]): Surroundings {
	const { version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string };
	return {
		version,
		places: placesOf(stack, policies),
		policies: new Map(
			policies.map(({ policy }) => [
				policy.id,
				{
					subject: policy.for,
					remediation: policy.remediation.map((step) => (typeof step === "string" ? step : step.manual)),
					controls: policy.controls,
					references: policy.references,
				},
			]),
		),
	};
}

function placesOf(stack: Stack, policies: readonly CompiledPolicy[]): Places {
	const file = realpathSync(stack.file);
	const root = repositoryOf(file) ?? realpathSync(projectFolder(stack.file));
	const at = placer(file, root);
	const inStack = (path: string): Place => {
		const { line, column } = diagnosticAt(stack, path, "");
		return at(line, column);
	};
	const subjects = new Map<string, Place>();
	const add = (key: string, path: string) => {
		if (!subjects.has(key)) subjects.set(key, inStack(path));
	};
	for (const { system, id, path } of pinnedLogins(stack)) if (id !== null) add(`${system}/${id}`, path);
	for (const [key, { path }] of Object.entries(stack.settings)) add(key, path);
	for (const [key, { path, kind, system, target }] of Object.entries(stack.memberships)) {
		add(key, path);
		if (kind === "group") add(`${system}/${target}`, path);
	}
	for (const system of Object.keys(stack.systems)) add(system, pathText(["systems", system]));
	return { stack: at(1, 1), subjects, exemptions: exemptionsOf(stack, inStack), policies: policiesOf(stack, policies, root, inStack) };
}

function exemptionsOf(stack: Stack, inStack: (path: string) => Place): Map<string, Place> {
	return new Map(
		stack.exemptions.flatMap(({ policy, subject, path }) => {
			const key = "key" in subject ? subject.key : subject.id === null ? null : `${subject.system}/${subject.id}`;
			return key === null ? [] : [[exemptionKey(policy, key), inStack(path)] as const];
		}),
	);
}

/** Where `set` or `use` names the policy, else its own file where that is the user's and in the repository. */
function policiesOf(stack: Stack, policies: readonly CompiledPolicy[], root: string, inStack: (path: string) => Place): Map<string, Place> {
	const places = new Map<string, Place>();
	for (const { policy } of policies) {
		const used = stack.policies.use.indexOf(policy.id);
		if (Object.hasOwn(stack.policies.set, policy.id)) places.set(policy.id, inStack(pathText(["policies", "set", policy.id])));
		else if (used >= 0) places.set(policy.id, inStack(pathText(["policies", "use", used])));
		else if (policy.file.startsWith(shippedPolicies)) {
			// One of the packs in that list has it.
			if (stack.positions.has("policies.use")) places.set(policy.id, inStack("policies.use"));
		} else {
			const file = realpathSync(policy.file);
			if (file.startsWith(root + sep)) places.set(policy.id, idLine(file, root));
		}
	}
	return places;
}

/** The top of the working copy; null outside of one. In a linked worktree `.git` is a file. */
function repositoryOf(file: string): string | null {
	for (let folder = dirname(file); ; folder = dirname(folder)) {
		if (existsSync(join(folder, ".git"))) return folder;
		if (dirname(folder) === folder) return null;
	}
}

/** Places in one file, each to the end of its line. */
function placer(file: string, root: string): (line: number, column: number) => Place {
	const lines = linesOf(file);
	const path = relative(root, file).split(sep).join("/");
	return (line, column) => ({ path, line, column, endColumn: Math.max(column, (lines[line - 1] ?? "").length) + 1 });
}

function idLine(file: string, root: string): Place {
	const line = linesOf(file).findIndex((text) => /^["']?id["']?\s*:/.test(text)) + 1;
	return placer(file, root)(Math.max(1, line), 1);
}

function linesOf(file: string): string[] {
	return readFileSync(file, "utf8").split(/\r\n|\n|\r/);
}
