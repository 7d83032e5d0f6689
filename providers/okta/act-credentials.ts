import { absent, accountFacts, liveAccount, wholeList } from "./act-account.js";
import { ActionError, needed, type OktaAction } from "./act-guard.js";
import { isGone, type Look, readBack, sendOnce } from "./act-read-back.js";
import type { OktaConnection } from "./connection.js";
import { one } from "./read.js";
import { at, word } from "./schema.js";

const tokenPath = "/api/v1/api-tokens/{apiTokenId}";

const tokenLook = (connection: OktaConnection, id: string) => async (): Promise<Look & { owner?: string; name?: string }> => {
	const answer = await one(connection, { method: "GET", path: tokenPath, params: { apiTokenId: id } }, connection.config.signal);
	if ("body" in answer) {
		const [owner, name] = [word(at(answer.body, "userId")), word(at(answer.body, "name"))];
		return {
			holds: false,
			detail: "the API token is still there",
			request: answer.request,
			...(owner !== undefined && { owner }),
			...(name !== undefined && { name }),
		};
	}
	if (isGone(answer.error)) return { holds: true, detail: "Okta has no such API token any more", request: answer.error.request };
	throw answer.error;
};

/** https://developer.okta.com/docs/api/openapi/okta-management/management/tag/ApiToken/ */
export const revokeCredential: OktaAction = {
	kind: "revoke-credential",
	scopes: ["okta.apiTokens.manage", "okta.apiTokens.read"],
	reversible: false,
	operatorOnly: false,
	effect:
		"The API token stops working at once and for good; its owner's account and other tokens stay. Whatever calls Okta with it breaks. Secrets, keys and grants of apps are not revoked here.",
	async inspect(connection, target) {
		const id = needed(target, "credential");
		const { holds: gone, request, owner, name } = await tokenLook(connection, id)();
		if (!gone) {
			const { accounts } = await connection.self();
			const refused = owner !== undefined && accounts.includes(owner) ? "its owner's API token is what Keelson itself uses: it is never revoked here" : null;
			return { exists: true, done: false, refused, facts: { ...(owner !== undefined && { owner }), ...(name !== undefined && { name }) }, request };
		}
		// A secret or key of an app has an id too, and is not revoked by being no API token.
		const isToken = id.startsWith("00T");
		return {
			exists: false,
			done: isToken,
			refused: isToken ? null : "Okta has no API token with this id; secrets, keys and grants of apps are revoked in the Admin Console",
			facts: {},
			request,
		};
	},
	perform(connection, target) {
		const id = needed(target, "credential");
		return sendOnce(
			connection,
			() => connection.http.client.send({ method: "DELETE", path: tokenPath, params: { apiTokenId: id } }),
			tokenLook(connection, id),
		);
	},
	verify: (connection, target) => readBack(connection, tokenLook(connection, needed(target, "credential"))),
	inverse: () => null,
};

const grantsPath = "/api/v1/users/{userId}/grants";

async function grants(connection: OktaConnection, userId: string) {
	const found = await wholeList(connection, { method: "GET", path: grantsPath, params: { userId }, query: { limit: 200 } }, "okta.users.read");
	if (found === null) throw new ActionError(`Okta denies the grants of ${userId}`);
	return found;
}

const grantsLook = (connection: OktaConnection, userId: string) => async (): Promise<Look> => {
	const found = await grants(connection, userId);
	const left = found.items.length;
	return { holds: left === 0, detail: left === 0 ? "it has no grants" : `it still has ${left} grants`, request: found.request };
};

/** https://developer.okta.com/docs/api/openapi/okta-management/management/tag/UserGrant/ */
export const revokeGrants: OktaAction = {
	kind: "revoke-grants",
	scopes: ["okta.users.manage", "okta.users.read"],
	reversible: false,
	operatorOnly: false,
	effect:
		"Apps lose what this user consented to, and are refused at the next use; the user can consent again. Access tokens that were given out live until they expire, and sessions go on.",
	async inspect(connection, target) {
		const id = needed(target, "account");
		const account = await liveAccount(connection, id);
		if (!account) return absent;
		// Okta denies the grants of a deactivated account: it has none any more.
		const found = account.status === "DEPROVISIONED" ? null : await grants(connection, id);
		const count = found?.items.length ?? 0;
		return { exists: true, done: count === 0, refused: null, facts: { ...accountFacts(account), grants: count }, request: found?.request ?? account.request };
	},
	perform(connection, target) {
		const userId = needed(target, "account");
		return sendOnce(connection, () => connection.http.client.send({ method: "DELETE", path: grantsPath, params: { userId } }), grantsLook(connection, userId));
	},
	verify: (connection, target) => readBack(connection, grantsLook(connection, needed(target, "account"))),
	inverse: () => null,
};
