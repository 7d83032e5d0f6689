import type { Authenticator, AuthenticatorStrength } from "../../src/model/account.js";
import { type Decoded, identified, known, lookUp, stamp, word } from "./schema.js";

/** One kind of authentication method, by all the names that Microsoft gives it. */
export interface Method {
	strength: AuthenticatorStrength;
	recoveryOnly: boolean;
	/** Where it is taken away: `/users/{id}/authentication/<path>/{methodId}`; null: nowhere, or only by its user. */
	path: string | null;
	/** Id of its configuration in the authentication methods policy; null: that policy does not switch it. */
	policy: string | null;
	/** Combinations of an authentication strength that it meets, a password beside it where that is needed. */
	combinations: string[];
}

const none = { recoveryOnly: false, path: null, policy: null, combinations: [] as string[] };
const passkey: Method = { ...none, strength: "phishing-resistant", path: "fido2Methods", policy: "Fido2", combinations: ["fido2"] };
const hello: Method = { ...none, strength: "phishing-resistant", path: "windowsHelloForBusinessMethods", combinations: ["windowsHelloForBusiness"] };
const push: Method = {
	...none,
	strength: "strong",
	path: "microsoftAuthenticatorMethods",
	policy: "MicrosoftAuthenticator",
	combinations: ["password,microsoftAuthenticatorPush"],
};
const code: Method = { ...none, strength: "strong", path: "softwareOathMethods", policy: "SoftwareOath", combinations: ["password,softwareOath"] };
const sms: Method = { ...none, strength: "weak", path: "phoneMethods", policy: "Sms", combinations: ["password,sms"] };
const voice: Method = { ...none, strength: "weak", path: "phoneMethods", policy: "Voice", combinations: ["password,voice"] };
const mail: Method = { ...none, strength: "weak", recoveryOnly: true, path: "emailMethods", policy: "Email" };

/** `methodsRegistered` of the registration report, and `@odata.type` of a user's own list without its prefix. */
const methods: Record<string, Method> = {
	fido2SecurityKey: passkey,
	fido2AuthenticationMethod: passkey,
	passKeyDeviceBound: passkey,
	passKeyDeviceBoundAuthenticator: passkey,
	passKeyDeviceBoundWindowsHello: passkey,
	windowsHelloForBusiness: hello,
	windowsHelloForBusinessAuthenticationMethod: hello,
	macOsSecureEnclaveKey: { ...none, strength: "phishing-resistant", path: "platformCredentialMethods" },
	platformCredentialAuthenticationMethod: { ...none, strength: "phishing-resistant", path: "platformCredentialMethods" },
	microsoftAuthenticatorPush: push,
	microsoftAuthenticatorAuthenticationMethod: push,
	microsoftAuthenticatorPasswordless: { ...push, combinations: ["deviceBasedPush"] },
	softwareOneTimePasscode: code,
	softwareOathAuthenticationMethod: code,
	hardwareOneTimePasscode: { ...none, strength: "strong", policy: "HardwareOath", combinations: ["password,hardwareOath"] },
	hardwareOathAuthenticationMethod: { ...none, strength: "strong", policy: "HardwareOath", combinations: ["password,hardwareOath"] },
	mobilePhone: sms,
	phoneAuthenticationMethod: sms,
	alternateMobilePhone: voice,
	officePhone: voice,
	email: mail,
	emailAuthenticationMethod: mail,
	securityQuestion: { ...none, strength: "weak", recoveryOnly: true },
	// For hours, and to set up another method by.
	temporaryAccessPass: { ...none, strength: "weak", recoveryOnly: true, path: "temporaryAccessPassMethods", policy: "TemporaryAccessPass" },
	temporaryAccessPassAuthenticationMethod: { ...none, strength: "weak", recoveryOnly: true, path: "temporaryAccessPassMethods", policy: "TemporaryAccessPass" },
};

export const plainType = (type: string): string => type.replace("#microsoft.graph.", "");

export function methodOf(type: string): Method | undefined {
	return lookUp(methods, plainType(type));
}

const passwords = new Set(["passwordAuthenticationMethod", "password"]);

/** An entry of `methodsRegistered`. Which of several of a kind it is, the report does not say. */
export function registeredMethod(type: string): Authenticator {
	const method = methodOf(type);
	return { id: `report/${type}`, type, provider: null, strength: method?.strength ?? "unknown", source: "local", recoveryOnly: method?.recoveryOnly ?? false };
}

/** An item of a user's own list; null for the password, which everybody has. Its id says where it is taken away. */
export function ownMethod(item: unknown): Decoded<Authenticator | null> {
	const found = identified(item, "authentication method");
	if ("bad" in found) return found;
	const type = word(found.raw["@odata.type"]);
	if (type === undefined) return { bad: "an authentication method has no type", id: found.id };
	if (passwords.has(plainType(type))) return { ok: null };
	const method = methodOf(type);
	return {
		ok: known<Authenticator>({
			id: `${method?.path ?? plainType(type)}/${found.id}`,
			type: plainType(type),
			provider: null,
			strength: method?.strength ?? "unknown",
			source: "local",
			created: stamp(found.raw.createdDateTime),
			recoveryOnly: method?.recoveryOnly ?? false,
		}),
	};
}
