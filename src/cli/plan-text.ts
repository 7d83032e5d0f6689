import pc from "picocolors";
import type { Refusal } from "../apply/guardrails.js";
import type { LockOutProof } from "../plan/lockout.js";
import type { Plan } from "../plan/plan.js";
import { safeText } from "../report/sanitise.js";

export interface PlanView {
	/** Where it was written; null when it holds no action. */
	file: string | null;
	/** What an apply would be refused for as things stand. */
	refusals: Refusal[];
	proofs: LockOutProof[];
	/** What whoever applies should know. */
	warnings?: string[];
	color: boolean;
}

type Colors = ReturnType<typeof pc.createColors>;
const clean = (text: string) => safeText(text, "terminal");
/** Guardrails list accounts: longer than a name. */
const cleanLong = (text: string) => safeText(text, "terminal", 2000);
const many = (count: number, one: string, more = `${one}s`) => `${count} ${count === 1 ? one : more}`;
/** Lines of one kind shown at most; the file holds all. */
const shown = 20;

/** A plan for a person at a terminal. */
export function renderPlan(plan: Plan, view: PlanView): string {
	const c = pc.createColors(view.color);
	const lines = [
		"",
		`${c.bold(`Plan for ${clean(plan.tenant)}`)}  ${c.dim(plan.digest.slice(0, 8))}${plan.undoes ? `  takes back ${plan.undoes.slice(0, 8)}` : ""}`,
	];
	if (plan.actions.length === 0) lines.push("  nothing to change");
	else lines.push(...actionLines(plan, c), "", ...blastLines(plan, c));
	lines.push(...leftOutLines(plan, c), ...proofLines(view.proofs, c));
	for (const warning of view.warnings ?? []) lines.push("", c.yellow(`Warning: ${cleanLong(warning)}`));
	if (view.refusals.length > 0) {
		lines.push("", c.yellow(c.bold("As things stand, keelson apply would refuse it")));
		for (const { message } of view.refusals) lines.push(c.yellow(`  ${cleanLong(message)}`));
	}
	if (view.file)
		lines.push(
			"",
			`Written to ${c.bold(clean(view.file))}`,
			`Next: have it reviewed, then keelson apply ${clean(view.file)}${plan.operator ? " --operator" : ""}`,
		);
	return `${lines.join("\n")}\n\n`;
}

function actionLines(plan: Plan, c: Colors): string[] {
	const lines: string[] = [];
	const told = new Set<string>();
	const several = new Set(plan.actions.map(({ system }) => system)).size > 1;
	for (const [index, action] of plan.actions.slice(0, shown).entries()) {
		const back = action.inverse ? `undone by ${action.inverse.kind}` : "can be undone";
		const marks = action.reversible ? c.dim(back) : c.red("can't be taken back");
		lines.push("", `${String(index + 1).padStart(3)}. ${c.bold(clean(action.label))}${several ? ` in ${clean(action.system)}` : ""}  ${marks}`);
		for (const finding of action.findings) lines.push(`     ${clean(finding.message)}  ${c.dim(`${finding.policy} ${finding.id}`)}`);
		const places = action.after.map((id) => plan.actions.findIndex((one) => one.id === id) + 1).filter((place) => place > 0);
		const notes = [told.has(action.kind) ? "" : safeText(action.effect, "terminal", 500), places.length > 0 ? `After ${places.join(", ")}.` : ""].filter(
			Boolean,
		);
		told.add(action.kind);
		if (notes.length > 0) lines.push(c.dim(`     ${notes.join(" ")}`));
	}
	if (plan.actions.length > shown) lines.push("", c.dim(`     and ${plan.actions.length - shown} more in the file`));
	return lines;
}

/** Those with an account in the plan: a ticket touches none. */
function touchedSystems({ bySystem }: Plan["blast"]): [string, Plan["blast"]["bySystem"][string]][] {
	return Object.entries(bySystem).filter(([, { accounts }]) => accounts > 0);
}

function blastLines({ blast, score }: Plan, c: Colors): string[] {
	const systems = touchedSystems(blast).map(
		([system, { accounts, enabledAccounts }]) => `${clean(system)}: ${accounts}${enabledAccounts === null ? "" : ` of ${enabledAccounts} enabled`}`,
	);
	const where = systems.length > 0 ? ` (${systems.join("; ")})` : "";
	const kinds = Object.entries(blast.byKind).map(([kind, count]) => `${kind} ${count}`);
	const lines = [
		`${c.bold("Touches")} ${many(blast.accounts, "account")}${where}, ${blast.privilegedAccounts} privileged; ${blast.irreversible === 0 ? "all can be taken back" : `${blast.irreversible} can't be taken back`}`,
		`  ${kinds.join(" · ")}`,
	];
	for (const { name, members, privileged } of blast.groups ?? [])
		lines.push(
			`  every member of ${clean(name)}: ${members === null ? "who they are is unknown" : many(members, "account")}, ${privileged ?? "unknown how many"} privileged`,
		);
	for (const { name, for: who } of (blast.settings ?? []).slice(0, shown))
		lines.push(`  ${clean(name)} is for ${who === null ? "an unknown number of accounts" : who === "everyone" ? "everyone" : many(who, "account")}`);
	if (score.after !== null) lines.push(`${c.bold("Posture")} ${points(score.before)} → ${points(score.after)}`);
	for (const account of [...score.accounts].sort((a, b) => (b.before ?? 0) - (a.before ?? 0)).slice(0, 5))
		lines.push(`  ${clean(account.label)}  risk ${points(account.before)} → ${points(account.after)}`);
	return lines;
}

function leftOutLines({ notPlanned }: Plan, c: Colors): string[] {
	if (notPlanned.length === 0) return [];
	const lines = ["", c.bold("Not planned")];
	const byWhy = new Map<string, string[]>();
	for (const { policy, label, why } of notPlanned) byWhy.set(`${policy}\n${why}`, [...(byWhy.get(`${policy}\n${why}`) ?? []), label]);
	for (const [key, labels] of [...byWhy].slice(0, shown)) {
		const [policy = "", why = ""] = key.split("\n");
		lines.push(`  ${labels.length === 1 ? clean(labels[0] ?? "") : `${labels.length} findings`}: ${cleanLong(why)}${policy ? `  ${c.dim(policy)}` : ""}`);
	}
	if (byWhy.size > shown) lines.push(c.dim(`  and ${byWhy.size - shown} more in the file`));
	return lines;
}

/** Who provably still gets in, and by which way. */
export function proofLines(proofs: LockOutProof[], c: Colors): string[] {
	return proofs.flatMap((proof) => {
		const lines = [
			"",
			`${c.bold("Who still gets in")}  ${clean(proof.system)}: ${many(proof.witnesses.length, "administrator")} by proof, ${proof.needed} needed`,
		];
		for (const one of proof.witnesses.slice(0, shown))
			lines.push(
				`  ${c.green("✓")} ${clean(one.label)}${one.breakGlass ? " (emergency)" : ""}: ${clean(one.role)}, ${clean(one.authenticator)}, ${one.rules.map(clean).join(", ")}${one.from === undefined ? "" : `, from ${clean(one.from)} only`}`,
			);
		for (const { label, why } of proof.countedOut.slice(0, shown)) lines.push(`  ${c.dim("–")} ${clean(label)}: ${c.dim(clean(why))}`);
		for (const caveat of proof.caveats) lines.push(`  ${c.yellow("!")} ${cleanLong(caveat)}`);
		if (proof.countedOut.length > shown) lines.push(c.dim(`    and ${proof.countedOut.length - shown} more not counted on`));
		return lines;
	});
}

function points(value: number | null): string {
	return value === null ? "unknown" : String(value);
}
