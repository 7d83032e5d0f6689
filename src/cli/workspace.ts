import { dirname, join, relative, resolve } from "node:path";
import type { Condition } from "../assess/people.js";
import { type Diagnostic, renderDiagnostic } from "../model/diagnostic.js";
import { type Chosen, choose } from "../policy/choose.js";
import { type CompiledPolicy, compileCondition } from "../policy/compile.js";
import { loadConfigSchema, loadProvider, loadPulumiPackage, providerNames } from "../provider/load.js";
import type { Connection, Provider } from "../provider/provider.js";
import type { SettingSpec } from "../provider/setting.js";
import { checkDesiredSettings, type SettingKind } from "../stack/desired-values.js";
import { diagnosticAt } from "../stack/later.js";
import { loadStack, projectFolder } from "../stack/load.js";
import { pathText } from "../stack/paths.js";
import { redactor, resolveSecrets, SecretError, secretValues } from "../stack/secrets.js";
import type { Stack, StackSystem } from "../stack/stack.js";
import { openStore } from "../store/open.js";
import type { Store } from "../store/store.js";
import { checkStore, checkSystem, packagesFolder, refuseProposal, repositoryOf } from "./base.js";
import { CliError } from "./exit.js";
import { packageRoot } from "./package-root.js";

export interface CommonOptions {
	stack: string;
	json?: boolean;
	quiet?: boolean;
	failOn?: string;
}

/** A stack file with its policies compiled and its store open: what most commands start from. */
export interface Workspace {
	stack: Stack;
	policies: CompiledPolicy[];
	policyDigest: string;
	store: Store;
	/** Kinds of setting by system; a system without a declared setting has none here. */
	settingKinds: Map<string, SettingSpec[]>;
	compile(text: string): Condition;
	close(): Promise<void>;
}

/** Policies and packs that ship with Keelson, from source or from the compiled package. */
export const shippedPolicies = join(packageRoot, "policies/");

/** @throws CliError with every diagnostic when the stack file or a policy is wrong */
export async function openWorkspace(options: CommonOptions): Promise<Workspace> {
	const stack = await readStack(options.stack);
	const { compiled, digest } = await readPolicies(stack);
	const compile = conditions(stack);
	const store = await openStackStore(stack);
	return { stack, policies: compiled, policyDigest: digest, store, settingKinds: await settingKinds(stack), compile, close: () => store.close() };
}

/**
 * The stack's store. A location that is a secret is looked up only here.
 * @throws CliError when it can't be had, or differs from the base branch's; StoreError when the store can't be used
 */
export async function openStackStore(stack: Stack): Promise<Store> {
	await checkStore(stack);
	const options = { env: process.env, baseDir: dirname(stack.file) };
	const { store } = await resolveSecrets({ store: stack.store }, options).catch((error) => {
		if (!(error instanceof SecretError)) throw error;
		throw new CliError(placed(stack, "store", error.message));
	});
	return openStore(String(store), { baseDir: projectFolder(stack.file), tenant: stack.name });
}

export async function readStack(file: string): Promise<Stack> {
	const within = await repositoryOf(resolve(file));
	const { stack, diagnostics } = await loadStack(resolve(file), {
		...(within !== null && { within }),
		providers: providerNames(),
		providerSchemas: async (id) => {
			try {
				return await loadConfigSchema(id, packagesFolder(resolve(file)));
			} catch {
				return null;
			}
		},
		pulumiPackages: (id) => loadPulumiPackage(id, packagesFolder(resolve(file))),
	});
	const errors = show(diagnostics);
	if (!stack) throw new CliError(errors);
	if (errors) process.stderr.write(`${errors}\n`);
	if (Object.keys(stack.settings).length > 0) {
		const kinds: Map<string, SettingKind[]> = await settingKinds(stack);
		const wrong = await checkDesiredSettings(stack, (system) => kinds.get(system) ?? []);
		if (wrong.length > 0) throw new CliError(show(wrong));
	}
	return stack;
}

/** Loads providers only where the stack declares a setting. */
async function settingKinds(stack: Stack): Promise<Map<string, SettingSpec[]>> {
	const kinds = new Map<string, SettingSpec[]>();
	if (Object.keys(stack.settings).length === 0) return kinds;
	for (const [name, { provider }] of Object.entries(stack.systems)) kinds.set(name, (await loadProvider(provider, packagesFolder(stack.file))).settings);
	return kinds;
}

/** @throws CliError when a policy, a pack or a name in the stack file is wrong */
export async function readPolicies(stack: Stack): Promise<Chosen> {
	const chosen = await choose(shippedPolicies, stack);
	if (chosen.diagnostics.length > 0) throw new CliError(show(chosen.diagnostics));
	return chosen;
}

/** Compiles the conditions under `people` once each; a wrong one is an error of the stack file. */
function conditions(stack: Stack): (text: string) => Condition {
	const made = new Map<string, Condition>();
	const errors: Diagnostic[] = [];
	for (const rule of [...stack.people.service, ...stack.people.shared, ...stack.people.agent, ...stack.people.external, ...stack.people.leavers]) {
		if (rule.where === null || made.has(rule.where)) continue;
		const { condition, errors: wrong } = compileCondition(rule.where, "account");
		if (condition) made.set(rule.where, condition);
		else errors.push(...wrong.map((error) => diagnosticAt(stack, `${rule.path}.where`, error.message, error.hint)));
	}
	if (errors.length > 0) throw new CliError(show(errors));
	return (text) => made.get(text) ?? (() => undefined);
}

/** Connects one system with one of its two credentials, whose secrets live only inside this call's process. */
export async function connect(
	stack: Stack,
	system: string,
	purpose: "read" | "act",
	log: (line: string) => void = () => {},
	mayWrite?: () => number,
): Promise<{ provider: Provider; connection: Connection; declared: StackSystem; redact(text: string): string }> {
	const declared = Object.hasOwn(stack.systems, system) ? stack.systems[system] : undefined;
	if (!declared) throw new CliError(`${system} is not a system of ${relative(process.cwd(), stack.file)}`);
	const block = purpose === "read" ? (declared.auth ?? {}) : declared.act;
	if (!block) throw new CliError(`systems.${system}.act is not declared: without a credential of its own nothing is written`);
	if (purpose === "act") refuseProposal(`systems.${system}.act is not used`);
	await checkSystem(stack, system);
	const baseDir = dirname(stack.file);
	const provider = await loadProvider(declared.provider, packagesFolder(stack.file));
	const at = ["systems", system, purpose === "read" ? "auth" : "act"];
	const credential = await resolveSecrets(block, { env: process.env, baseDir }).catch((error) => {
		if (!(error instanceof SecretError)) throw error;
		throw new CliError(error.problems.map(({ parts, message }) => placed(stack, pathText([...at, ...parts]), message)).join("\n"));
	});
	const redact = redactor(secretValues(block, credential));
	const connecting = provider.connect({
		system,
		url: declared.url,
		credential,
		options: declared.options,
		folder: projectFolder(stack.file),
		purpose,
		now: Date.now,
		log: (line) => log(redact(line)),
		...(mayWrite && { mayWrite }),
	});
	const connection = await connecting.catch((error: Error) => {
		// A provider names the field as the stack file has it: `key of systems.okta.auth`.
		const named = /(?:\b(\w+) of )?\bsystems\.[\w-]+\.(auth|act|url)\b/.exec(error.message);
		const parts = named?.[2] === "url" ? ["systems", system, "url"] : [...at, ...(named?.[1] === undefined ? [] : [named[1]])];
		throw new CliError(placed(stack, pathText(parts), redact(error.message)));
	});
	return { provider, connection, declared, redact };
}

/** What is wrong at a place of the stack file, in one line. */
function placed(stack: Stack, path: string, message: string): string {
	const { excerpt: _, ...diagnostic } = diagnosticAt(stack, path, message);
	return show([diagnostic]);
}

function show(diagnostics: Diagnostic[]): string {
	return diagnostics.map((diagnostic) => renderDiagnostic({ ...diagnostic, file: relative(process.cwd(), diagnostic.file) })).join("\n\n");
}
