import { type EntraAction, needed } from "./act-guard.js";
import { absent, accountFacts, liveAccount } from "./act-live.js";
import { readBack } from "./act-read-back.js";
import { stamp } from "./schema.js";

/** The moment from which sessions count is kept in whole seconds, by the vendor's clock. */
const grain = 5_000;

/** https://learn.microsoft.com/graph/api/user-revokesigninsessions */
export const endSessions: EntraAction = {
	kind: "end-sessions",
	scopes: ["User.RevokeSessions.All", "User.Read.All"],
	reversible: false,
	operatorOnly: false,
	effect:
		"Refresh tokens and browser sessions of the account end within minutes; access tokens that are out live on for up to an hour where an app does not evaluate access continuously.",
	async inspect(connection, target) {
		const account = await liveAccount(connection, needed(target, "account"));
		if (!account) return absent();
		const refused = account.guest ? "Entra ends no sessions of guests: they sign in where they come from" : null;
		const asOf = connection.config.now() + (connection.http.clockSkew() ?? 0);
		return { exists: true, done: false, refused, facts: { ...accountFacts(account), asOf }, request: account.request };
	},
	async perform(connection, target) {
		// An action without a body still needs one of type JSON.
		const request = { method: "POST" as const, path: "/v1.0/users/{userId}/revokeSignInSessions", params: { userId: needed(target, "account") }, body: {} };
		return (await connection.http.client.send(request)).request;
	},
	async verify(connection, target, before) {
		const since = typeof before.facts.asOf === "number" ? before.facts.asOf : Number.POSITIVE_INFINITY;
		const seen = await readBack(connection, async () => {
			const account = await liveAccount(connection, needed(target, "account"));
			const from = stamp(account?.raw.signInSessionsValidFromDateTime);
			const holds = from !== undefined && from >= since - grain;
			const detail = from === undefined ? "it is not told since when sessions are valid" : `sessions are valid from ${new Date(from).toISOString()} on`;
			return { holds, detail, request: account?.request ?? null };
		});
		// What is read is when sessions were last ended, and no list of them.
		return { ...seen, proof: "log-event" };
	},
	inverse: () => null,
};
