import { ActionError, needed, type SailPointAction } from "./act-guard.js";
import { absent, experimental, identityFacts, liveIdentity } from "./act-identity.js";
import { type Look, readBack } from "./act-read-back.js";
import { follow, rememberTask, taskOf } from "./act-tasks.js";
import { identities } from "./address.js";
import type { SailPointConnection } from "./connection.js";
import { at, word } from "./schema.js";

const statusLook = (connection: SailPointConnection, id: string, wanted: string[]) => async (): Promise<Look> => {
	const identity = await liveIdentity(connection, id);
	if (!identity) return { holds: false, detail: "SailPoint has no such identity", request: null };
	return { holds: wanted.includes(identity.status ?? ""), detail: `its status is ${identity.status}`, request: identity.request };
};

/** De-registers: the user registers anew, and loses every user level. */
const reset: SailPointAction = {
	kind: "reset-account",
	scopes: ["idn:identity:manage", "idn:identity:read"],
	reversible: false,
	operatorOnly: true,
	effect:
		"The identity is de-registered: its user must register again before signing in to Identity Security Cloud, and loses every elevated user level (Org Admin and the like). Its accounts in sources and its roles stay.",
	leadsTo: ["UNREGISTERED"],
	refusesStatus: () => null,
	async inspect(connection, target) {
		const identity = await liveIdentity(connection, needed(target, "account"));
		if (!identity) return absent;
		const facts = identityFacts(identity);
		if (identity.status === undefined)
			return { exists: true, done: false, refused: "SailPoint does not say what state the identity is in", facts, request: identity.request };
		return { exists: true, done: identity.status === "UNREGISTERED", refused: null, facts, request: identity.request };
	},
	async perform(connection, target) {
		const id = needed(target, "account");
		return (await connection.http.client.send({ method: "POST", path: identities(connection, "/{id}/reset"), params: { id } })).request;
	},
	verify: (connection, target) => readBack(connection, statusLook(connection, needed(target, "account"), ["UNREGISTERED"])),
	inverse: () => null,
};

/** Sends the mail by which an identity registers. A task: https://developer.sailpoint.com/docs/api/v2026/start-identities-invite */
const invite: SailPointAction = {
	kind: "invite-account",
	scopes: ["idn:password-user-invite:manage", "idn:identity:read", "idn:task-management:read"],
	reversible: false,
	operatorOnly: true,
	effect: "An invitation is mailed to the identity's work address; its link is good for 7 days. Only identities that are UNREGISTERED get one.",
	leadsTo: ["PENDING", "UNREGISTERED"],
	refusesStatus: (status) => (status === "UNREGISTERED" || status === "PENDING" ? null : onlyUnregistered(status)),
	async inspect(connection, target) {
		const identity = await liveIdentity(connection, needed(target, "account"));
		if (!identity) return absent;
		const done = identity.status === "PENDING";
		const refused = done
			? null
			: identity.status !== "UNREGISTERED"
				? onlyUnregistered(identity.status)
				: identity.email
					? null
					: "the identity has no work address to mail to";
		return { exists: true, done, refused, facts: identityFacts(identity), request: identity.request };
	},
	async perform(connection, target) {
		const id = needed(target, "account");
		const identity = await liveIdentity(connection, id);
		// The vendor mails nothing to others and says nothing of it.
		if (identity?.status === "PENDING") return identity.request;
		if (identity?.status !== "UNREGISTERED") throw new ActionError(onlyUnregistered(identity?.status));
		const body = { ids: [id], uninvited: false };
		const answer = await connection.http.client.send({ method: "POST", path: identities(connection, "/invite"), headers: experimental, body });
		const task = word(at(answer.body, "id"));
		if (task === undefined) throw new ActionError("SailPoint took the invitation and named no task: nothing can be said of its end", true);
		rememberTask(connection, `invite ${id}`, task);
		await follow(connection, task);
		return answer.request;
	},
	async verify(connection, target) {
		const id = needed(target, "account");
		const task = taskOf(connection, `invite ${id}`);
		if (task !== undefined) {
			const { state, detail, request } = await follow(connection, task);
			if (state === "done" || state === "running") return { holds: state === "done", proof: "log-event", detail, at: connection.config.now(), request };
		}
		return readBack(connection, statusLook(connection, id, ["PENDING"]));
	},
	inverse: () => null,
};

function onlyUnregistered(status: string | undefined): string {
	return `SailPoint invites UNREGISTERED identities only, and this one is ${status ?? "in a state it does not tell"}`;
}

/** Mails the link by which the user sets a new password. The vendor keeps nothing that could be read back. */
const passwordReset: SailPointAction = {
	kind: "send-password-reset",
	scopes: ["idn:password:user-invite", "idn:identity:read"],
	reversible: false,
	operatorOnly: false,
	effect:
		"A link for setting a new password is mailed to the identity's work address; it is good for 2 hours. The old password goes on until the user has done so.",
	async inspect(connection, target) {
		const identity = await liveIdentity(connection, needed(target, "account"));
		if (!identity) return absent;
		const refused = identity.email
			? null
			: identity.email === null
				? "the identity has no work address to mail to"
				: "SailPoint does not say whether the identity has a work address";
		return { exists: true, done: false, refused, facts: identityFacts(identity), request: identity.request };
	},
	async perform(connection, target) {
		const id = needed(target, "account");
		const path = identities(connection, "/{id}/verification/account/send");
		return (await connection.http.client.send({ method: "POST", path, params: { id }, headers: experimental, body: { via: "EMAIL_WORK" } })).request;
	},
	async verify(connection) {
		return {
			holds: true,
			proof: "accepted",
			detail: "SailPoint says that the mail was sent; nothing else of it can be seen",
			at: connection.config.now(),
			request: null,
		};
	},
	inverse: () => null,
};

export const registrationActions: SailPointAction[] = [reset, invite, passwordReset];
