import type { ActionKind } from "../../src/provider/action.js";
import { needed } from "../../src/provider/action-error.js";
import { type Look, readBack } from "../../src/provider/read-back.js";
import { absent, accountFacts, type LiveAccount, liveAccount, sendOnce } from "./act-account.js";
import type { GoogleAction } from "./act-guard.js";
import type { GoogleConnection } from "./connection.js";
import { readScope, writeScope } from "./scopes.js";
import { ssoView } from "./sso.js";

/** A change of fields of the user by one PUT, which at Google changes only what it names. */
interface Change extends Pick<GoogleAction, "kind" | "reversible" | "effect" | "leadsTo" | "refusesStatus"> {
	body: Record<string, unknown>;
	scopes?: string[];
	holds(account: LiveAccount): boolean;
	says(account: LiveAccount): string;
	refuses(connection: GoogleConnection, account: LiveAccount): Promise<string | null> | string | null;
	inverse: ActionKind | null;
}

const refusesSuspend = (status: string): string | null =>
	status === "archived" || status === "deleted" ? `the account is ${status}: it can't sign in already` : null;
const refusesUnsuspend = (status: string): string | null =>
	status === "archived" || status === "deleted" ? `the account is ${status}, not suspended: bring it back in the Admin console` : null;

const statusLine = ({ status }: LiveAccount): string => `its status is ${status ?? "not said"}`;

const changes: Change[] = [
	{
		kind: "suspend-account",
		body: { suspended: true },
		reversible: true,
		effect:
			"The account can't sign in to Google; data, groups, roles and app grants stay, mail to it is refused. Sessions end soon and not at once: end them too.",
		leadsTo: ["suspended"],
		refusesStatus: refusesSuspend,
		holds: ({ status }) => status === "suspended",
		says: statusLine,
		refuses: (_, { status }) => (status === undefined ? "Google does not say what state the account is in" : refusesSuspend(status)),
		inverse: "unsuspend-account",
	},
	{
		kind: "unsuspend-account",
		body: { suspended: false },
		reversible: true,
		effect: "The account can sign in again, with everything it had.",
		leadsTo: ["active"],
		refusesStatus: refusesUnsuspend,
		holds: ({ status }) => status === "active",
		says: statusLine,
		refuses(_, { status, reason }) {
			if (status === undefined) return "Google does not say what state the account is in";
			if (status === "suspended" && reason !== undefined && reason !== "ADMIN")
				return `Google itself suspended the account (${reason}): restore it in the Admin console`;
			return refusesUnsuspend(status);
		},
		inverse: "suspend-account",
	},
	{
		kind: "expire-password",
		body: { changePasswordAtNextLogin: true },
		scopes: [readScope.sso, readScope.orgUnits],
		reversible: false,
		effect: "The user must set a new password at the next sign-in with the old one; sessions go on until they are ended.",
		refusesStatus: (status) => (status === "active" ? null : `the account is ${status}: it does not sign in`),
		holds: ({ mustChangePassword }) => mustChangePassword === true,
		says: ({ mustChangePassword }) => (mustChangePassword ? "a new password is asked for at the next sign-in" : "no new password is asked for"),
		async refuses(connection, { id, status, orgUnitPath, isAdmin }) {
			if (status !== "active") return `the account is ${status ?? "in a state that Google does not say"}: it does not sign in`;
			const view = await ssoView(connection, { scanStarted: connection.config.now() });
			const where = view.providerOf({ id, orgUnitPath, isAdmin });
			return where === "federated" ? "the account signs in through another identity provider: its Google password is not asked for" : null;
		},
		inverse: null,
	},
];

/** Suspend, unsuspend, ask for a new password. https://developers.google.com/workspace/admin/directory/reference/rest/v1/users/update */
export const lifecycleActions: GoogleAction[] = changes.map((change) => {
	const look = (connection: GoogleConnection, id: string) => async (): Promise<Look> => {
		const account = await liveAccount(connection, id);
		if (!account) return { holds: false, detail: "Google has no such account", request: null, final: true };
		return { holds: change.holds(account), detail: change.says(account), request: account.request };
	};
	return {
		kind: change.kind,
		scopes: [writeScope.users, ...(change.scopes ?? [])],
		reversible: change.reversible,
		operatorOnly: false,
		effect: change.effect,
		...(change.leadsTo && { leadsTo: change.leadsTo }),
		...(change.refusesStatus && { refusesStatus: change.refusesStatus }),
		async inspect(connection, target) {
			const account = await liveAccount(connection, needed(target, "account"));
			if (!account) return absent;
			const done = change.holds(account);
			return { exists: true, done, refused: done ? null : await change.refuses(connection, account), facts: accountFacts(account), request: account.request };
		},
		perform(connection, target) {
			const userKey = needed(target, "account");
			const request = { method: "PUT" as const, path: "/admin/directory/v1/users/{userKey}", params: { userKey }, body: change.body };
			return sendOnce(connection, () => connection.http.send(request), look(connection, userKey));
		},
		verify: (connection, target) => readBack(connection.config, look(connection, needed(target, "account")), 120_000),
		inverse: (target) => (change.inverse === null ? null : { kind: change.inverse, target: { account: needed(target, "account") } }),
	};
});
