import { directory, reads } from "./access.js";
import type { Collection } from "./collections.js";
import { betaUser, kinds, plain } from "./kinds.js";
import type { Expander, Listed } from "./list.js";
import { embedded, objects } from "./mixed.js";
import { linked, rowsOf, transitive } from "./rows.js";
import { raw, type Tenant } from "./tenant.js";

const mostExpanded = 20;

const linkedObjects =
	(links: "members" | "owners"): Expander =>
	(tenant, call, entity, expand) =>
		linked(tenant, links, String(entity.id))
			.slice(0, mostExpanded)
			.flatMap((id) => embedded(tenant, call, id, expand.select) ?? []);

const transitiveMembers: Expander = (tenant, call, entity, expand) =>
	objects(tenant, transitive(tenant, String(entity.id)).slice(0, mostExpanded)).flatMap((row) => embedded(tenant, call, String(row.id), expand.select) ?? []);

const manager: Expander = (tenant, call, entity, expand) => {
	const id = tenant.state.managers.get(String(entity.id));
	return id === undefined ? undefined : (embedded(tenant, call, id, expand.select) ?? undefined);
};

const assigned =
	(end: "principalId" | "resourceId"): Expander =>
	(tenant, _call, entity) =>
		rowsOf(tenant, "appRoleAssignments")
			.filter((row) => row[end] === entity.id)
			.slice(0, mostExpanded);

const usual = { usual: 100, most: 999, over: "refuse" } as const;
/** With sign-in activity a page holds 500 at most, and a larger number is brought down to it. */
export const withActivity = { usual: 100, most: 500, over: "clamp" } as const;

const userFilters = `id accountEnabled ageGroup assignedLicenses assignedPlans city companyName country createdDateTime creationType department displayName
employeeHireDate employeeId employeeOrgData employeeType externalUserState faxNumber givenName identities imAddresses jobTitle mail mailNickname
onPremisesDistinguishedName onPremisesExtensionAttributes onPremisesImmutableId onPremisesSamAccountName onPremisesSecurityIdentifier onPremisesSyncEnabled
otherMails officeLocation passwordPolicies postalCode preferredLanguage proxyAddresses signInActivity state surname usageLocation userPrincipalName userType`.split(
	/\s+/,
);

export const users: Listed = {
	kind: kinds.user,
	context: "users",
	directory: true,
	filters: userFilters,
	orders: ["displayName", "userPrincipalName", "createdDateTime"],
	page: usual,
	expands: { manager },
};
export const betaUsers: Listed = { ...users, kind: betaUser };

export const groups: Listed = {
	kind: kinds.group,
	context: "groups",
	directory: true,
	filters:
		`id assignedLicenses classification createdDateTime description displayName expirationDateTime groupTypes hasMembersWithLicenseErrors isAssignableToRole
	mail mailEnabled mailNickname membershipRule onPremisesSamAccountName onPremisesSecurityIdentifier onPremisesSyncEnabled proxyAddresses renewedDateTime
	securityEnabled securityIdentifier visibility`.split(/\s+/),
	orders: ["displayName"],
	page: usual,
	expands: { members: linkedObjects("members"), owners: linkedObjects("owners"), transitiveMembers },
};

const devices: Listed = {
	kind: kinds.device,
	context: "devices",
	directory: true,
	filters: ["id", "deviceId", "displayName", "accountEnabled", "isCompliant", "isManaged", "operatingSystem", "trustType", "approximateLastSignInDateTime"],
	orders: ["displayName"],
	page: usual,
	expands: { registeredOwners: linkedObjects("owners") },
};

export const applications: Listed = {
	kind: kinds.application,
	context: "applications",
	directory: true,
	filters: [
		"id",
		"appId",
		"createdDateTime",
		"displayName",
		"identifierUris",
		"publisherDomain",
		"signInAudience",
		"tags",
		"passwordCredentials",
		"keyCredentials",
	],
	orders: ["displayName"],
	page: usual,
	expands: {
		owners: linkedObjects("owners"),
		federatedIdentityCredentials: (tenant, _call, entity) => tenant.world.seen(tenant.state.federated, String(entity.id))?.slice(0, mostExpanded) ?? [],
	},
};

export const servicePrincipals: Listed = {
	kind: kinds.servicePrincipal,
	context: "servicePrincipals",
	directory: true,
	filters: `id accountEnabled appId appOwnerOrganizationId createdDateTime displayName homepage servicePrincipalNames servicePrincipalType tags
	preferredSingleSignOnMode alternativeNames`.split(/\s+/),
	orders: ["displayName"],
	page: usual,
	expands: { owners: linkedObjects("owners"), appRoleAssignments: assigned("principalId"), appRoleAssignedTo: assigned("resourceId") },
};

export const grants: Listed = {
	kind: kinds.grant,
	context: "oauth2PermissionGrants",
	filters: ["clientId", "consentType", "principalId", "resourceId", "scope"],
	page: usual,
};

export const appRoleAssignments: Listed = {
	kind: kinds.appRoleAssignment,
	context: "appRoleAssignments",
	filters: ["appRoleId", "principalId", "resourceId", "principalType"],
	page: usual,
};

/** Roles that have been used once: the vendor's older list of them. */
export function directoryRoles(tenant: Tenant) {
	const used = new Set(rowsOf(tenant, "roleAssignments").map((row) => row.roleDefinitionId));
	for (const row of tenant.state.eligibilities.values()) used.add(row.target);
	return rowsOf(tenant, "roleDefinitions")
		.filter((role) => role.isBuiltIn === true && used.has(role.id))
		.map((role) => ({ id: directoryRoleId(tenant, String(role.id)), description: role.description, displayName: role.displayName, roleTemplateId: role.id }));
}

/** The older list has an id of its own for each role. */
export function directoryRoleId(tenant: Tenant, definition: string): string {
	const [head = "", ...rest] = definition.split("-");
	return [(Number.parseInt(head, 16) ^ Number.parseInt(tenant.state.tenantId.slice(0, 8), 16)).toString(16).replace("-", "").padStart(8, "0"), ...rest].join(
		"-",
	);
}

function templates(tenant: Tenant) {
	return rowsOf(tenant, "roleDefinitions")
		.filter((role) => role.isBuiltIn === true)
		.map(({ id, description, displayName }) => raw({ id, description, displayName }));
}

export const directoryCollections: readonly Collection[] = [
	{ path: "/users", list: users, beta: betaUsers, needs: directory(reads.users, 2), table: "users" },
	{ path: "/groups", list: groups, needs: directory(reads.groups), table: "groups" },
	{ path: "/devices", list: devices, needs: directory(reads.devices), table: "devices" },
	{ path: "/applications", list: applications, needs: directory(reads.apps, 2), table: "applications" },
	{ path: "/servicePrincipals", list: servicePrincipals, needs: directory(reads.apps), table: "servicePrincipals" },
	{ path: "/oauth2PermissionGrants", list: grants, needs: directory(reads.grants, 2), table: "oauth2PermissionGrants" },
	{ path: "/domains", list: { kind: kinds.domain, context: "domains", filters: [], page: null }, needs: directory(reads.domains), table: "domains" },
	{
		path: "/organization",
		list: { kind: plain("organization"), context: "organization", filters: [], page: null },
		needs: directory(reads.organization),
		table: "organization",
	},
	{
		path: "/subscribedSkus",
		list: { kind: plain("subscribedSku"), context: "subscribedSkus", filters: [], page: null },
		needs: directory(reads.licences, 3),
		table: "skus",
	},
	{
		path: "/directoryRoles",
		list: { kind: kinds.directoryRole, context: "directoryRoles", filters: ["roleTemplateId", "displayName"], page: null },
		needs: directory(reads.roles),
		rows: directoryRoles,
	},
	{
		path: "/directoryRoleTemplates",
		list: { kind: kinds.directoryRoleTemplate, context: "directoryRoleTemplates", filters: [], page: null },
		needs: directory(reads.roles),
		rows: templates,
	},
];
