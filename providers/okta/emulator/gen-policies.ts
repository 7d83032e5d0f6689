import type { Policy, PolicyRule } from "@okta/okta-sdk-nodejs";
import { iso } from "./gen-random.js";
import type { TenantState, Wire } from "./state.js";

type PolicyKind = "OKTA_SIGN_ON" | "PASSWORD" | "MFA_ENROLL" | "ACCESS_POLICY" | "IDP_DISCOVERY";

interface PolicyInput {
	id: string;
	type: PolicyKind;
	name: string;
	description?: string;
	priority: number;
	system?: boolean;
	/** Groups the policy is for; an access policy is bound to apps instead and has none. */
	groups?: string[];
	settings?: Record<string, unknown>;
	created: number;
	updated?: number;
}

interface PolicyBody extends Wire<Policy> {
	conditions: Record<string, unknown> | null;
	settings?: Record<string, unknown>;
}

interface RuleBody extends Wire<PolicyRule> {
	conditions: Record<string, unknown> | null;
	actions: Record<string, unknown>;
}

export interface RuleInput {
	id: string;
	name: string;
	priority: number;
	system?: boolean;
	created: number;
	updated?: number;
	/** Zones the rule is bound to; absent = anywhere. */
	zones?: string[];
	excludeUsers?: string[];
	groups?: string[];
}

/** Adds a policy and its rules, given in order of priority. */
export function addPolicy(state: TenantState, input: PolicyInput, rules: RuleBody[]): void {
	const policy: PolicyBody = {
		type: input.type,
		id: input.id,
		status: "ACTIVE",
		name: input.name,
		description: input.description ?? "",
		priority: input.priority,
		system: input.system ?? false,
		conditions:
			input.type === "ACCESS_POLICY" || input.type === "IDP_DISCOVERY"
				? null
				: { people: { groups: { include: input.groups ?? [] } }, ...(input.type === "PASSWORD" ? { authProvider: { provider: "OKTA" } } : {}) },
		created: iso(input.created),
		lastUpdated: iso(input.updated ?? input.created),
		...(input.settings ? { settings: input.settings } : {}),
	};
	state.policies.set(input.id, policy);
	state.policyRules.set(input.id, rules);
}

/** A rule of an OKTA_SIGN_ON policy. Times in minutes; 0 = no limit of the whole session. */
export function signOnRule(input: RuleInput & { mfa: boolean; lifetime: number; idle: number; persistent: boolean }): RuleBody {
	return {
		...common(input, "SIGN_ON"),
		conditions: {
			...people(input),
			network: network(input),
			authContext: { authType: "ANY" },
			risk: { behaviors: [] },
			riskScore: { level: "ANY" },
			identityProvider: { provider: "ANY" },
		},
		actions: {
			signon: {
				access: "ALLOW",
				requireFactor: input.mfa,
				...(input.mfa ? { factorPromptMode: "ALWAYS", factorLifetime: 15, rememberDeviceByDefault: false } : {}),
				primaryFactor: "PASSWORD_IDP",
				session: { usePersistentCookie: input.persistent, maxSessionIdleMinutes: input.idle, maxSessionLifetimeMinutes: input.lifetime },
			},
		},
	};
}

/** A rule of a PASSWORD policy: what users may do themselves. */
export function passwordRule(input: RuleInput & { unlock: boolean; methods: string[] }): RuleBody {
	return {
		...common(input, "PASSWORD"),
		conditions: { ...people(input), network: network(input) },
		actions: {
			passwordChange: { access: "ALLOW" },
			selfServicePasswordReset: { access: "ALLOW", requirement: { primary: { methods: input.methods }, stepUp: { required: false } } },
			selfServiceUnlock: { access: input.unlock ? "ALLOW" : "DENY" },
		},
	};
}

/** A rule of an MFA_ENROLL policy: when users are asked to enrol. */
export function enrolRule(input: RuleInput & { self: "CHALLENGE" | "LOGIN" | "NEVER" }): RuleBody {
	return { ...common(input, "MFA_ENROLL"), conditions: { ...people(input), network: network(input) }, actions: { enroll: { self: input.self } } };
}

/** A rule of an ACCESS_POLICY. The catch-all (`system`) has no conditions, as the vendor shows it. */
export function accessRule(
	input: RuleInput & { access?: "ALLOW" | "DENY"; factorMode?: "1FA" | "2FA"; phishingResistant?: boolean; reauthenticateIn?: string },
): RuleBody {
	const allow = input.access !== "DENY";
	const constraint = { possession: { deviceBound: "REQUIRED", hardwareProtection: "OPTIONAL", phishingResistant: "REQUIRED", userPresence: "REQUIRED" } };
	return {
		...common(input, "ACCESS_POLICY"),
		conditions: input.system ? null : { ...people(input), network: network(input), riskScore: { level: "ANY" }, userType: { include: [], exclude: [] } },
		actions: {
			appSignOn: {
				access: input.access ?? "ALLOW",
				...(allow
					? {
							verificationMethod: {
								factorMode: input.factorMode ?? "2FA",
								type: "ASSURANCE",
								reauthenticateIn: input.reauthenticateIn ?? "PT2H",
								constraints: input.phishingResistant ? [constraint] : [],
							},
						}
					: {}),
			},
		},
	};
}

/** A rule of an IDP_DISCOVERY policy: where logins of a domain sign in; without one, everybody. */
export function idpRule(input: RuleInput & { domain?: string; provider: { type: string; id?: string; name?: string } }): RuleBody {
	const patterns = input.domain === undefined ? [] : [{ matchType: "SUFFIX", value: input.domain }];
	return {
		...common(input, "IDP_DISCOVERY"),
		conditions: {
			network: network(input),
			userIdentifier: { type: "IDENTIFIER", patterns },
			app: { include: [], exclude: [] },
			platform: { include: [{ type: "ANY", os: { type: "ANY" } }], exclude: [] },
		},
		actions: { idp: { providers: [input.provider], idpSelectionType: "SPECIFIC" } },
	};
}

/** Settings of a PASSWORD policy. Ages in days, lock-out in minutes; 0 = none. */
export function passwordSettings(of: {
	minLength: number;
	maxAge: number;
	history: number;
	attempts: number;
	common: boolean;
	unlockAfter?: number;
}): Record<string, unknown> {
	return {
		password: {
			complexity: {
				minLength: of.minLength,
				minLowerCase: 1,
				minUpperCase: 1,
				minNumber: 1,
				minSymbol: 0,
				excludeUsername: true,
				dictionary: { common: { exclude: of.common } },
				excludeAttributes: [],
			},
			age: { maxAgeDays: of.maxAge, expireWarnDays: 0, minAgeMinutes: 0, historyCount: of.history },
			lockout: { maxAttempts: of.attempts, autoUnlockMinutes: of.unlockAfter ?? 0, userLockoutNotificationChannels: [], showLockoutFailures: false },
		},
		recovery: {
			factors: {
				recovery_question: { status: "INACTIVE", properties: { complexity: { minLength: 4 } } },
				okta_email: { status: "ACTIVE", properties: { recoveryToken: { tokenLifetimeMinutes: 60 } } },
				okta_sms: { status: "INACTIVE" },
				okta_call: { status: "INACTIVE" },
			},
		},
		delegation: { options: { skipUnlock: false } },
	};
}

/** Settings of an MFA_ENROLL policy: authenticator key → whether users enrol it. */
export function enrolSettings(of: Record<string, "REQUIRED" | "OPTIONAL" | "NOT_ALLOWED">): Record<string, unknown> {
	return { type: "AUTHENTICATORS", authenticators: Object.entries(of).map(([key, self]) => ({ key, enroll: { self } })) };
}

function common(input: RuleInput, type: NonNullable<Wire<PolicyRule>["type"]>): Wire<PolicyRule> {
	return {
		id: input.id,
		status: "ACTIVE",
		name: input.name,
		priority: input.priority,
		created: iso(input.created),
		lastUpdated: iso(input.updated ?? input.created),
		system: input.system ?? false,
		type,
	};
}

function people(input: RuleInput): Record<string, unknown> {
	return { people: { users: { include: [], exclude: input.excludeUsers ?? [] }, ...(input.groups ? { groups: { include: input.groups, exclude: [] } } : {}) } };
}

function network(input: RuleInput): Record<string, unknown> {
	return input.zones ? { connection: "ZONE", include: input.zones } : { connection: "ANYWHERE" };
}
