import { relative } from "node:path";
import pc from "picocolors";
import type { DoctorReport } from "../provider/provider.js";
import { safeText } from "../report/sanitise.js";
import { doctorEstimate, type EstimateOptions } from "./doctor-estimate.js";
import { CliError, type ExitCode, exitCodes, worst } from "./exit.js";
import { checkChannels } from "./notify.js";
import { colour } from "./output.js";
import { connect, readStack } from "./workspace.js";

/** `keelson doctor`: credentials, scopes, clock, what will be unknown, what a scan will cost. Writes nothing anywhere. */
export async function doctor(options: EstimateOptions): Promise<ExitCode> {
	const stack = await readStack(options.stack);
	if (options.estimate !== undefined) return doctorEstimate(stack, options);
	const [size] = (["groups", "memberships", "apps", "administrators"] as const).filter((name) => options[name] !== undefined);
	if (size) throw new CliError(`--${size} is for --estimate only`);
	const systems = options.system ?? Object.keys(stack.systems);
	const unknown = systems.find((system) => !Object.hasOwn(stack.systems, system));
	if (unknown !== undefined) throw new CliError(`${unknown} is not a system of ${relative(process.cwd(), stack.file)}`);
	const reports: Record<string, unknown> = {};
	const codes: ExitCode[] = [exitCodes.fine];
	const c = pc.createColors(colour(process.stdout));
	const say = (line: string) => {
		if (!options.json) process.stdout.write(`${line}\n`);
	};
	for (const system of systems) {
		let report: DoctorReport;
		let redact = (text: string) => text;
		try {
			const opened = await connect(stack, system, "read");
			redact = opened.redact;
			report = await opened.connection.doctor().finally(() => opened.connection.close());
		} catch (error) {
			const sentence = error instanceof CliError ? error.message : `${system}: ${redact((error as Error).message)}`;
			if (systems.length === 1) throw new CliError(sentence);
			// One system that can't be opened says nothing of the others.
			report = notOpened(sentence);
		}
		const clean = (text: string) => safeText(redact(text), "terminal");
		reports[system] = report;
		codes.push(report.unreached ? exitCodes.badInput : report.ok ? exitCodes.fine : exitCodes.coverage);
		say(c.bold(system));
		for (const check of report.checks) {
			say(`  ${check.ok ? c.green("✓") : c.red("✗")} ${clean(check.name)}: ${clean(check.detail)}`);
			if (!check.ok && check.mend) say(`      ${clean(check.mend)}`);
		}
		for (const { collection, reason } of report.unknowns) say(c.yellow(`  ? ${collection} will be unknown: ${clean(reason.detail)}`));
		if (report.canWrite) say(c.yellow("  ! the reading credential can write; give it read scopes only"));
		if (report.estimate)
			say(`  a full scan: about ${report.estimate.requests} requests, ${Math.ceil(report.estimate.seconds)} s (${clean(report.estimate.detail)})`);
	}
	const channels = options.system ? [] : await checkChannels(stack);
	if (channels.length > 0) {
		reports["notify.channels"] = channels;
		say(c.bold("notify.channels"));
		for (const { name, ok, detail } of channels) say(`  ${ok ? c.green("✓") : c.red("✗")} ${name}: ${safeText(detail, "terminal", 400)}`);
		if (channels.some(({ ok }) => !ok)) codes.push(exitCodes.coverage);
	}
	if (options.json) process.stdout.write(`${JSON.stringify(reports, null, 2)}\n`);
	return worst(codes);
}

/** The stack file itself keeps a system from being opened. */
function notOpened(detail: string): DoctorReport {
	const checks = [{ name: "stack file", ok: false, detail }];
	return { ok: false, unreached: true, checks, clockSkew: null, scopes: null, unknowns: [], canWrite: null, estimate: null };
}
