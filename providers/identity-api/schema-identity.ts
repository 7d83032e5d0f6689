import type { AccountLink, AccountRecord, CredentialProvider } from "../../src/model/account.js";
import type { Known, Millis } from "../../src/model/known.js";
import { count, type Decoded, date, flag, identified, type Json, known, lookUp, text, texts, word } from "../../src/provider/decode.js";

/** The contract names no status words; these are the ones that are understood, every other is unknown. A locked account may open again by itself. */
const enabledByStatus: Record<string, boolean> = { active: true, password_reset_required: true, pending: false, disabled: false };

/** The contract's words for where an identity lives → our providers. */
const providers: Record<string, string> = { azure_ad: "entra", okta: "okta", google_workspace: "google-workspace" };

/** Clocks may differ by so much; a time further ahead is none. */
const clockLeeway: Millis = 300_000;
/** Before it, a time is some system's zero (1970, the year 1), not a moment at which anything happened. */
const earliest: Millis = Date.UTC(1980, 0, 1);

/**
 * One item of `GET /v1/identity` → account. What the other collections need of it stands in `profile`, lists as JSON.
 * `at`: the API's time of the answer. What contradicts itself is unknown.
 */
export function decodeIdentity(item: unknown, at: Millis): Decoded<AccountRecord> {
	const found = identified(item, "identity");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const status = word(raw.status);
	const lastActivity = lastLogin(raw, at);
	const provider = word(raw.provider);
	return {
		ok: known<AccountRecord>({
			id,
			login: word(raw.email),
			email: text(raw.email),
			displayName: text(raw.display_name),
			status,
			enabled: lookUp(enabledByStatus, status),
			created: moment(raw.created_at, at) ?? undefined,
			lastActivity,
			activitySignal: lastActivity === undefined ? undefined : "last_login_at",
			credentialProvider: credentialProvider(provider),
			links: links(provider, raw.provider_id),
			profile: known({
				tenantId: scalar(text(raw.tenant_id)),
				riskScore: scalar(count(raw.risk_score)),
				// A score that cannot be read may be one that contradicts the level.
				riskLevel: scalar(readable(raw.risk_score) ? word(raw.risk_level) : undefined),
				mfaEnrolled: scalar(flag(raw.mfa_enrolled)),
				mfaMethods: list(texts(raw.mfa_methods)),
				privileged: scalar(flag(raw.privileged)),
				roles: list(texts(raw.roles)),
				provider: scalar(provider),
				providerId: scalar(text(raw.provider_id)),
				lastLoginIp: scalar(text(raw.last_login_ip)),
				lastLoginCountry: scalar(text(raw.last_login_country)),
			}) as NonNullable<AccountRecord["profile"]>,
		}),
	};
}

/** A time that can have been; null is "never", anything else unknown. */
function moment(value: unknown, at: Millis): Known<Millis | null> {
	const found = date(value);
	return typeof found === "number" && (found > at + clockLeeway || found < earliest) ? undefined : found;
}

/** Who never signed in did so from nowhere. */
function lastLogin(raw: Json, at: Millis): Known<Millis | null> {
	const found = moment(raw.last_login_at, at);
	const from = word(raw.last_login_ip) ?? word(raw.last_login_country);
	return found === null && from !== undefined ? undefined : found;
}

function readable(score: unknown): boolean {
	return score === undefined || score === null || count(score) !== undefined;
}

function scalar<T extends string | number | boolean>(value: Known<T | null>): Known<T | null> {
	return value;
}

function list(value: Known<string[]>): Known<string> {
	return value === undefined ? undefined : JSON.stringify(value);
}

/** Where an identity lives is not how it signs in: only of a local one that can be said. */
function credentialProvider(provider: Known<string>): CredentialProvider | undefined {
	if (provider === undefined) return undefined;
	return provider === "local" ? "local" : "unknown";
}

function links(provider: Known<string>, id: unknown): Known<AccountLink[]> {
	const value = text(id);
	if (provider === undefined || value === undefined) return undefined;
	if (provider === "local" || value === null || value === "") return [];
	// Ids are the provider's own: under a word that is not known here the value fits no account of any other provider.
	const ours = lookUp(providers, provider) ?? provider;
	// Entra's ids are GUIDs, which it writes in lower case.
	return [{ kind: "account", field: "provider_id", value: provider === "azure_ad" ? value.toLowerCase() : value, provider: ours }];
}
