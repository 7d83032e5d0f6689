import type { Known } from "../../src/model/known.js";
import { at, object } from "./schema.js";

/** What an app's sign-on rule asks of the user. */
export interface Assurance {
	mfaRequired: Known<boolean>;
	phishingResistantRequired: Known<boolean>;
}

const unknown: Assurance = { mfaRequired: undefined, phishingResistantRequired: undefined };

/** Methods that resist phishing whatever else the rule says. */
const resistant = new Set(["webauthn", "smart_card_idp", "cert", "fido_webauthn", "fido_u2f", "x509"]);

/**
 * An ACCESS_POLICY rule's `verificationMethod`. Values come in either case; absent enum fields have their documented defaults.
 * https://developer.okta.com/docs/api/openapi/okta-management/management/tag/Policy/#access-policy-rules
 */
export function assurance(method: unknown): Assurance {
	const type = upper(at(method, "type"));
	if (type === "ASSURANCE") return byAssurance(method);
	if (type === "AUTH_METHOD_CHAIN") return byChains(at(method, "chains"));
	return unknown;
}

/** Constraint objects are alternatives: what all of them ask is what the rule asks. */
function byAssurance(method: unknown): Assurance {
	const given = at(method, "constraints");
	if (given !== undefined && given !== null && !Array.isArray(given)) return unknown;
	const constraints = given ?? [];
	const asks = constraints.length > 0;
	const phishingResistantRequired = asks && constraints.every((c) => resistsPhishing(object(c)?.possession));
	const factorMode = upper(at(method, "factorMode"));
	if (factorMode === "2FA") return { mfaRequired: true, phishingResistantRequired };
	if (factorMode !== "1FA") return { mfaRequired: undefined, phishingResistantRequired };
	// One passkey that checks its holder (PIN, biometrics) is two factors; one that is only touched is one.
	const passkey = asks && constraints.every((c) => resistsPhishing(object(c)?.possession) && required(at(c, "possession", "userVerification")));
	return { mfaRequired: passkey, phishingResistantRequired };
}

function resistsPhishing(possession: unknown): boolean {
	const constraint = object(possession);
	// `required: false` leaves the factor to the user's choice.
	if (!constraint || constraint.required === false) return false;
	if (required(constraint.phishingResistant)) return true;
	const methods = constraint.authenticationMethods;
	return Array.isArray(methods) && methods.length > 0 && methods.every(isResistant);
}

function byChains(chains: unknown): Assurance {
	if (!Array.isArray(chains) || chains.length === 0) return unknown;
	const steps = chains.map((chain) => stepsOf(chain));
	if (steps.some((chain) => chain === null)) return unknown;
	const whole = steps.filter((chain) => chain !== null);
	return {
		mfaRequired: whole.every((chain) => chain.length > 1 || (chain[0]?.every(isPasskey) ?? false)),
		phishingResistantRequired: whole.every((chain) => chain.some((methods) => methods.every(isResistant))),
	};
}

/** Each step's alternative methods, first to last; null where the chain is not readable. */
function stepsOf(chain: unknown): unknown[][] | null {
	const steps: unknown[][] = [];
	// A chain has three steps at most.
	for (let here: unknown = chain, depth = 0; here !== undefined && depth < 10; depth++) {
		const methods = at(here, "authenticationMethods");
		if (!Array.isArray(methods) || methods.length === 0) return null;
		steps.push(methods);
		const next = at(here, "next");
		if (next !== undefined && next !== null && !Array.isArray(next)) return null;
		here = next?.[0];
	}
	return steps;
}

function isResistant(method: unknown): boolean {
	const found = object(method);
	if (!found) return false;
	return required(found.phishingResistant) || resistant.has(String(found.method)) || resistant.has(String(found.key));
}

function isPasskey(method: unknown): boolean {
	return required(at(method, "userVerification")) && (isResistant(method) || at(method, "method") === "signed_nonce");
}

function required(value: unknown): boolean {
	return upper(value) === "REQUIRED";
}

function upper(value: unknown): string | undefined {
	return typeof value === "string" ? value.toUpperCase() : undefined;
}
