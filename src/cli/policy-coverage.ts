import pc from "picocolors";
import { type FieldNeed, type PolicyNeeds, policyCoverage, type SystemDelivery } from "../assess/policy-coverage.js";
import type { SubjectKind } from "../model/finding.js";
import { checksOf } from "../report/checks.js";
import { safeText } from "../report/sanitise.js";
import { collectionWords, counted, moment, whole } from "../report/words.js";
import { CliError, type ExitCode, exitCodes } from "./exit.js";
import { colour } from "./output.js";
import { surroundingsOf } from "./report-places.js";
import { type CommonOptions, openWorkspace } from "./workspace.js";

/** `keelson policy coverage`: what the policies in force need to know, and what the newest scans tell. No network, nothing stored. */
export async function coverage(options: CommonOptions): Promise<ExitCode> {
	const workspace = await openWorkspace(options);
	try {
		const found = await policyCoverage(workspace);
		if (!found) throw new CliError("nothing is stored yet: run keelson scan");
		const checks = checksOf(found.assessment, surroundingsOf(workspace.stack, workspace.policies));
		const unread = new Map(checks.map(({ policy, unknown }) => [policy, unknown.unread]));
		const { at, systems } = found.coverage;
		const policies = found.coverage.policies.map((one) => ({ ...one, unread: unread.get(one.policy) ?? [] }));
		const idle = policies.filter(({ evaluated }) => evaluated === 0).map(({ policy }) => policy);
		if (options.json) process.stdout.write(`${JSON.stringify({ at: new Date(at).toISOString(), systems, appliesToNothing: idle, policies }, null, 2)}\n`);
		else {
			const c = pc.createColors(colour(process.stdout));
			const missing = systems.filter(({ scanned }) => !scanned).map(({ system }) => system);
			const head = `${c.bold("What the policies in force have to go by")}  ${c.dim(`stored state of ${moment(at)}`)}`;
			const lines = ["", head, ...(missing.length > 0 ? [c.yellow(`never scanned: ${missing.join(", ")}`)] : []), ""];
			for (const policy of policies) lines.push(...policyLines(policy, c), "");
			lines.push(...ending(policies));
			process.stdout.write(`${lines.join("\n")}\n`);
		}
		return exitCodes.fine;
	} finally {
		await workspace.close();
	}
}

interface Shown extends PolicyNeeds {
	/** Lists of subjects that were not read whole. */
	unread: string[];
}

function policyLines(policy: Shown, c: ReturnType<typeof pc.createColors>): string[] {
	const { evaluated, unread } = policy;
	const paint = evaluated === 0 || policy.unknown > 0 || unread.length > 0 ? c.yellow : (text: string) => text;
	const lines = [`${c.bold(policy.policy)}  ${policy.severity}, ${policy.for}`, `  ${paint(result(policy))}`];
	if (unread.length > 0 && evaluated > 0) lines.push(`  ${c.yellow(`there may be more: ${unread.join("; ")}`)}`);
	for (const source of [...new Set(policy.fields.map((field) => field.source))]) {
		const fields = policy.fields.filter((field) => field.source === source);
		lines.push(c.dim(`  ${fields.map(({ field }) => field.split(".").slice(1).join(".")).join(", ")}  ← ${sourceWords(source, fields)}`));
	}
	return lines;
}

const subjectWords = {
	account: ["account"],
	person: ["person", "people"],
	credential: ["token or secret", "tokens and secrets"],
	device: ["device"],
	group: ["group"],
	app: ["app"],
	setting: ["setting"],
	system: ["system"],
	managed: ["declared object"],
} satisfies Record<SubjectKind, [string] | [string, string]> as Record<SubjectKind, [string, string?]>;

/** Nothing evaluated is said in words: a share of nothing would read as all. */
function result({ pass, fail, unknown, review, excepted, notApplicable, evaluated, decided, nothing, unread, for: kind }: Shown): string {
	if (decided === null) {
		const [one, many] = subjectWords[kind];
		if (nothing === "all-apart") return `applies to nothing, and says nothing: of ${counted(notApplicable, one, many)} it is meant for none`;
		return unread.length > 0 ? `says nothing: ${unread.join("; ")}` : `applies to nothing, and says nothing: the scans hold no ${one}`;
	}
	const parts = [
		`${whole(pass)} pass`,
		`${whole(fail)} fail`,
		`${whole(unknown)} unknown`,
		...(review > 0 ? [`${whole(review)} to review`] : []),
		...(excepted > 0 ? [`${whole(excepted)} excepted`] : []),
	];
	return `${parts.join(", ")} of ${whole(evaluated)}: ${Math.floor(decided * 100)} % decided${notApplicable > 0 ? `; not asked of ${whole(notApplicable)}` : ""}`;
}

function sourceWords(source: FieldNeed["source"], fields: FieldNeed[]): string {
	const listed = source !== "stack" && source !== "derived";
	const name = listed ? collectionWords[source] : source === "stack" ? "the stack file" : "worked out by Keelson";
	const systems = [...new Set(fields.flatMap((field) => field.systems.map(({ system }) => system)))];
	const told = systems.map((system) => systemWords(system, fields)).filter((text) => text !== null);
	if (told.length > 0) return `${name}: ${told.join(", ")}`;
	return listed ? `${name}: no connected system delivers them` : name;
}

/** What a system delivers of one list, or what its subjects lack of it. Null: it has nothing to do with these fields. */
function systemWords(system: string, fields: FieldNeed[]): string | null {
	const of = fields.map((field) => ({ field: field.field, ...(field.systems.find((one) => one.system === system) as SystemDelivery) }));
	const gaps = of.filter(({ state }) => state === "missing" || state === "partial");
	const list = of[0]?.coverage ?? null;
	// What a subject has although its system offers no such list comes from another system's.
	if (gaps.length === 0 && list === null) return null;
	const read = list === "partial" ? " (read in part)" : list === "unreadable" ? " (not read)" : "";
	const words = gaps
		.filter(({ asked }) => asked > 0)
		.map(({ field, asked, lacking }) => `${field.split(".")[1]} lacking for ${whole(lacking)} of ${whole(asked)}`);
	const none = of.every(({ state }) => state === "missing") ? "not " : "";
	return `${none}${safeText(system, "terminal")}${read}${words.length > 0 ? ` (${words.join(", ")})` : ""}`;
}

function ending(policies: Shown[]): string[] {
	const idle = policies.filter(({ evaluated }) => evaluated === 0);
	const gaps = policies.filter(({ evaluated, unknown, review }) => evaluated > 0 && unknown + review > 0);
	const entire = policies.length - idle.length - gaps.length;
	return [
		`${counted(policies.length, "policy", "policies")}: ${whole(entire)} decided for everybody they apply to, ${whole(gaps.length)} in part, ${whole(idle.length)} for nobody`,
		...(idle.length > 0 ? [`apply to nothing: ${idle.map(({ policy }) => policy).join(", ")}`] : []),
	];
}
