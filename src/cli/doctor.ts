import pc from "picocolors";
import { safeText } from "../report/sanitise.js";
import { doctorEstimate, type EstimateOptions } from "./doctor-estimate.js";
import { CliError, type ExitCode, exitCodes } from "./exit.js";
import { colour } from "./output.js";
import { connect, readStack } from "./workspace.js";

/** `keelson doctor`: credentials, scopes, clock, what will be unknown, what a scan will cost. Writes nothing anywhere. */
export async function doctor(options: EstimateOptions): Promise<ExitCode> {
	const stack = await readStack(options.stack);
	if (options.estimate !== undefined) return doctorEstimate(stack, options);
	const [size] = (["groups", "memberships", "apps", "administrators"] as const).filter((name) => options[name] !== undefined);
	if (size) throw new CliError(`--${size} is for --estimate only`);
	const reports: Record<string, unknown> = {};
	let ok = true;
	let unreached = false;
	const c = pc.createColors(colour(process.stdout));
	const say = (line: string) => {
		if (!options.json) process.stdout.write(`${line}\n`);
	};
	for (const system of options.system ?? Object.keys(stack.systems)) {
		const { connection, redact } = await connect(stack, system, "read");
		const clean = (text: string) => safeText(redact(text), "terminal");
		try {
			const report = await connection.doctor();
			reports[system] = report;
			ok &&= report.ok;
			unreached ||= report.unreached ?? false;
			say(c.bold(system));
			for (const check of report.checks) {
				say(`  ${check.ok ? c.green("✓") : c.red("✗")} ${clean(check.name)}: ${clean(check.detail)}`);
				if (!check.ok && check.mend) say(`      ${clean(check.mend)}`);
			}
			for (const { collection, reason } of report.unknowns) say(c.yellow(`  ? ${collection} will be unknown: ${clean(reason.detail)}`));
			if (report.canWrite) say(c.yellow("  ! the reading credential can write; give it read scopes only"));
			if (report.estimate)
				say(`  a full scan: about ${report.estimate.requests} requests, ${Math.ceil(report.estimate.seconds)} s (${clean(report.estimate.detail)})`);
		} catch (error) {
			throw new CliError(`${system}: ${redact((error as Error).message)}`);
		} finally {
			await connection.close();
		}
	}
	if (options.json) process.stdout.write(`${JSON.stringify(reports, null, 2)}\n`);
	return unreached ? exitCodes.badInput : ok ? exitCodes.fine : exitCodes.coverage;
}
