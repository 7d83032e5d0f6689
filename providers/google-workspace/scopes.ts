const base = "https://www.googleapis.com/auth/";

/** Scopes of reading. Delegation is held to the letter: a broader scope does not cover its read-only twin. */
export const readScope = {
	users: `${base}admin.directory.user.readonly`,
	groups: `${base}admin.directory.group.readonly`,
	members: `${base}admin.directory.group.member.readonly`,
	orgUnits: `${base}admin.directory.orgunit.readonly`,
	roles: `${base}admin.directory.rolemanagement.readonly`,
	domains: `${base}admin.directory.domain.readonly`,
	devices: `${base}admin.directory.device.mobile.readonly`,
	audit: `${base}admin.reports.audit.readonly`,
	usage: `${base}admin.reports.usage.readonly`,
	policies: `${base}cloud-identity.policies.readonly`,
	sso: `${base}cloud-identity.inboundsso.readonly`,
	identityGroups: `${base}cloud-identity.groups.readonly`,
	/** Has no read-only twin: it can also sign users out and take their tokens. */
	security: `${base}admin.directory.user.security`,
	/** Has no read-only twin. */
	groupSettings: `${base}apps.groups.settings`,
	/** Has no read-only twin: it can also assign licences and take them. */
	licensing: `${base}apps.licensing`,
};

/** Scopes of changing. */
export const writeScope = {
	users: `${base}admin.directory.user`,
	security: readScope.security,
	members: `${base}admin.directory.group.member`,
	roles: `${base}admin.directory.rolemanagement`,
	/** Memberships that end by themselves. */
	identityGroups: `${base}cloud-identity.groups`,
	groupSettings: readScope.groupSettings,
};

interface Rule {
	path: RegExp;
	read: string;
	write?: string;
}

const rules: Rule[] = [
	{ path: /\/users\/[^/]+\/(tokens|asps|signOut|twoStepVerification|verificationCodes)\b/, read: readScope.security, write: writeScope.security },
	{ path: /\/admin\/directory\/v1\/users\b/, read: readScope.users, write: writeScope.users },
	{ path: /\/admin\/directory\/v1\/groups\/[^/]+\/members\b/, read: readScope.members, write: writeScope.members },
	{ path: /\/admin\/directory\/v1\/groups\b/, read: readScope.groups },
	{ path: /\/orgunits\b/, read: readScope.orgUnits },
	{ path: /\/(roles|roleassignments)\b/, read: readScope.roles, write: writeScope.roles },
	{ path: /\/devices\/mobile\b/, read: readScope.devices },
	{ path: /\/domains\b/, read: readScope.domains },
	{ path: /\/admin\/reports\/v1\/activity\//, read: readScope.audit },
	{ path: /\/admin\/reports\/v1\/usage\//, read: readScope.usage },
	{ path: /\/groups\/v1\/groups\b/, read: readScope.groupSettings, write: writeScope.groupSettings },
	{ path: /\/apps\/licensing\/v1\//, read: readScope.licensing },
	{ path: /\/v1\/policies\b/, read: readScope.policies },
	{ path: /\/v1\/inbound\w+\b/, read: readScope.sso },
	{ path: /\/v1\/groups\b/, read: readScope.identityGroups, write: writeScope.identityGroups },
];

/** Scopes that open a call, the one to try first in front; empty for a call that nobody here makes. */
export function scopesFor(purpose: "read" | "act", method: string, path: string): string[] {
	const rule = rules.find((one) => one.path.test(path));
	if (!rule) return [];
	if (method !== "GET") return purpose === "act" && rule.write ? [rule.write] : [];
	return purpose === "act" && rule.write ? [...new Set([rule.write, rule.read])] : [rule.read];
}
