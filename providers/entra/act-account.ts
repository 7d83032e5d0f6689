import type { ActionKind } from "../../src/provider/action.js";
import { type EntraAction, needed } from "./act-guard.js";
import { absent, accountFacts, type LiveAccount, liveAccount, outranked, syncedAway } from "./act-live.js";
import { type Look, readBack, sendOnce } from "./act-read-back.js";
import type { EntraConnection } from "./connection.js";
import { isGone, one } from "./read.js";
import { at, type Json, word } from "./schema.js";
import { statuses } from "./schema-account.js";

/** A change of an account by one PATCH. https://learn.microsoft.com/graph/api/user-update */
interface Move extends Pick<EntraAction, "kind" | "scopes" | "reversible" | "effect" | "leadsTo" | "refusesStatus"> {
	body: Json;
	holds(account: LiveAccount): boolean;
	refuses(connection: EntraConnection, account: LiveAccount): Promise<string | null>;
	inverse: ActionKind | null;
}

const moves: Move[] = [
	{
		kind: "suspend-account",
		scopes: ["User.EnableDisableAccount.All", "User.Read.All"],
		reversible: true,
		effect:
			"The account can't sign in any more; groups, roles, licences and authentication methods stay. Access tokens that are out live on for up to an hour: end its sessions too.",
		leadsTo: [statuses.disabled],
		refusesStatus: (status) => (status === statuses.deleted ? "a deleted account is in no state to be changed: restore it first" : null),
		body: { accountEnabled: false },
		holds: ({ enabled }) => enabled === false,
		refuses: async () => null,
		inverse: "unsuspend-account",
	},
	{
		kind: "unsuspend-account",
		scopes: ["User.EnableDisableAccount.All", "User.Read.All"],
		reversible: true,
		effect: "The account can sign in again, with everything it had.",
		refusesStatus: (status) => (status === statuses.deleted ? "a deleted account is in no state to be changed: restore it first" : null),
		body: { accountEnabled: true },
		holds: ({ enabled }) => enabled === true,
		refuses: async () => null,
		inverse: "suspend-account",
	},
	{
		kind: "expire-password",
		scopes: ["User-PasswordProfile.ReadWrite.All", "User.Read.All", "Domain.Read.All"],
		reversible: false,
		effect:
			"The user must set a new password at the next sign-in with one; sessions go on until they are ended, and whoever knows the old password may be the one who sets the new.",
		leadsTo: [statuses.newPassword],
		refusesStatus: (status) => (status === statuses.deleted ? "a deleted account is in no state to be changed: restore it first" : null),
		body: { passwordProfile: { forceChangePasswordNextSignIn: true } },
		holds: ({ raw }) => at(raw, "passwordProfile", "forceChangePasswordNextSignIn") === true,
		refuses: foreignPassword,
		inverse: null,
	},
];

/** The password is kept elsewhere. */
async function foreignPassword(connection: EntraConnection, { raw, guest }: LiveAccount): Promise<string | null> {
	if (guest) return "a guest's password is kept where the guest comes from";
	const domain = word(raw.userPrincipalName)?.split("@").at(-1);
	if (domain === undefined) return "Entra does not say by which name this account signs in";
	const answer = await one(connection, { method: "GET", path: "/v1.0/domains/{domain}", params: { domain } }, connection.config.signal);
	const type = "body" in answer ? word(at(answer.body, "authenticationType")) : undefined;
	if (type === "Managed") return null;
	if (type === "Federated") return `users of ${domain} sign in at another identity provider: they have no password in Entra`;
	return `it can't be said where users of ${domain} sign in`;
}

/** Suspend, unsuspend, expire the password. */
export const accountActions: EntraAction[] = moves.map(({ body, holds, refuses, inverse, ...move }) => {
	const look = (connection: EntraConnection, id: string) => async (): Promise<Look> => {
		const account = await liveAccount(connection, id);
		if (!account) return { holds: false, detail: "Entra has no such account", request: null };
		return { holds: holds(account), detail: `its status is ${account.status}`, request: account.request };
	};
	return {
		...move,
		operatorOnly: false,
		async inspect(connection, target) {
			const id = needed(target, "account");
			const account = await liveAccount(connection, id);
			if (!account)
				return (await isDeleted(connection, id))
					? { ...absent(), refused: "the account is deleted: restore it first", facts: { status: statuses.deleted } }
					: absent();
			const done = holds(account);
			const refused = done ? null : account.synced ? syncedAway : ((await refuses(connection, account)) ?? (await outranked(connection, id)));
			return { exists: true, done, refused, facts: accountFacts(account), request: account.request };
		},
		perform(connection, target) {
			const userId = needed(target, "account");
			return sendOnce(connection, { method: "PATCH", path: "/v1.0/users/{userId}", params: { userId }, body }, look(connection, userId));
		},
		verify: (connection, target) => readBack(connection, look(connection, needed(target, "account"))),
		inverse: (target) => (inverse === null ? null : { kind: inverse, target: { account: needed(target, "account") } }),
	};
});

async function isDeleted(connection: EntraConnection, id: string): Promise<boolean> {
	const answer = await one(connection, { method: "GET", path: "/v1.0/directory/deletedItems/{id}", params: { id } }, connection.config.signal);
	if ("body" in answer) return at(answer.body, "id") === id;
	if (isGone(answer.error) || answer.error.status === 404 || answer.error.status === 403) return false;
	throw answer.error;
}
