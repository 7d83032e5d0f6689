import { expect } from "vitest";
import type { Decoded } from "../../providers/okta/schema.js";
import { decodeUser } from "../../providers/okta/schema-account.js";
import { decodeApp, decodeAppGroup, decodeAppUser } from "../../providers/okta/schema-app.js";
import { decodeApiToken, decodeAppKey, decodeAppSecret, decodeGrant } from "../../providers/okta/schema-credential.js";
import { decodeFactor } from "../../providers/okta/schema-factor.js";
import { decodeGroup, decodeGroupRule } from "../../providers/okta/schema-group.js";
import { decodePolicy } from "../../providers/okta/schema-policy.js";
import { decodeBindingMember, decodeRoleAssignment } from "../../providers/okta/schema-role.js";
import { decodeOrgSetting, decodeSetting } from "../../providers/okta/schema-setting.js";
import { decodeRule, type Raw, role, rule, setting, time } from "./okta-checks.js";

export interface Call {
	/** Path template in the vendor's specification. */
	path: string;
	/** Recordings that hold this call's answers, and those of calls that answer the same object. */
	files: string[];
	/** Name of the list in the body. */
	key?: string;
	/** The answer is one object. */
	single?: true;
	decode(item: Raw): Decoded<Raw>;
	/** Compares what was decoded with the raw object; null = the decoder left it out. */
	check(raw: Raw, record: Raw): void;
}

const app = { id: "0oaX", name: "X" };
const ana = { type: "account" as const, id: "00uX" };

const settingCall = (kind: string, path: string, files: string[]): Call => ({ path, files, decode: (item) => decodeSetting(item, kind), check: setting });
const orgCall = (kind: string, path: string, files: string[]): Call => ({
	path,
	files,
	single: true,
	decode: (body) => decodeOrgSetting(body, kind, kind),
	check: (raw, record) => {
		const { _links, ...rest } = raw;
		expect(record.values).toEqual(rest);
	},
});

/** Every call that reading makes. */
export const calls: Call[] = [
	{
		path: "/api/v1/users",
		files: ["listUsers", "listGroupUsers", "getUser", "createUser", "replaceUser", "updateUser", "expirePassword"],
		decode: decodeUser,
		check(raw, record) {
			expect(record).toMatchObject({ id: raw.id });
			if (raw.status) expect(record.status).toBe(raw.status);
			for (const [ours, theirs] of Object.entries({
				created: "created",
				activated: "activated",
				statusChanged: "statusChanged",
				updated: "lastUpdated",
				passwordChanged: "passwordChanged",
				lastActivity: "lastLogin",
			})) {
				if (raw.status && raw.profile && (raw[theirs] || !["created", "updated"].includes(ours))) expect(record[ours]).toBe(time(raw[theirs]));
			}
			expect(record.login).toBe(raw.profile?.login);
			if (raw.profile) expect(record.department).toBe(raw.profile.department ?? null);
			expect(record.credentialProvider).toBe(raw.credentials?.provider?.type === "OKTA" ? "local" : record.credentialProvider);
		},
	},
	{
		path: "/api/v1/groups",
		files: ["listGroups", "getGroup", "addGroup", "replaceGroup", "listUserGroups"],
		decode: decodeGroup,
		check(raw, record) {
			expect(record).toMatchObject({
				id: raw.id,
				name: raw.profile.name,
				type: raw.type,
				created: time(raw.created),
				membershipUpdated: time(raw.lastMembershipUpdated),
			});
		},
	},
	{
		path: "/api/v1/groups/rules",
		files: ["listGroupRules", "getGroupRule", "createGroupRule", "replaceGroupRule"],
		decode: decodeGroupRule,
		check(raw, record) {
			expect(record).toEqual({
				id: raw.id,
				name: raw.name,
				active: raw.status === "ACTIVE",
				groups: raw.actions.assignUserToGroups.groupIds,
				expression: raw.conditions?.expression?.value ?? null,
				excludedAccounts: raw.conditions?.people?.users?.exclude ?? [],
			});
		},
	},
	{ path: "/api/v1/groups/{groupId}/users", files: ["listGroupUsers"], decode: decodeUser, check: (raw, record) => expect(record.id).toBe(raw.id) },
	{
		path: "/api/v1/iam/assignees/users",
		files: ["listUsersWithRoleAssignments"],
		key: "value",
		decode: (item) => ({ ok: { id: item.id } }),
		check: (raw, record) => expect(record.id).toBe(raw.id),
	},
	{
		path: "/api/v1/iam/roles",
		files: ["listRoles"],
		key: "roles",
		decode: (item) => ({ ok: { id: item.id } }),
		check: (raw, record) => expect(record.id).toBe(raw.id),
	},
	{
		path: "/api/v1/iam/roles/{roleIdOrLabel}/permissions",
		files: ["listRolePermissions"],
		key: "permissions",
		decode: (item) => ({ ok: item.label }),
		check: (_raw, record) => expect(record).toMatch(/^okta\./),
	},
	{
		path: "/api/v1/iam/resource-sets",
		files: ["listResourceSets"],
		key: "resource-sets",
		decode: (item) => ({ ok: { id: item.id } }),
		check: (raw, record) => expect(record.id).toBe(raw.id),
	},
	{
		path: "/api/v1/iam/resource-sets/{resourceSetIdOrLabel}/bindings",
		files: ["listBindings"],
		key: "roles",
		decode: (item) => ({ ok: { id: item.id } }),
		check: (raw, record) => expect(record.id).toBe(raw.id),
	},
	{
		path: "/api/v1/iam/resource-sets/{resourceSetIdOrLabel}/bindings/{roleIdOrLabel}/members",
		files: [],
		key: "members",
		decode: (item) => decodeBindingMember(item, { role: "cr0", label: "", resourceSet: "iam0" }, new Map()),
		check: (raw, record) => expect(record).toMatchObject({ id: raw.id, principal: raw._links.self.href.split("/").at(-1) }),
	},
	{
		path: "/api/v1/users/{userId}/roles",
		files: ["listAssignedRolesForUser", "getUserAssignedRole", "assignRoleToUser"],
		decode: (item) => decodeRoleAssignment(item, ana, new Map()),
		check: role,
	},
	{
		path: "/api/v1/groups/{groupId}/roles",
		files: ["listGroupAssignedRoles", "getGroupAssignedRole", "assignRoleToGroup"],
		decode: (item) => decodeRoleAssignment(item, { type: "group", id: "00gX" }, new Map()),
		check: role,
	},
	{
		path: "/oauth2/v1/clients/{clientId}/roles",
		files: ["retrieveClientRole", "assignRoleToClient"],
		decode: (item) => decodeRoleAssignment(item, { type: "client", id: "0oaX" }, new Map()),
		check: role,
	},
	{
		path: "/api/v1/policies",
		files: ["listPolicies", "getPolicy", "createPolicy", "replacePolicy"],
		decode: (item) => {
			const found = decodePolicy(item, "ACCESS_POLICY");
			return "ok" in found ? { ok: found.ok.record } : found;
		},
		check(raw, record) {
			setting(raw, record);
			expect(record.kind).toBe(`policy/${raw.type}`);
			expect(record.builtIn).toBe(raw.system === true);
		},
	},
	{
		path: "/api/v1/policies/{policyId}/rules",
		files: ["listPolicyRules", "getPolicyRule", "createPolicyRule", "replacePolicyRule"],
		decode: decodeRule,
		check: rule,
	},
	settingCall("authenticator", "/api/v1/authenticators", ["listAuthenticators", "getAuthenticator", "replaceAuthenticator"]),
	settingCall("zone", "/api/v1/zones", ["listNetworkZones", "getNetworkZone", "createNetworkZone", "replaceNetworkZone"]),
	settingCall("trusted-origin", "/api/v1/trustedOrigins", ["listTrustedOrigins", "getTrustedOrigin", "createTrustedOrigin"]),
	settingCall("event-hook", "/api/v1/eventHooks", ["listEventHooks", "getEventHook", "createEventHook"]),
	settingCall("log-stream", "/api/v1/logStreams", ["listLogStreams", "createLogStream"]),
	settingCall("behavior", "/api/v1/behaviors", ["listBehaviorDetectionRules", "createBehaviorDetectionRule"]),
	orgCall("org", "/api/v1/org", ["getOrgSettings", "updateOrgSettings"]),
	orgCall("support-access", "/api/v1/org/privacy/oktaSupport", ["getOrgOktaSupportSettings"]),
	orgCall("third-party-admin", "/api/v1/org/orgSettings/thirdPartyAdminSetting", []),
	orgCall("client-privileges", "/api/v1/org/settings/clientPrivilegesSetting", []),
	orgCall("threat-insight", "/api/v1/threats/configuration", ["getCurrentConfiguration", "updateConfiguration"]),
	orgCall("lockout", "/attack-protection/api/v1/user-lockout-settings", ["getUserLockoutSettings"]),
	orgCall("authenticator-order", "/attack-protection/api/v1/authenticator-settings", ["getAuthenticatorSettings"]),
	{
		path: "/api/v1/apps",
		files: ["listApplications", "getApplication", "createApplication", "replaceApplication"],
		decode: decodeApp,
		check(raw, decoded) {
			expect(decoded.record).toMatchObject({
				id: raw.id,
				name: raw.label,
				type: raw.signOnMode ?? "",
				active: raw.status === "ACTIVE",
				nonHuman: raw.settings?.oauthClient?.application_type === "service",
				clientId: raw.credentials?.oauthClient?.client_id ?? null,
				created: time(raw.created),
			});
			expect(decoded.accessPolicy).toBe(raw._links?.accessPolicy?.href?.split("/").at(-1) ?? null);
		},
	},
	{
		path: "/api/v1/apps/{appId}/users",
		files: ["listApplicationUsers", "getApplicationUser", "assignUserToApplication", "updateApplicationUser"],
		decode: (item) => decodeAppUser(item, app.id),
		check: (raw, record) =>
			raw.scope === "GROUP"
				? expect(record).toBeNull()
				: expect(record).toEqual({ app: app.id, principalType: "account", principal: raw.id, source: "direct" }),
	},
	{
		path: "/api/v1/apps/{appId}/groups",
		files: ["listApplicationGroupAssignments", "getApplicationGroupAssignment", "assignGroupToApplication"],
		decode: (item) => decodeAppGroup(item, app.id),
		check: (raw, record) => expect(record.principal).toBe(raw.id),
	},
	{
		path: "/api/v1/api-tokens",
		files: ["listApiTokens", "getApiToken", "upsertApiToken", "other.api-tokens"],
		decode: decodeApiToken,
		check(raw, record) {
			expect(record).toMatchObject({
				id: raw.id,
				name: raw.name,
				owner: raw.userId,
				created: time(raw.created),
				lastUsed: time(raw.lastUpdated),
				expires: time(raw.expiresAt),
			});
			// Some live tokens only shut zones out: from everywhere else they work.
			if (raw.network) expect(record.networkBound).toBe(raw.network.connection === "ZONE" && (raw.network.include ?? []).length > 0);
		},
	},
	{
		path: "/api/v1/apps/{appId}/credentials/secrets",
		files: ["listOAuth2ClientSecrets", "createOAuth2ClientSecret"],
		decode: (item) => decodeAppSecret(item, app),
		check(raw, record) {
			expect(record).toMatchObject({ id: raw.id, created: time(raw.created), active: raw.status === "ACTIVE" });
			expect(JSON.stringify(record)).not.toContain(raw.client_secret);
		},
	},
	{
		path: "/api/v1/apps/{appId}/credentials/jwks",
		files: [],
		decode: (item) => decodeAppKey(item, app),
		check: (raw, record) => expect(record).toMatchObject({ id: raw.id, created: time(raw.created) }),
	},
	{
		path: "/api/v1/apps/{appId}/grants",
		files: ["listScopeConsentGrants", "getScopeConsentGrant", "grantConsentToScope"],
		decode: (item) => decodeGrant(item, app),
		check: (raw, record) => expect(record).toMatchObject({ id: raw.id, scopes: [raw.scopeId], active: raw.status === "ACTIVE", created: time(raw.created) }),
	},
	{
		path: "/api/v1/users/{userId}/factors",
		files: ["listFactors", "getFactor", "enrollFactor"],
		decode: decodeFactor,
		check: (raw, record) =>
			raw.status === "ACTIVE" ? expect(record).toMatchObject({ id: raw.id, type: raw.factorType, created: time(raw.created) }) : expect(record).toBeNull(),
	},
];
