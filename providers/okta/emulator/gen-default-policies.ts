import { idMaker, prefixes } from "./gen-ids.js";
import { accessRule, addPolicy, enrolRule, enrolSettings, passwordRule, passwordSettings, signOnRule } from "./gen-policies.js";
import type { TenantState } from "./state.js";

export interface AccessPolicies {
	admin: string;
	standard: string;
	lax: string;
}

/** Policies of all four types, the vendor's own default policies and rules (`system: true`) among them. */
export function addDefaultPolicies(state: TenantState, of: { seed: number | string; created: number; everyone: string }): AccessPolicies {
	const policy = idMaker(of.seed, prefixes.policy);
	const access = idMaker(of.seed, prefixes.accessPolicy);
	const rule = idMaker(of.seed, prefixes.policyRule);
	const accessRuleId = idMaker(of.seed, prefixes.accessRule);
	const { created } = of;
	const groups = [of.everyone];
	const zone = [...state.zones.values()].flatMap((z) => (z.type === "IP" && typeof z.id === "string" ? [z.id] : []));

	addPolicy(state, { id: policy(), type: "OKTA_SIGN_ON", name: "Workforce", priority: 1, groups, created }, [
		signOnRule({ id: rule(), name: "In the office", priority: 1, zones: zone, created, mfa: true, lifetime: 1440, idle: 60, persistent: false }),
		signOnRule({ id: rule(), name: "Anywhere", priority: 2, created, mfa: true, lifetime: 720, idle: 60, persistent: false }),
	]);
	addPolicy(state, { id: policy(), type: "OKTA_SIGN_ON", name: "Default Policy", priority: 2, system: true, groups, created }, [
		signOnRule({ id: rule(), name: "Default Rule", priority: 1, system: true, created, mfa: false, lifetime: 0, idle: 120, persistent: false }),
	]);
	const settings = passwordSettings({ minLength: 12, maxAge: 0, history: 5, attempts: 10, common: true, unlockAfter: 30 });
	addPolicy(state, { id: policy(), type: "PASSWORD", name: "Default Policy", priority: 1, system: true, groups, created, settings }, [
		passwordRule({ id: rule(), name: "Default Rule", priority: 1, system: true, created, unlock: false, methods: ["email"] }),
	]);
	const enrol = enrolSettings({ okta_verify: "OPTIONAL", webauthn: "OPTIONAL", phone_number: "OPTIONAL", okta_email: "NOT_ALLOWED" });
	addPolicy(state, { id: policy(), type: "MFA_ENROLL", name: "Default Policy", priority: 1, system: true, groups, created, settings: enrol }, [
		enrolRule({ id: rule(), name: "Default Rule", priority: 1, system: true, created, self: "CHALLENGE" }),
	]);

	const ids = { admin: access(), standard: access(), lax: access() };
	addPolicy(state, { id: ids.admin, type: "ACCESS_POLICY", name: "Okta Admin Console", priority: 1, created }, [
		accessRule({ id: accessRuleId(), name: "Administrators", priority: 0, created, phishingResistant: true, reauthenticateIn: "PT0S" }),
		accessRule({ id: accessRuleId(), name: "Catch-all Rule", priority: 99, system: true, created, access: "DENY" }),
	]);
	addPolicy(state, { id: ids.standard, type: "ACCESS_POLICY", name: "Any two factors", priority: 1, system: true, created }, [
		accessRule({ id: accessRuleId(), name: "Catch-all Rule", priority: 99, system: true, created, reauthenticateIn: "PT12H" }),
	]);
	addPolicy(state, { id: ids.lax, type: "ACCESS_POLICY", name: "Password only", priority: 1, created }, [
		accessRule({ id: accessRuleId(), name: "Catch-all Rule", priority: 99, system: true, created, factorMode: "1FA", reauthenticateIn: "PT43800H" }),
	]);
	return ids;
}
