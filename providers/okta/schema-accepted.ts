import { at, type Json, lookUp, object } from "./schema.js";

/** Types of factors that resist phishing; each of them is bound to its device as well. */
const resistant = ["webauthn", "u2f", "signed_nonce", "smart_card_idp", "cert"];

/** Type of the factor that a method or authenticator key names, where no two kinds of authenticator share it. */
const typeOf: Record<string, string> = {
	webauthn: "webauthn",
	signed_nonce: "signed_nonce",
	cert: "cert",
	smart_card_idp: "smart_card_idp",
	push: "push",
	sms: "sms",
	voice: "call",
};

/** What a demand may say without leaving out any factor, by its key. */
const harmless: Record<string, (value: unknown) => boolean> = {
	required: () => true,
	reauthenticateIn: () => true,
	userPresence: () => true,
	phishingResistant: () => true,
	deviceBound: () => true,
	hardwareProtection: (value) => !isRequired(value),
	userVerification: (value) => !isRequired(value),
	authenticationMethods: () => true,
	methods: () => true,
};

/**
 * Types of the factors one of which surely meets a sign-on rule's `verificationMethod`; undefined = any will do, empty = it can't be said.
 * https://developer.okta.com/docs/api/openapi/okta-management/management/tag/Policy/#access-policy-rules
 */
export function acceptedTypes(method: unknown): string[] | undefined {
	const type = String(at(method, "type")).toUpperCase();
	if (type === "ASSURANCE") {
		const constraints = at(method, "constraints") ?? [];
		if (!Array.isArray(constraints)) return [];
		return constraints.length === 0 ? undefined : either(constraints.map(ofConstraint));
	}
	const chains = at(method, "chains");
	return type === "AUTH_METHOD_CHAIN" && Array.isArray(chains) ? either(chains.map(ofChain)) : [];
}

/** Alternatives: meeting one of them is enough. */
function either(alternatives: (string[] | undefined)[]): string[] | undefined {
	return alternatives.includes(undefined) ? undefined : [...new Set(alternatives.flatMap((one) => one ?? []))];
}

function ofConstraint(constraint: unknown): string[] | undefined {
	const { knowledge, possession, ...others } = object(constraint) ?? { other: true };
	if (Object.values(others).some((value) => !nothing(value)) || !byPassword(knowledge)) return [];
	const asked = object(possession);
	if (!asked || asked.required === false) return undefined;
	if (Object.entries(asked).some(([key, value]) => !nothing(value) && !lookUp(harmless, key)?.(value))) return [];
	const named = [asked.authenticationMethods, asked.methods].filter((list) => !nothing(list)).map(typesOf);
	const bound = isRequired(asked.phishingResistant) || isRequired(asked.deviceBound) ? [resistant] : [];
	const [first, ...more] = [...bound, ...named];
	return first?.filter((type) => more.every((list) => list.includes(type)));
}

/** A chain of a password and one thing more. */
function ofChain(chain: unknown): string[] | undefined {
	const steps: unknown[] = [];
	// A chain has three steps at most.
	for (let here: unknown = chain; steps.length < 10; ) {
		steps.push(at(here, "authenticationMethods"));
		const next = at(here, "next");
		if (nothing(next)) break;
		if (!Array.isArray(next)) return [];
		here = next[0];
	}
	const others = steps.filter((methods) => !passwords(methods));
	return others.length === 0 ? undefined : others.length === 1 ? typesOf(others[0]) : [];
}

/** What is known is a password, which everybody has who signs in here. */
function byPassword(knowledge: unknown): boolean {
	const asked = object(knowledge);
	if (!asked) return nothing(knowledge);
	const { types, methods, authenticationMethods, excludedAuthenticationMethods } = asked;
	const named = (list: unknown) => nothing(list) || passwords(list);
	return named(types) && named(methods) && named(authenticationMethods) && nothing(excludedAuthenticationMethods);
}

function passwords(list: unknown): boolean {
	return Array.isArray(list) && list.some((entry) => String(object(entry)?.method ?? entry).toLowerCase() === "password");
}

function typesOf(list: unknown): string[] {
	if (!Array.isArray(list)) return [];
	return list.flatMap((entry) => {
		const asked: Json = object(entry) ?? { method: entry };
		if (isRequired(asked.hardwareProtection) || isRequired(asked.userVerification)) return [];
		return lookUp(typeOf, String(asked.method ?? "").toLowerCase()) ?? lookUp(typeOf, String(asked.key ?? "")) ?? [];
	});
}

function isRequired(value: unknown): boolean {
	return String(value).toUpperCase() === "REQUIRED";
}

function nothing(value: unknown): boolean {
	return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}
