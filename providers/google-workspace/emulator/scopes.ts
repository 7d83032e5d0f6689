const base = "https://www.googleapis.com/auth/";

/** Scopes in their short form. Reading ones have `.readonly` where the vendor has such a twin. */
export const readScopes: readonly string[] = [
	...["user", "group", "group.member", "orgunit", "domain", "customer", "rolemanagement", "device.mobile", "device.chromeos", "userschema", "user.alias"].map(
		(name) => `admin.directory.${name}.readonly`,
	),
	"admin.reports.audit.readonly",
	"admin.reports.usage.readonly",
	"admin.datatransfer.readonly",
	"cloud-identity.policies.readonly",
	"cloud-identity.groups.readonly",
	"cloud-identity.inboundsso.readonly",
	"cloud-identity.devices.readonly",
	// These four have no reading twin.
	"admin.directory.user.security",
	"apps.groups.settings",
	"apps.licensing",
	"apps.alerts",
];

const writeScopes: readonly string[] = [
	...["user", "group", "group.member", "orgunit", "domain", "customer", "rolemanagement", "device.mobile", "device.mobile.action", "user.alias"].map(
		(name) => `admin.directory.${name}`,
	),
	"admin.datatransfer",
	"cloud-identity.groups",
];

export const actScopes: readonly string[] = [...readScopes, ...writeScopes];

/** Every scope that the token endpoint knows. */
export const knownScopes: ReadonlySet<string> = new Set(
	[
		...actScopes,
		"admin.directory.device.chromeos",
		"admin.directory.userschema",
		"cloud-identity.policies",
		"cloud-identity.inboundsso",
		"cloud-identity.devices",
		"cloud-platform",
		"userinfo.email",
		"userinfo.profile",
		"openid",
	].map(full),
);

/** The scope as it stands in requests. */
export function full(scope: string): string {
	return scope === "openid" || scope.includes("://") ? scope : base + scope;
}

export const directory = {
	users: ["admin.directory.user", "admin.directory.user.readonly", "cloud-platform"],
	user: ["admin.directory.user", "admin.directory.user.readonly"],
	security: ["admin.directory.user.security"],
	alias: ["admin.directory.user", "admin.directory.user.alias", "admin.directory.user.alias.readonly", "admin.directory.user.readonly"],
	groups: ["admin.directory.group", "admin.directory.group.readonly"],
	members: ["admin.directory.group", "admin.directory.group.member", "admin.directory.group.member.readonly", "admin.directory.group.readonly"],
	roles: ["admin.directory.rolemanagement", "admin.directory.rolemanagement.readonly"],
	orgunits: ["admin.directory.orgunit", "admin.directory.orgunit.readonly"],
	domains: ["admin.directory.domain", "admin.directory.domain.readonly"],
	customers: ["admin.directory.customer", "admin.directory.customer.readonly"],
	mobile: ["admin.directory.device.mobile", "admin.directory.device.mobile.action", "admin.directory.device.mobile.readonly"],
	chromeos: ["admin.directory.device.chromeos", "admin.directory.device.chromeos.readonly"],
	schemas: ["admin.directory.userschema", "admin.directory.userschema.readonly"],
} as const;
