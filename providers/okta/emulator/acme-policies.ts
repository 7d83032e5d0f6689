import { acmeId, acmeUserId } from "./acme-ids.js";
import { addAnonymizerBlock, addAuthenticators, addOrigin, addZone } from "./gen-config.js";
import { accessRule, addPolicy, enrolRule, enrolSettings, passwordRule, passwordSettings, signOnRule } from "./gen-policies.js";
import { day } from "./gen-random.js";
import type { TenantState } from "./state.js";

/** Zones, authenticators and policies of Acme. Session times in minutes. */
export function addAcmePolicies(state: TenantState, now: number): void {
	const created = now - 1990 * day;
	const group = (name: string): string => acmeId("group", name);
	const everyone = [group("Everyone")];
	const breakGlass = ["emergency-1", "emergency-2"].map(acmeUserId);
	const office = acmeId("zone", "Offices");
	addZone(state, { id: office, name: "Offices", cidrs: ["192.0.2.0/24"], created });
	addZone(state, { id: acmeId("zone", "Blocked"), name: "BlockedIpZone", cidrs: [], usage: "BLOCKLIST", system: true, created });
	addAnonymizerBlock(state, acmeId("zone", "Anonymizers"), created);
	let authenticators = 0;
	addAuthenticators(state, () => acmeId("authenticator", String(authenticators++)), created, ["google_otp", "yubikey_token"]);
	addOrigin(state, { id: acmeId("origin", "portal"), name: "Portal", origin: "https://portal.acme.example", created, createdBy: acmeUserId("ana.lopez") });
	addOrigin(state, {
		id: acmeId("origin", "old"),
		name: "Old campaign site",
		origin: "http://campaign.acme.example",
		created,
		createdBy: acmeUserId("tom.becker"),
	});

	const signOn = (name: string): string => acmeId("policyRule", `sign-on/${name}`);
	addPolicy(
		state,
		{
			id: acmeId("policy", "Administrators"),
			type: "OKTA_SIGN_ON",
			name: "Administrators",
			priority: 1,
			groups: [group("Super Admins"), group("Help Desk"), group("Break Glass")],
			created,
		},
		[
			signOnRule({
				id: signOn("Administrators"),
				name: "Second factor every time",
				priority: 1,
				created,
				mfa: true,
				lifetime: 720,
				idle: 15,
				persistent: false,
			}),
		],
	);
	// The rule Tom lengthened "for the sales trip" and never set back.
	addPolicy(state, { id: acmeId("policy", "Workforce"), type: "OKTA_SIGN_ON", name: "Workforce", priority: 2, groups: [group("Employees")], created }, [
		signOnRule({
			id: signOn("Workforce"),
			name: "Stay signed in",
			priority: 1,
			created,
			updated: ruleLengthened(now),
			mfa: true,
			lifetime: 43_200,
			idle: 10_080,
			persistent: true,
		}),
	]);
	addPolicy(state, { id: acmeId("policy", "Contractors"), type: "OKTA_SIGN_ON", name: "Contractors", priority: 3, groups: [group("Contractors")], created }, [
		signOnRule({ id: signOn("Contractors"), name: "Working day", priority: 1, created, mfa: true, lifetime: 600, idle: 30, persistent: false }),
	]);
	addPolicy(
		state,
		{ id: acmeId("policy", "Default sign-on"), type: "OKTA_SIGN_ON", name: "Default Policy", priority: 4, system: true, groups: everyone, created },
		[signOnRule({ id: signOn("Default"), name: "Default Rule", priority: 1, system: true, created, mfa: false, lifetime: 0, idle: 120, persistent: false })],
	);

	const weak = passwordSettings({ minLength: 8, maxAge: 0, history: 0, attempts: 0, common: false });
	addPolicy(
		state,
		{
			id: acmeId("policy", "Contractor passwords"),
			type: "PASSWORD",
			name: "Contractors",
			priority: 1,
			groups: [group("Contractors")],
			created,
			settings: weak,
		},
		[passwordRule({ id: acmeId("policyRule", "password/Contractors"), name: "Self-service", priority: 1, created, unlock: true, methods: ["email", "sms"] })],
	);
	const fair = passwordSettings({ minLength: 15, maxAge: 0, history: 5, attempts: 10, common: true, unlockAfter: 30 });
	addPolicy(
		state,
		{
			id: acmeId("policy", "Default password"),
			type: "PASSWORD",
			name: "Default Policy",
			priority: 2,
			system: true,
			groups: everyone,
			created,
			settings: fair,
		},
		[
			passwordRule({
				id: acmeId("policyRule", "password/Default"),
				name: "Default Rule",
				priority: 1,
				system: true,
				created,
				unlock: false,
				methods: ["push", "email"],
			}),
		],
	);

	const strict = enrolSettings({ okta_verify: "REQUIRED", webauthn: "REQUIRED", phone_number: "NOT_ALLOWED", okta_email: "NOT_ALLOWED" });
	addPolicy(
		state,
		{
			id: acmeId("policy", "Administrators enrol"),
			type: "MFA_ENROLL",
			name: "Administrators",
			priority: 1,
			groups: [group("Super Admins")],
			created,
			settings: strict,
		},
		[enrolRule({ id: acmeId("policyRule", "enrol/Administrators"), name: "At sign-in", priority: 1, created, self: "LOGIN", excludeUsers: breakGlass })],
	);
	const usual = enrolSettings({ okta_verify: "OPTIONAL", webauthn: "OPTIONAL", phone_number: "OPTIONAL", okta_email: "OPTIONAL" });
	addPolicy(
		state,
		{
			id: acmeId("policy", "Default enrol"),
			type: "MFA_ENROLL",
			name: "Default Policy",
			priority: 2,
			system: true,
			groups: everyone,
			created,
			settings: usual,
		},
		[enrolRule({ id: acmeId("policyRule", "enrol/Default"), name: "Default Rule", priority: 1, system: true, created, self: "CHALLENGE" })],
	);
	addAccessPolicies(state, created, office);
}

function addAccessPolicies(state: TenantState, created: number, office: string): void {
	const rule = (name: string): string => acmeId("accessRule", name);
	addPolicy(state, { id: acmeId("accessPolicy", "Admin Console"), type: "ACCESS_POLICY", name: "Okta Admin Console", priority: 1, created }, [
		accessRule({ id: rule("Admin Console"), name: "Phishing-resistant", priority: 0, created, phishingResistant: true, reauthenticateIn: "PT0S" }),
		accessRule({ id: rule("Admin Console catch-all"), name: "Catch-all Rule", priority: 99, system: true, created, access: "DENY" }),
	]);
	addPolicy(state, { id: acmeId("accessPolicy", "Any two factors"), type: "ACCESS_POLICY", name: "Any two factors", priority: 1, system: true, created }, [
		accessRule({ id: rule("Any two factors catch-all"), name: "Catch-all Rule", priority: 99, system: true, created, reauthenticateIn: "PT12H" }),
	]);
	addPolicy(state, { id: acmeId("accessPolicy", "Payroll"), type: "ACCESS_POLICY", name: "Payroll", priority: 1, created }, [
		accessRule({ id: rule("Payroll office"), name: "In the office", priority: 0, created, zones: [office] }),
		// The one that lets in on a password alone, from anywhere.
		accessRule({
			id: rule("Payroll anywhere"),
			name: "Year-end exception",
			priority: 1,
			created,
			factorMode: "1FA",
			groups: [acmeId("group", "Finance")],
			reauthenticateIn: "PT168H",
		}),
		accessRule({ id: rule("Payroll catch-all"), name: "Catch-all Rule", priority: 99, system: true, created, access: "DENY" }),
	]);
}

/** When the Workforce session was lengthened: forty days ago. */
export function ruleLengthened(now: number): number {
	return now - 40 * day;
}
