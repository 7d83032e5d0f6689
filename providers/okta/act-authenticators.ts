import { absent, accountFacts, liveAccount, underWay, wholeList } from "./act-account.js";
import { ActionError, needed, type OktaAction } from "./act-guard.js";
import { type Look, readBack, sendOnce } from "./act-read-back.js";
import type { OktaConnection } from "./connection.js";
import { at, word } from "./schema.js";

/** Types of the authenticators in use. E-mail may be enrolled again by policy at once. */
async function inUse(connection: OktaConnection, userId: string) {
	const found = await wholeList(connection, { method: "GET", path: "/api/v1/users/{userId}/factors", params: { userId } }, "okta.users.read");
	if (found === null) throw new ActionError(`Okta denies the authenticators of ${userId}`);
	const types = found.items.filter((item) => at(item, "status") === "ACTIVE").map((item) => word(at(item, "factorType")) ?? "unknown");
	return { types: types.filter((type) => type !== "email"), request: found.request };
}

const look = (connection: OktaConnection, userId: string) => async (): Promise<Look> => {
	const { types, request } = await inUse(connection, userId);
	return { holds: types.length === 0, detail: types.length === 0 ? "it has no authenticators in use" : `it still has ${types.join(", ")}`, request };
};

/** https://developer.okta.com/docs/api/openapi/okta-management/management/tag/UserLifecycle/ */
export const resetAuthenticators: OktaAction = {
	kind: "reset-authenticators",
	scopes: ["okta.users.manage", "okta.users.read"],
	reversible: false,
	operatorOnly: true,
	effect: "Every authenticator of the account is gone: until the user enrols again, the password alone may let in. It does not end sessions: end them first.",
	async inspect(connection, target) {
		const id = needed(target, "account");
		const account = await liveAccount(connection, id);
		if (!account) return absent;
		// Okta denies the factors of a deactivated account (okta/okta-sdk-java#646): it has none any more.
		const { types, request } = account.status === "DEPROVISIONED" ? { types: [], request: null } : await inUse(connection, id);
		const done = types.length === 0;
		const busy = done ? null : underWay(account);
		return {
			exists: true,
			done,
			refused: busy,
			...(busy !== null && { forNow: true as const }),
			facts: { ...accountFacts(account), authenticators: types },
			request: request ?? account.request,
		};
	},
	perform(connection, target) {
		const userId = needed(target, "account");
		const request = { method: "POST" as const, path: "/api/v1/users/{userId}/lifecycle/reset_factors", params: { userId } };
		return sendOnce(connection, () => connection.http.client.send(request), look(connection, userId));
	},
	verify: (connection, target) => readBack(connection, look(connection, needed(target, "account"))),
	inverse: () => null,
};
