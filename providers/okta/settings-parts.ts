import { fields, flag, ids, name, type Shape, text, word, words } from "./settings-shape.js";

/** Conditions that kinds share. https://developer.okta.com/docs/api/openapi/okta-management/management/tag/Policy/ */
const members = (): Shape => fields({ include: ids(), exclude: ids() });

export const network: Shape = fields({ connection: word(["ANYWHERE", "ZONE"], "ANYWHERE"), include: ids(), exclude: ids() });

export const people: Shape = fields({ users: members(), groups: members() });

/** Policies are for groups, and for Everyone where none is named: Okta puts that back. Users are told apart by rules. */
export const policyPeople: Shape = fields({ groups: fields({ include: ids(1) }) });

export const riskScore: Shape = fields({ level: word(["ANY", "LOW", "MEDIUM", "HIGH"], "ANY") });

export const access = (): Shape => word(["ALLOW", "DENY"]);

export const named = { name: name() };
export const described = { ...named, description: text("") };

const strictness = (initial: string): Shape => word(["OPTIONAL", "REQUIRED"], initial);

const methods = (): Shape => ({ is: "list", key: ["key", "method", "id"], of: fields({ key: name(), method: text(), id: text() }, { needed: ["key"] }) });

/** What both halves of an assurance constraint may say. The vendor sends these words in small letters. */
const constraint = {
	types: words(["security_key", "phone", "email", "password", "security_question", "app", "federated"]),
	methods: words(["password", "security_question", "sms", "voice", "email", "push", "signed_nonce", "otp", "totp", "webauthn", "duo", "idp", "cert"]),
	authenticationMethods: methods(),
	excludedAuthenticationMethods: methods(),
	required: flag(),
	reauthenticateIn: text(),
};

/** Constraints are alternatives: their order says nothing. */
export const constraints: Shape = {
	is: "list",
	key: [],
	of: fields({
		knowledge: fields(constraint, { optional: true }),
		possession: fields(
			{
				...constraint,
				deviceBound: strictness("OPTIONAL"),
				hardwareProtection: strictness("OPTIONAL"),
				phishingResistant: strictness("OPTIONAL"),
				userPresence: strictness("REQUIRED"),
				userVerification: strictness("OPTIONAL"),
				userVerificationMethods: words(["BIOMETRICS", "PIN"]),
			},
			{ optional: true },
		),
	}),
};
