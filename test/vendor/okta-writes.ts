import type { TenantState } from "../../providers/okta/emulator/state.js";

type Json = Record<string, unknown>;

/** One write: the values of its path's parameters in order, a body, a query, and what must be done first (`METHOD /path`). */
export interface Write {
	at?: readonly string[];
	body?: unknown;
	query?: string;
	first?: readonly (readonly [string, unknown?])[];
}

/** Names of the full tenant's objects that writes are about. */
export interface Names {
	user: string;
	spare: string;
	withStatus: (status: string) => string;
	group: string;
	app: string;
	web: string;
	policy: string;
	rule: string;
	access: string;
	userRole: (type: string) => string;
	groupRole: (type: string) => string;
	clientRole: (type: string) => string;
	custom: string;
	set: string;
	binding: string;
	url: string;
}

export function namesOf(state: TenantState, url: string): Names {
	const users = [...state.users];
	const withStatus = (status: string): string => users.find(([, user]) => user.status === status)?.[0] ?? "";
	const find = <T>(map: Map<string, T>, wanted: (item: T) => boolean): string => [...map].find(([, item]) => wanted(item))?.[0] ?? "";
	const role = (kind: string) => (type: string) => state.roles.find((one) => one.principalType === kind && one.type === type)?.id ?? "";
	const policy = find(state.policies, (one) => one.type === "OKTA_SIGN_ON");
	return {
		user: withStatus("ACTIVE"),
		spare: withStatus("PASSWORD_EXPIRED"),
		withStatus,
		group: find(state.groups, (one) => one.type === "OKTA_GROUP"),
		app: find(state.apps, (one) => one.label === "Vendor app"),
		web: find(state.apps, (one) => one.label === "Vendor client"),
		policy,
		rule: state.policyRules.get(policy)?.[0]?.id ?? "",
		access: find(state.policies, (one) => one.type === "ACCESS_POLICY"),
		userRole: role("user"),
		groupRole: role("group"),
		clientRole: role("client"),
		custom: [...state.customRoles.keys()][0] ?? "",
		set: [...state.resourceSets.keys()][0] ?? "",
		binding: state.roles.find((one) => one.role !== undefined)?.id ?? "",
		url,
	};
}

const gateway = [{ type: "CIDR", value: "198.51.100.0/24" }];
const zone = { name: "Branch", type: "IP", usage: "POLICY", gateways: gateway };
const hook = {
	name: "Second hook",
	events: { type: "EVENT_TYPE", items: ["user.lifecycle.create"] },
	channel: { type: "HTTP", version: "1.0.0", config: { uri: "https://hooks.example/y", authScheme: { type: "HEADER", key: "authorization", value: "x" } } },
};
const origin = { name: "Second portal", origin: "https://second.example", scopes: [{ type: "CORS" }, { type: "REDIRECT" }] };
const profile = { firstName: "New", lastName: "Person", login: "new.person@corp.example", email: "new.person@corp.example" };
const bookmark = { label: "Second app", name: "bookmark", signOnMode: "BOOKMARK", settings: { app: { requestIntegration: false, url: "https://x.example" } } };
const jwk = { kid: "k2", kty: "RSA", use: "sig", e: "AQAB", n: "x".repeat(344) };

/** One write of every operation of the specification that changes something, by `METHOD /path`. */
export function writesOf(n: Names): Record<string, Write> {
	const users = "/api/v1/users/{id}";
	const own = "/api/v1/users/{userId}";
	const apps = "/api/v1/apps/{appId}";
	const groups = "/api/v1/groups/{groupId}";
	const rules = "/api/v1/groups/rules/{groupRuleId}";
	const policies = "/api/v1/policies/{policyId}";
	const signOn = { type: "OKTA_SIGN_ON", name: "Renamed", conditions: { people: { groups: { include: [n.group] } } } };
	const rule = { type: "SIGN_ON", name: "Renamed", conditions: {}, actions: { signon: { access: "ALLOW", requireFactor: true } } };
	const groupRule = {
		type: "group_rule",
		name: "Sellers",
		conditions: { expression: { value: 'user.department=="Sales"', type: "urn:okta:expression:1.0" } },
		actions: { assignUserToGroups: { groupIds: [n.group] } },
	};
	const sets = "/api/v1/iam/resource-sets/{resourceSetIdOrLabel}";
	const source = "/api/v1/identity-sources/{identitySourceId}";
	const session = `${source}/sessions/{sessionId}`;
	const load = (body: Json): Write => ({ at: [n.app, "aps00000000000000001"], body });
	const sourceProfile = { userName: "emily.jones@corp.example", email: "emily.jones@corp.example", firstName: "Emily" };
	const lifecycle = (base: string, id: string, status: string): Record<string, Write> => {
		const [move, back] = status === "ACTIVE" ? ["deactivate", "activate"] : ["activate", "deactivate"];
		const at = base.replace(/\{[^}]+\}/, id);
		return { [`POST ${base}/lifecycle/${move}`]: { at: [id] }, [`POST ${base}/lifecycle/${back}`]: { at: [id], first: [[`POST ${at}/lifecycle/${move}`]] } };
	};
	return {
		"PUT /api/v1/api-tokens/{apiTokenId}": { at: ["00T00000000000000001"], body: { name: "Check", network: { connection: "ANYWHERE" } } },
		"DELETE /api/v1/api-tokens/{apiTokenId}": { at: ["00T00000000000000001"] },
		"POST /api/v1/apps": { body: bookmark },
		[`PUT ${apps}`]: { at: [n.app], body: { ...bookmark, label: "Renamed" } },
		[`DELETE ${apps}`]: { at: [n.app], first: [[`POST /api/v1/apps/${n.app}/lifecycle/deactivate`]] },
		...lifecycle(apps, n.app, "ACTIVE"),
		[`POST ${apps}/credentials/jwks`]: { at: [n.web], body: jwk },
		[`POST ${apps}/credentials/secrets`]: { at: [n.web], body: {} },
		[`POST ${apps}/grants`]: { at: [n.app], body: { scopeId: "okta.apps.read", issuer: n.url } },
		[`DELETE ${apps}/grants/{grantId}`]: { at: [n.app, "oag00000000000000001"] },
		[`PUT ${apps}/groups/{groupId}`]: { at: [n.web, n.group], body: { priority: 1 } },
		[`PATCH ${apps}/groups/{groupId}`]: { at: [n.app, n.group], body: [{ op: "replace", path: "/priority", value: 2 }] },
		[`DELETE ${apps}/groups/{groupId}`]: { at: [n.app, n.group] },
		[`PUT ${apps}/policies/{policyId}`]: { at: [n.app, n.access] },
		[`DELETE ${apps}/tokens`]: { at: [n.app] },
		[`POST ${apps}/users`]: { at: [n.web], body: { id: n.user, scope: "USER", credentials: { userName: "vendor" } } },
		[`POST ${apps}/users/{userId}`]: { at: [n.app, n.user], body: { credentials: { userName: "other" } } },
		[`DELETE ${apps}/users/{userId}`]: { at: [n.app, n.user] },
		"POST /api/v1/authenticators": { body: { key: "google_otp", name: "Google Authenticator" } },
		"PUT /api/v1/authenticators/{authenticatorId}": { at: ["aut00000000000000001"], body: { name: "Renamed", key: "okta_password" } },
		...lifecycle("/api/v1/authenticators/{authenticatorId}", "aut00000000000000002", "ACTIVE"),
		"PUT /api/v1/authenticators/{authenticatorId}/methods/{methodType}": {
			at: ["aut00000000000000002", "webauthn"],
			body: { type: "webauthn", settings: { userVerification: "REQUIRED", attachment: "ANY" } },
		},
		"POST /api/v1/behaviors": { body: { name: "Fast traveller", type: "VELOCITY", settings: { velocityKph: 805 } } },
		"POST /api/v1/eventHooks": { body: hook },
		"PUT /api/v1/eventHooks/{eventHookId}": { at: ["who00000000000000001"], body: hook },
		"DELETE /api/v1/eventHooks/{eventHookId}": {
			at: ["who00000000000000001"],
			first: [["POST /api/v1/eventHooks/who00000000000000001/lifecycle/deactivate"]],
		},
		...lifecycle("/api/v1/eventHooks/{eventHookId}", "who00000000000000001", "ACTIVE"),
		"POST /api/v1/eventHooks/{eventHookId}/lifecycle/verify": { at: ["who00000000000000001"] },
		"POST /api/v1/features/{featureId}/{lifecycle}": { at: ["ftr00000000000000001", "disable"] },
		"POST /api/v1/groups": { body: { profile: { name: "Second group", description: "Text" } } },
		[`PUT ${groups}`]: { at: [n.group], body: { profile: { name: "Renamed", description: "Text" } } },
		[`DELETE ${groups}`]: { at: [n.group] },
		"POST /api/v1/groups/rules": { body: groupRule },
		[`PUT ${rules}`]: { at: ["0pr00000000000000001"], body: groupRule, first: [["POST /api/v1/groups/rules/0pr00000000000000001/lifecycle/deactivate"]] },
		[`DELETE ${rules}`]: { at: ["0pr00000000000000001"] },
		...lifecycle(rules, "0pr00000000000000001", "ACTIVE"),
		[`POST ${groups}/owners`]: { at: [n.group], body: { id: n.spare, type: "USER" } },
		[`POST ${groups}/roles`]: { at: [n.group], body: { type: "REPORT_ADMIN" } },
		[`DELETE ${groups}/roles/{roleAssignmentId}`]: { at: [n.group, n.groupRole("HELP_DESK_ADMIN")] },
		[`PUT ${groups}/users/{userId}`]: { at: [n.group, n.spare] },
		[`DELETE ${groups}/users/{userId}`]: { at: [n.group, n.user] },
		"POST /api/v1/iam/resource-sets": { body: { label: "Second set", description: "Text", resources: ["orn:okta:directory:x:users"] } },
		[`PUT ${sets}`]: { at: [n.set], body: { label: "Renamed", description: "Text" } },
		[`DELETE ${sets}`]: { at: [n.set] },
		[`POST ${sets}/bindings`]: { at: [n.set], body: { role: n.custom, members: [`${n.url}/api/v1/groups/${n.group}`] } },
		[`DELETE ${sets}/bindings/{roleIdOrLabel}`]: { at: [n.set, n.custom] },
		[`PATCH ${sets}/bindings/{roleIdOrLabel}/members`]: { at: [n.set, n.custom], body: { additions: [`${n.url}/api/v1/groups/${n.group}`] } },
		[`DELETE ${sets}/bindings/{roleIdOrLabel}/members/{memberId}`]: { at: [n.set, n.custom, n.binding] },
		[`POST ${sets}/resources`]: { at: [n.set], body: { resourceOrnOrUrl: "orn:okta:directory:x:groups", conditions: {} } },
		[`PATCH ${sets}/resources`]: { at: [n.set], body: { additions: ["orn:okta:directory:x:groups"] } },
		"POST /api/v1/iam/roles": { body: { label: "Second role", description: "Text", permissions: ["okta.users.read"] } },
		"PUT /api/v1/iam/roles/{roleIdOrLabel}": { at: [n.custom], body: { label: "Renamed", description: "Text" } },
		"DELETE /api/v1/iam/roles/{roleIdOrLabel}": { at: [n.custom], first: [[`DELETE /api/v1/iam/resource-sets/${n.set}`]] },
		[`POST ${source}/sessions`]: { at: [n.web] },
		[`DELETE ${session}`]: { at: [n.app, "aps00000000000000001"] },
		[`POST ${session}/bulk-upsert`]: load({ entityType: "USERS", profiles: [{ externalId: "E2", profile: sourceProfile }] }),
		[`POST ${session}/bulk-delete`]: load({ entityType: "USERS", profiles: [{ externalId: "EXT1" }] }),
		[`POST ${session}/bulk-groups-upsert`]: load({ profiles: [{ externalId: "G1", profile: { displayName: "From outside" } }] }),
		[`POST ${session}/bulk-groups-delete`]: load({ externalIds: ["G1"] }),
		[`POST ${session}/bulk-group-memberships-upsert`]: load({ memberships: [{ groupExternalId: "G1", memberExternalIds: ["EXT1"] }] }),
		[`POST ${session}/bulk-group-memberships-delete`]: load({ memberships: [{ groupExternalId: "G1", memberExternalIds: ["EXT1"] }] }),
		[`POST ${session}/start-import`]: {
			at: [n.app, "aps00000000000000001"],
			first: [[`POST /api/v1/identity-sources/${n.app}/sessions/aps00000000000000001/bulk-groups-delete`, { externalIds: ["G1"] }]],
		},
		[`POST ${source}/users`]: { at: [n.app], body: { externalId: "E3", profile: sourceProfile } },
		[`PUT ${source}/users/{externalId}`]: { at: [n.app, "EXT1"], body: { externalId: "EXT1", profile: sourceProfile } },
		[`PATCH ${source}/users/{externalId}`]: { at: [n.app, "EXT1"], body: { profile: { firstName: "Other" } } },
		[`DELETE ${source}/users/{externalId}`]: { at: [n.app, "EXT1"] },
		"POST /api/v1/idps": {
			body: {
				type: "GOOGLE",
				name: "Google",
				protocol: { type: "OIDC", scopes: ["openid"], credentials: { client: { client_id: "x", client_secret: "y" } } },
				policy: { accountLink: { action: "AUTO" }, provisioning: { action: "DISABLED" }, subject: { matchType: "USERNAME" }, maxClockSkew: 0 },
			},
		},
		"POST /api/v1/logStreams": {
			body: { type: "aws_eventbridge", name: "Second stream", settings: { accountId: "123456789012", eventSourceName: "second", region: "us-east-2" } },
		},
		"POST /api/v1/meta/schemas/user/{schemaId}": {
			at: ["default"],
			body: { definitions: { custom: { id: "#custom", type: "object", properties: { badge: { title: "Badge", type: "string" } } } } },
		},
		"POST /api/v1/meta/types/user": { body: { name: "contractor", displayName: "Contractor" } },
		"POST /api/v1/org": { body: { website: "https://corp.example" } },
		"PUT /api/v1/org": { body: { companyName: "Corp" } },
		"PUT /api/v1/org/contacts/{contactType}": { at: ["technical"], body: { userId: n.user } },
		"POST /api/v1/org/orgSettings/thirdPartyAdminSetting": { body: { thirdPartyAdmin: true } },
		"PUT /api/v1/org/settings/clientPrivilegesSetting": { body: { clientPrivilegesSetting: true } },
		"POST /api/v1/policies": { body: { ...signOn, name: "Second policy" } },
		[`PUT ${policies}`]: { at: [n.policy], body: signOn },
		[`DELETE ${policies}`]: { at: [n.policy] },
		...lifecycle(policies, n.policy, "ACTIVE"),
		[`POST ${policies}/mappings`]: { at: [n.access], body: { resourceId: n.app, resourceType: "ACCESS_POLICY" } },
		[`POST ${policies}/rules`]: { at: [n.policy], body: { ...rule, name: "Second rule" } },
		[`PUT ${policies}/rules/{ruleId}`]: { at: [n.policy, n.rule], body: rule },
		[`DELETE ${policies}/rules/{ruleId}`]: { at: [n.policy, n.rule] },
		[`POST ${policies}/rules/{ruleId}/lifecycle/activate`]: { at: [n.policy, n.rule] },
		[`POST ${policies}/rules/{ruleId}/lifecycle/deactivate`]: { at: [n.policy, n.rule] },
		"POST /api/v1/principal-rate-limits": { body: { principalId: n.app, principalType: "OAUTH_CLIENT", defaultPercentage: 40 } },
		"PUT /api/v1/principal-rate-limits/{principalRateLimitId}": {
			at: ["prl00000000000000001"],
			body: { principalId: "00T00000000000000001", principalType: "SSWS_TOKEN", defaultPercentage: 40 },
		},
		"PUT /api/v1/rate-limit-settings/per-client": { body: { defaultMode: "PREVIEW" } },
		"PUT /api/v1/rate-limit-settings/warning-threshold": { body: { warningThreshold: 60 } },
		"POST /api/v1/threats/configuration": { body: { action: "block", excludeZones: ["nzo00000000000000001"] } },
		"POST /api/v1/trustedOrigins": { body: origin },
		"PUT /api/v1/trustedOrigins/{trustedOriginId}": { at: ["tos00000000000000001"], body: origin },
		"DELETE /api/v1/trustedOrigins/{trustedOriginId}": { at: ["tos00000000000000001"] },
		...lifecycle("/api/v1/trustedOrigins/{trustedOriginId}", "tos00000000000000001", "ACTIVE"),
		"POST /api/v1/users": { body: { profile } },
		[`POST ${users}`]: { at: [n.user], body: { profile: { title: "Clerk" } } },
		[`PUT ${users}`]: { at: [n.user], body: { profile } },
		[`DELETE ${users}`]: { at: [n.user] },
		[`POST ${users}/lifecycle/activate`]: { at: [n.withStatus("STAGED")], query: "?sendEmail=false" },
		[`POST ${users}/lifecycle/deactivate`]: { at: [n.user] },
		[`POST ${users}/lifecycle/expire_password`]: { at: [n.user] },
		[`POST ${users}/lifecycle/expire_password_with_temp_password`]: { at: [n.user] },
		[`POST ${users}/lifecycle/reactivate`]: { at: [n.withStatus("PROVISIONED")], query: "?sendEmail=false" },
		[`POST ${users}/lifecycle/reset_factors`]: { at: [n.user] },
		[`POST ${users}/lifecycle/reset_password`]: { at: [n.user], query: "?sendEmail=false" },
		[`POST ${users}/lifecycle/suspend`]: { at: [n.user] },
		[`POST ${users}/lifecycle/unlock`]: { at: [n.withStatus("LOCKED_OUT")] },
		[`POST ${users}/lifecycle/unsuspend`]: { at: [n.withStatus("SUSPENDED")] },
		[`DELETE ${own}/authenticator-enrollments/{enrollmentId}`]: { at: [n.user, "fct00000000000000001"] },
		[`PUT ${own}/classification`]: { at: [n.user], body: { type: "LITE" } },
		[`DELETE ${own}/clients/{clientId}/grants`]: { at: [n.user, n.app] },
		[`DELETE ${own}/clients/{clientId}/tokens`]: { at: [n.user, n.app] },
		[`DELETE ${own}/clients/{clientId}/tokens/{tokenId}`]: { at: [n.user, n.app, "oar00000000000000001"] },
		[`POST ${own}/factors`]: { at: [n.spare], body: { factorType: "sms", provider: "OKTA", profile: { phoneNumber: "+15554151337" } } },
		[`DELETE ${own}/factors/{factorId}`]: { at: [n.user, "fct00000000000000001"] },
		[`DELETE ${own}/grants`]: { at: [n.user] },
		[`DELETE ${own}/grants/{grantId}`]: { at: [n.user, "oag00000000000000002"] },
		[`PUT ${own}/risk`]: { at: [n.user], body: { riskLevel: "MEDIUM" } },
		[`POST ${own}/roles`]: { at: [n.spare], body: { type: "REPORT_ADMIN" } },
		[`DELETE ${own}/roles/{roleAssignmentId}`]: { at: [n.user, n.userRole("USER_ADMIN")] },
		[`PUT ${own}/roles/{roleAssignmentId}/targets/catalog/apps`]: { at: [n.user, n.userRole("APP_ADMIN")] },
		[`DELETE ${own}/sessions`]: { at: [n.user], query: "?oauthTokens=true" },
		"POST /api/v1/zones": { body: zone },
		"PUT /api/v1/zones/{zoneId}": { at: ["nzo00000000000000001"], body: zone },
		"DELETE /api/v1/zones/{zoneId}": { at: ["nzo00000000000000001"], first: [["POST /api/v1/zones/nzo00000000000000001/lifecycle/deactivate"]] },
		...lifecycle("/api/v1/zones/{zoneId}", "nzo00000000000000001", "ACTIVE"),
		"PUT /attack-protection/api/v1/authenticator-settings": { body: { verifyKnowledgeSecondWhen2faRequired: true } },
		"PUT /attack-protection/api/v1/user-lockout-settings": { body: { preventBruteForceLockoutFromUnknownDevices: true } },
		"POST /integrations/api/v1/api-services": { body: { type: "my_service", grantedScopes: ["okta.logs.read"] } },
		"POST /oauth2/v1/clients/{clientId}/roles": { at: [n.app], body: { type: "REPORT_ADMIN" } },
		"DELETE /oauth2/v1/clients/{clientId}/roles/{roleAssignmentId}": { at: [n.app, n.clientRole("READ_ONLY_ADMIN")] },
		"POST /privileged-access/api/v1/okta-service-accounts": { body: { name: "Second", oktaUserId: n.spare } },
		"POST /privileged-access/api/v1/service-accounts": {
			body: { name: "Second", username: "second", password: "secret", containerOrn: `orn:okta:idp:x:apps:bookmark:${n.app}` },
		},
	};
}
