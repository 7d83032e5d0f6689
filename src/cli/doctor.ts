import pc from "picocolors";
import { safeText } from "../report/sanitise.js";
import { CliError, type ExitCode, exitCodes } from "./exit.js";
import { colour } from "./output.js";
import { type CommonOptions, connect, readStack } from "./workspace.js";

export interface DoctorOptions extends CommonOptions {
	system?: string[];
}

/** `keelson doctor`: credentials, scopes, clock, what will be unknown, what a scan will cost. Writes nothing anywhere. */
export async function doctor(options: DoctorOptions): Promise<ExitCode> {
	const stack = await readStack(options.stack);
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
