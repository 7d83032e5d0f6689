import { matches } from "../assess/people.js";
import type { ActionTarget } from "../provider/action.js";
import type { Stack } from "../stack/stack.js";
import type { SystemFacts } from "./facts.js";

/** Why nothing may be done to this target, whoever asks; null = nothing stands against it. */
export function untouchable(stack: Stack, facts: SystemFacts, target: ActionTarget): string | null {
	const owner = target.credential === undefined ? null : facts.credentials.get(target.credential)?.owner;
	if (owner === undefined) return "it can't be said whose credential it is, and it may be a protected one";
	for (const id of [target.account, owner, target.credential]) {
		if (id === undefined || id === null) continue;
		if (facts.own.has(id)) return "it belongs to Keelson's own client";
		const login = facts.accounts.get(id)?.login;
		const named = (entries: Stack["people"]["breakGlass"]) => entries.some((entry) => entry.system === facts.system && matches(entry, { id, login }));
		if (named(stack.people.breakGlass)) return "it is an emergency account (people.breakGlass)";
		if (named(stack.remediation.guardrails.protect)) return "it is protected (remediation.guardrails.protect)";
	}
	return null;
}
