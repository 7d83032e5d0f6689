import { iso } from "./gen-random.js";
import type { TenantState } from "./state.js";

/** A tenant with nothing in it but the organisation itself. `created` in milliseconds. */
export function emptyTenant(org: { id: string; subdomain: string; companyName: string; created: number }): TenantState {
	return {
		org: {
			id: org.id,
			subdomain: org.subdomain,
			companyName: org.companyName,
			status: "ACTIVE",
			address1: "1 Harbour Street",
			address2: null,
			city: "Rotterdam",
			state: "Zuid-Holland",
			country: "Netherlands",
			postalCode: "3011",
			phoneNumber: "+31 10 000 0000",
			supportPhoneNumber: null,
			endUserSupportHelpURL: null,
			website: `https://${org.subdomain}.example`,
			created: iso(org.created),
			lastUpdated: iso(org.created),
			expiresAt: null,
		},
		users: new Map(),
		factors: new Map(),
		groups: new Map(),
		members: new Map(),
		groupRules: new Map(),
		roles: [],
		customRoles: new Map(),
		resourceSets: new Map(),
		policies: new Map(),
		policyRules: new Map(),
		authenticators: new Map(),
		zones: new Map(),
		apps: new Map(),
		appUsers: new Map(),
		appGroups: new Map(),
		appGrants: new Map(),
		apiTokens: new Map(),
		trustedOrigins: new Map(),
		userGrants: new Map(),
		sessions: new Map(),
		log: [],
	};
}

/** The authenticators of an Identity Engine org; `inactive` names the keys that are switched off. */
export function addAuthenticators(state: TenantState, nextId: () => string, created: number, inactive: string[] = []): void {
	const list: [key: string, type: string, name: string, settings?: Record<string, unknown>][] = [
		["okta_email", "email", "Email", { allowedFor: "recovery", tokenLifetimeInMinutes: 5 }],
		["okta_password", "password", "Password"],
		[
			"okta_verify",
			"app",
			"Okta Verify",
			{ channelBinding: { style: "NUMBER_CHALLENGE", required: "HIGH_RISK_ONLY" }, compliance: { fips: "OPTIONAL" }, userVerification: "PREFERRED" },
		],
		["webauthn", "security_key", "Security Key or Biometric"],
		["phone_number", "phone", "Phone", { allowedFor: "any" }],
		["google_otp", "app", "Google Authenticator"],
		["security_question", "security_question", "Security Question", { allowedFor: "recovery" }],
		["yubikey_token", "security_key", "YubiKey Authenticator"],
	];
	for (const [key, type, name, settings] of list) {
		const id = nextId();
		state.authenticators.set(id, {
			type,
			id,
			key,
			status: inactive.includes(key) ? "INACTIVE" : "ACTIVE",
			name,
			created: iso(created),
			lastUpdated: iso(created),
			...(settings ? { settings } : {}),
		});
	}
}

/** An IP zone of CIDR ranges. */
export function addZone(
	state: TenantState,
	of: { id: string; name: string; cidrs: string[]; created: number; usage?: "POLICY" | "BLOCKLIST"; system?: boolean },
): void {
	state.zones.set(of.id, {
		type: "IP",
		id: of.id,
		name: of.name,
		status: "ACTIVE",
		usage: of.usage ?? "POLICY",
		created: iso(of.created),
		lastUpdated: iso(of.created),
		system: of.system ?? false,
		gateways: of.cidrs.map((value) => ({ type: "CIDR", value })),
		proxies: null,
	});
}

/** A zone that blocks anonymising networks. */
export function addAnonymizerBlock(state: TenantState, id: string, created: number): void {
	state.zones.set(id, {
		type: "DYNAMIC_V2",
		id,
		name: "DefaultEnhancedDynamicZone",
		status: "ACTIVE",
		usage: "BLOCKLIST",
		created: iso(created),
		lastUpdated: iso(created),
		system: true,
		locations: { include: [], exclude: [] },
		asns: { include: [], exclude: [] },
		ipServiceCategories: { include: ["ALL_ANONYMIZERS"], exclude: [] },
	});
}

/** A trusted origin for CORS and redirects. */
export function addOrigin(state: TenantState, of: { id: string; name: string; origin: string; created: number; createdBy: string }): void {
	state.trustedOrigins.set(of.id, {
		id: of.id,
		name: of.name,
		origin: of.origin,
		status: "ACTIVE",
		scopes: [{ type: "CORS" }, { type: "REDIRECT" }],
		created: iso(of.created),
		createdBy: of.createdBy,
		lastUpdated: iso(of.created),
		lastUpdatedBy: of.createdBy,
	});
}

/** An SSWS API token: never its secret. Times in milliseconds; the window slides with use. */
export function addToken(
	state: TenantState,
	of: { id: string; name: string; userId: string; created: number; used: number; windowDays?: number; zones?: string[] },
): void {
	const days = of.windowDays ?? 30;
	state.apiTokens.set(of.id, {
		id: of.id,
		name: of.name,
		userId: of.userId,
		clientName: "Okta API",
		tokenWindow: `P${days}D`,
		network: of.zones ? { connection: "ZONE", include: of.zones } : { connection: "ANYWHERE" },
		created: iso(of.created),
		lastUpdated: iso(of.used),
		expiresAt: iso(of.used + days * 86_400_000),
	});
}
