import type { AccountLink, AccountRecord, CredentialProvider } from "../../src/model/account.js";
import type { Known, KnownList, Millis } from "../../src/model/known.js";
import { at, type Decoded, date, flag, identified, type Json, known, lookUp, stamp, text, texts, word } from "./schema.js";

/** Domains of the tenant by name: how their users sign in, and whether the tenant has proven that it owns them. */
export type Domains = Record<string, { authentication: string | null; verified: boolean }>;

/** Default properties leave most of these out: `accountEnabled` and `userType` among them. */
export const userProperties = [
	..."id userPrincipalName mail displayName accountEnabled createdDateTime userType creationType externalUserState".split(" "),
	..."lastPasswordChangeDateTime passwordProfile passwordPolicies onPremisesSyncEnabled onPremisesImmutableId".split(" "),
	..."proxyAddresses identities employeeId employeeType department jobTitle companyName".split(" "),
];

/** Status words: Entra has none, and these are the names of its own states and properties. */
export const statuses = {
	enabled: "enabled",
	disabled: "disabled",
	deleted: "deleted",
	pending: "PendingAcceptance",
	newPassword: "forceChangePasswordNextSignIn",
};

export interface Activity {
	at: Millis | null;
	signal: string | null;
}

/** `GET /users` item → account. `activity` undefined: sign-in activity was not read. */
export function decodeUser(item: unknown, domains: Domains | null, activity?: Activity, deleted = false): Decoded<AccountRecord> {
	const found = identified(item, "user");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const login = word(raw.userPrincipalName);
	const enabled = deleted ? false : flag(raw.accountEnabled);
	const mail = text(raw.mail);
	const aliases = aliasesOf(raw);
	return {
		ok: known<AccountRecord>({
			id,
			login,
			email: mail,
			displayName: text(raw.displayName),
			status: statusOf(raw, enabled, deleted),
			enabled,
			created: stamp(raw.createdDateTime),
			statusChanged: deleted ? date(raw.deletedDateTime) : undefined,
			passwordChanged: date(raw.lastPasswordChangeDateTime),
			lastActivity: activity?.at,
			activitySignal: activity?.signal,
			credentialProvider: providerOf(raw, login, domains),
			userType: text(raw.userType),
			department: text(raw.department),
			title: text(raw.jobTitle),
			manager: managerOf(raw),
			employeeId: text(raw.employeeId),
			aliases,
			emailVerified: domains === null || deleted ? undefined : verified(mail, aliases, domains),
			guest: isGuest(raw, login),
			links: linksOf(raw),
			profile: profileOf(raw),
		}),
	};
}

function statusOf(raw: Json, enabled: Known<boolean>, deleted: boolean): Known<string> {
	if (deleted) return statuses.deleted;
	if (enabled === undefined) return undefined;
	if (!enabled) return statuses.disabled;
	if (raw.externalUserState === "PendingAcceptance") return statuses.pending;
	const profile = raw.passwordProfile;
	const must = at(profile, "forceChangePasswordNextSignIn") === true || at(profile, "forceChangePasswordNextSignInWithMfa") === true;
	return must ? statuses.newPassword : statuses.enabled;
}

/** Invited: a guest, or a member from elsewhere, whom only `#EXT#` in the name gives away. */
function isGuest(raw: Json, login: Known<string>): Known<boolean> {
	const type = text(raw.userType);
	if (type === "Guest" || login?.includes("#EXT#")) return true;
	return type === undefined || login === undefined ? undefined : false;
}

/** Where the user proves who they are: people from outside at home, all others as their domain is set up. */
function providerOf(raw: Json, login: Known<string>, domains: Domains | null): CredentialProvider | undefined {
	if (login === undefined) return undefined;
	if (login.includes("#EXT#")) return "federated";
	const domain = login.slice(login.lastIndexOf("@") + 1).toLowerCase();
	const authentication = domains === null ? undefined : lookUp(domains, domain)?.authentication;
	if (authentication === "Federated") return "federated";
	if (authentication !== "Managed") return undefined;
	const others = Array.isArray(raw.identities) ? raw.identities.map((one) => at(one, "signInType")) : [];
	return raw.userType === "Guest" && others.includes("federated") ? "federated" : "local";
}

function managerOf(raw: Json): Known<string | null> {
	// $expand leaves the key out where there is no manager; an object without an id is one that may not be read.
	if (raw.manager === undefined || raw.manager === null) return Object.hasOwn(raw, "userType") ? null : undefined;
	return word(at(raw.manager, "id"));
}

/** `proxyAddresses`: the main one is `SMTP:`, others `smtp:`; X.500 and the like are no mail addresses. */
function aliasesOf(raw: Json): KnownList<string> | undefined {
	const own = word(raw.mail)?.toLowerCase();
	const mails = texts(raw.proxyAddresses)?.flatMap((address) => (/^smtp:/i.test(address) ? [address.slice(5)] : []));
	return mails?.filter((address) => address.toLowerCase() !== own);
}

/** The tenant has proven that it owns the domains of all addresses, so nobody else reads their mail. */
function verified(mail: Known<string | null>, aliases: string[] | undefined, domains: Domains): Known<boolean> {
	if (!mail || aliases === undefined) return undefined;
	const owned = [mail, ...aliases].every((address) => lookUp(domains, address.slice(address.lastIndexOf("@") + 1).toLowerCase())?.verified === true);
	return owned ? true : undefined;
}

function linksOf(raw: Json): KnownList<AccountLink> {
	const links: KnownList<AccountLink> = [];
	const anchor = text(raw.onPremisesImmutableId);
	if (anchor) links.push({ kind: "source-anchor", field: "onPremisesImmutableId", value: anchor });
	const number = text(raw.employeeId);
	if (number) links.push({ kind: "worker", field: "employeeId", value: number });
	for (const one of Array.isArray(raw.identities) ? raw.identities : []) {
		const [issuer, value] = [word(at(one, "issuer")), word(at(one, "issuerAssignedId"))];
		if (at(one, "signInType") !== "federated" || issuer === undefined || value === undefined || value.includes("@")) continue;
		const provider = issuerProvider(issuer);
		links.push({ kind: "account", field: `identities[${issuer}].issuerAssignedId`, value, ...(provider !== undefined && { provider }) });
	}
	if (anchor === undefined || number === undefined || !Array.isArray(raw.identities)) links.partial = true;
	return links;
}

function issuerProvider(issuer: string): string | undefined {
	const host = issuer.replace(/^https?:\/\//, "").split("/")[0] ?? "";
	if (host === "google.com" || host === "accounts.google.com") return "google-workspace";
	return /(^|\.)okta(preview|-emea)?\.com$/.test(host) ? "okta" : undefined;
}

const kept = ["employeeType", "companyName", "creationType", "externalUserState", "onPremisesSyncEnabled", "passwordPolicies"];

function profileOf(raw: Json): NonNullable<AccountRecord["profile"]> {
	const profile: NonNullable<AccountRecord["profile"]> = {};
	for (const key of kept) {
		const value = raw[key];
		if (value === null || typeof value === "string" || typeof value === "boolean") profile[key] = value;
	}
	return profile;
}

/**
 * The newest sign-in that `signInActivity` tells of. The last successful one counts; it is kept since December 2023 only, and before that
 * the attempts stand in for it, failed ones among them. https://learn.microsoft.com/graph/api/resources/signinactivity
 */
export function decodeActivity(raw: unknown): Activity | undefined {
	if (raw === undefined || raw === null) return { at: null, signal: null };
	const times = ["lastSuccessfulSignInDateTime", "lastNonInteractiveSignInDateTime", "lastSignInDateTime"].map((signal) => {
		const told = at(raw, signal);
		return { signal, at: told === undefined ? null : date(told) };
	});
	if (times.some((time) => time.at === undefined)) return undefined;
	const [successful, ...attempts] = times as Activity[];
	if (successful?.at != null) return successful;
	const newest = attempts.filter(({ at: time }) => time !== null).sort((a, b) => (b.at ?? 0) - (a.at ?? 0))[0];
	return newest ?? { at: null, signal: null };
}
