import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import pc from "picocolors";
import { startDemoTenant } from "./demo-tenant.js";
import { CliError, type ExitCode, exitCodes } from "./exit.js";
import { colour } from "./output.js";
import { packageRoot } from "./package-root.js";

export interface DemoOptions {
	keep?: string;
}

/** `keelson demo`: the main job from end to end on the demo tenant, by the same commands a user has. */
export async function demo(options: DemoOptions): Promise<ExitCode> {
	const folder = options.keep ? await newFolder(resolve(options.keep)) : mkdtempSync(join(tmpdir(), "keelson-demo-"));
	const c = pc.createColors(colour(process.stdout));
	const step = (command: string, text: string) => process.stdout.write(`\n${c.bold(c.cyan(`$ keelson ${command}`))}\n${c.dim(text)}\n`);
	const tenant = await startDemoTenant(folder, true);
	const started = process.cwd();
	try {
		process.chdir(folder);
		const common = { stack: "stacks/acme.yaml", quiet: true };
		process.stdout.write(
			`\n${c.bold("Acme's systems run on this machine")}; nothing leaves it.\n${[`okta at ${tenant.url}`, ...tenant.others].map((one) => `  ${one}\n`).join("")}What they should look like stands in ${join(folder, common.stack)}\n`,
		);

		step("scan", "Read everything, store it, judge it, score it.");
		await (await import("./scan.js")).scan({ ...common, failOn: "none" });
		step("pin", "Logins are for people, ids for machines: write the ids into the stack file.");
		await (await import("./pin.js")).pin(common);
		step("plan", "What would mend the worst of it: a file for a pull request.");
		await (await import("./plan.js")).plan(common);
		const [file] = readdirSync("plans").sort();
		if (!file) throw new CliError("the demo made no plan", exitCodes.findings);
		step(`apply plans/${file}`, "After the review: inside guardrails, journalled, each change read back.");
		await (await import("./apply.js")).apply(join("plans", file), common);
		step("scan", "The same tenant again: what is fixed, and how the score moved.");
		await (await import("./scan.js")).scan({ ...common, failOn: "none" });

		process.stdout.write(`${c.bold("Risk fell")}: ${await before(common)}\n`);
		tenant.changeBehindYourBack();
		step("drift", "Meanwhile somebody changed the tenant by hand.");
		await (await import("./drift.js")).drift(common);
		await driftFinding(common, step);
		await engineStep(folder, common, step);
		step("report --format html", "The page for everybody else.");
		const page = join(folder, "report.html");
		await (await import("./report.js")).report({ ...common, format: "html", out: page });
		process.stdout.write(`\n${c.bold("Report")}: ${page}\n`);
		return exitCodes.fine;
	} finally {
		process.chdir(started);
		await tenant.close();
		rmSync(join(folder, "keys"), { recursive: true, force: true });
	}
}

/** Accounts at critical and high risk, and open findings, in the first run and in the newest. */
async function before(common: { stack: string }): Promise<string> {
	const { openWorkspace } = await import("./workspace.js");
	const { stack, store, close } = await openWorkspace(common);
	const trend = await store.trend(stack.name, 10);
	await close();
	const [first, last] = [trend[0], trend.at(-1)];
	if (!first || !last) return "";
	const open = (counts: Record<string, number>) => Object.values(counts).reduce((sum, count) => sum + count, 0);
	const parts = ["critical", "high"].map((band) => `accounts at ${band} risk ${first.bands[band] ?? 0} → ${last.bands[band] ?? 0}`);
	return [...parts, `open findings ${open(first.counts)} → ${open(last.counts)}`].join(", ");
}

/** The next scan's finding of the drift, explained. */
async function driftFinding(common: { stack: string; quiet: boolean }, step: (command: string, text: string) => void): Promise<void> {
	const { openWorkspace } = await import("./workspace.js");
	const workspace = await openWorkspace(common);
	await (await import("./scan.js")).scanSystems(workspace, common);
	const assessment = await (await import("../assess/assess.js")).assess(workspace);
	await workspace.close();
	const finding = assessment?.findings.find(({ policy, state }) => policy.startsWith("drift-desired-state") && state !== "fixed");
	if (!finding) return;
	step(`explain ${finding.id}`, "The next scan makes a finding of it: why, from which call, and both ways out.");
	await (await import("./explain.js")).explain(finding.id, common);
}

/** The same drift as the Pulumi engine shows it, where there is an engine. */
async function engineStep(folder: string, common: { stack: string; quiet: boolean }, step: (command: string, text: string) => void): Promise<void> {
	const { findPulumi } = await import("../pulumi/engine.js");
	const engine = await findPulumi();
	if (!engine) {
		process.stdout.write(
			"\nNo Pulumi engine on this machine: keelson preview and keelson up are left out of the demo (https://www.pulumi.com/docs/install/).\n",
		);
		return;
	}
	step("preview", "The same by the Pulumi engine. An object that differs when it is first declared has to be adopted in the open.");
	installPackage(folder);
	Object.assign(process.env, {
		PATH: `${engine}${delimiter}${process.env.PATH}`,
		PULUMI_BACKEND_URL: `file://${join(folder, "pulumi")}`,
		PULUMI_HOME: join(folder, "pulumi", "home"),
		PULUMI_CONFIG_PASSPHRASE: "demo",
		PULUMI_SKIP_UPDATE_CHECK: "1",
	});
	mkdirSync(join(folder, "pulumi", "home"), { recursive: true });
	try {
		await (await import("./preview.js")).preview(common);
	} catch (error) {
		process.stdout.write(`keelson preview could not run here: ${(error as Error).message.split("\n")[0]}\n`);
	}
}

/** The package that runs, as npm would put it there, and links to what it depends on: Pulumi looks for both in the project's folder. */
function installPackage(folder: string): void {
	const commander = createRequire(join(packageRoot, "package.json")).resolve("commander");
	const installed = commander.slice(0, commander.lastIndexOf(join("node_modules", "commander")) + "node_modules".length);
	const modules = join(folder, "node_modules");
	mkdirSync(modules);
	for (const name of readdirSync(installed)) if (name !== "keelson" && !name.startsWith(".")) symlinkSync(join(installed, name), join(modules, name));
	for (const part of ["package.json", "dist", "policies", "schema"]) cpSync(join(packageRoot, part), join(modules, "keelson", part), { recursive: true });
	writeFileSync(join(folder, "package.json"), '{ "name": "acme-identity", "private": true, "type": "module" }\n');
}

async function newFolder(path: string): Promise<string> {
	await mkdir(path, { recursive: true });
	if (readdirSync(path).length > 0) throw new CliError(`${path} is not empty`);
	return path;
}
