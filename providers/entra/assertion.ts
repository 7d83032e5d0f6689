import { constants, createHash, createPrivateKey, type KeyObject, randomUUID, sign, X509Certificate } from "node:crypto";
import type { Millis } from "../../src/model/known.js";

export interface AssertionKey {
	key: KeyObject;
	/** SHA-256 of the certificate's DER form, base64url. */
	thumbprint: string;
	algorithm: "PS256" | "RS256";
}

/** Reads key and certificate. @throws Error that names the field, and never holds the key */
export function readAssertionKey(privateKey: string, certificate: string, algorithm: unknown, where: string): AssertionKey {
	const key = readKey(privateKey, where);
	if (key.asymmetricKeyType !== "rsa") throw new Error(`privateKey of ${where} is not an RSA key, and Entra takes no other`);
	const cert = readCertificate(certificate, where);
	if (!cert.checkPrivateKey(key)) throw new Error(`certificate of ${where} does not belong to its privateKey`);
	return { key, thumbprint: createHash("sha256").update(cert.raw).digest("base64url"), algorithm: algorithm === "RS256" ? "RS256" : "PS256" };
}

function readKey(text: string, where: string): KeyObject {
	try {
		return text.trimStart().startsWith("{") ? createPrivateKey({ key: JSON.parse(text), format: "jwk" }) : createPrivateKey(text);
	} catch {
		throw new Error(`privateKey of ${where} cannot be read: give it as PEM (PKCS #8) or as JWK`);
	}
}

function readCertificate(text: string, where: string): X509Certificate {
	try {
		return new X509Certificate(text);
	} catch {
		throw new Error(`certificate of ${where} cannot be read: give it as PEM`);
	}
}

/** Life of an assertion; Microsoft advises 5 to 10 minutes. */
const life: Millis = 5 * 60_000;

/** A signed proof for one token request. https://learn.microsoft.com/entra/identity-platform/certificate-credentials */
export function makeAssertion({ key, thumbprint, algorithm }: AssertionKey, clientId: string, audience: string, now: Millis): string {
	const seconds = Math.floor(now / 1000);
	const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
	const claims = { aud: audience, iss: clientId, sub: clientId, jti: randomUUID(), nbf: seconds, iat: seconds, exp: seconds + life / 1000 };
	const head = `${part({ alg: algorithm, typ: "JWT", "x5t#S256": thumbprint })}.${part(claims)}`;
	const padding = algorithm === "PS256" ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } : { padding: constants.RSA_PKCS1_PADDING };
	return `${head}.${sign("sha256", Buffer.from(head), { key, ...padding }).toString("base64url")}`;
}
