import type pc from "picocolors";
import { type FoundAccount, findPerson } from "../assess/lookup.js";
import type { Account } from "../model/account.js";
import type { AccountRisk, Assessment } from "../model/assessment.js";
import type { LinkEvidence } from "../model/person.js";
import { safeText } from "../report/sanitise.js";

const clean = (text: string) => safeText(text, "terminal");
const cleanLong = (text: string) => safeText(text, "terminal", 600);

/** Several accounts answer to one name: whose they are, and how each stands. */
export async function severalAccounts(
	found: FoundAccount[],
	assessment: Assessment,
	{ what, nameOf, c }: { what: string; nameOf(person: string): Promise<string | null>; c: ReturnType<typeof pc.createColors> },
): Promise<string> {
	const risks = new Map(assessment.accounts.map((risk) => [risk.key, risk]));
	const lines = ["", `${c.bold(clean(what))} is the name of ${found.length} accounts`];
	for (const [person, accounts] of byPerson(found)) {
		const worker = accounts.find(({ account }) => account.worker)?.account.worker;
		const whose = person === null ? "linked to nobody" : `${(await nameOf(person)) ?? "one person"}${worker ? ` (${worker.status ?? "status unknown"})` : ""}`;
		lines.push("", `  ${c.bold(clean(whose))}${person === null ? "" : c.dim(`  ${clean(person)}`)}`);
		for (const { account } of accounts) {
			const state = account.enabled === undefined ? "state unknown" : account.enabled ? "" : "can't sign in";
			const notes = [account.privileged ? "privileged" : "", account.breakGlass ? "break-glass" : "", state].filter(Boolean).join(", ");
			lines.push(`    ${clean(account.key)}  ${riskWords(risks.get(account.key))}${notes && c.dim(`  ${notes}`)}`);
		}
		for (const finding of assessment.findings)
			if (person !== null && finding.subject.kind === "person" && finding.subject.key === person && finding.state !== "fixed")
				lines.push(`    ${finding.outcome === "fail" ? c.red("✗") : c.yellow("?")} ${finding.severity} ${cleanLong(finding.message)}  ${c.dim(finding.id)}`);
	}
	const [first] = found;
	lines.push("", `Next: keelson explain ${clean(first?.account.key ?? "")} says why of one of them`);
	return `${lines.join("\n")}\n\n`;
}

function byPerson(found: FoundAccount[]): Map<string | null, FoundAccount[]> {
	const groups = new Map<string | null, FoundAccount[]>();
	for (const one of found) {
		const person = one.account.person ?? null;
		groups.set(person, [...(groups.get(person) ?? []), one]);
	}
	return groups;
}

function riskWords(risk: AccountRisk | undefined): string {
	return risk ? `risk ${risk.risk.score ?? "unknown"} ${risk.risk.band}` : "risk 0 low";
}

/** Why the accounts of a person belong together: of all the evidence, the surest that holds them all. */
export async function whyTogether(workspace: Parameters<typeof findPerson>[0], key: string, c: ReturnType<typeof pc.createColors>): Promise<string[]> {
	const person = await findPerson(workspace, key);
	if (!person || person.evidence.length === 0) return [];
	const surest = spanning(person.evidence);
	const lines = surest.map(({ from, to, detail, confidence }) => `    ${ends(from)} and ${ends(to)}: ${cleanLong(detail)}  ${c.dim(String(confidence))}`);
	const more = person.evidence.length - surest.length;
	return ["", c.bold("  One person, because"), ...lines, ...(more > 0 ? [c.dim(`    and ${more} more that say the same (--json)`)] : [])];
}

/** Which worker an account is held to be of, and by what. */
export async function whoseAccount(workspace: Parameters<typeof findPerson>[0], account: Account, c: ReturnType<typeof pc.createColors>): Promise<string[]> {
	const { worker, person } = account;
	if (!worker || person === undefined) return [];
	const last = typeof worker.ended === "number" ? `, last day ${new Date(worker.ended).toISOString().slice(0, 10)}` : "";
	const line = `worker ${worker.id} of the personnel file: ${worker.status ?? "status unknown"}${last}`;
	return ["", c.bold("  Whose it is"), `    ${cleanLong(line)}  ${c.dim(String(worker.confidence))}`, ...(await whyTogether(workspace, person, c))];
}

/** A hub that several records are linked to by the number they carry. */
function ends(key: string): string {
	return key.startsWith("#") ? `personnel number ${clean(key.slice(1))}` : clean(key);
}

/** The surest links that connect all, without those that say nothing more. */
function spanning(evidence: LinkEvidence[]): LinkEvidence[] {
	const parents = new Map<string, string>();
	const rootOf = (key: string): string => {
		const parent = parents.get(key);
		return parent === undefined ? key : rootOf(parent);
	};
	return [...evidence]
		.sort((a, b) => b.confidence - a.confidence)
		.filter(({ from, to }) => {
			const [one, other] = [rootOf(from), rootOf(to)];
			if (one !== other) parents.set(one, other);
			return one !== other;
		});
}
