import { expect, it } from "vitest";
import { acceptedTypes } from "./schema-accepted.js";

const bound = ["webauthn", "u2f", "signed_nonce", "smart_card_idp", "cert"];
const assurance = (...constraints: object[]) => ({ type: "ASSURANCE", factorMode: "2FA", constraints });
const possession = (more: object) => assurance({ possession: more });
const methods = (...names: string[]) => names.map((method) => ({ key: "any", method }));
const password = { authenticationMethods: [{ key: "okta_password", method: "password" }] };
const chain = (...next: object[]) => ({ type: "AUTH_METHOD_CHAIN", chains: [{ ...password, next }] });

it.each<[string, unknown, string[] | undefined]>([
	["any two factors", assurance(), undefined],
	["a password asked for again", assurance({ knowledge: { types: ["password"], reauthenticateIn: "PT0S" } }), undefined],
	["a possession that may be left out", possession({ required: false, hardwareProtection: "REQUIRED" }), undefined],
	["any possession", possession({ userPresence: "REQUIRED", hardwareProtection: "OPTIONAL" }), undefined],
	["what resists phishing", possession({ phishingResistant: "REQUIRED" }), bound],
	["what is bound to a device", possession({ deviceBound: "REQUIRED", userPresence: "REQUIRED" }), bound],
	["methods by name", possession({ authenticationMethods: methods("sms", "voice") }), ["sms", "call"]],
	["methods by name, of which one is bound", possession({ deviceBound: "REQUIRED", authenticationMethods: methods("sms", "webauthn") }), ["webauthn"]],
	["one-time codes, which two apps give", possession({ authenticationMethods: methods("otp", "totp") }), []],
	["hardware", possession({ phishingResistant: "REQUIRED", hardwareProtection: "REQUIRED" }), []],
	["a passkey with a PIN", possession({ authenticationMethods: [{ key: "webauthn", method: "webauthn", userVerification: "REQUIRED" }] }), []],
	["all but some", possession({ excludedAuthenticationMethods: methods("sms") }), []],
	["a security question", assurance({ knowledge: { types: ["security_question"] } }), []],
	["something new", possession({ moonPhase: "FULL" }), []],
	["hardware, or else a push", assurance({ possession: { hardwareProtection: "REQUIRED" } }, { possession: { methods: ["push"] } }), ["push"]],
	["a chain of a password and a push", chain({ authenticationMethods: methods("push") }), ["push"]],
	["a chain of three things", chain({ authenticationMethods: methods("push"), next: [{ authenticationMethods: methods("sms") }] }), []],
	["a password alone", { type: "AUTH_METHOD_CHAIN", chains: [password] }, undefined],
	["an unknown kind of verification", { type: "ID_PROOFING" }, []],
	["no verification method", undefined, []],
])("%s", (_, method, types) => {
	expect(acceptedTypes(method)).toEqual(types);
});
