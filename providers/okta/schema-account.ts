import type { AccountRecord, CredentialProvider } from "../../src/model/account.js";
import type { Known } from "../../src/model/known.js";
import { at, type Decoded, date, identified, type Json, known, lookUp, object, stamp, text, word } from "./schema.js";

/**
 * Whether an account of this status can sign in, alone or after a step its user takes alone.
 * PROVISIONED is false: the invitation has not been answered, so there is no password and no session can start.
 * https://developer.okta.com/docs/api/openapi/okta-management/management/tag/User/#user-status
 */
const enabledByStatus: Record<string, boolean> = {
	ACTIVE: true,
	PASSWORD_EXPIRED: true,
	LOCKED_OUT: true,
	RECOVERY: true,
	PROVISIONED: false,
	STAGED: false,
	SUSPENDED: false,
	DEPROVISIONED: false,
};

const credentialProviders: Record<string, CredentialProvider> = {
	OKTA: "local",
	ACTIVE_DIRECTORY: "directory",
	LDAP: "directory",
	FEDERATION: "federated",
	SOCIAL: "social",
	IMPORT: "import",
};

/** Profile attributes that have a field of their own, or that are contact data no policy needs. */
const leftOut = new Set([
	..."login email displayName userType department title manager managerId employeeNumber".split(" "),
	..."firstName lastName middleName nickName honorificPrefix honorificSuffix secondEmail mobilePhone primaryPhone".split(" "),
	..."streetAddress postalAddress zipCode profileUrl".split(" "),
]);

/** `GET /api/v1/users` item → account. A field of the wrong type is unknown; an object without an id is set aside. */
export function decodeUser(item: unknown): Decoded<AccountRecord> {
	const found = identified(item, "user");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const profile = object(raw.profile);
	// `fields=` and `okta-response=omit…` leave keys out. Only in a whole object does a missing key mean null.
	const whole = typeof raw.status === "string" && profile !== null;
	const top = <T>(key: string, read: (value: unknown) => Known<T>): Known<T> => (whole || key in raw ? read(raw[key]) : undefined);
	const own = (key: string): Known<string | null> => (profile && (whole || key in profile) ? text(profile[key]) : undefined);
	const status = word(raw.status);
	const lastActivity = top("lastLogin", date);
	const manager = own("manager");
	return {
		ok: known<AccountRecord>({
			id,
			login: word(profile?.login),
			email: own("email"),
			displayName: displayName(whole ? profile : null),
			status,
			enabled: enabled(status, raw.transitioningToStatus),
			created: stamp(raw.created),
			activated: top("activated", date),
			statusChanged: top("statusChanged", date),
			updated: stamp(raw.lastUpdated),
			passwordChanged: top("passwordChanged", date),
			lastActivity,
			activitySignal: lastActivity === undefined ? undefined : "lastLogin",
			credentialProvider: credentialProvider(at(raw, "credentials", "provider", "type")),
			userType: own("userType"),
			department: own("department"),
			title: own("title"),
			manager: manager === null ? own("managerId") : manager,
			employeeId: own("employeeNumber"),
			profile: customProfile(whole ? profile : null),
		}),
	};
}

function enabled(status: Known<string>, transitioning: unknown): Known<boolean> {
	const now = lookUp(enabledByStatus, status);
	if (transitioning === undefined || transitioning === null) return now;
	const then = typeof transitioning === "string" ? lookUp(enabledByStatus, transitioning) : undefined;
	return now === then ? now : undefined;
}

function credentialProvider(type: unknown): CredentialProvider | undefined {
	const name = word(type);
	return name === undefined ? undefined : (lookUp(credentialProviders, name) ?? "unknown");
}

function displayName(profile: Json | null): Known<string | null> {
	if (!profile) return undefined;
	const given = text(profile.displayName);
	if (given !== null) return given;
	const first = text(profile.firstName);
	const last = text(profile.lastName);
	if (first === undefined || last === undefined) return undefined;
	return [first, last].filter(Boolean).join(" ") || null;
}

function customProfile(profile: Json | null): AccountRecord["profile"] {
	if (!profile) return undefined;
	const kept: NonNullable<AccountRecord["profile"]> = {};
	for (const [key, value] of Object.entries(profile)) {
		if (leftOut.has(key)) continue;
		// Null is left out: Okta may omit it or not, and absent means the same.
		if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") kept[key] = value;
	}
	return kept;
}
