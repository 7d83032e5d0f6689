import { hash } from "../../../src/emulate/random.js";
import { stamp } from "./moment.js";
import { type Factor, guid, type Method, type Raw } from "./state.js";
import type { Tenant } from "./tenant.js";

/** Every user has this one, whether or not a password is set. */
export const passwordMethodId = "28c10230-6103-485e-b985-444c60001490";
export const mobilePhoneId = "3179e48a-750b-4051-897c-87b9720928f7";
const alternatePhoneId = "b6332ec1-7057-4abe-9331-3d72feddfe41";
const emailId = "3ddfcfc8-9383-446f-83cc-3ab9be4be18f";

/** Segment of the vendor's address of each type of method, and how the registration report calls it. */
export const methodTypes: Readonly<Record<string, { segment: string; word: string }>> = {
	microsoftAuthenticatorAuthenticationMethod: { segment: "microsoftAuthenticatorMethods", word: "microsoftAuthenticatorPush" },
	fido2AuthenticationMethod: { segment: "fido2Methods", word: "passKeyDeviceBound" },
	phoneAuthenticationMethod: { segment: "phoneMethods", word: "mobilePhone" },
	emailAuthenticationMethod: { segment: "emailMethods", word: "email" },
	softwareOathAuthenticationMethod: { segment: "softwareOathMethods", word: "softwareOneTimePasscode" },
	temporaryAccessPassAuthenticationMethod: { segment: "temporaryAccessPassMethods", word: "temporaryAccessPass" },
	windowsHelloForBusinessAuthenticationMethod: { segment: "windowsHelloForBusinessMethods", word: "windowsHelloForBusiness" },
	platformCredentialAuthenticationMethod: { segment: "platformCredentialMethods", word: "macOsSecureEnclaveKey" },
	passwordAuthenticationMethod: { segment: "passwordMethods", word: "" },
};

/** What people of each standing have registered, in the report's words. */
const sets: Record<Factor, string[][]> = {
	none: [[], [], ["email"], ["securityQuestion"]],
	weak: [["mobilePhone"], ["mobilePhone", "email"], ["mobilePhone", "alternateMobilePhone"], ["officePhone", "mobilePhone"]],
	strong: [
		["microsoftAuthenticatorPush", "softwareOneTimePasscode"],
		["microsoftAuthenticatorPush", "softwareOneTimePasscode", "mobilePhone"],
		["softwareOneTimePasscode"],
		["microsoftAuthenticatorPush", "softwareOneTimePasscode", "mobilePhone", "email"],
	],
	"phishing-resistant": [
		["passKeyDeviceBound", "microsoftAuthenticatorPush", "softwareOneTimePasscode"],
		["windowsHelloForBusiness", "microsoftAuthenticatorPush", "softwareOneTimePasscode"],
		["passKeyDeviceBound"],
		["macOsSecureEnclaveKey", "microsoftAuthenticatorPush", "softwareOneTimePasscode", "mobilePhone"],
	],
};

function wordsAtFirst(tenant: Tenant, id: string): string[] {
	const all = sets[tenant.state.factors.get(id) ?? "none"];
	return all[hash(id, 41) % all.length] ?? [];
}

/** What a user has registered, in the registration report's words. */
export function registeredWords(tenant: Tenant, id: string): string[] {
	const changed = tenant.world.seen(tenant.state.methods, id);
	if (!changed) return wordsAtFirst(tenant, id);
	const words = changed.flatMap((method) => {
		if (method.phoneType === "alternateMobile") return ["alternateMobilePhone"];
		if (method.phoneType === "office") return ["officePhone"];
		const word = methodTypes[method["@odata.type"].replace("#microsoft.graph.", "")]?.word ?? "";
		return word === "" ? [] : word === "microsoftAuthenticatorPush" ? [word, "softwareOneTimePasscode"] : [word];
	});
	return [...new Set(words)];
}

/** A user's authentication methods, the password's first. */
export function methodsOf(tenant: Tenant, user: Raw): readonly Method[] {
	const id = String(user.id);
	const changed = tenant.world.seen(tenant.state.methods, id);
	if (changed) return changed;
	const words = wordsAtFirst(tenant, id);
	const made = Date.parse(String(user.createdDateTime ?? "")) || tenant.world.now();
	// The authenticator app brings its passcodes with it: they are no method of their own.
	const own = words.includes("microsoftAuthenticatorPush") ? words.filter((word) => word !== "softwareOneTimePasscode") : words;
	const password = { "@odata.type": "#microsoft.graph.passwordAuthenticationMethod", id: passwordMethodId, password: null, createdDateTime: stamp(made) };
	return [password, ...own.flatMap((word) => methodFor(word, user, made))];
}

function methodFor(word: string, user: Raw, made: number): Method[] {
	const id = guid(String(user.id), "method", word);
	const at = { createdDateTime: stamp(made + (hash(id) % 30) * 86_400_000) };
	const digits = String(hash(id, 3) % 10_000).padStart(4, "0");
	const phone = (phoneType: string, phoneId: string): Method[] => [
		{
			"@odata.type": "#microsoft.graph.phoneAuthenticationMethod",
			id: phoneId,
			phoneNumber: `+1 555555${digits}`,
			phoneType,
			smsSignInState: "notAllowedByPolicy",
			createdDateTime: null,
		},
	];
	switch (word) {
		case "mobilePhone":
			return phone("mobile", mobilePhoneId);
		case "alternateMobilePhone":
			return phone("alternateMobile", alternatePhoneId);
		case "officePhone":
			return phone("office", "e37fc753-ff3b-4958-9484-eaa9425c82bc");
		case "email":
			return [
				{ "@odata.type": "#microsoft.graph.emailAuthenticationMethod", id: emailId, emailAddress: `private${digits}@mail.example`, createdDateTime: null },
			];
		case "softwareOneTimePasscode":
			return [{ "@odata.type": "#microsoft.graph.softwareOathAuthenticationMethod", id, secretKey: null, createdDateTime: null }];
		case "microsoftAuthenticatorPush":
			return [
				{
					"@odata.type": "#microsoft.graph.microsoftAuthenticatorAuthenticationMethod",
					id,
					displayName: "Phone",
					deviceTag: "SoftwareTokenActivated",
					phoneAppVersion: "6.8.19",
					...at,
				},
			];
		case "passKeyDeviceBound":
			return [
				{
					...{ "@odata.type": "#microsoft.graph.fido2AuthenticationMethod", id, displayName: "Security key", aaGuid: "2fc0579f-8113-47ea-b116-bb5a8db9202a" },
					...{ model: "YubiKey 5 Series with NFC", attestationCertificates: ["0a1b2c3d4e"], attestationLevel: "attested", passkeyType: "deviceBound", ...at },
				},
			];
		case "windowsHelloForBusiness":
			return [{ "@odata.type": "#microsoft.graph.windowsHelloForBusinessAuthenticationMethod", id, displayName: "LAPTOP", keyStrength: "normal", ...at }];
		case "macOsSecureEnclaveKey":
			return [
				{
					"@odata.type": "#microsoft.graph.platformCredentialAuthenticationMethod",
					id,
					displayName: "MacBook",
					keyStrength: "normal",
					platform: "macOS",
					...at,
				},
			];
		default:
			return [];
	}
}

/** Id of the method that a user is asked for first; the vendor doesn't let go of it while others remain. */
export function defaultMethod(methods: readonly Method[]): string | undefined {
	const order = ["microsoftAuthenticator", "softwareOath", "phone"];
	return order.map((name) => methods.find((method) => method["@odata.type"] === `#microsoft.graph.${name}AuthenticationMethod`)).find((method) => method)?.id;
}
