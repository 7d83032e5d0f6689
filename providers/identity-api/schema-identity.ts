import type { AccountLink, AccountRecord, CredentialProvider } from "../../src/model/account.js";
import type { Known } from "../../src/model/known.js";
import { count, type Decoded, date, flag, identified, known, lookUp, text, texts, word } from "../../src/provider/decode.js";

/** The contract names no status words; these are the ones that are understood, every other is unknown. A locked account may open again by itself. */
const enabledByStatus: Record<string, boolean> = { active: true, password_reset_required: true, pending: false, disabled: false };

/** The contract's words for where an identity lives → our providers. */
const providers: Record<string, string> = { azure_ad: "entra", okta: "okta", google_workspace: "google-workspace" };

/** One item of `GET /v1/identity` → account. What the other collections need of it stands in `profile`, lists as JSON. */
export function decodeIdentity(item: unknown): Decoded<AccountRecord> {
	const found = identified(item, "identity");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const status = word(raw.status);
	const lastActivity = date(raw.last_login_at);
	const provider = word(raw.provider);
	return {
		ok: known<AccountRecord>({
			id,
			login: word(raw.email),
			email: text(raw.email),
			displayName: text(raw.display_name),
			status,
			enabled: lookUp(enabledByStatus, status),
			created: date(raw.created_at) ?? undefined,
			lastActivity,
			activitySignal: lastActivity === undefined ? undefined : "last_login_at",
			credentialProvider: credentialProvider(provider),
			links: links(provider, raw.provider_id),
			profile: known({
				tenantId: scalar(text(raw.tenant_id)),
				riskScore: scalar(count(raw.risk_score)),
				riskLevel: scalar(word(raw.risk_level)),
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
	const ours = lookUp(providers, provider);
	return [{ kind: "account", field: "provider_id", value, ...(ours !== undefined && { provider: ours }) }];
}
