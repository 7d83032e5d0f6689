import type { Millis } from "../../src/model/known.js";
import { type Decoded, date, object, word } from "../../src/provider/decode.js";

/** What one row of `saas_activity` says. */
export interface Doing {
	when: Millis;
	/** Null: of nobody that is known. */
	account: string | null;
	/** The vendor's word for it; null: it does not show that the account is used. */
	signal: string | null;
}

/** Words by which a row says that something did not go through, or was done about an account and not with it. */
const inVain =
	/\b\w*(fail(ed|ure)?|denied|rejected|refused|blocked|invalid|unsuccessful|unauthori[sz]ed|challenged?|attempt(ed)?|suspicious|attack|warning|expired|suspended|disabled|locked)\b/i;
/** Words of a sign-in, and those by which a row says that it went through. */
const signIn = /log-?_? ?(on|in)|sign-?_? ?(on|in)|auth|session|sso|saml|mfa|2sv|verif/i;
const notThrough = /succe\w*["']?\s*[:=]\s*["']?(false|0|no)\b/i;
const wentThrough = /succe(ss|ed)|logged-?_? ?(on|in)|signed-?_? ?(on|in)|allowed|granted/i;

/**
 * A row of `saas_activity`. The specification says that the rows are what users did, and gives no words for what they are, so a row shows that an account
 * is used only where it tells from which address somebody did it and does not say that it went wrong; a sign-in, which can go wrong under the same
 * word, only where the row says that it went through. `accounts`: those of the instance by what a `userId` may be. Raw data is looked at for such words, and not kept.
 */
export function decodeDoing(item: unknown, accounts: ReadonlyMap<string, string | null>, now: Millis): Decoded<Doing> {
	const raw = object(item);
	if (!raw) return { bad: `an activity is ${item === null ? "null" : `a ${typeof item}`}, not an object`, id: null };
	const time = date(raw.activityDateTime);
	if (typeof time !== "number") return { bad: "an activity has no time", id: null };
	const user = word(raw.userId);
	const account = user === undefined ? null : (accounts.get(userKey(user)) ?? null);
	// A clock that runs ahead: nobody has done anything after now.
	return { ok: { when: Math.min(time, now), account, signal: shows(raw) ? signalOf(raw.activityType) : null } };
}

function shows({ clientIP, activityType, summary, rawData }: Record<string, unknown>): boolean {
	if (word(clientIP) === undefined) return false;
	const type = word(activityType) ?? "";
	const all = [spaced(type), type, word(summary) ?? "", typeof rawData === "string" ? rawData : JSON.stringify(rawData ?? "")].join("\n");
	return !inVain.test(all) && !notThrough.test(all) && (!signIn.test(type) || wentThrough.test(all));
}

/** `UserLoginFailed` and `failed_login` have the words that people read in them. */
const spaced = (type: string): string => type.replace(/([a-z])([A-Z])/g, "$1 $2").replace(/[_.-]+/g, " ");

/** A word for the kind of it, and nothing longer: what else stands there may be about a person. */
function signalOf(type: unknown): string {
	const said = word(type);
	return said !== undefined && /^[\w.:-]{1,64}$/.test(said) ? `saas_activity ${said}` : "saas_activity";
}

/** The specification does not say which id `userId` is. Addresses are one in any letters. */
export const userKey = (user: string): string => (user.includes("@") ? user.toLowerCase() : user);
