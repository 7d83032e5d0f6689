/**
 * Okta's rate buckets, from the last table it published (developer.okta.com/docs/reference/rl-global-mgmt, archived).
 * The limits themselves come from the headers; this only says which calls share one.
 */
const rules: { methods?: string[]; path: RegExp; bucket: string }[] = [
	{ path: /^\/api\/v1\/users$/, bucket: "users" },
	{ methods: ["GET"], path: /^\/api\/v1\/users\/[^/]+$/, bucket: "user" },
	{ methods: ["POST", "PUT", "DELETE"], path: /^\/api\/v1\/users\/[^/]+$/, bucket: "user writes" },
	{ path: /^\/api\/v1\/groups$/, bucket: "groups" },
	{ path: /^\/api\/v1\/groups\/[^/]+$/, bucket: "group" },
	{ methods: ["GET"], path: /^\/api\/v1\/apps\/[^/]+$/, bucket: "app" },
	{ path: /^\/api\/v1\/apps(?:\/|$)/, bucket: "apps" },
	{ path: /^\/api\/v1\/logs$/, bucket: "logs" },
	{ path: /^\/api\/v1\/devices(?:\/|$)/, bucket: "devices" },
	{ path: /^\/oauth2\/v1\/clients(?:\/|$)/, bucket: "clients" },
];

/** The bucket of a call. `path` is the template, so one segment in braces stands for an id. */
export function bucketOf(method: string, path: string): string {
	const rule = rules.find((one) => one.path.test(path) && (one.methods === undefined || one.methods.includes(method)));
	return rule?.bucket ?? "other";
}

/** `okta.<area>.read` and `.manage` by where a call stands. Longest path first. */
const areas: [string, string][] = [
	["/api/v1/users/{userId}/risk", "userRisk"],
	["/api/v1/apps/{appId}/grants", "appGrants"],
	["/api/v1/api-tokens", "apiTokens"],
	["/api/v1/trustedOrigins", "trustedOrigins"],
	["/api/v1/authenticators", "authenticators"],
	["/api/v1/eventHooks", "eventHooks"],
	["/api/v1/logStreams", "logStreams"],
	["/api/v1/behaviors", "behaviors"],
	["/api/v1/features", "features"],
	["/api/v1/policies", "policies"],
	["/api/v1/devices", "devices"],
	["/api/v1/threats", "threatInsights"],
	["/api/v1/groups", "groups"],
	["/api/v1/users", "users"],
	["/api/v1/zones", "networkZones"],
	["/api/v1/apps", "apps"],
	["/api/v1/idps", "idps"],
	["/api/v1/logs", "logs"],
	["/api/v1/org", "orgs"],
	["/api/v1/iam", "roles"],
	["/oauth2/v1/clients", "roles"],
	["/integrations/api/v1/api-services", "oauthIntegrations"],
	["/privileged-access/api/v1/service-accounts", "serviceAccounts"],
];

/** The scope a call needs, for messages when Okta does not name it; undefined where we do not know. */
export function scopeOf(method: string, path: string): string | undefined {
	const verb = method === "GET" ? "read" : "manage";
	if (/\/roles(?:\/|$)/.test(path)) return `okta.roles.${verb}`;
	const area = areas.find(([prefix]) => path === prefix || path.startsWith(`${prefix}/`))?.[1];
	return area && `okta.${area}.${verb}`;
}
