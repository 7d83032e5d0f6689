import { type Json, object } from "./schema.js";
import { access, constraints, described, named, network, people, policyPeople, riskScore } from "./settings-parts.js";
import { type Fields, fields, flag, ids, name, text, whole, word, words } from "./settings-shape.js";

/** A kind of policy or rule whose values can be declared. */
export interface PolicyKind {
	kind: string;
	title: string;
	shape: Fields;
	/** What says nothing where access is denied: dotted path of the decision, and of what hangs on it. */
	denies?: { access: string[]; idle: string[] };
	/** Tokens of `@pulumi/okta` for the same object. */
	pulumiTypes: string[];
}

const seldom = (entry: Json): boolean => object(entry.enroll)?.self === "NOT_ALLOWED";
const enrolment = fields({ self: word(["NOT_ALLOWED", "OPTIONAL", "REQUIRED"], "NOT_ALLOWED") });
const recovery = fields({ status: word(["ACTIVE", "INACTIVE"], "INACTIVE") });

/** Fields, bounds and defaults after Okta's published schemas of these objects (Okta Management API 2026.06). Times in the unit of the field's name; 0 = no limit. */
export const policyKinds: PolicyKind[] = [
	{
		kind: "policy/OKTA_SIGN_ON",
		title: "Okta sign-on policy",
		shape: fields({ ...described, conditions: fields({ people: policyPeople }) }),
		pulumiTypes: ["okta:policy/signon:Signon"],
	},
	{
		kind: "rule/OKTA_SIGN_ON",
		title: "Okta sign-on rule",
		shape: fields({
			...named,
			conditions: fields({
				people,
				network,
				authContext: fields({ authType: word(["ANY", "RADIUS", "LDAP_INTERFACE"], "ANY") }),
				identityProvider: fields({ provider: word(["ANY", "OKTA", "SPECIFIC_IDP"], "ANY"), idpIds: ids() }),
				riskScore,
			}),
			actions: fields({
				signon: fields({
					access: access(),
					requireFactor: flag(false),
					factorPromptMode: word(["ALWAYS", "DEVICE", "SESSION"]),
					factorLifetime: whole(0),
					rememberDeviceByDefault: flag(false),
					primaryFactor: word(["PASSWORD_IDP", "PASSWORD_IDP_ANY_FACTOR"]),
					session: fields({ maxSessionIdleMinutes: whole(0, 120), maxSessionLifetimeMinutes: whole(0, 0), usePersistentCookie: flag(false) }),
				}),
			}),
		}),
		denies: { access: ["actions", "signon", "access"], idle: ["actions", "signon", "session"] },
		pulumiTypes: ["okta:policy/ruleSignon:RuleSignon"],
	},
	{
		kind: "policy/PASSWORD",
		title: "Password policy",
		shape: fields({
			...described,
			conditions: fields({ people: policyPeople, authProvider: fields({ provider: word(["OKTA", "ACTIVE_DIRECTORY", "LDAP", "ANY"]), include: ids() }) }),
			settings: fields({
				password: fields({
					complexity: fields({
						minLength: whole(4, 8, 72),
						minLowerCase: whole(0, 1, 1),
						minUpperCase: whole(0, 1, 1),
						minNumber: whole(0, 1, 1),
						minSymbol: whole(0, 1, 1),
						excludeUsername: flag(true),
						excludeAttributes: words(["firstName", "lastName"]),
						dictionary: fields({ common: fields({ exclude: flag(false) }) }),
						maxConsecutiveCharacters: whole(1, undefined, 72),
					}),
					age: fields({ maxAgeDays: whole(0, 0), expireWarnDays: whole(0, 0), minAgeMinutes: whole(0, 0), historyCount: whole(0, 0) }),
					lockout: fields({
						maxAttempts: whole(0, 10),
						autoUnlockMinutes: whole(0, 0),
						showLockoutFailures: flag(false),
						userLockoutNotificationChannels: words(["EMAIL"]),
					}),
					breachedProtection: fields({ expireAfterDays: whole(0), logoutEnabled: flag(false), delegatedWorkflowId: text() }),
				}),
				delegation: fields({ options: fields({ skipUnlock: flag(false) }) }),
				recovery: fields({ factors: fields({ okta_email: recovery, okta_sms: recovery, okta_call: recovery, recovery_question: recovery }) }),
			}),
		}),
		pulumiTypes: ["okta:policy/password:Password", "okta:index/policyPasswordDefault:PolicyPasswordDefault"],
	},
	{
		kind: "rule/PASSWORD",
		title: "Password rule",
		shape: fields({
			...named,
			conditions: fields({ people, network }),
			actions: fields({
				passwordChange: fields({ access: access() }),
				selfServicePasswordReset: fields({
					access: access(),
					requirement: fields({
						accessControl: word(["AUTH_POLICY", "LEGACY"]),
						primary: fields({ methods: words(["otp", "push", "sms", "voice", "email"]) }),
						stepUp: fields({ required: flag(), methods: words(["security_question"]) }),
					}),
				}),
				selfServiceUnlock: fields({ access: access() }),
			}),
		}),
		pulumiTypes: ["okta:policy/rulePassword:RulePassword"],
	},
	{
		kind: "policy/MFA_ENROLL",
		title: "Authenticator enrolment policy",
		shape: fields({
			...described,
			conditions: fields({ people: policyPeople }),
			settings: fields({
				type: word(["AUTHENTICATORS", "FACTORS"]),
				authenticators: {
					is: "list",
					key: ["key", "id"],
					none: seldom,
					of: fields({ key: name(), id: text(), enroll: enrolment, constraints: fields({ aaguidGroups: ids() }) }, { needed: ["key", "enroll"] }),
				},
				// Classic Engine, and policies that came from it.
				factors: { is: "map", none: seldom, of: fields({ enroll: enrolment }, { needed: ["enroll"] }) },
			}),
		}),
		pulumiTypes: ["okta:policy/mfa:Mfa", "okta:index/policyMfaDefault:PolicyMfaDefault"],
	},
	{
		kind: "rule/MFA_ENROLL",
		title: "Authenticator enrolment rule",
		shape: fields({
			...named,
			conditions: fields({ people: fields({ users: fields({ exclude: ids() }) }), network }),
			actions: fields({ enroll: fields({ self: word(["CHALLENGE", "LOGIN", "NEVER", "NEVER_INCLUDING_RECOVERY"]) }) }),
		}),
		pulumiTypes: ["okta:policy/ruleMfa:RuleMfa"],
	},
	{
		kind: "rule/IDP_DISCOVERY",
		title: "Identity provider routing rule",
		shape: fields({
			...named,
			conditions: fields({
				network,
				userIdentifier: fields({
					type: word(["IDENTIFIER", "ATTRIBUTE"]),
					attribute: text(),
					patterns: {
						is: "list",
						key: ["matchType", "value"],
						of: fields({ matchType: word(["CONTAINS", "EQUALS", "EXPRESSION", "STARTS_WITH", "SUFFIX"]), value: name() }, { needed: ["matchType", "value"] }),
					},
				}),
			}),
			actions: fields({
				idp: fields({
					idpSelectionType: word(["DYNAMIC", "SPECIFIC"]),
					providers: { is: "list", key: ["type", "id"], of: fields({ type: name(), id: text(), name: text() }, { needed: ["type"] }) },
				}),
			}),
		}),
		pulumiTypes: ["okta:policy/ruleIdpDiscovery:RuleIdpDiscovery"],
	},
	{
		kind: "policy/ACCESS_POLICY",
		title: "App sign-in policy",
		shape: fields(described),
		pulumiTypes: ["okta:index/appSignonPolicy:AppSignonPolicy"],
	},
	{
		kind: "rule/ACCESS_POLICY",
		title: "App sign-in rule",
		shape: fields({
			...named,
			conditions: fields({
				people,
				network,
				riskScore,
				userType: fields({ include: ids(), exclude: ids() }),
				device: fields({ registered: flag(), managed: flag(), assurance: fields({ include: ids() }) }),
				elCondition: fields({ condition: name() }, { optional: true, needed: ["condition"] }),
			}),
			actions: fields({
				appSignOn: fields({
					access: access(),
					verificationMethod: fields(
						{ type: word(["ASSURANCE"]), factorMode: word(["1FA", "2FA"]), reauthenticateIn: text(), inactivityPeriod: text(), constraints },
						{ needed: ["type"] },
					),
					keepMeSignedIn: fields({ postAuth: word(["ALLOWED", "NOT_ALLOWED"]), postAuthPromptFrequency: text() }),
				}),
			}),
		}),
		denies: { access: ["actions", "appSignOn", "access"], idle: ["actions", "appSignOn", "verificationMethod"] },
		pulumiTypes: ["okta:index/appSignonPolicyRule:AppSignonPolicyRule", "okta:app/signonPolicyRules:SignonPolicyRules"],
	},
];
