import type { Millis } from "../../src/model/known.js";
import { HttpError } from "../../src/provider/http-error.js";
import { absent, accountFacts, liveAccount } from "./act-account.js";
import { needed, type OktaAction } from "./act-guard.js";
import { clockGrain, type Look, readBack, serverNow } from "./act-read-back.js";
import type { OktaConnection } from "./connection.js";
import { one } from "./read.js";
import { at, word } from "./schema.js";

/**
 * Ends the account's Okta sessions and revokes its OAuth tokens. Okta has no list of sessions to read back: the System Log is the only witness.
 * https://developer.okta.com/docs/api/openapi/okta-management/management/tag/UserSessions/
 */
export const endSessions: OktaAction = {
	kind: "end-sessions",
	scopes: ["okta.users.manage", "okta.users.read", "okta.logs.read"],
	reversible: false,
	operatorOnly: false,
	effect:
		"Okta's own sessions end, OAuth refresh and access tokens are revoked and remembered devices forgotten. Sessions that web or native apps keep themselves live on until they expire there.",
	async inspect(connection, target) {
		const account = await liveAccount(connection, needed(target, "account"));
		if (!account) return absent;
		// Deactivating an account has ended its sessions; of any other nobody can say that it has none.
		return {
			exists: true,
			done: account.status === "DEPROVISIONED",
			refused: null,
			facts: { ...accountFacts(account), asOf: serverNow(connection) },
			request: account.request,
		};
	},
	async perform(connection, target) {
		const { request } = await connection.http.client.send({
			method: "DELETE",
			path: "/api/v1/users/{userId}/sessions",
			params: { userId: needed(target, "account") },
			// Without it, refresh tokens survive.
			query: { oauthTokens: true },
		});
		return request;
	},
	async verify(connection, target, before) {
		const account = needed(target, "account");
		const since = before.facts.asOf;
		if (typeof since !== "number") return accepted(connection, "it is not known when it was asked for");
		try {
			const seen = await readBack(connection, () => cleared(connection, account, since - clockGrain));
			return seen.holds ? seen : accepted(connection, seen.detail);
		} catch (error) {
			if (error instanceof HttpError) return accepted(connection, `the System Log could not be read: ${error.message}`);
			throw error;
		}
	},
	inverse: () => null,
};

function accepted({ config }: OktaConnection, why: string) {
	return { holds: true, proof: "accepted" as const, detail: `Okta accepted it, and nothing more can be seen: ${why}`, at: config.now(), request: null };
}

/** Whether the log holds our own clearing of this account's sessions. Another administrator's may have left the tokens. */
async function cleared(connection: OktaConnection, account: string, since: Millis): Promise<Look> {
	const { accounts, clients } = await connection.self();
	const query = {
		since: new Date(since).toISOString(),
		filter: `eventType eq "user.session.clear" and target.id eq ${JSON.stringify(account)}`,
		sortOrder: "ASCENDING",
		limit: 100,
	};
	// Without an end the log is ordered by arrival, so that late events show; one page holds more than anybody does in a minute.
	const answer = await one(connection, { method: "GET", path: "/api/v1/logs", query }, connection.config.signal);
	if ("error" in answer) throw answer.error;
	const events = Array.isArray(answer.body) ? answer.body : [];
	const ours = events.some((event) => [...accounts, ...clients].includes(word(at(event, "actor", "id")) ?? "") && at(event, "outcome", "result") === "SUCCESS");
	return {
		holds: ours,
		proof: "log-event",
		detail: ours ? "the System Log has the event user.session.clear" : "the System Log has no event user.session.clear yet",
		request: answer.request,
	};
}
