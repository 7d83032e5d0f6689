import { isGone } from "./act-read-back.js";
import type { OktaConnection } from "./connection.js";
import { one, whole } from "./read.js";
import { at, idOf, word } from "./schema.js";

/** Who Keelson is to this org. */
export interface OktaSelf {
	/** The owner of the API token in use. */
	accounts: string[];
	/** API tokens of that owner: Okta does not say which of them is in use. */
	credentials: string[];
	/** The service app in use; its app id and client id are the same. */
	clients: string[];
}

/** @throws HttpError when the owner of an API token can't be read */
export async function ownIdentity(connection: OktaConnection): Promise<OktaSelf> {
	const { credential, signal } = connection.config;
	if (credential.method !== "ssws")
		return { accounts: [], credentials: [], clients: typeof credential.clientId === "string" ? [credential.clientId.trim()] : [] };
	const me = await one(connection, { method: "GET", path: "/api/v1/users/me" }, signal);
	// A token without an owner in this org is nobody's account here.
	if ("error" in me && !isGone(me.error)) throw me.error;
	if ("error" in me) return { accounts: [], credentials: [], clients: [] };
	const owner = idOf(me.body);
	// Who may not list API tokens may not revoke any either.
	const { items } = await whole(connection, { method: "GET", path: "/api/v1/api-tokens" }, { scope: "okta.apiTokens.read", signal });
	const tokens = items.filter((token) => owner !== null && word(at(token, "userId")) === owner).map(idOf);
	return { accounts: owner === null ? [] : [owner], credentials: tokens.filter((id) => id !== null), clients: [] };
}
