import type { ActionKind } from "../../src/provider/action.js";
import { absent, accountFacts, type LiveAccount, liveAccount, underWay } from "./act-account.js";
import { needed, type OktaAction } from "./act-guard.js";
import { type Look, readBack, sendOnce } from "./act-read-back.js";
import type { OktaConnection } from "./connection.js";

/** A change of an account's status by one call. https://developer.okta.com/docs/api/openapi/okta-management/management/tag/UserLifecycle/ */
interface Move extends Pick<OktaAction, "kind" | "reversible" | "operatorOnly" | "effect"> {
	/** Last part of the path. */
	call: string;
	query?: Record<string, boolean>;
	/** Status that the change leads to. */
	to: string;
	/** The status that an account must be in; null = any will do. */
	from: string | null;
	/** What Okta does for accounts of that status alone. */
	does: string;
	/** Why Okta would refuse this account, whatever its status; null = it would not. */
	refuses?(account: LiveAccount): string | null;
	inverse: ActionKind | null;
}

const moves: Move[] = [
	{
		kind: "suspend-account",
		call: "suspend",
		to: "SUSPENDED",
		reversible: true,
		operatorOnly: false,
		effect:
			"The account can't sign in to Okta; groups, apps, roles and authenticators stay. It does not end sessions, and apps with sign-ins of their own go on.",
		from: "ACTIVE",
		does: "suspends",
		inverse: "unsuspend-account",
	},
	{
		kind: "unsuspend-account",
		call: "unsuspend",
		to: "ACTIVE",
		reversible: true,
		operatorOnly: false,
		effect: "The account can sign in again, with everything it had.",
		from: "SUSPENDED",
		does: "unsuspends",
		inverse: "suspend-account",
	},
	{
		kind: "expire-password",
		call: "expire_password",
		to: "PASSWORD_EXPIRED",
		reversible: false,
		operatorOnly: false,
		effect: "The user must set a new password at the next sign-in; the old one is asked for once more, and sessions go on until they are ended.",
		from: "ACTIVE",
		does: "expires the passwords of",
		refuses: ({ provider }) => foreignPassword(provider),
		inverse: null,
	},
	{
		kind: "deactivate-account",
		call: "deactivate",
		query: { sendEmail: false },
		to: "DEPROVISIONED",
		reversible: false,
		operatorOnly: true,
		effect:
			"The account is closed: app assignments and what they hold, authenticators, roles, sessions and API tokens are gone. Activating it again makes a bare account.",
		from: null,
		does: "deactivates",
		inverse: null,
	},
];

function wrongStatus({ from, does }: Move, status: string | undefined): string | null {
	return from === null || status === from ? null : `Okta ${does} ${from} accounts only, and this one is ${status}`;
}

/** The password is kept elsewhere: expiring it in Okta does nothing, or acts on another directory. */
function foreignPassword(provider: string | undefined): string | null {
	switch (provider) {
		case "OKTA":
		// Hashes imported into Okta are Okta's passwords.
		case "IMPORT":
			return null;
		case undefined:
			return "Okta does not say where the password of this account is kept";
		case "ACTIVE_DIRECTORY":
		case "LDAP":
			return `the password of this account is kept in ${provider === "LDAP" ? "LDAP" : "Active Directory"}: expire it there`;
		default:
			return `this account signs in through another identity provider (${provider}): it has no password in Okta`;
	}
}

/** Suspend, unsuspend, expire the password, deactivate. */
export const lifecycleActions: OktaAction[] = moves.map((move) => {
	const look = (connection: OktaConnection, id: string) => async (): Promise<Look> => {
		const account = await liveAccount(connection, id);
		if (!account) return { holds: false, detail: "Okta has no such account", request: null };
		const { status, transitioning, request } = account;
		return {
			holds: status === move.to && transitioning === null,
			detail: `its status is ${status}${transitioning ? `, on the way to ${transitioning}` : ""}`,
			request,
		};
	};
	return {
		kind: move.kind,
		scopes: ["okta.users.manage", "okta.users.read"],
		reversible: move.reversible,
		operatorOnly: move.operatorOnly,
		effect: move.effect,
		leadsTo: [move.to],
		refusesStatus: (status) => (status === move.to ? null : wrongStatus(move, status)),
		async inspect(connection, target) {
			const account = await liveAccount(connection, needed(target, "account"));
			if (!account) return absent;
			const done = account.status === move.to && account.transitioning === null;
			const busy = done ? null : underWay(account);
			return {
				exists: true,
				done,
				refused: done ? null : (busy ?? move.refuses?.(account) ?? wrongStatus(move, account.status)),
				...(busy !== null && { forNow: true as const }),
				facts: accountFacts(account),
				request: account.request,
			};
		},
		perform(connection, target) {
			const userId = needed(target, "account");
			const request = {
				method: "POST" as const,
				path: `/api/v1/users/{userId}/lifecycle/${move.call}`,
				params: { userId },
				...(move.query && { query: move.query }),
			};
			return sendOnce(connection, () => connection.http.client.send(request), look(connection, userId));
		},
		verify: (connection, target) => readBack(connection, look(connection, needed(target, "account"))),
		inverse: (target) => (move.inverse === null ? null : { kind: move.inverse, target: { account: needed(target, "account") } }),
	};
});
