import { cloudUnit } from "./build.js";
import { letters } from "./ids.js";
import type { PolicyBody, State } from "./types.js";

type Value = Record<string, unknown>;

/** Settings as Google has them before anybody changes one. */
const system: Record<string, Value> = {
	"security.two_step_verification_enrollment": { allowEnrollment: true },
	"security.two_step_verification_enforcement_factor": { allowedSignInFactorSet: "ALL" },
	"security.two_step_verification_grace_period": { enrollmentGracePeriod: "0s" },
	"security.two_step_verification_device_trust": { allowTrustingDevice: true },
	"security.two_step_verification_sign_in_code": { backupCodeExceptionPeriod: "0s" },
	"security.password": {
		allowedStrength: "STRONG",
		minimumLength: 8,
		maximumLength: 100,
		enforceRequirementsAtLogin: false,
		allowReuse: false,
		expirationDuration: "0s",
	},
	"security.session_controls": { webSessionDuration: "1209600s" },
	"security.login_challenges": { enableEmployeeIdChallenge: false },
	"security.passkeys_restriction": { allowedPasskeysType: "ANY_DEVICE_OR_PLATFORM" },
	"security.less_secure_apps": { allowLessSecureApps: false },
	"security.advanced_protection_program": { enableAdvancedProtectionSelfEnrollment: true, securityCodeOption: "CODES_NOT_ALLOWED" },
	"security.super_admin_account_recovery": { enableAccountRecovery: false },
	"security.user_account_recovery": { enableAccountRecovery: false },
	"api_controls.unconfigured_third_party_apps": { accessLevel: "ALLOW_ALL", accessLevelUnder18: "ALLOW_BASIC" },
	"api_controls.internal_apps": { trustInternalApps: true },
	"workspace_marketplace.apps_access_options": { accessLevel: "ALLOW_ALL", allowAllInternalApps: true },
	"drive_and_docs.external_sharing": {
		externalSharingMode: "ALLOWED",
		allowReceivingExternalFiles: true,
		warnForExternalSharing: true,
		allowPublishingFiles: true,
	},
	"gmail.auto_forwarding": { enableAutoForwarding: true },
	"gmail.imap_access": { enableImapAccess: true },
	"gmail.pop_access": { enablePopAccess: true },
	"groups_for_business.groups_sharing": {
		collaborationCapability: "DOMAIN_USERS_ONLY",
		createGroupsAccessLevel: "USERS_IN_DOMAIN",
		ownersCanAllowExternalMembers: false,
		ownersCanAllowIncomingMailFromPublic: true,
	},
	"gmail.service_status": { serviceState: "ENABLED" },
	"drive_and_docs.service_status": { serviceState: "ENABLED" },
	"chat.service_status": { serviceState: "ENABLED" },
	"takeout.user_takeout": { takeoutStatus: "ENABLED" },
};

/** A policy that an administrator set: for a unit, or for a group within one. */
export interface Set {
	type: string;
	value: Value;
	unit?: string;
	group?: string;
}

/** Puts Google's defaults and the administrators' settings in place. Every policy names a unit; the root stands for the customer. */
export function setPolicies(state: State, seed: string, sets: readonly Set[]): void {
	const add = (type: "SYSTEM" | "ADMIN", setting: string, value: Value, unit: string, sortOrder: number, group?: string) => {
		const name = `policies/${letters(`policy/${seed}/${type}/${setting}/${unit}/${group ?? ""}`, 24)}`;
		const orgUnit = cloudUnit(state, unit);
		const id = orgUnit.slice("orgUnits/".length);
		const query =
			group === undefined
				? `entity.org_units.exists(org_unit, org_unit.org_unit_id == orgUnitId('${id}'))`
				: `entity.groups.exists(group, group.group_id == groupId('${group}'))`;
		const policy: PolicyBody = {
			name,
			type,
			policyQuery: { orgUnit, query, sortOrder, ...(group !== undefined && { group: `groups/${group}` }) },
			setting: { type: `settings/${setting}`, value },
		};
		state.policies.set(name, policy);
	};
	for (const [setting, value] of Object.entries(system)) add("SYSTEM", setting, value, "/", 0);
	for (const { type, value, unit, group } of sets) {
		const path = unit ?? "/";
		const depth = path === "/" ? 1 : path.split("/").length;
		add("ADMIN", type, value, path, group === undefined ? depth : 10 + depth, group);
	}
}
