import { etag, longId } from "./ids.js";
import type { RoleBody } from "./types.js";

/** The service of the Directory's own privileges. */
const directoryService = "00haapch16h1ysv";

const tree: Record<string, string[]> = {
	USERS_ALL: ["USERS_RETRIEVE", "USERS_CREATE", "USERS_UPDATE", "USERS_DELETE", "USERS_SUSPEND", "USERS_ALIAS", "USERS_RESET_PASSWORD"],
	GROUPS_ALL: ["GROUPS_RETRIEVE", "GROUPS_CREATE", "GROUPS_UPDATE", "GROUPS_DELETE"],
	ORGANIZATION_UNITS_ALL: ["ORGANIZATION_UNITS_RETRIEVE", "ORGANIZATION_UNITS_CREATE", "ORGANIZATION_UNITS_UPDATE", "ORGANIZATION_UNITS_DELETE"],
	USER_SECURITY_ALL: [],
	DOMAIN_MANAGEMENT: [],
	REPORTS_ACCESS: [],
	MANAGE_DEVICES_ALL: ["MANAGE_DEVICES_READ"],
	LICENSING: [],
	SECURITY_CENTER_ALL: ["SECURITY_CENTER_READ"],
	SCHEMA_MANAGEMENT: ["SCHEMA_RETRIEVE"],
};

/** Every privilege there is, those within others beneath them. */
export function privileges(): unknown[] {
	const one = (privilegeName: string) => ({
		kind: "admin#directory#privilege",
		etag: etag(`privilege/${privilegeName}`, 1),
		serviceId: directoryService,
		serviceName: "admin_apis",
		privilegeName,
		isOuScopable: privilegeName.startsWith("USERS"),
	});
	return Object.entries(tree).map(([name, inner]) => ({ ...one(name), ...(inner.length > 0 && { childPrivileges: inner.map(one) }) }));
}

function role(key: string, roleDescription: string, names: string[], system: boolean, top = false): RoleBody {
	return {
		roleId: longId(`role/${key}`),
		roleName: key,
		roleDescription,
		rolePrivileges: names.map((privilegeName) => ({ privilegeName, serviceId: directoryService })),
		...(system && { isSystemRole: true }),
		...(top && { isSuperAdminRole: true }),
	};
}

const everything = Object.entries(tree).flat(2);

/** Google's own roles, and two that the customer made. The vendor leaves the flags out where they are false. */
export function makeRoles(): RoleBody[] {
	return [
		role("_SEED_ADMIN_ROLE", "Google Workspace Administrator Seed Role", [...everything, "SUPER_ADMIN"], true, true),
		role("_GROUPS_ADMIN_ROLE", "Groups Administrator", ["USERS_RETRIEVE", "GROUPS_ALL", "ORGANIZATION_UNITS_RETRIEVE"], true),
		role(
			"_USER_MANAGEMENT_ADMIN_ROLE",
			"User Management Administrator",
			["USERS_ALL", "USER_SECURITY_ALL", "ORGANIZATION_UNITS_RETRIEVE", "GROUPS_RETRIEVE"],
			true,
		),
		role("_HELP_DESK_ADMIN_ROLE", "Help Desk Administrator", ["USERS_RETRIEVE", "USERS_RESET_PASSWORD", "ORGANIZATION_UNITS_RETRIEVE"], true),
		role("_MOBILE_ADMIN_ROLE", "Mobile Administrator", ["MANAGE_DEVICES_ALL"], true),
		role("_RESELLER_ADMIN_ROLE", "Reseller Administrator", [], true),
		role(
			"Security Auditor",
			"Reads reports and the security centre",
			["REPORTS_ACCESS", "SECURITY_CENTER_READ", "USERS_RETRIEVE", "GROUPS_RETRIEVE", "ORGANIZATION_UNITS_RETRIEVE"],
			false,
		),
		role("Service Desk", "Resets passwords and second factors", ["USERS_RETRIEVE", "USERS_UPDATE", "USER_SECURITY_ALL"], false),
	];
}
