import { createHash } from "node:crypto";
import type { Diagnostic } from "../model/diagnostic.js";
import { type Severity, severities } from "../model/finding.js";
import { checkExemptions, checkPolicyNames, diagnosticAt } from "../stack/later.js";
import type { Stack } from "../stack/stack.js";
import { type CompiledPolicy, compilePolicy } from "./compile.js";
import { loadPreparedPolicies } from "./load.js";
import { loadPacks, packProblems } from "./packs.js";
import { checkParams } from "./params.js";
import { readPrepared } from "./prepared.js";
import type { PolicySource } from "./source.js";

export interface Chosen {
	compiled: CompiledPolicy[];
	/** sha-256 over the policies in force, their severity and parameters. */
	digest: string;
	diagnostics: Diagnostic[];
}

/**
 * The policies a stack file has in force: those named in `use` by themselves or by a pack, and the user's own, with its parameters.
 * `prepared`: what the build has read and checked already.
 */
export async function choose(shipped: string, stack: Stack, prepared = readPrepared()): Promise<Chosen> {
	const none = (diagnostics: Diagnostic[]): Chosen => ({ compiled: [], digest: "", diagnostics });
	const dirs = [shipped, ...stack.policies.dirs];
	const loaded = await loadPreparedPolicies(dirs, prepared);
	const { packs, diagnostics } = loadPacks(dirs, prepared);
	const ids = loaded.policies.map((policy) => policy.id);
	const broken = packProblems(packs, ids).map((message) => diagnosticAt(stack, "policies.use", message));
	const names = checkPolicyNames(
		stack,
		ids,
		packs.map((pack) => pack.id),
	);
	const kinds = checkExemptions(stack, new Map(loaded.policies.map((policy) => [policy.id, policy.for])));
	const errors = [...loaded.diagnostics, ...diagnostics, ...broken, ...names, ...kinds];
	if (errors.length > 0) return none(errors);

	const wanted = new Set(packs.filter((pack) => stack.policies.use.includes(pack.id)).flatMap((pack) => pack.policies));
	for (const name of stack.policies.use) wanted.add(name);
	const inForce = loaded.policies.filter(
		(policy) => (wanted.has(policy.id) || !policy.file.startsWith(shipped)) && stack.policies.set[policy.id]?.enabled !== false,
	);
	const wrong = inForce.flatMap((policy) => settingProblems(stack, policy));
	if (wrong.length > 0) return none(wrong);
	const compiled = inForce.map((policy) => {
		const setting = stack.policies.set[policy.id];
		const severity = (setting?.severity ?? policy.severity) as Severity;
		return compilePolicy({ ...policy, severity }, setting?.params as Parameters<typeof compilePolicy>[1]);
	});
	const hash = createHash("sha256");
	for (const { policy, params } of compiled) hash.update(JSON.stringify([policy.digest, policy.severity, params]));
	return { compiled, digest: hash.digest("hex"), diagnostics: [] };
}

function settingProblems(stack: Stack, policy: PolicySource): Diagnostic[] {
	const setting = stack.policies.set[policy.id];
	if (!setting) return [];
	const path = `policies.set.${policy.id}`;
	const problems = checkParams(policy.params, setting.params).map(({ name, message, hint }) => diagnosticAt(stack, `${path}.params.${name}`, message, hint));
	if (setting.severity !== null && !severities.includes(setting.severity as Severity))
		problems.push(diagnosticAt(stack, `${path}.severity`, `severity is one of ${severities.join(", ")}, not ${JSON.stringify(setting.severity)}`));
	return problems;
}
