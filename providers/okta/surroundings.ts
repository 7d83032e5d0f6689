import type { Known } from "../../src/model/known.js";
import type { SettingRecord } from "../../src/model/objects.js";
import type { Enrolment, NetworkCondition, SignInSurroundings } from "../../src/provider/setting.js";
import { routesFrom } from "./routes.js";
import { at, lookUp, object, texts, word } from "./schema.js";
import { networksFrom } from "./zones.js";

/** What of an org's settings stands between a person and a sign-in, beside sign-on rules: routing, zones, ThreatInsight, authenticators, enrolment. */
export function surroundings(settings: SettingRecord[]): SignInSurroundings {
	const routes = routesFrom(settings);
	const networks = networksFrom(settings);
	const authenticators = authenticatorsFrom(settings);
	const insight = threatInsight(settings, (id) => networks.get(id)?.name ?? id);
	return {
		unknown:
			routes === null
				? "the order of the rules that route to identity providers can't be said"
				: authenticators?.get("okta_password") === false
					? "the password is switched off for the whole tenant, and what rules ask for instead can't be said"
					: insight.unknown,
		routes: routes ?? [],
		networks,
		networksOf: (rule) => (rule.values ? networksOf(at(rule.values, "conditions", "network"), [...networks.keys()]) : undefined),
		switchedOff({ type, provider }) {
			// Without a list of authenticators, the org is one of Classic Engine.
			if (authenticators === null) return false;
			const on = authenticators.get(keyOf(type, provider) ?? "");
			return on === undefined ? undefined : !on;
		},
		enrolments: settings.filter(({ kind, active }) => kind === "policy/MFA_ENROLL" && active !== false).map((record) => enrolment(record, authenticators)),
		caveats: insight.caveats,
	};
}

/** Authenticator key → active; null where the org has no such list. Of two of one kind, each must be active. */
function authenticatorsFrom(settings: SettingRecord[]): Map<string, Known<boolean>> | null {
	const records = settings.filter(({ kind }) => kind === "authenticator");
	if (records.length === 0) return null;
	const byKey = new Map<string, Known<boolean>>();
	for (const { values, active } of records) {
		const key = word(values?.key) ?? "";
		byKey.set(key, byKey.has(key) && byKey.get(key) !== active ? undefined : active);
	}
	// One whose kind can't be read may be any of them.
	if (byKey.has("")) for (const key of byKey.keys()) byKey.set(key, undefined);
	return byKey;
}

/** Authenticator key by factor type, where one kind of authenticator has it. */
const keys: Record<string, string> = {
	webauthn: "webauthn",
	u2f: "webauthn",
	push: "okta_verify",
	signed_nonce: "okta_verify",
	sms: "phone_number",
	call: "phone_number",
	email: "okta_email",
	question: "security_question",
	smart_card_idp: "smart_card_idp",
	cert: "smart_card_idp",
	web: "duo",
	"token:hardware": "yubikey_token",
};

function keyOf(type: string, provider: string | null | undefined): string | undefined {
	if (type === "token:software:totp") return provider === "GOOGLE" ? "google_otp" : provider === "OKTA" ? "okta_verify" : undefined;
	if (type === "token") return provider === "SYMANTEC" ? "symantec_vip" : undefined;
	return lookUp(keys, type);
}

/** ALL_ZONES stands for whatever zones there are. ON_NETWORK and OFF_NETWORK are not followed. */
function networksOf(network: unknown, all: string[]): Known<NetworkCondition> {
	const connection = at(network, "connection");
	if (connection === undefined || connection === null || connection === "ANYWHERE") return "anywhere";
	const [include, exclude] = [texts(at(network, "include")), texts(at(network, "exclude"))];
	if (connection !== "ZONE" || !include || !exclude || include.length + exclude.length === 0) return undefined;
	const named = (ids: string[]) => ids.flatMap((id) => (id === "ALL_ZONES" ? all : [id]));
	// "Any zone" of an org without zones is none, not every place.
	return include.length > 0 && named(include).length === 0 ? undefined : { include: named(include), exclude: named(exclude) };
}

function threatInsight(settings: SettingRecord[], nameOf: (zone: string) => string): { unknown: string | null; caveats: string[] } {
	const record = settings.find(({ kind }) => kind === "threat-insight");
	const action = word(record?.values?.action);
	if (!record || action === "none" || action === "audit") return { unknown: null, caveats: [] };
	const zones = texts(record.values?.excludeZones);
	if (action !== "block" || !zones) return { unknown: "what ThreatInsight does can't be said", caveats: [] };
	const exempt = zones.length === 0 ? "no zone is exempt from it" : `exempt from it: ${zones.map(nameOf).join(", ")}`;
	return { unknown: null, caveats: [`ThreatInsight turns away requests from addresses that Okta finds suspicious; ${exempt}`] };
}

/** Names that policies of Classic Engine have for what is an authenticator now. */
const classic: Record<string, string> = {
	okta_otp: "okta_verify",
	okta_push: "okta_verify",
	okta_sms: "phone_number",
	okta_call: "phone_number",
	okta_question: "security_question",
	fido_webauthn: "webauthn",
	fido_u2f: "webauthn",
};

function enrolment(record: SettingRecord, authenticators: Map<string, Known<boolean>> | null): Enrolment {
	const settings = at(record.values, "settings");
	const list = at(settings, "authenticators");
	const named: [string, unknown][] = [
		...(Array.isArray(list) ? list : []).map((entry): [string, unknown] => [word(at(entry, "key")) ?? "an authenticator that can't be read", entry]),
		...Object.entries(object(at(settings, "factors")) ?? {}),
	];
	const required = named.filter(([, entry]) => at(entry, "enroll", "self") === "REQUIRED").map(([name]) => name);
	return {
		record,
		groups: texts(at(record.values, "conditions", "people", "groups", "include")),
		asks: [...new Set(required)].map((name) => {
			const on = authenticators?.get(lookUp(classic, name) ?? name);
			return { name, off: authenticators === null ? false : on === undefined ? undefined : !on };
		}),
	};
}
