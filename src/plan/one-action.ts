import type { ActionKind, ActionSpec, ActionTarget } from "../provider/action.js";
import type { Provider } from "../provider/provider.js";
import type { Stack } from "../stack/stack.js";
import { actionId, plainJson } from "./digest.js";
import type { SystemFacts } from "./facts.js";
import type { PlannablePart } from "./parts.js";
import type { PlannedAction } from "./plan.js";
import { actionSpecs } from "./specs.js";
import { untouchable } from "./untouchable.js";

/** A plan that can't be made: one sentence for the person who asked for it. */
export class PlanError extends Error {
	override readonly name = "PlanError";
}

/** An action named by a person or by the journal, not by a finding. */
export interface Asked {
	system: string;
	kind: ActionKind;
	target: ActionTarget;
	/** For the plan's reader. */
	note?: string;
}

export interface ActionContext {
	provider: Provider;
	facts: SystemFacts;
	stack: Stack;
}

/** The action for one part, or why it may not or cannot be. */
export function plannedAction(system: string, part: PlannablePart, context: ActionContext, operator: boolean): PlannedAction | { why: string } {
	const { provider, facts, stack } = context;
	const spec = actionSpecs(provider).find(({ kind }) => kind === part.kind);
	if (!spec) return { why: `${provider.title} has no ${part.kind}` };
	if (spec.operatorOnly && !operator) return { why: `${part.kind} is for an operator only, never for a policy` };
	const guarded = untouchable(stack, facts, part.target);
	if (guarded) return { why: guarded };
	const target = plainJson(part.target);
	const inverse = spec.reversible ? inverseOf(spec, target, part.precondition) : null;
	return {
		id: actionId(system, part.kind, target),
		system,
		kind: part.kind,
		target,
		label: part.label,
		findings: [],
		precondition: plainJson(part.precondition),
		effect: spec.effect,
		reversible: spec.reversible,
		inverse: inverse && plainJson(inverse),
		after: [],
	};
}

/** As far as it can be said beforehand; what is journaled comes from the target as it was right before. */
function inverseOf(spec: ActionSpec, target: ActionTarget, facts: Record<string, unknown>): PlannedAction["inverse"] {
	try {
		return spec.inverse(target, { exists: true, done: false, refused: null, facts, request: null });
	} catch {
		return null;
	}
}

const ofAccount: ActionKind[] = [
	"suspend-account",
	"unsuspend-account",
	"end-sessions",
	"expire-password",
	"deactivate-account",
	"reset-authenticators",
	"revoke-grants",
	"delete-authenticator",
	"unlock-account",
	"send-password-reset",
	"invite-account",
	"reset-account",
	"synchronize-account",
	"process-account",
	"delete-account",
];

/** The action for what a person asks, or what takes another back. */
export function fixedAction(asked: Asked, context: ActionContext, operator: boolean): PlannedAction | { why: string } {
	const { facts } = context;
	const { kind, target } = asked;
	const account = target.account === undefined ? null : facts.accounts.get(target.account);
	if (account === undefined) return { why: `there is no account ${target.account} in the newest scan` };
	const unread = context.provider.statusless ? facts.snapshot.unseen("accounts").has(account?.id ?? "") : account?.status === undefined;
	if (unread && account !== null) return { why: "the newest scan could not read this account whole, and nothing is done on incomplete data" };
	if (target.credential !== undefined && !facts.credentials.has(target.credential))
		return { why: `there is no credential ${target.credential} in the newest scan` };
	if (target.setting !== undefined && !facts.settings.some(({ id }) => id === target.setting))
		return { why: `there is no setting ${target.setting} in the newest scan` };
	const precondition = ofAccount.includes(kind) ? { exists: true, status: account?.status } : kind.startsWith("add-") ? {} : { exists: true };
	const owner = target.credential === undefined ? undefined : facts.credentials.get(target.credential)?.owner;
	const whole = owner && facts.accounts.has(owner) ? { ...target, account: owner } : target;
	return plannedAction(asked.system, { kind, target: whole, label: labelOf(asked, facts), precondition }, context, operator);
}

function labelOf({ kind, target, note }: Asked, facts: SystemFacts): string {
	const login = facts.accounts.get(target.account ?? "")?.login ?? target.account;
	const group = target.group === undefined ? null : (facts.groupNames.get(target.group) ?? target.group);
	const credential = target.credential === undefined ? null : (facts.credentials.get(target.credential)?.name ?? target.credential);
	const setting = target.setting === undefined ? null : (facts.settings.find(({ id }) => id === target.setting)?.name ?? target.setting);
	const what = [kind, credential, setting, login, target.role ?? target.assignment, group].filter(Boolean).join(" ");
	return note === undefined ? what : `${what} ${note}`;
}
