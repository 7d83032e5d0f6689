import { matches } from "../assess/people.js";
import type { ActionTarget } from "../provider/action.js";
import type { Stack } from "../stack/stack.js";
import type { SystemFacts } from "./facts.js";
import { groupReached } from "./reach.js";

/** Why nothing may be done to this target, whoever asks; null = nothing stands against it. */
export function untouchable(stack: Stack, facts: SystemFacts, target: ActionTarget): string | null {
	const owner = target.credential === undefined ? null : facts.credentials.get(target.credential)?.owner;
	if (owner === undefined) return "it can't be said whose credential it is, and it may be a protected one";
	for (const id of [target.account, owner, target.credential]) {
		const why = id === undefined || id === null ? null : guarded(stack, facts, id);
		if (why) return `it ${why}`;
	}
	return untouchableGroup(stack, facts, target);
}

/** What is done to a group is done to each of its members. */
function untouchableGroup(stack: Stack, facts: SystemFacts, target: ActionTarget): string | null {
	const group = groupReached(target);
	if (group === null) return null;
	const name = facts.groupNames.get(group) ?? group;
	const members = facts.members.get(group);
	if (!members) return `it can't be said who is in ${name}: ${membershipGap(facts)}, and a protected account may be`;
	for (const id of members) {
		const account = facts.accounts.get(id);
		const why = guarded(stack, facts, id);
		if (why) return `${account?.login ?? id} is in ${name}, and ${why}`;
		if (account?.login === undefined || account.status === undefined) return `${id} is in ${name}, and the newest scan could not read this account whole`;
	}
	return null;
}

function membershipGap({ snapshot }: SystemFacts): string {
	const coverage = snapshot.coverage("memberships");
	const why = coverage?.reasons[0]?.detail;
	return `memberships are ${coverage?.state ?? "unread"}${why ? ` (${why})` : ""}`;
}

function guarded(stack: Stack, facts: SystemFacts, id: string): string | null {
	if (facts.own.has(id)) return "belongs to Keelson's own client";
	const login = facts.accounts.get(id)?.login;
	const named = (entries: Stack["people"]["breakGlass"]) => entries.some((entry) => entry.system === facts.system && matches(entry, { id, login }));
	if (named(stack.people.breakGlass)) return "is an emergency account (people.breakGlass)";
	return named(stack.remediation.guardrails.protect) ? "is protected (remediation.guardrails.protect)" : null;
}
