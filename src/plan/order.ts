import type { ActionKind } from "../provider/action.js";
import { isNotice } from "./notices.js";
import type { PlannedAction } from "./plan.js";

/** Notices before all; then sessions and tokens before roles before accounts, settings last; among equals by system and label, then by id. */
const ranks: Record<ActionKind, number> = {
	notify: -1,
	"end-sessions": 0,
	"revoke-grants": 1,
	"revoke-credential": 1,
	"remove-role": 2,
	"remove-group-member": 2,
	"reset-authenticators": 3,
	"expire-password": 4,
	"suspend-account": 5,
	"deactivate-account": 6,
	"unsuspend-account": 7,
	"add-group-member": 8,
	"add-role": 8,
	"update-setting": 9,
	"delete-authenticator": 3,
	"disable-app": 5,
	"enable-app": 7,
	"unlock-account": 7,
	"send-password-reset": 4,
	"invite-account": 8,
	"reset-account": 6,
	"synchronize-account": 8,
	"process-account": 8,
	"delete-account": 10,
	"open-ticket": 11,
	"close-ticket": 11,
};

/**
 * The actions in the order in which they are made, each with what must have held before: the earlier ones on the same account.
 * A notice is one of these only where it is `required`.
 */
export function ordered(actions: PlannedAction[], required = false): PlannedAction[] {
	const sorted = [...actions].sort((a, b) => ranks[a.kind] - ranks[b.kind] || compare(a.system, b.system) || compare(a.label, b.label) || compare(a.id, b.id));
	return sorted.map((action, index) => ({
		...action,
		after: sorted
			.slice(0, index)
			.filter((earlier) => sameAccount(earlier, action) && ranks[earlier.kind] < ranks[action.kind] && (required || !isNotice(earlier)))
			.map(({ id }) => id),
	}));
}

/** The reverse of an order that was carried out: each action after all later ones on the same account. */
export function chained(actions: PlannedAction[]): PlannedAction[] {
	return actions.map((action, index) => ({
		...action,
		after: actions
			.slice(0, index)
			.filter((earlier) => sameAccount(earlier, action))
			.map(({ id }) => id),
	}));
}

function sameAccount(a: PlannedAction, b: PlannedAction): boolean {
	return a.system === b.system && a.target.account !== undefined && a.target.account === b.target.account;
}

function compare(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
