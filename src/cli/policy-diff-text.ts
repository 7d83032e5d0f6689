import pc from "picocolors";
import { type ChangeKind, changeKinds, type PolicyChange, type PolicyDiff, type Side, type SubjectChange } from "../assess/policy-diff.js";
import { safeText } from "../report/sanitise.js";
import { counted, dataShare, moment, points, range, whole } from "../report/words.js";
import { colour } from "./output.js";

/** Names that a terminal shows for each policy and sign; `--json` has them all. */
const shownNames = 20;

const clean = (text: string, limit?: number) => safeText(text, "terminal", limit);

interface Shown extends PolicyDiff {
	base: string;
	tried: string[];
	newlyFlagged: number;
}

export function printDiff(diff: Shown, failOn: string): void {
	const c = pc.createColors(colour(process.stdout));
	const { policies, posture, same } = diff;
	const what = diff.tried.length > 0 ? `with ${clean(diff.tried.join(", "))}` : "by the working copy";
	const lines = ["", `${c.bold(`Policies ${what}, against ${clean(diff.base)}`)}  ${c.dim(`stored state of ${moment(diff.at)}`)}`, ""];
	for (const policy of policies) lines.push(...policyLines(policy, c), "");
	if (policies.length === 0) lines.push("No policy is added, removed or altered.", "");
	lines.push(
		`Posture ${points(posture.before.posture)} → ${points(posture.after.posture)}${spread(diff)}`,
		c.dim(`  before: ${dataShare(posture.before)}; after: ${dataShare(posture.after)}; ${counted(same, "policy", "policies")} as before`),
	);
	if (failOn !== "none" && diff.newlyFlagged > 0) lines.push("", c.red(`${counted(diff.newlyFlagged, "finding")} newly at ${failOn} or above`));
	process.stdout.write(`${lines.join("\n")}\n`);
}

function spread({ posture: { after } }: PolicyDiff): string {
	const words = range(after);
	return words === "" ? "" : `, ${words}`;
}

function policyLines(policy: PolicyChange, c: ReturnType<typeof pc.createColors>): string[] {
	const { severity, change, subjects } = policy;
	const word = change === "changed" ? "" : `  ${change === "added" ? c.green("added") : c.red("removed")}`;
	const lines = [`${c.bold(policy.policy)}  ${severity}${word}  ${totals(policy)}`];
	for (const line of alterations(policy)) lines.push(c.dim(`  ${line}`));
	const paint = { flagged: c.red, unknown: c.yellow, cleared: c.green, known: c.green, review: c.yellow, accepted: c.dim } satisfies Record<
		ChangeKind,
		(text: string) => string
	>;
	for (const kind of changeKinds) {
		const of = subjects.filter((one) => one.kind === kind);
		for (const one of of.slice(0, shownNames)) lines.push(`  ${paint[kind](signs[kind])} ${nameOf(one)}  ${c.dim(reason(one))}`);
		if (of.length > shownNames) lines.push(c.dim(`  ${signs[kind]} … and ${whole(of.length - shownNames)} more; --json has them all`));
	}
	return lines;
}

const signs = { flagged: "+", unknown: "?", cleared: "−", known: "=", review: "~", accepted: "·" } satisfies Record<ChangeKind, string>;

/** `+312, −4, 9 of them privileged`, then what is neither flagged nor cleared. */
function totals({ subjects, scope }: PolicyChange): string {
	const count = (kind: ChangeKind) => subjects.filter((one) => one.kind === kind).length;
	const decided = subjects.filter(({ kind }) => kind === "flagged" || kind === "cleared");
	const privileged = decided.filter((one) => one.privileged === true).length;
	// Who holds what is not read everywhere, and then nobody may be taken for unprivileged.
	const unsure = decided.filter((one) => one.privileged === null && one.subject.kind === "account").length;
	const some = (number: number, words: string, one = words) => (number > 0 ? [`${whole(number)} ${number === 1 ? one : words}`] : []);
	const parts = [
		`+${whole(count("flagged"))}`,
		`−${whole(count("cleared"))}`,
		...some(privileged, "of them privileged"),
		...some(unsure, "of them of unknown privilege"),
		...some(subjects.filter(({ breakGlass }) => breakGlass).length, "emergency accounts among them", "emergency account among them"),
		...some(count("unknown"), "become unknown", "becomes unknown"),
		...some(count("known"), "become known", "becomes known"),
		...some(count("review"), "to review"),
		...some(count("accepted"), "exempted or in the baseline"),
		...some(scope.more, "more pass that it did not apply to", "more passes that it did not apply to"),
		...some(scope.fewer, "passed and are not judged any more", "passed and is not judged any more"),
	];
	return parts.join(", ");
}

function alterations({ change, severityChange, params, keys, before, after }: PolicyChange): string[] {
	const lines: string[] = [];
	if (severityChange)
		lines.push(`severity ${severityChange.before} → ${severityChange.after}${after && after.fail > 0 ? `, ${whole(after.fail)} failing` : ""}`);
	for (const param of params) lines.push(`${param.name} ${value(param.before)} → ${value(param.after)}`);
	if (keys.length > 0) lines.push(`${keys.join(", ")} rewritten`);
	const sides = [before, after].map((side) => side && `${whole(side.fail)} fail, ${whole(side.pass)} pass, ${whole(side.unknown)} unknown`);
	if (change === "changed") lines.push(`${sides[0]} → ${sides[1]}`);
	else lines.push(sides.find((side) => side !== null) ?? "");
	return lines;
}

function value(of: unknown): string {
	return of === undefined ? "none" : clean(JSON.stringify(of));
}

function nameOf({ subject, privileged, breakGlass }: SubjectChange): string {
	const marks = [...(privileged ? ["privileged"] : []), ...(breakGlass ? ["emergency account"] : [])];
	const [system] = subject.key.split("/", 1);
	// Accounts of one person mostly have one login, and are told apart by their systems.
	const name =
		subject.kind === "account"
			? `${system}/${subject.label}`
			: subject.kind === "person" || subject.key === system
				? subject.label
				: `${subject.label} (${system})`;
	return `${clean(name)}${marks.length > 0 ? ` [${marks.join(", ")}]` : ""}`;
}

const sideWords = {
	pass: "passes",
	fail: "fails",
	unknown: "unknown",
	review: "to review",
	excepted: "exempted or in the baseline",
	"not-applicable": "not asked of it",
} satisfies Record<NonNullable<Side>, string>;

/** Of somebody newly flagged what is found; of the others what became of it. */
function reason({ kind, before, after, message }: SubjectChange): string {
	const words = (side: Side) => (side === null ? "no such policy" : sideWords[side]);
	if (kind === "flagged" && message !== undefined) return `${clean(message)}${before === "unknown" ? " (was unknown)" : ""}`;
	return `${words(before)} → ${words(after)}`;
}
