import type { AccountRecord, AuthenticatorStrength, VendorRisk } from "../../src/model/account.js";
import type { Known } from "../../src/model/known.js";
import type { RoleAssignmentRecord } from "../../src/model/objects.js";
import type { AuthenticatorsBody } from "../../src/model/snapshot.js";
import { lookUp, texts } from "../../src/provider/decode.js";

/** After NIST SP 800-63B. A `hardware_key` is taken for a FIDO security key; the contract says no more of it. */
const strengths: Record<string, AuthenticatorStrength> = {
	hardware_key: "phishing-resistant",
	webauthn: "phishing-resistant",
	fido2: "phishing-resistant",
	passkey: "phishing-resistant",
	totp: "strong",
	push: "strong",
	sms: "weak",
	voice: "weak",
	email: "weak",
	security_question: "weak",
};

/** A lone mail address or a question recovers an account; it is no second factor. */
const recovery = new Set(["email", "security_question"]);

/** The account's second factors; undefined where the API does not say, or says two things. */
export function authenticatorsOf({ id, profile }: AccountRecord): AuthenticatorsBody | undefined {
	const methods = listed(profile?.mfaMethods);
	const enrolled = profile?.mfaEnrolled;
	if (typeof enrolled !== "boolean" || methods === undefined || (!enrolled && methods.length > 0)) return undefined;
	const types = enrolled && methods.length === 0 ? ["unknown"] : [...new Set(methods)];
	return {
		items: types.map((type) => ({
			id: `${id}/${type}`,
			type,
			provider: null,
			strength: lookUp(strengths, type) ?? "unknown",
			source: "local",
			recoveryOnly: recovery.has(type),
		})),
	};
}

const bands = [
	{ level: "low", to: 20 },
	{ level: "medium", to: 50 },
	{ level: "high", to: 75 },
	{ level: "critical", to: 100 },
] as const;

/** The API's risk; undefined where it tells neither level nor score. A level outside its score's band is not believed, nor is the score. */
export function riskOf({ profile }: AccountRecord): VendorRisk | undefined {
	const [level, score] = [profile?.riskLevel, profile?.riskScore];
	if (typeof level !== "string" && typeof score !== "number") return undefined;
	const source = [typeof level === "string" && `risk_level ${level}`, typeof score === "number" && `risk_score ${score}`].filter(Boolean).join(", ");
	const band = typeof score === "number" && score >= 0 ? bands.find(({ to }) => score <= to)?.level : undefined;
	if (typeof score === "number" && band !== (level ?? band)) return { level: "unknown", source: `${source}: they disagree` };
	const told = bands.find((one) => one.level === (level ?? band))?.level ?? "unknown";
	return { level: told === "critical" ? "high" : told, source };
}

/** What Entra, Okta and Google call whoever can take the tenant: an API that calls such an account not privileged contradicts itself. */
const topRole = /^(global|super|company|org)[ _-]?admin(istrator)?$/i;

/** A privileged account's roles, each as privileged as the account: the API does not say which of them it is. Unknown levels where it says nothing, or two things. */
export function assignmentsOf({ id, profile }: AccountRecord): RoleAssignmentRecord[] {
	const privileged = profile?.privileged;
	const roles = listed(profile?.roles) ?? [];
	if (privileged === false && !roles.some((role) => topRole.test(role))) return [];
	const level = privileged === true ? "privileged" : "unknown";
	const named = roles.length > 0 ? [...new Set(roles)].map((role) => ({ role, label: role })) : [{ role: "privileged", label: "privileged, role not named" }];
	return named.map(({ role, label }) => ({ id: role, principalType: "account", principal: id, role, label, level, assignment: "active", custom: false }));
}

function listed(value: unknown): Known<string[]> {
	return typeof value === "string" ? texts(JSON.parse(value)) : undefined;
}
