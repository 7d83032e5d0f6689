import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import pc from "picocolors";
import { startDemoTenant } from "./demo-tenant.js";
import { CliError, type ExitCode, exitCodes } from "./exit.js";
import { colour } from "./output.js";

export interface DemoOptions {
	keep?: string;
}

/** `keelson demo`: the main job from end to end on the demo tenant, by the same commands a user has. */
export async function demo(options: DemoOptions): Promise<ExitCode> {
	const folder = options.keep ? await newFolder(resolve(options.keep)) : mkdtempSync(join(tmpdir(), "keelson-demo-"));
	const c = pc.createColors(colour(process.stdout));
	const step = (command: string, text: string) => process.stdout.write(`\n${c.bold(c.cyan(`$ keelson ${command}`))}\n${c.dim(text)}\n`);
	const tenant = await startDemoTenant(folder);
	const started = process.cwd();
	try {
		process.chdir(folder);
		const common = { stack: "stacks/acme.yaml", quiet: true };
		process.stdout.write(
			`\n${c.bold("Acme's Okta org runs on this machine")}, at ${tenant.url}; nothing leaves it.\nWhat the org should look like stands in ${join(folder, common.stack)}\n`,
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

		tenant.changeBehindYourBack();
		step("drift", "Meanwhile somebody changed the tenant by hand.");
		await (await import("./drift.js")).drift(common);
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

async function newFolder(path: string): Promise<string> {
	await mkdir(path, { recursive: true });
	if (readdirSync(path).length > 0) throw new CliError(`${path} is not empty`);
	return path;
}
