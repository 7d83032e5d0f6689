import type { Known, Millis } from "../../src/model/known.js";
import type { ActivityBody } from "../../src/model/snapshot.js";
import { at, type Decoded, stamp, text, word } from "./schema.js";

/** Events that the account's own user causes by coming in. */
const entries = ["user.session.start", "user.authentication.sso", "user.authentication.auth_via_mfa"];

/** An access token given to an app for a user: by the org's own authorization server, and by a custom one. */
const grants = ["app.oauth2.token.grant.access_token", "app.oauth2.as.token.grant.access_token"];

/** Grants for which the user was there. A device in a drawer renews its token too (`refresh_token`), and an agent trades one on (`jwt-bearer`). */
const present = ["authorization_code", "interaction_code", "password", "urn:ietf:params:oauth:grant-type:device_code"];

const anyOf = (field: string, values: string[]): string => `(${values.map((value) => `${field} eq "${value}"`).join(" or ")})`;

/** Successful sign-ins, in the vendor's filter language. https://developer.okta.com/docs/reference/system-log-query/#filter-results */
export const signInFilter = `(${anyOf("eventType", entries)} or (${anyOf("eventType", grants)} and ${anyOf("debugContext.debugData.grantType", present)})) and outcome.result eq "SUCCESS"`;

export interface SignIn extends ActivityBody {
	account: string;
}

/** A System Log event → whose sign-in it is; null where it is none, or nobody's. An event dated after `end` is not believed. */
export function decodeSignIn(event: unknown, end: Millis): Decoded<SignIn | null> {
	const signal = word(at(event, "eventType"));
	if (signal === undefined || at(event, "outcome", "result") !== "SUCCESS") return { ok: null };
	const isGrant = grants.includes(signal) && present.includes(text(at(event, "debugContext", "debugData", "grantType")) ?? "");
	if (!isGrant && !entries.includes(signal)) return { ok: null };
	const account = userOf(at(event, "actor")) ?? (isGrant ? targetUser(event) : undefined);
	if (account === undefined) return { ok: null };
	const published = stamp(at(event, "published"));
	if (published === undefined || published > end) return { bad: `an event ${signal} has no time that can be`, id: word(at(event, "uuid")) ?? null };
	return { ok: { account, at: published, signal } };
}

/** Of a grant the actor is the app, or the user. */
function targetUser(event: unknown): Known<string> {
	const targets = at(event, "target");
	return Array.isArray(targets) ? targets.map(userOf).find((id) => id !== undefined) : undefined;
}

function userOf(entity: unknown): Known<string> {
	return at(entity, "type") === "User" ? word(at(entity, "id")) : undefined;
}
