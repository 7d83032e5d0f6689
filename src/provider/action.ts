import type { Millis } from "../model/known.js";
import type { RequestRef } from "../model/snapshot.js";
import type { Connection } from "./provider.js";

/** The kinds of change Keelson can make. A provider says which of them its vendor has; `notify` is no vendor's: a mail to a person. */
export const actionKinds = [
	"suspend-account",
	"unsuspend-account",
	"end-sessions",
	"expire-password",
	"remove-role",
	"add-role",
	"remove-group-member",
	"add-group-member",
	"deactivate-account",
	"reset-authenticators",
	"revoke-credential",
	"revoke-grants",
	"update-setting",
	"delete-authenticator",
	"disable-app",
	"enable-app",
	"unlock-account",
	"send-password-reset",
	"invite-account",
	"reset-account",
	"synchronize-account",
	"process-account",
	"delete-account",
	"open-ticket",
	"close-ticket",
	"notify",
] as const;
export type ActionKind = (typeof actionKinds)[number];

/** What an action names: immutable ids only. */
export interface ActionTarget {
	/** Vendor id of the account, or of the principal that loses something. */
	account?: string;
	group?: string;
	/** Vendor id of the role assignment. */
	assignment?: string;
	role?: string;
	/** Resource set that narrows a custom role. */
	scope?: string;
	credential?: string;
	/** Vendor id of one of the account's authenticators. */
	authenticator?: string;
	app?: string;
	/** Key of a ticket that is closed. */
	ticket?: string;
	/** Setting record id `<kind>/<id>` and the values to be. */
	setting?: string;
	values?: Record<string, unknown>;
	/** Who is told: whose account it is, that person's manager, or the owner of the credential. */
	tell?: "person" | "manager" | "owner";
}

/** One kind of change as a vendor does it. Run only by `src/apply`. */
export interface ActionSpec<C extends Connection = Connection> {
	kind: ActionKind;
	scopes: string[];
	reversible: boolean;
	/** Never proposed by a policy; needs its own flag. */
	operatorOnly: boolean;
	/** What the change does and does not do, one sentence for the plan's reader. */
	effect: string;
	/** Status words, the vendor's own, that the change leaves the account in; absent: it leaves the status as it was. */
	leadsTo?: readonly string[];
	/** Why the vendor would refuse an account in this status, its own word; null = it would not. A plan holds no action that is sure to be refused. */
	refusesStatus?(status: string): string | null;
	/** Reads the target live. Never writes. `interrupted`: the facts seen right before a call whose end nobody saw; only with them can something be `halfDone`. */
	inspect(connection: C, target: ActionTarget, interrupted?: Record<string, unknown>): Promise<Inspection>;
	/**
	 * Makes the change. Throws `ActionError`. A repeat after success must do no harm. `before`: what `inspect` saw right before;
	 * where it is given, an object that has changed since is refused, and one that is `halfDone` is finished.
	 */
	perform(connection: C, target: ActionTarget, before?: Inspection): Promise<RequestRef>;
	/** Reads back until the change shows or the budget ends. */
	verify(connection: C, target: ActionTarget, before: Inspection): Promise<Verification>;
	/** The action that undoes it, from what `inspect` saw before; null = irreversible. */
	inverse(target: ActionTarget, before: Inspection): { kind: ActionKind; target: ActionTarget } | null;
}

/** The target as it is now. */
export interface Inspection {
	exists: boolean;
	/** Nothing to do: the change already holds. */
	done: boolean;
	/** Why the vendor would refuse, or why the change would not last (a group rule, a synced group); null = it can be done. */
	refused: string | null;
	/** `refused` holds for a while only. */
	forNow?: true;
	/** An interrupted call has left the change in the middle, and `perform` would finish it. */
	halfDone?: true;
	/** Facts the precondition compares with the plan (`status: ACTIVE`), no secrets. */
	facts: Record<string, unknown>;
	request: RequestRef | null;
}

export interface Verification {
	holds: boolean;
	/** `read back` proves; `accepted` is all the vendor lets be seen (session revocation), said so in the report. */
	proof: "read-back" | "log-event" | "accepted";
	detail: string;
	at: Millis;
	request: RequestRef | null;
}
