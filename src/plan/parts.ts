import type { Finding } from "../model/finding.js";
import type { ActionKind, ActionTarget } from "../provider/action.js";
import type { Stack } from "../stack/stack.js";
import type { SystemFacts } from "./facts.js";
import { groupParts, roleParts } from "./role-parts.js";

/** One step towards the mend of a finding: a change that can be planned, or why there is none. */
export type Part = PlannablePart | MissingPart;

export interface PlannablePart {
	kind: ActionKind;
	target: ActionTarget;
	label: string;
	precondition: Record<string, unknown>;
}

export interface MissingPart {
	why: string;
	/** Without this step the finding stays. */
	needed: boolean;
}

const missing = (why: string, needed = true): MissingPart[] => [{ why, needed }];

/** What a policy's remediation words mean for the subject of one finding. */
export function partsOf(finding: Finding, facts: SystemFacts, stack: Stack): Part[] {
	return finding.remediation.flatMap((word) => partsOfWord(word, finding, facts, stack));
}

function partsOfWord(word: string, finding: Finding, facts: SystemFacts, stack: Stack): Part[] {
	const id = finding.subject.key.slice(facts.system.length + 1);
	const { kind } = finding.subject;
	switch (word) {
		case "notify":
			// Planned beside the changes: see `noticesFor`.
			return [];
		case "end-sessions":
		case "suspend-account":
		case "expire-password":
			return kind === "account" ? accountPart(word, id, facts) : missing(unfit(word, kind));
		case "remove-privileged-role":
			return kind === "account" ? withAccount(id, facts, () => roleParts(id, facts)) : missing(unfit(word, kind));
		case "remove-group-member":
			return kind === "account" ? withAccount(id, facts, () => groupParts(id, facts)) : missing(unfit(word, kind));
		case "revoke-credential":
			return kind === "credential" ? credentialPart(id, facts) : kind === "account" ? ownedCredentials(id, facts) : missing(unfit(word, kind));
		case "open-ticket":
			return kind === "setting" ? ticketPart(id, finding.subject.label, facts, stack) : missing(unfit(word, kind));
		case "fix-setting":
			return kind === "setting" ? settingPart(id, finding.subject.label, facts, stack) : missing(unfit(word, kind));
		default:
			return missing(word, false);
	}
}

function unfit(word: string, subject: string): string {
	return `${word} can't be planned for a ${subject}`;
}

/** Nothing is planned on an account that the newest scan did not read whole. */
function withAccount(id: string, facts: SystemFacts, parts: () => Part[]): Part[] {
	const account = facts.accounts.get(id);
	if (account?.status === undefined || account.enabled === undefined)
		return missing("the newest scan could not read this account whole, and nothing is done on incomplete data");
	return parts();
}

const verbs = { "end-sessions": "end the sessions of", "suspend-account": "suspend", "expire-password": "expire the password of" };

function accountPart(kind: keyof typeof verbs, id: string, facts: SystemFacts): Part[] {
	return withAccount(id, facts, () => {
		const account = facts.accounts.get(id);
		if (!account?.enabled)
			return missing(`${account?.login ?? id} can't sign in now (${account?.status}), so there is nothing to ${kind}`, kind === "expire-password");
		return [{ kind, target: { account: id }, label: `${verbs[kind]} ${account.login ?? id}`, precondition: { exists: true, status: account.status } }];
	});
}

function credentialPart(id: string, facts: SystemFacts): Part[] {
	const credential = facts.credentials.get(id);
	if (!credential) return missing("the newest scan could not read this credential, and nothing is done on incomplete data");
	const owner = credential.owner && facts.accounts.has(credential.owner) ? { account: credential.owner } : {};
	return [
		{ kind: "revoke-credential", target: { credential: id, ...owner }, label: `revoke ${credential.kind} ${credential.name}`, precondition: { exists: true } },
	];
}

function ownedCredentials(account: string, facts: SystemFacts): Part[] {
	const owned = [...facts.credentials.values()].filter(({ owner, active }) => owner === account && active !== false);
	const parts = owned.flatMap(({ id }) => credentialPart(id, facts));
	return facts.snapshot.complete("credentials") ? parts : [...parts, ...missing("credentials were not read to the end: there may be more of them")];
}

/** A setting that a system of this stack owns is mended there; another one becomes a ticket, once. */
function ticketPart(id: string, name: string, facts: SystemFacts, stack: Stack): Part[] {
	const verdict = facts.settings.find((record) => record.id === id)?.verdict;
	if (!verdict) return missing("the newest scan could not read it, and nothing is done on incomplete data");
	const [owner] = Object.entries(stack.systems).find(([, { provider }]) => provider === verdict.owner) ?? [];
	const where = verdict.console ? `, at ${verdict.console}` : "";
	if (owner)
		return missing(`${owner} owns it, which is a system of this stack: mend it there${where}; it counts as mended after the next look of ${facts.system}`);
	if (verdict.tickets === undefined || verdict.tickets.partial) return missing("it can't be said whether there is a ticket for it already");
	if (verdict.tickets.length > 0) return missing(`${verdict.tickets.join(", ")} is open for it; it counts as mended after the next look of ${facts.system}`);
	return [{ kind: "open-ticket", target: { setting: id }, label: `open a ticket for ${name}`, precondition: { exists: true } }];
}

function settingPart(id: string, name: string, facts: SystemFacts, stack: Stack): Part[] {
	const declared = Object.values(stack.settings).find((entry) => entry.system === facts.system && entry.setting === id);
	if (!declared) return missing(`declare what it should be under settings: ${facts.system}/${id}`);
	if (declared.mode === "observe") return missing(`${declared.path} is declared with mode observe: it is reported and not changed`);
	return [
		{ kind: "update-setting", target: { setting: id, values: declared.values }, label: `set ${name} as the stack file says`, precondition: { exists: true } },
	];
}
