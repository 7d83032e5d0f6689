import { dirname } from "node:path";
import pc from "picocolors";
import { loadProvider } from "../provider/load.js";
import { safeText } from "../report/sanitise.js";
import type { Stack } from "../stack/stack.js";
import { estimateTable, grouped, inWords } from "./estimate-table.js";
import { CliError, type ExitCode, exitCodes } from "./exit.js";
import { colour } from "./output.js";
import { type ReadPlan, readPlan, tenantSize } from "./read-plan.js";
import type { CommonOptions } from "./workspace.js";

export interface EstimateOptions extends CommonOptions {
	system?: string[];
	/** Accounts of the tenant to estimate for; `true` where no number was given. */
	estimate?: number | true;
	groups?: number;
	memberships?: number;
	apps?: number;
	administrators?: number;
}

/** Accounts that a tenant is thought to have where nobody says. */
const usualAccounts = 100_000;

/** `keelson doctor --estimate`: what a full read of each system would take at that size. Opens no connection and resolves no secret. */
export async function doctorEstimate(stack: Stack, options: EstimateOptions): Promise<ExitCode> {
	const { groups, memberships, apps, administrators } = options;
	const size = tenantSize(typeof options.estimate === "number" ? options.estimate : usualAccounts, { groups, memberships, apps, administrators });
	const c = pc.createColors(colour(process.stdout));
	const say = (line: string) => {
		if (!options.json) process.stdout.write(`${line}\n`);
	};
	const systems: Record<string, { provider: string; plan: ReadPlan | null }> = {};
	say(
		`A tenant of ${grouped(size.accounts)} accounts, ${grouped(size.groups)} groups, ${grouped(size.memberships)} memberships, ${grouped(size.apps)} apps, ${grouped(size.administrators)} administrators`,
	);
	for (const system of options.system ?? Object.keys(stack.systems)) {
		const declared = Object.hasOwn(stack.systems, system) ? stack.systems[system] : undefined;
		if (!declared) throw new CliError(`${system} is not a system of the stack file`);
		const provider = await loadProvider(declared.provider, dirname(stack.file));
		const plan = readPlan(provider, size);
		systems[system] = { provider: declared.provider, plan };
		say(`\n${c.bold(system)} (${safeText(provider.title, "terminal")})`);
		if (!plan) say(c.yellow("  ? its provider does not tell how many requests a read takes"));
		else if (plan.planned.length === 0) say("  reads a file: no requests");
		else for (const line of estimateTable(plan)) say(`  ${line}`);
	}
	const plans = Object.values(systems).flatMap(({ plan }) => plan ?? []);
	const total = { requests: sum(plans, "requests"), seconds: sum(plans, "seconds") };
	if (options.json) process.stdout.write(`${JSON.stringify({ size, systems, total }, null, 2)}\n`);
	else if (plans.length > 1) say(`\nall systems, one after the other: ${grouped(total.requests)} requests, at least ${inWords(total.seconds)}`);
	return exitCodes.fine;
}

function sum(plans: ReadPlan[], key: "requests" | "seconds"): number {
	return plans.reduce((total, plan) => total + plan[key], 0);
}
