import type { Diagnostic } from "../model/diagnostic.js";
import { nearest } from "../model/nearest.js";
import { pinnedLogins } from "./conflicts.js";
import type { Mark } from "./document.js";
import { maskedLine } from "./mask.js";
import { pathText } from "./paths.js";
import type { Source } from "./source.js";
import type { Position, Stack } from "./stack.js";

// Beside the stack and not in it: a Stack is plain data, and its file's text must not travel with it.
const origins = new WeakMap<Stack, { source: Source; marks: Map<string, Mark> }>();

export function rememberSource(stack: Stack, source: Source, marks: Map<string, Mark>): void {
	origins.set(stack, { source, marks });
}

/** A diagnostic at a path of a loaded stack (`exemptions.0.policy`), for what is found out later. The nearest place around it is taken where the path has none. */
export function diagnosticAt(stack: Stack, path: string, message: string, hint?: string, level?: Diagnostic["level"]): Diagnostic {
	const { line, column } = positionOf(stack, path);
	const origin = origins.get(stack);
	return {
		file: stack.file,
		line,
		column,
		path,
		message,
		...(level && { level }),
		...(hint && { hint }),
		...(origin && { excerpt: maskedLine(origin.source, line, origin.marks) }),
	};
}

/** Checks `policies.use`, `policies.set` and every exemption's `policy` against the policies and packs that were loaded. */
export function checkPolicyNames(stack: Stack, policyIds: string[], packIds: string[]): Diagnostic[] {
	const out: Diagnostic[] = [];
	const check = (name: string, path: string, known: string[], what: string): void => {
		if (known.includes(name)) return;
		const meant = nearest(name, known);
		const near = meant === null ? "`keelson policy list` lists them" : `did you mean \`${meant}\`?`;
		out.push(diagnosticAt(stack, path, `there is no ${what} \`${name}\``, packIds.includes(name) ? "this is a pack; name one of its policies" : near));
	};
	const both = [...policyIds, ...packIds];
	for (const [i, name] of stack.policies.use.entries())
		check(name, stack.positions.has(`policies.use.${i}`) ? `policies.use.${i}` : "policies", both, "policy or pack");
	for (const name of Object.keys(stack.policies.set)) check(name, pathText(["policies", "set", name]), policyIds, "policy");
	for (const exemption of stack.exemptions) {
		check(exemption.policy, `${exemption.path}.policy`, policyIds, "policy");
		if (exemption.compensatedBy !== undefined) check(exemption.compensatedBy, `${exemption.path}.compensatedBy`, policyIds, "policy");
	}
	return out.sort((a, b) => a.line - b.line || a.column - b.column);
}

/**
 * Checks of every exemption what its policies' kinds of subject decide: what compensates must be of the same kind, and a system as a whole is a
 * subject of policies for systems alone, for elsewhere its name would look as if it covered all that is in it. `kinds`: by policy id.
 */
export function checkExemptions(stack: Stack, kinds: ReadonlyMap<string, string>): Diagnostic[] {
	const out: Diagnostic[] = [];
	for (const { policy, compensatedBy, subject, path } of stack.exemptions) {
		const kind = kinds.get(policy);
		const other = compensatedBy === undefined ? undefined : kinds.get(compensatedBy);
		const at = `${path}.compensatedBy`;
		if (compensatedBy === policy)
			out.push(diagnosticAt(stack, at, `\`${policy}\` can't compensate for itself`, "name another policy, which must pass for the same subject"));
		else if (kind !== undefined && other !== undefined && kind !== other)
			out.push(
				diagnosticAt(
					stack,
					at,
					`\`${compensatedBy}\` is for subjects of the kind ${other}, and \`${policy}\` for those of the kind ${kind}`,
					"what compensates must be judged of the same subject",
				),
			);
		if ("key" in subject && !subject.key.includes("/") && kind !== undefined && kind !== "system")
			out.push(
				diagnosticAt(
					stack,
					`${path}.subject.key`,
					`\`${subject.key}\` is a system as a whole, and \`${policy}\` is for subjects of the kind ${kind}`,
					"an exemption names one subject: write `<system>/<immutable id>`",
				),
			);
	}
	return out;
}

/** Logins without a pinned id. `login` as the file's reader knows it, `<system>/<login>`. */
export function unpinned(stack: Stack): { path: string; login: string; position: Position }[] {
	return pinnedLogins(stack)
		.filter(({ id }) => id === null)
		.map(({ system, login, path }) => ({ path, login: `${system}/${login}`, position: positionOf(stack, `${path}.login`) }));
}

function positionOf(stack: Stack, path: string): Position {
	for (let at = path; at !== ""; at = at.slice(0, Math.max(at.lastIndexOf("."), at.lastIndexOf("["), 0))) {
		const position = stack.positions.get(at);
		if (position) return position;
	}
	return { line: 1, column: 1 };
}
