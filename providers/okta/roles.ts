import type { RoleLevel } from "../../src/model/account.js";
import { lookUp } from "./schema.js";

/** Where the list below comes from, for reports. */
export const privilegedSource =
	"Okta standard administrator roles and permissions, https://help.okta.com/en-us/content/topics/security/administrators-admin-comparison.htm: a role is privileged when that table lets it change another identity's credentials, memberships, app access or what authorizes them";

/**
 * Standard roles by `type`. Okta publishes what each role may do, and no flag of its own; the levels follow from that table.
 * USER_ADMIN is the console's "Group Admin" (okta/terraform-provider-okta#1315).
 * Okta Workflows run flows with the connection's rights; Access Requests hands out groups and apps.
 */
const standard: Record<string, RoleLevel> = {
	SUPER_ADMIN: "top",
	ORG_ADMIN: "privileged",
	APP_ADMIN: "privileged",
	USER_ADMIN: "privileged",
	HELP_DESK_ADMIN: "privileged",
	GROUP_MEMBERSHIP_ADMIN: "privileged",
	API_ACCESS_MANAGEMENT_ADMIN: "privileged",
	ACCESS_REQUESTS_ADMIN: "privileged",
	WORKFLOWS_ADMIN: "privileged",
	ACCESS_CERTIFICATIONS_ADMIN: "limited",
	MOBILE_ADMIN: "limited",
	READ_ONLY_ADMIN: "limited",
	REPORT_ADMIN: "limited",
};

/**
 * Permissions of a custom role that change nobody's credentials, access or sign-in: the role stays `limited` with these alone.
 * Everything that only reads is limited too. https://developer.okta.com/docs/api/openapi/okta-management/guides/permissions/
 */
const harmless = new Set([
	"okta.users.userprofile.manage",
	"okta.users.lifecycle.suspend",
	"okta.users.lifecycle.deactivate",
	"okta.users.lifecycle.clearSessions",
	"okta.users.credentials.expirePassword",
	"okta.users.create",
	"okta.users.risk.manage",
	"okta.groups.create",
	"okta.customizations.manage",
	"okta.support.cases.manage",
	"okta.governance.accessCertifications.manage",
	"okta.profilesources.import.run",
	"okta.agents.register",
	"okta.labels.manage",
]);

/** Level of a standard role. Of a role word we don't know neither privilege nor its absence is proven. */
export function standardRoleLevel(type: string): RoleLevel {
	return lookUp(standard, type) ?? "unknown";
}

/** Level of a custom role by its permissions; null = they could not be read. */
export function customRoleLevel(permissions: string[] | null): RoleLevel {
	if (permissions === null) return "unknown";
	return permissions.every((permission) => permission.endsWith(".read") || harmless.has(permission)) ? "limited" : "privileged";
}
