import type { AccountRecord } from "../../src/model/account.js";
import type { Known, Millis } from "../../src/model/known.js";
import { type Decoded, date, flag, identified, known, text, texts, word } from "../../src/provider/decode.js";
import { listed } from "./operators.js";

/** A row of `saas_accounts` → account. What the other collections need of it stands in `profile`, lists as JSON. There is no flag for a disabled one. */
export function decodeAccount(item: unknown, instance: string): Decoded<AccountRecord> {
	const found = identified(item, "SaaS account");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const lastActivity = time(raw.lastLoginTime);
	const local = flag(raw.isLocal);
	const type = word(raw.accountType);
	return {
		ok: known<AccountRecord>({
			id,
			login: word(raw.email) ?? word(raw.accountName),
			email: text(raw.email),
			displayName: text(raw.accountName),
			status: undefined,
			enabled: undefined,
			created: time(raw.createdTime),
			updated: time(raw.lastModifiedTime),
			lastActivity,
			activitySignal: lastActivity === undefined ? undefined : "lastLoginTime",
			// An account that is not local may sign in through any provider, or not at all.
			credentialProvider: local === undefined ? undefined : local ? "local" : "unknown",
			userType: type,
			guest: type === undefined ? undefined : type.toUpperCase() === "GUEST",
			profile: known({
				instance,
				appType: scalar(word(raw.appType)),
				appId: scalar(word(raw.appId)),
				providerId: scalar(word(raw.saasProviderId)),
				isLocal: scalar(local),
				isElevated: scalar(flag(raw.isElevated)),
				isOrphaned: scalar(flag(raw.isOrphaned)),
				isNonHuman: scalar(flag(raw.isNonHuman)),
				roles: list(raw.roles),
				creator: scalar(word(raw.creator)),
				linkedHumanAccounts: list(raw.linkedHumanAccounts),
				lastCredentialsRotated: scalar(time(raw.lastCredentialsRotated)),
				credentialsExpiresAt: scalar(time(raw.credentialsExpiresAt)),
				rotatedBy: scalar(word(raw.rotatedBy)),
				githubOrgName: scalar(word(raw.githubOrgName)),
			}) as NonNullable<AccountRecord["profile"]>,
		}),
	};
}

/** A time that is null is not known: the vendor does not say that it means never. */
function time(value: unknown): Known<Millis> {
	return date(value) ?? undefined;
}

function scalar<T extends string | number | boolean>(value: Known<T>): Known<T> {
	return value;
}

/** Lists come in a text, by commas or as JSON. */
function list(value: unknown): Known<string> {
	const all = typeof value === "string" ? listed(value) : texts(value);
	return all === undefined ? undefined : JSON.stringify(all);
}
