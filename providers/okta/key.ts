import { createPrivateKey, type KeyObject } from "node:crypto";
import { importJWK } from "jose";
import { lookUp } from "./schema.js";

export interface SigningKey {
	key: CryptoKey;
	kid?: string;
}

const curves: Record<string, string> = { "P-256": "ES256", "P-384": "ES384", "P-521": "ES512", Ed25519: "Ed25519" };

/**
 * Reads a private key: PEM (PKCS#8, PKCS#1, SEC 1) or a JWK as JSON text.
 * Throws an `Error` that names `where` (`systems.okta.auth`) and never shows the key.
 */
export async function readSigningKey(text: string, keyId: string | undefined, where: string): Promise<SigningKey> {
	const trimmed = text.trim();
	const jwk = trimmed.startsWith("{") ? parseJwk(trimmed) : null;
	const exported = toKeyObject(trimmed, jwk, where).export({ format: "jwk" });
	const alg = exported.kty === "RSA" ? "RS256" : lookUp(curves, String(exported.crv));
	if (alg === undefined) throw new Error(`key of ${where} is of a type that Okta does not take; make an RSA or EC key`);
	const kid = keyId ?? (typeof jwk?.kid === "string" ? jwk.kid : undefined);
	try {
		const key = await importJWK({ ...exported, alg }, alg);
		if (!(key instanceof CryptoKey)) throw new Error("not asymmetric");
		return { key, ...(kid !== undefined && { kid }) };
	} catch {
		throw notAKey(where);
	}
}

function toKeyObject(pem: string, jwk: Record<string, unknown> | null, where: string): KeyObject {
	if (/^-----BEGIN (?:RSA )?PUBLIC KEY|^-----BEGIN CERTIFICATE/.test(pem) || (jwk !== null && jwk.d === undefined)) {
		throw new Error(`key of ${where} is a public key; give the private one`);
	}
	if (/^-----BEGIN ENCRYPTED|^Proc-Type: 4,ENCRYPTED/m.test(pem))
		throw new Error(`key of ${where} is locked with a passphrase; give it without one, by a secret reference`);
	try {
		// Some secret stores keep the line ends of a PEM as the two characters \n.
		return jwk ? createPrivateKey({ key: jwk, format: "jwk" }) : createPrivateKey(pem.replaceAll("\\n", "\n"));
	} catch {
		throw notAKey(where);
	}
}

function parseJwk(text: string): Record<string, unknown> | null {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === "object" && value !== null ? { ...value } : null;
	} catch {
		return null;
	}
}

function notAKey(where: string): Error {
	return new Error(`key of ${where} is not a private key in PEM or JWK form`);
}
