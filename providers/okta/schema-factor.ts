import type { Authenticator, AuthenticatorStrength } from "../../src/model/account.js";
import { type Decoded, identified, known, lookUp, stamp, text, word } from "./schema.js";

/**
 * Strength of each factor type (NIST SP 800-63B-4 §3.2.5 on phishing resistance; Okta's factor types:
 * https://developer.okta.com/docs/api/openapi/okta-management/management/tag/UserFactor/).
 * `signed_nonce` is Okta FastPass: able to resist phishing, and made to do so by the app's policy.
 * A YubiKey enrolled as `token:hardware` gives one-time codes, which can be phished: strong, no more.
 * `web` is Duo, `claims_provider` another identity provider: what they ask for is not visible here.
 */
const strengths: Record<string, AuthenticatorStrength> = {
	webauthn: "phishing-resistant",
	u2f: "phishing-resistant",
	signed_nonce: "phishing-resistant",
	smart_card_idp: "phishing-resistant",
	cert: "phishing-resistant",
	push: "strong",
	token: "strong",
	"token:software:totp": "strong",
	"token:hotp": "strong",
	"token:hardware": "strong",
	sms: "weak",
	call: "weak",
	email: "weak",
	question: "weak",
};

const recoveryGrade = new Set(["email", "question"]);

/** `GET /api/v1/users/{id}/factors` item → authenticator; null for a factor that is not ACTIVE and so proves nothing. */
export function decodeFactor(item: unknown): Decoded<Authenticator | null> {
	const found = identified(item, "factor");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const status = word(raw.status);
	if (status === undefined) return { bad: "a factor has no status", id };
	if (status !== "ACTIVE") return { ok: null };
	const type = word(raw.factorType);
	if (type === undefined) return { bad: "a factor has no factorType", id };
	return {
		ok: known<Authenticator>({
			id,
			type,
			provider: text(raw.provider),
			strength: lookUp(strengths, type) ?? "unknown",
			source: "local",
			created: stamp(raw.created),
			recoveryOnly: recoveryGrade.has(type),
		}),
	};
}

/** A user's whole list. One factor that can't be understood makes the list unknown: who knows what it was. */
export function decodeFactors(body: unknown): Decoded<Authenticator[]> {
	if (!Array.isArray(body)) return { bad: "the factors are not a list", id: null };
	const items = new Map<string, Authenticator>();
	for (const item of body) {
		const decoded = decodeFactor(item);
		if ("bad" in decoded) return decoded;
		if (decoded.ok) items.set(decoded.ok.id, decoded.ok);
	}
	return { ok: [...items.values()] };
}
