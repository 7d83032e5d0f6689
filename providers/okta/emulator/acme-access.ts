import { acmeId, acmeLogin, acmeUserId } from "./acme-ids.js";
import { addOidcApp, addPlainApp, addSamlApp, addServiceApp, assignGroup, assignUser } from "./gen-apps.js";
import { addToken } from "./gen-config.js";
import { day, iso } from "./gen-random.js";
import { addCustomRole, addResourceSet, assignRole, bindRole } from "./gen-roles.js";
import type { TenantState } from "./state.js";

/** Administrator roles of Acme: direct, through groups, on resource sets. */
export function addAcmeRoles(state: TenantState, now: number): void {
	const at = now - 400 * day;
	const user = (name: string, type: Parameters<typeof assignRole>[1]["type"], days = 400): void =>
		void assignRole(state, { principalType: "user", principalId: acmeUserId(name), type, at: now - days * day });
	user("emergency-1", "SUPER_ADMIN");
	user("emergency-2", "SUPER_ADMIN");
	user("tom.becker", "SUPER_ADMIN", 1500);
	user("svc-deploy", "SUPER_ADMIN", 1500);
	user("nina.osei", "ORG_ADMIN");
	user("peter.lang", "APP_ADMIN");
	user("sara.holm", "READ_ONLY_ADMIN");
	user("svc-backup", "READ_ONLY_ADMIN", 1500);
	user("svc-hr-sync", "USER_ADMIN");
	// The vendor drops roles at deactivation; one that outlived it is the leftover of an old import.
	user("left.already", "APP_ADMIN");
	assignRole(state, {
		principalType: "user",
		principalId: acmeUserId("ravi.ito@partner.example"),
		type: "HELP_DESK_ADMIN",
		at: raviGranted(now),
		targetGroups: [acmeId("group", "Sales")],
	});
	assignRole(state, { principalType: "group", principalId: acmeId("group", "Super Admins"), type: "SUPER_ADMIN", at });
	assignRole(state, { principalType: "group", principalId: acmeId("group", "Help Desk"), type: "USER_ADMIN", at });

	const role = acmeId("customRole", "Payroll operators");
	const resourceSet = acmeId("resourceSet", "Finance people");
	addCustomRole(state, {
		id: role,
		label: "Payroll operators",
		description: "Look after the accounts of Finance",
		permissions: ["okta.users.read", "okta.users.credentials.resetPassword", "okta.users.credentials.resetFactors", "okta.groups.members.manage"],
		at,
	});
	addResourceSet(state, {
		id: resourceSet,
		label: "Finance people",
		description: "Finance and those who approve",
		groups: [acmeId("group", "Finance"), acmeId("group", "Finance Approvers")],
		at,
	});
	bindRole(state, { principalType: "user", principalId: acmeUserId("dana.cole"), role, resourceSet, at });
	bindRole(state, { principalType: "group", principalId: acmeId("group", "Finance Approvers"), role, resourceSet, at });
}

/** When the consultant Ravi became an administrator: twenty days ago. */
export function raviGranted(now: number): number {
	return now - 20 * day;
}

const readScopes = (
	"users groups apps appGrants roles policies authenticators networkZones logs apiTokens orgs trustedOrigins eventHooks features threatInsights " +
	"idps devices oauthIntegrations serviceAccounts logStreams behaviors schemas userTypes rateLimits principalRateLimits"
).split(" ");

/** Apps with their assignments, service apps with scopes and roles. */
export function addAcmeApps(state: TenantState, now: number): void {
	const created = now - 1980 * day;
	const policy = (name: string): string => acmeId("accessPolicy", name);
	const id = (name: string): string => acmeId("app", name);
	const standard = policy("Any two factors");
	addOidcApp(state, { id: id("Admin Console"), name: "saasure", label: "Okta Admin Console", created, accessPolicy: policy("Admin Console") });
	addOidcApp(state, { id: id("Dashboard"), name: "okta_enduser", label: "Okta Dashboard", created, accessPolicy: standard, applicationType: "browser" });
	addSamlApp(state, { id: id("GitHub"), name: "githubcloud", label: "GitHub", created, accessPolicy: standard, audience: "https://github.example/acme" });
	addSamlApp(state, { id: id("Salesforce"), name: "salesforce", label: "Salesforce", created, accessPolicy: standard });
	addOidcApp(state, { id: id("Payroll"), label: "Payroll", created, accessPolicy: policy("Payroll"), redirect: "https://payroll.acme.example/callback" });
	addSamlApp(state, { id: id("VPN"), label: "VPN", created, accessPolicy: standard });
	addPlainApp(state, { id: id("Wiki"), label: "Wiki", created, accessPolicy: standard });
	addSamlApp(state, { id: id("Old CRM"), label: "Old CRM", created, active: false });
	addPlainApp(state, {
		id: id("Directory"),
		name: "active_directory",
		label: "corp.acme.example",
		signOnMode: "BROWSER_PLUGIN",
		created,
		features: ["IMPORT_NEW_USERS", "PROFILE_MASTERING"],
	});

	const grantedBy = acmeUserId("tom.becker");
	const service = (name: string, scopes: string[], role: Parameters<typeof assignRole>[1]["type"], days: number): void => {
		addServiceApp(state, { id: id(name), label: name, created: now - days * day, scopes, grantedBy });
		assignRole(state, { principalType: "client", principalId: id(name), type: role, at: now - days * day });
	};
	service("Terraform", ["okta.users.manage", "okta.groups.manage", "okta.roles.manage", "okta.apps.manage"], "SUPER_ADMIN", 700);
	service("Log shipper", ["okta.logs.read"], "REPORT_ADMIN", 500);
	service(
		"Keelson read",
		readScopes.map((s) => `okta.${s}.read`),
		"READ_ONLY_ADMIN",
		30,
	);
	assignRole(state, { principalType: "client", principalId: id("Keelson read"), type: "API_ACCESS_MANAGEMENT_ADMIN", at: now - 30 * day });
	service(
		"Keelson act",
		["users", "groups", "roles", "policies", "apiTokens", "apps", "appGrants", "sessions"].map((s) => `okta.${s}.manage`),
		"SUPER_ADMIN",
		30,
	);

	for (const [app, group] of [
		["GitHub", "GitHub Developers"],
		["Salesforce", "Sales"],
		["Payroll", "Finance"],
		["VPN", "VPN Users"],
		["Wiki", "Employees"],
		["Admin Console", "Super Admins"],
		["Admin Console", "Help Desk"],
	] as const)
		assignGroup(state, id(app), { groupId: acmeId("group", group), at: now - 300 * day, expand: true });
	const direct = (app: string, name: string, days: number): void =>
		assignUser(state, id(app), { userId: acmeUserId(name), login: acmeLogin(name), at: now - days * day });
	for (const role of state.roles) {
		const login = role.principalType === "user" ? state.users.get(role.principalId)?.profile?.login : undefined;
		if (login) direct("Admin Console", login, 300);
	}
	direct("Salesforce", "marta.silva", 500);
	direct("Salesforce", "jonas.weiss@freelance.example", 150);
	// Left behind by people who are gone.
	direct("Payroll", "left.finance", 900);
	direct("GitHub", "left.already", 900);
}

/** API tokens, OAuth grants and live sessions. */
export function addAcmeCredentials(state: TenantState, now: number): void {
	const token = (name: string, owner: string, created: number, used: number, more: { windowDays?: number; zones?: string[] } = {}): void =>
		addToken(state, { id: acmeId("token", name), name, userId: acmeUserId(owner), created: now - created * day, used: now - used * day, ...more });
	token("Old provisioning script", "marta.silva", 510, 118, { windowDays: 365 });
	token("Deploy pipeline", "svc-deploy", 700, 0.2);
	token("HR sync", "svc-hr-sync", 35, 0.1, { zones: [acmeId("zone", "Offices")] });
	token("Status page", "svc-monitor", 60, 0.1);

	const grant = (name: string, app: string, scope: string, days: number): void => {
		const userId = acmeUserId(name);
		const at = iso(now - days * day);
		const list = state.userGrants.get(userId) ?? [];
		list.push({
			id: acmeId("grant", `${name}/${scope}`),
			status: "ACTIVE",
			created: at,
			lastUpdated: at,
			issuer: "https://acme.okta.com",
			clientId: acmeId("app", app),
			userId,
			scopeId: scope,
			source: "END_USER",
		});
		state.userGrants.set(userId, list);
	};
	grant("yuki.tan", "Payroll", "offline_access", 90);
	grant("marta.silva", "Payroll", "offline_access", 200);
	for (const user of state.users.values())
		if (user.id && user.lastLogin && user.status === "ACTIVE" && Date.parse(user.lastLogin) > now - 1.1 * day)
			state.sessions.set(user.id, [{ id: `102${user.id.slice(3)}`, created: user.lastLogin }]);
}
