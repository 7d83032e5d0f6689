import { ActionError, needed } from "../../src/provider/action-error.js";
import { at, word } from "../../src/provider/decode.js";
import type { HttpRequest } from "../../src/provider/http.js";
import { type Look, readBack } from "../../src/provider/read-back.js";
import { absent, accountFacts, liveAccount, sendOnce } from "./act-account.js";
import type { GoogleAction } from "./act-guard.js";
import type { GoogleConnection } from "./connection.js";
import { isGone, one } from "./read.js";
import { type CredentialName, credentialName } from "./schema-credential.js";
import { readScope, writeScope } from "./scopes.js";

/** https://developers.google.com/workspace/admin/directory/reference/rest/v1/users/signOut There is no list of sessions to read back. */
export const endSessions: GoogleAction = {
	kind: "end-sessions",
	scopes: [writeScope.security, readScope.users],
	reversible: false,
	operatorOnly: false,
	effect: "All web and device sessions of the account at Google end, and it must sign in again. Apps that hold an OAuth grant go on: revoke those apart.",
	async inspect(connection, target) {
		const account = await liveAccount(connection, needed(target, "account"));
		if (!account) return absent;
		const refused = account.status === "deleted" ? "the account is deleted: it has no sessions" : null;
		return { exists: true, done: false, refused, facts: accountFacts(account), request: account.request };
	},
	async perform(connection, target) {
		const request = { method: "POST" as const, path: "/admin/directory/v1/users/{userKey}/signOut", params: { userKey: needed(target, "account") } };
		return (await connection.http.send(request)).request;
	},
	async verify({ config }) {
		return { holds: true, proof: "accepted", detail: "Google accepted it, and no list of sessions can be read back", at: config.now(), request: null };
	},
	inverse: () => null,
};

function named(id: string): CredentialName {
	const name = credentialName(id);
	if (!name) throw new ActionError(`${id} is no credential of a user: it is <user>/token/<client> or <user>/app-password/<code>`);
	return name;
}

function addressOf({ user, kind, part }: CredentialName): Pick<HttpRequest, "path" | "params"> {
	if (kind === "token") return { path: "/admin/directory/v1/users/{userKey}/tokens/{clientId}", params: { userKey: user, clientId: part } };
	return { path: "/admin/directory/v1/users/{userKey}/asps/{codeId}", params: { userKey: user, codeId: part } };
}

const credentialLook = (connection: GoogleConnection, name: CredentialName) => async (): Promise<Look & { label?: string }> => {
	const what = name.kind === "token" ? "grant" : "app password";
	const answer = await one(connection, { method: "GET", ...addressOf(name) }, connection.config.signal);
	if ("body" in answer) {
		const label = word(at(answer.body, "displayText")) ?? word(at(answer.body, "name"));
		return { holds: false, detail: `the ${what} is still there`, request: answer.request, ...(label && { label }) };
	}
	if (isGone(answer.error)) return { holds: true, detail: `Google has no such ${what} any more`, request: answer.error.request };
	throw answer.error;
};

/** https://developers.google.com/workspace/admin/directory/reference/rest/v1/tokens/delete and …/asps/delete */
export const revokeCredential: GoogleAction = {
	kind: "revoke-credential",
	scopes: [writeScope.security],
	reversible: false,
	operatorOnly: false,
	effect:
		"The app loses what this user granted to it, or the app password stops working, at once. The user can grant it again; an app that administrators installed for everybody comes back by itself.",
	async inspect(connection, target) {
		const name = named(needed(target, "credential"));
		const { holds, request, label } = await credentialLook(connection, name)();
		const other = target.account !== undefined && target.account !== name.user ? `the credential belongs to ${name.user}, not to ${target.account}` : null;
		const facts = { owner: name.user, kind: name.kind, ...(label && { name: label }) };
		return { exists: !holds, done: holds && other === null, refused: other, facts, request };
	},
	perform(connection, target) {
		const name = named(needed(target, "credential"));
		return sendOnce(connection, () => connection.http.send({ method: "DELETE", ...addressOf(name) }), credentialLook(connection, name));
	},
	verify: (connection, target) => readBack(connection.config, credentialLook(connection, named(needed(target, "credential")))),
	inverse: () => null,
};

const factorLook = (connection: GoogleConnection, id: string) => async (): Promise<Look> => {
	const account = await liveAccount(connection, id);
	const off = account?.enrolled === false;
	return { holds: off, detail: off ? "2-step verification is off" : "2-step verification is still on", request: account?.request ?? null };
};

/** https://developers.google.com/workspace/admin/directory/reference/rest/v1/twoStepVerification/turnOff */
export const resetAuthenticators: GoogleAction = {
	kind: "reset-authenticators",
	scopes: [writeScope.security, readScope.users],
	reversible: false,
	operatorOnly: true,
	effect:
		"WARNING: 2-step verification is turned OFF for this account and every security key, phone and backup code of it is forgotten; from then on its password alone lets anybody in until the user enrols again. Google resets no factors in any other way. End the sessions first.",
	async inspect(connection, target) {
		const account = await liveAccount(connection, needed(target, "account"));
		if (!account) return absent;
		const done = account.enrolled === false;
		const unknown = account.enrolled === undefined ? "Google does not say whether the account is enrolled" : null;
		const enforced = account.enforced ? "2-step verification is enforced for this account, and Google turns it off for nobody it is enforced for" : null;
		return {
			exists: true,
			done,
			refused: done ? null : (unknown ?? enforced),
			facts: { ...accountFacts(account), enrolled: account.enrolled ?? null, enforced: account.enforced ?? null },
			request: account.request,
		};
	},
	perform(connection, target) {
		const userKey = needed(target, "account");
		const request = { method: "POST" as const, path: "/admin/directory/v1/users/{userKey}/twoStepVerification/turnOff", params: { userKey } };
		return sendOnce(connection, () => connection.http.send(request), factorLook(connection, userKey));
	},
	verify: (connection, target) => readBack(connection.config, factorLook(connection, needed(target, "account")), 120_000),
	inverse: () => null,
};
