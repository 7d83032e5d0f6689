import type { SettingRecord } from "../../src/model/objects.js";
import { at, type Decoded, identified, type Json, known, object, word } from "./schema.js";
import { sessionOf, signInOf } from "./schema-access.js";
import type { SettingKind } from "./setting-kinds.js";

const stateActive: Record<string, boolean> = { enabled: true, disabled: false, enabledForReportingButNotEnforced: false };

/** One configuration object. `name`s of licences and role rules stand under other keys. */
export function decodeSetting(item: unknown, { kind, single, name }: SettingKind): Decoded<SettingRecord> {
	const raw = object(item);
	const found = single !== undefined && raw && word(raw.id) === undefined ? { id: kind, raw } : identified(item, kind);
	if ("bad" in found) return found;
	const { id } = found;
	const values = plain(found.raw);
	return {
		ok: known<SettingRecord>({
			id: `${kind}/${id}`,
			kind,
			name: word(values[name ?? "displayName"]) ?? single ?? id,
			active: activeOf(kind, values),
			builtIn: single !== undefined || values.policyType === "builtIn",
			priority: null,
			parent: null,
			session: kind === "conditionalAccessPolicy" ? sessionOf(values) : null,
			signIn: kind === "conditionalAccessPolicy" ? signInOf(values) : null,
			values,
		}),
	};
}

/** A policy in report-only mode enforces nothing, and nothing of what was deleted is in force. */
function activeOf(kind: string, values: Json): boolean | undefined {
	if (kind === "conditionalAccessPolicy") {
		const state = word(values.state);
		return state !== undefined && Object.hasOwn(stateActive, state) ? stateActive[state] : undefined;
	}
	if (kind === "authenticationMethodConfiguration") return values.state === "enabled" ? true : values.state === "disabled" ? false : undefined;
	if (kind === "identitySecurityDefaultsEnforcementPolicy" || kind === "adminConsentRequestPolicy")
		return typeof values.isEnabled === "boolean" ? values.isEnabled : undefined;
	if (kind === "licence") return typeof values.capabilityStatus === "string" ? values.capabilityStatus === "Enabled" : undefined;
	return !kind.startsWith("deleted-");
}

/** Kinds of authentication methods stand inside their policy, and are settings of their own as well. */
export function methodConfigurations(policy: unknown): Decoded<SettingRecord>[] {
	const list = at(policy, "authenticationMethodConfigurations");
	if (!Array.isArray(list)) return [{ bad: "the authentication methods policy does not tell its configurations", id: null }];
	const kind = { kind: "authenticationMethodConfiguration", title: "", path: "", name: "id" };
	return list.map((item) => decodeSetting(item, kind));
}

const secretName = /secret|password$|passphrase|privateKey|apiKey|token$/i;

/** The vendor's object without annotations of the protocol (types are kept: they tell objects apart) and without anything that may be a secret. */
export function plain(raw: Json): Json {
	const kept: Json = {};
	for (const [key, value] of Object.entries(raw)) {
		if (key === "__proto__" || (key.includes("@odata.") && key !== "@odata.type") || (typeof value === "string" && secretName.test(key))) continue;
		kept[key] = Array.isArray(value) ? value.map((one) => (object(one) ? plain(one as Json) : one)) : object(value) ? plain(value as Json) : value;
	}
	return kept;
}
