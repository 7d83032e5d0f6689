import { execFile, execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { type Contexts, filled, holds } from "./expression.js";

interface Step {
	id?: string;
	name?: string;
	if?: string;
	uses?: string;
	with?: Record<string, unknown>;
	run?: string;
	env?: Record<string, unknown>;
}
interface Job {
	if?: string;
	env?: Record<string, unknown>;
	environment?: string;
	steps: Step[];
}
interface Action {
	inputs?: Record<string, { default?: string }>;
	runs: { steps: Step[] };
}

export interface RunInput {
	/** The bare repository that is cloned. */
	origin: string;
	/** Of the checked out commit. */
	workflow: string;
	eventName: string;
	event: Record<string, unknown>;
	/** Branch or commit that the event is on. */
	ref: string;
	repository: string;
	runId: number;
	/** Secrets by environment. */
	secrets: Record<string, Record<string, string>>;
	vars: Record<string, string>;
	token: string;
	api: string;
	/** Where caches are kept between runs. */
	caches: string;
	/** Folders before all others on PATH. */
	path: string[];
	/** The machine's own variables. */
	env: Record<string, string>;
}

export interface WorkflowRun {
	ok: boolean;
	/** False: the job's `if` kept it from running. */
	ran: boolean;
	/** Every step's output, in order. */
	log: string;
	summary: string;
	/** Outside actions that were used. */
	uses: string[];
	folder: string;
}

/** Runs a workflow's only job in a fresh clone, step after step, as GitHub's runner does; actions of others are stood in for. */
export async function runWorkflow(input: RunInput): Promise<WorkflowRun> {
	const root = mkdtempSync(join(tmpdir(), "keelson-runner-"));
	const folder = join(root, "work");
	const file = (name: string) => {
		writeFileSync(join(root, name), "", { flag: "a" });
		return join(root, name);
	};
	const show = (path: string) => execFileSync("git", ["--git-dir", input.origin, "show", `${input.ref}:${path}`], { encoding: "utf8" });
	const workflow = parse(show(input.workflow)) as { jobs: Record<string, Job> };
	const [job] = Object.values(workflow.jobs);
	if (!job) throw new Error(`${input.workflow} has no job`);
	writeFileSync(file("event.json"), JSON.stringify(input.event));
	const sha = execFileSync("git", ["--git-dir", input.origin, "rev-parse", input.ref], { encoding: "utf8" }).trim();
	const github = {
		event: input.event,
		event_name: input.eventName,
		repository: input.repository,
		run_id: input.runId,
		token: input.token,
		sha,
		ref: `refs/heads/${input.ref}`,
	};
	const contexts: Contexts = { github, secrets: input.secrets[job.environment ?? ""] ?? {}, vars: input.vars, steps: {}, inputs: {}, runner: { temp: root } };
	const run: WorkflowRun = { ok: true, ran: false, log: "", summary: "", uses: [], folder };
	if (!holds(job.if, contexts)) return run;
	run.ran = true;
	const jobEnv = mapped(job.env, contexts);
	const environment = (more: Record<string, string>): Record<string, string> => ({
		...input.env,
		PATH: [...input.path, process.env.PATH].join(":"),
		HOME: root,
		CI: "true",
		GITHUB_ACTIONS: "true",
		GITHUB_REPOSITORY: input.repository,
		GITHUB_API_URL: input.api,
		GITHUB_EVENT_NAME: input.eventName,
		GITHUB_EVENT_PATH: join(root, "event.json"),
		GITHUB_SHA: sha,
		GITHUB_REF: github.ref,
		GITHUB_RUN_ID: String(input.runId),
		GITHUB_OUTPUT: file("output"),
		GITHUB_ENV: file("env"),
		GITHUB_STEP_SUMMARY: file("summary"),
		RUNNER_TEMP: root,
		...jobEnv,
		...pairs(readFileSync(file("env"), "utf8")),
		...more,
	});

	const steps = async (list: Step[], scope: Contexts, outer: Record<string, string>): Promise<boolean> => {
		for (const step of list) {
			if (!holds(step.if, scope)) continue;
			const env = { ...outer, ...mapped(step.env, scope) };
			const given = Object.fromEntries(Object.entries(step.with ?? {}).map(([key, value]) => [key, filled(String(value), scope)]));
			run.log += `\n== ${step.name ?? step.uses ?? step.run?.split("\n")[0]}\n`;
			if (step.run !== undefined) {
				writeFileSync(file("output"), "");
				const { code, text } = await shell(filled(step.run, scope), folder, environment(env));
				run.log += text;
				if (step.id) (scope.steps as Contexts)[step.id] = { outputs: pairs(readFileSync(file("output"), "utf8")) };
				if (code !== 0) return false;
			} else if (step.uses?.startsWith("./")) {
				const action = parse(readFileSync(join(folder, step.uses, "action.yml"), "utf8")) as Action;
				const defaults = Object.entries(action.inputs ?? {}).map(([key, { default: value }]) => [key, value === undefined ? "" : filled(value, scope)]);
				const inputs = { ...Object.fromEntries(defaults), ...given };
				// A composite action sees no secrets.
				if (!(await steps(action.runs.steps, { ...scope, secrets: undefined, inputs, steps: {} }, env))) return false;
			} else standIn(step.uses ?? "", given);
		}
		return true;
	};

	const standIn = (uses: string, given: Record<string, string>): void => {
		run.uses.push(uses);
		const [name] = uses.split("@");
		const store = join(input.caches, (given.key ?? "").replaceAll("/", "_"));
		switch (name) {
			case "actions/checkout":
				execFileSync("git", ["clone", "--quiet", "--branch", given.ref ?? input.ref, input.origin, folder]);
				break;
			case "actions/cache/save":
				if (existsSync(join(folder, given.path ?? ""))) cpSync(join(folder, given.path ?? ""), store, { recursive: true });
				break;
			case "actions/cache/restore": {
				const prefix = (given["restore-keys"] ?? "").trim().replaceAll("/", "_");
				const found = (existsSync(input.caches) ? readdirSync(input.caches) : [])
					.filter((one) => one.startsWith(prefix))
					.sort((a, b) => statSync(join(input.caches, b)).ctimeMs - statSync(join(input.caches, a)).ctimeMs);
				if (found[0]) cpSync(join(input.caches, found[0]), join(folder, given.path ?? ""), { recursive: true });
				break;
			}
			case "actions/setup-node":
			case "pulumi/actions":
				break;
			default:
				throw new Error(`no stand-in for ${uses}`);
		}
	};

	mkdirSync(input.caches, { recursive: true });
	run.ok = await steps(job.steps, contexts, {});
	run.summary = readFileSync(file("summary"), "utf8");
	return run;
}

function mapped(env: Record<string, unknown> | undefined, contexts: Contexts): Record<string, string> {
	return Object.fromEntries(Object.entries(env ?? {}).map(([key, value]) => [key, filled(String(value), contexts)]));
}

/** `name=value` lines. */
function pairs(text: string): Record<string, string> {
	return Object.fromEntries(
		text
			.split("\n")
			.filter((line) => line.includes("="))
			.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
	);
}

/** As GitHub's `shell: bash`. */
function shell(script: string, cwd: string, env: Record<string, string>): Promise<{ code: number; text: string }> {
	return new Promise((resolve) => {
		execFile("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], { cwd, env, maxBuffer: 64 << 20 }, (error, stdout, stderr) =>
			resolve({ code: error ? Number(error.code ?? 1) : 0, text: stdout + stderr }),
		);
	});
}
