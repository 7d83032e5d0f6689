import type { AccountLink, AccountRecord } from "../../src/model/account.js";
import type { Known, KnownList } from "../../src/model/known.js";
import { type Decoded, date, flag, identified, type Json, known, word } from "../../src/provider/decode.js";
import { objectsOrNone, textOrNone, textsOrNone, timeOrNever, timeOrNone } from "./schema.js";

/** Fields of a user that are read: nothing of phones, addresses, recovery or birth. */
export const userFields = [
	"id,primaryEmail,name/fullName,isAdmin,isDelegatedAdmin,suspended,suspensionReason,suspensionTime,archived,archivalTime,creationTime,deletionTime",
	"lastLoginTime,agreedToTerms,changePasswordAtNextLogin,isEnrolledIn2Sv,isEnforcedIn2Sv,isGuestUser,orgUnitPath,aliases,nonEditableAliases",
	"externalIds,organizations,relations",
].join(",");

/** A user's `kind` is asked for too: an answer without it is none. */
export const listFields = `kind,nextPageToken,users(kind,${userFields})`;

/** `GET /admin/directory/v1/users` item → account. `deleted`: it came from the list of those that can still be restored. */
export function decodeUser(item: unknown, deleted = false): Decoded<AccountRecord> {
	const found = identified(item, "user");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const status = statusOf(raw, deleted);
	const lastActivity = timeOrNever(raw.lastLoginTime);
	const work = primary(raw.organizations);
	const guest = flag(raw.isGuestUser);
	const number = employeeNumber(raw.externalIds);
	const login = word(raw.primaryEmail);
	return {
		ok: known<AccountRecord>({
			id,
			login,
			email: login,
			displayName: textOrNone((raw.name as Json | undefined)?.fullName),
			status,
			enabled: status === undefined ? undefined : status === "active",
			created: date(raw.creationTime) ?? undefined,
			statusChanged: changed(raw, status),
			lastActivity,
			activitySignal: lastActivity === undefined ? undefined : "lastLoginTime",
			userType: work === undefined ? undefined : textOrNone(work?.description),
			department: work === undefined ? undefined : textOrNone(work?.department),
			title: work === undefined ? undefined : textOrNone(work?.title),
			manager: managerOf(raw.relations),
			employeeId: number,
			aliases: aliasesOf(raw),
			// Google delivers the mail of these addresses itself; a guest's address is somebody else's.
			emailVerified: guest === true || login === undefined ? undefined : true,
			guest: guest ?? (raw.isGuestUser === undefined && login !== undefined ? false : undefined),
			links: number === undefined ? undefined : linksOf(number),
			profile: profileOf(raw),
		}),
	};
}

/** Google has flags and no word: `deleted`, `archived`, `suspended`, else `active`. Archived accounts can't sign in, and their `suspended` is false. */
function statusOf(raw: Json, deleted: boolean): Known<string> {
	if (deleted) return "deleted";
	const [archived, suspended] = [flag(raw.archived), flag(raw.suspended)];
	if (archived) return "archived";
	if (archived === undefined || suspended === undefined) return undefined;
	return suspended ? "suspended" : "active";
}

function changed(raw: Json, status: Known<string>) {
	if (status === "deleted") return timeOrNone(raw.deletionTime) ?? undefined;
	if (status === "suspended") return timeOrNone(raw.suspensionTime) ?? undefined;
	return status === "archived" ? (timeOrNone(raw.archivalTime) ?? undefined) : undefined;
}

/** The organization marked as primary, else the only one; null = none. */
function primary(value: unknown): Known<Json | null> {
	const all = objectsOrNone(value);
	return all && (all.find((one) => one.primary === true) ?? all[0] ?? null);
}

function managerOf(value: unknown): Known<string | null> {
	const all = objectsOrNone(value);
	return all && textOrNone(all.find((one) => one.type === "manager")?.value);
}

function employeeNumber(value: unknown): Known<string | null> {
	const all = objectsOrNone(value);
	return all && textOrNone(all.find((one) => one.type === "organization")?.value);
}

function linksOf(number: string | null): KnownList<AccountLink> {
	return number === null ? [] : [{ kind: "worker", field: "externalIds.organization", value: number }];
}

function aliasesOf(raw: Json): Known<string[]> {
	const [own, given] = [textsOrNone(raw.aliases), textsOrNone(raw.nonEditableAliases)];
	return own && given && [...own, ...given];
}

/** Facts that have no field of their own and that the stack file's rules on people, and our own readers, ask for. */
function profileOf(raw: Json): AccountRecord["profile"] {
	const flags = ["isAdmin", "isDelegatedAdmin", "isEnrolledIn2Sv", "isEnforcedIn2Sv", "changePasswordAtNextLogin", "agreedToTerms"];
	const words = ["orgUnitPath", "suspensionReason"];
	const kept = [...flags.map((key) => [key, flag(raw[key])]), ...words.map((key) => [key, word(raw[key])])];
	return Object.fromEntries(kept.filter(([, value]) => value !== undefined));
}
