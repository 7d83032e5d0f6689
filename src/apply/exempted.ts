import { matches } from "../assess/people.js";
import type { SystemFacts } from "../plan/facts.js";
import type { Plan } from "../plan/plan.js";
import type { Exemption, Stack } from "../stack/stack.js";

/** Live exemptions of one account, whatever their policy. */
export function exemptionsOf(stack: Pick<Stack, "exemptions">, now: number, system: string, account: { id: string; login?: string | undefined }): Exemption[] {
	return stack.exemptions.filter(({ expires, subject }) => {
		if (expires <= now) return false;
		return "key" in subject ? subject.key === `${system}/${account.id}` : subject.system === system && matches(subject, account);
	});
}

/**
 * Changes that answer no finding (a person's own, an undo, a declared one), on accounts under an exemption: no guardrail stands against them, and whoever
 * makes them should know. One line each.
 */
export function exemptionWarnings({ plan, stack, now }: { plan: Plan; stack: Stack; now(): number }, facts: Map<string, SystemFacts>): string[] {
	const lines = plan.actions.flatMap(({ system, target: { account: id }, label, findings }) => {
		if (id === undefined || findings.length > 0) return [];
		const login = facts.get(system)?.accounts.get(id)?.login;
		return exemptionsOf(stack, now(), system, { id, login }).map((exemption) => `${label}: ${exemptionText(exemption)}`);
	});
	return [...new Set(lines)];
}

/** What an exemption says, after the name of who it is for. */
export function exemptionText({ policy, owner, reason, expiresText, compensatedBy }: Exemption): string {
	const condition = compensatedBy === undefined ? "" : `, while ${compensatedBy} passes`;
	return `the account is exempt from ${policy} until ${expiresText}${condition} (${owner}: ${reason})`;
}
