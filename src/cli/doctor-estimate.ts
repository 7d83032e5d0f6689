import pc from "picocolors";
import { loadProvider } from "../provider/load.js";
import type { TenantSize } from "../provider/provider.js";
import { safeText } from "../report/sanitise.js";
import { wrap } from "../report/wrap.js";
import type { Stack } from "../stack/stack.js";
import { packagesFolder } from "./base.js";
import { estimateTable, grouped, inWords, requestsOf } from "./estimate-table.js";
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
	const names = [...new Set(options.system ?? Object.keys(stack.systems))];
	const unknown = names.find((name) => !Object.hasOwn(stack.systems, name));
	if (unknown !== undefined) throw new CliError(`${unknown} is not a system of the stack file, which has ${Object.keys(stack.systems).join(", ")}`);
	const c = pc.createColors(colour(process.stdout));
	const width = process.stdout.columns ?? Number.POSITIVE_INFINITY;
	const lines: string[] = [];
	const say = (line: string) => void lines.push(line);
	const systems: Record<string, { provider: string; plan: ReadPlan | null }> = {};
	for (const line of wrapped(sizeInWords(size), width)) say(line);
	for (const system of names) {
		const declared = stack.systems[system];
		if (!declared) continue;
		const provider = await loadProvider(declared.provider, packagesFolder(stack.file));
		const plan = readPlan(provider, size);
		systems[system] = { provider: declared.provider, plan };
		say(`\n${c.bold(system)} (${safeText(provider.title, "terminal")})`);
		if (!plan) say(c.yellow("  ? its provider does not tell how many requests a read takes"));
		else if (plan.planned.length === 0) say("  reads a file: no requests");
		else for (const line of estimateTable(plan, width - indent.length)) say(line === "" ? "" : indent + line);
	}
	const plans = Object.values(systems).flatMap(({ plan }) => plan ?? []);
	const total = { requests: sum(plans, "requests"), seconds: sum(plans, "seconds") };
	if (names.length > 1) {
		const untold = names.length - plans.length;
		const which = untold === 0 ? "all systems" : `the ${plans.length} systems that tell`;
		say("");
		for (const line of wrapped(`${which}, one after the other: ${requestsOf(total.requests)}, at least ${inWords(total.seconds)}`, width)) say(line);
	}
	process.stdout.write(options.json ? `${JSON.stringify({ size, systems, total }, null, 2)}\n` : `${lines.join("\n")}\n`);
	return exitCodes.fine;
}

const indent = "  ";

function sizeInWords(size: TenantSize): string {
	const said = (["accounts", "groups", "memberships", "apps", "administrators"] as const).map(
		(name) => `${grouped(size[name])} ${size[name] === 1 ? name.slice(0, -1) : name}`,
	);
	return `A full read of a tenant of ${said.join(", ")}:`;
}

function wrapped(text: string, width: number): string[] {
	return Number.isFinite(width) ? wrap(text, width) : [text];
}

function sum(plans: ReadPlan[], key: "requests" | "seconds"): number {
	return plans.reduce((total, plan) => total + plan[key], 0);
}
