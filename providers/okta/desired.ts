import type { SettingRecord } from "../../src/model/objects.js";
import { type DesiredMappings, type DesiredRecord, isOpen, unresolved } from "../../src/provider/desired.js";
import { known } from "./schema.js";
import { decodePolicy, decodePolicyRule } from "./schema-policy.js";

type Json = Record<string, unknown>;

/** Defaults are the package's: https://www.pulumi.com/registry/packages/okta/. */
export const desired: DesiredMappings = {
	"okta:policy/signon:Signon": (properties, id) => policy("OKTA_SIGN_ON", properties, id),
	"okta:policy/password:Password": (properties, id) => policy("PASSWORD", properties, id),
	"okta:policy/mfa:Mfa": (properties, id) => policy("MFA_ENROLL", properties, id),
	"okta:index/appSignonPolicy:AppSignonPolicy": (properties, id) => policy("ACCESS_POLICY", properties, id),
	"okta:policy/ruleSignon:RuleSignon": (properties, id) =>
		rule(
			"OKTA_SIGN_ON",
			id,
			properties,
			{
				...network(properties),
				authContext: { authType: properties.authtype ?? "ANY" },
				riskScore: { level: properties.riskLevel ?? properties.riscLevel ?? "ANY" },
				risk: { behaviors: properties.behaviors ?? [] },
				identityProvider: { provider: properties.identityProvider ?? "ANY" },
				people: { users: { exclude: properties.usersExcluded ?? [] } },
			},
			{
				signon: {
					access: properties.access === "CHALLENGE" ? "ALLOW" : (properties.access ?? "ALLOW"),
					// A challenge is a chain of factors, of which the last is a second one.
					requireFactor: properties.access === "CHALLENGE" ? true : (properties.mfaRequired ?? false),
					session: {
						maxSessionLifetimeMinutes: properties.sessionLifetime ?? 120,
						maxSessionIdleMinutes: properties.sessionIdle ?? 120,
						usePersistentCookie: properties.sessionPersistent ?? false,
					},
				},
			},
		),
	"okta:index/appSignonPolicyRule:AppSignonPolicyRule": (properties, id) =>
		rule(
			"ACCESS_POLICY",
			id,
			properties,
			{
				...network(properties),
				people: {
					users: { include: properties.usersIncluded ?? [], exclude: properties.usersExcluded ?? [] },
					groups: { include: properties.groupsIncluded ?? [], exclude: properties.groupsExcluded ?? [] },
				},
				riskScore: { level: properties.riskScore ?? "ANY" },
				userType: { include: properties.userTypesIncluded ?? [], exclude: properties.userTypesExcluded ?? [] },
				...(properties.customExpression === undefined ? {} : { elCondition: { condition: properties.customExpression } }),
				...(properties.deviceIsRegistered === undefined && properties.deviceAssurancesIncluded === undefined ? {} : { device: {} }),
				...(properties.platformIncludes === undefined ? {} : { platform: {} }),
			},
			{
				appSignOn: {
					access: properties.access ?? "ALLOW",
					verificationMethod: {
						type: properties.type ?? "ASSURANCE",
						factorMode: properties.factorMode ?? "2FA",
						...(properties.constraints === undefined ? {} : { constraints: fromJson(properties.constraints) }),
						...(properties.chains === undefined ? {} : { chains: fromJson(properties.chains) }),
					},
				},
			},
		),
	"okta:group/group:Group": ({ name, description }, id) =>
		typeof name === "string"
			? {
					collection: "groups",
					record: known({
						id,
						name,
						type: "OKTA_GROUP",
						source: "direct" as const,
						description: description === undefined ? null : typeof description === "string" ? description : undefined,
					}),
				}
			: null,
};

function network({ networkConnection, networkIncludes, networkExcludes }: Json): Json {
	return { network: { connection: networkConnection ?? "ANYWHERE", include: networkIncludes ?? [], exclude: networkExcludes ?? [] } };
}

function policy(type: string, { name, status, priority, groupsIncluded }: Json, id: string): DesiredRecord | null {
	const raw = { id, type, name: name ?? id, status: status ?? "ACTIVE", priority, conditions: { people: { groups: { include: groupsIncluded ?? [] } } } };
	const decoded = decodePolicy(raw, type);
	return "ok" in decoded ? settings(decoded.ok.record, raw) : null;
}

/** As the rule would be read. Its policy says too whom it is for, and is not looked at here: then lists are not whole. */
function rule(type: string, id: string, { name, status, priority, policyId }: Json, conditions: Json, actions: Json): DesiredRecord | null {
	const raw = { id, name: name ?? id, status: status ?? "ACTIVE", priority, conditions, actions };
	const record = decodePolicy({ id: "policy", type, status: "ACTIVE" }, type);
	if (!("ok" in record)) return null;
	const decoded = decodePolicyRule(raw, record.ok, type === "OKTA_SIGN_ON" ? null : undefined);
	if (!("ok" in decoded)) return null;
	const { signIn, session, ...rest } = decoded.ok;
	const open = <T>(list: T[] | undefined): T[] | undefined => list && Object.assign([...list], { partial: true as const });
	const facet =
		signIn && known({ ...signIn, excludedAccounts: open(signIn.excludedAccounts), excludedGroups: open(signIn.excludedGroups), includedGroups: undefined });
	const access = Object.values(actions).map((action) => (action as Json).access)[0];
	return settings(
		known<SettingRecord>({
			...rest,
			...(typeof policyId === "string" ? { parent: policyId } : { parent: undefined }),
			session: access === unresolved ? undefined : session,
			signIn: facet,
		}),
		raw,
	);
}

function settings(record: SettingRecord, raw: Json): DesiredRecord {
	const { values, ...rest } = record;
	return { collection: "settings", record: isOpen(raw) || values === undefined ? rest : { ...rest, values } };
}

/** Lists whose elements the package wants as JSON in text. */
function fromJson(value: unknown): unknown {
	if (!Array.isArray(value) || isOpen(value)) return unresolved;
	try {
		return value.map((one) => (typeof one === "string" ? JSON.parse(one) : one));
	} catch {
		return unresolved;
	}
}
