import { encodeKnown } from "../../src/model/json.js";
import { ActionError } from "../../src/provider/action-error.js";
import { at, type Json, object, word } from "../../src/provider/decode.js";
import type { SettingLive, SettingSpec } from "../../src/provider/setting.js";
import type { GoogleConnection } from "./connection.js";
import { isGone, one } from "./read.js";
import { decodePolicy } from "./schema-policy.js";
import { plainValues } from "./schema-setting.js";

/** Settings of the Policy API that bear on who gets in, for how long and with what. The API lets them be read and not changed. */
const policyTypes: { type: string; title: string; lockOut: boolean }[] = [
	{ type: "security.two_step_verification_enrollment", title: "2-step verification: who may enrol", lockOut: true },
	{ type: "security.two_step_verification_enforcement", title: "2-step verification: since when it is enforced", lockOut: true },
	{ type: "security.two_step_verification_enforcement_factor", title: "2-step verification: factors that count", lockOut: true },
	{ type: "security.two_step_verification_grace_period", title: "2-step verification: time to enrol", lockOut: true },
	{ type: "security.two_step_verification_device_trust", title: "2-step verification: trusted devices", lockOut: false },
	{ type: "security.two_step_verification_sign_in_code", title: "2-step verification: backup codes", lockOut: true },
	{ type: "security.passkeys_restriction", title: "Passkeys that count", lockOut: true },
	{ type: "security.session_controls", title: "Length of web sessions", lockOut: false },
	{ type: "security.password", title: "Passwords", lockOut: true },
	{ type: "security.login_challenges", title: "Sign-in challenges", lockOut: true },
	{ type: "security.less_secure_apps", title: "Less secure apps", lockOut: false },
	{ type: "security.advanced_protection_program", title: "Advanced Protection Program", lockOut: false },
	{ type: "security.super_admin_account_recovery", title: "Recovery of super administrators", lockOut: false },
	{ type: "security.user_account_recovery", title: "Recovery of accounts", lockOut: false },
	{ type: "api_controls.unconfigured_third_party_apps", title: "Third-party apps nobody has decided on", lockOut: false },
	{ type: "api_controls.internal_apps", title: "Apps of the organisation's own", lockOut: false },
	{ type: "api_controls.google_services", title: "Google services that apps may ask for", lockOut: false },
	{ type: "api_controls.app_approval_requests", title: "Requests for apps", lockOut: false },
	{ type: "workspace_marketplace.apps_access_options", title: "Marketplace apps", lockOut: false },
];

const anything = { $schema: "https://json-schema.org/draft/2020-12/schema", type: "object", minProperties: 1 };

const policySpecs: SettingSpec<GoogleConnection>[] = policyTypes.map(({ type, title, lockOut }) => ({
	kind: `policy/${type}`,
	title,
	valuesSchema: anything,
	pulumiTypes: [],
	lockOutCapable: lockOut,
	update: null,
	canonical: (values) => object(ordered(values)) ?? {},
	async read(connection, id) {
		return read(connection, { path: "/v1/policies/{id}", id, name: `policies/${id}` }, (raw) => {
			const decoded = decodePolicy(raw, new Map());
			if ("bad" in decoded || decoded.ok.type !== type) throw new ActionError(`policy/${type}/${id} is of another type: the kind does not fit the id`);
			return { name: title, values: decoded.ok.record.values ?? {} };
		});
	},
}));

const ssoSpecs: SettingSpec<GoogleConnection>[] = [
	{ kind: "sso-assignment", title: "Whom an SSO profile is for", collection: "inboundSsoAssignments" },
	{ kind: "sso-profile", title: "SAML SSO profile", collection: "inboundSamlSsoProfiles" },
].map(({ kind, title, collection }) => ({
	kind,
	title,
	valuesSchema: anything,
	pulumiTypes: [],
	lockOutCapable: true,
	update: null,
	canonical: (values) => object(ordered(values)) ?? {},
	read: (connection, id) =>
		read(connection, { path: `/v1/${collection}/{id}`, id, name: `${collection}/${id}` }, (raw) => ({
			name: word(raw.displayName) ?? title,
			values: plainValues(raw),
		})),
}));

/** What can be declared and compared; Keelson does not write it. */
export const observedSpecs: SettingSpec<GoogleConnection>[] = [...policySpecs, ...ssoSpecs];

async function read(
	connection: GoogleConnection,
	{ path, id, name }: { path: string; id: string; name: string },
	decode: (raw: Json) => { name: string; values: Json },
): Promise<SettingLive> {
	const answer = await one(connection, { method: "GET", path, params: { id } }, connection.config.signal);
	if ("error" in answer) {
		if (isGone(answer.error)) return { exists: false, name: "", values: {}, request: answer.error.request };
		throw answer.error;
	}
	const raw = object(answer.body);
	if (!raw || at(raw, "name") !== name) throw new ActionError(`Google answers to ${name} with another object`);
	return { exists: true, ...decode(raw), request: answer.request };
}

/** Lists of these objects are sets; null and a list of nothing are absent, as Google leaves out what is empty. */
function ordered(value: unknown): unknown {
	if (Array.isArray(value)) {
		const items = new Map(value.map((item) => ordered(item) ?? null).map((item) => [encodeKnown(item), item]));
		return items.size === 0 ? undefined : [...items].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
	}
	const given = object(value);
	if (!given) return value ?? undefined;
	const formed = Object.entries(given).map(([key, inner]): [string, unknown] => [key, ordered(inner)]);
	return Object.fromEntries(formed.filter(([, inner]) => inner !== undefined));
}
