import type { RoleLevel } from "../../src/model/account.js";
import { lookUp } from "./schema.js";

/** Where the list below comes from, for reports. */
export const privilegedSource =
	"SailPoint Identity Security Cloud user level matrix, https://documentation.sailpoint.com/saas/help/common/users/user_level_matrix.html: a user level is privileged when that table lets it change another identity's credentials, access, or what gives access";

/** User levels by the vendor's word (`capabilities` of an auth user). */
const levels: Record<string, { label: string; level: RoleLevel }> = {
	ORG_ADMIN: { label: "Org Admin", level: "top" },
	SOURCE_ADMIN: { label: "Source Admin", level: "privileged" },
	SOURCE_SUBADMIN: { label: "Source Sub-Admin", level: "privileged" },
	ROLE_ADMIN: { label: "Role Admin", level: "privileged" },
	ROLE_SUBADMIN: { label: "Role Sub-Admin", level: "privileged" },
	HELPDESK: { label: "Help Desk", level: "privileged" },
	CERT_ADMIN: { label: "Certification Admin", level: "privileged" },
	CLOUD_GOV_ADMIN: { label: "Cloud Governance Admin", level: "privileged" },
	SAAS_MANAGEMENT_ADMIN: { label: "SaaS Management Admin", level: "privileged" },
	POLICY_ADMIN: { label: "Policy Admin", level: "limited" },
	REPORT_ADMIN: { label: "Report Admin", level: "limited" },
	CLOUD_GOV_USER: { label: "Cloud Governance User", level: "limited" },
	SAAS_MANAGEMENT_READER: { label: "SaaS Management Reader", level: "limited" },
};

/** Of a level we don't know neither privilege nor its absence is proven. */
export function userLevel(capability: string): { label: string; level: RoleLevel } {
	return lookUp(levels, capability) ?? { label: capability, level: "unknown" };
}
