import { createPrivateKey } from "node:crypto";
import { importPKCS8, SignJWT } from "jose";
import { type Json, object, word } from "../../src/provider/decode.js";

/** What signs for the service account, and for whom. */
export interface Signer {
	/** Mail address of the service account. */
	email: string;
	/** Its unique id, the client id that delegation names; null where only Google knows it. */
	clientId: string | null;
	/** The administrator that calls are made as. */
	subject: string;
	/** The claims as a signed assertion. */
	sign(claims: Json): Promise<string>;
}

/** @throws Error that names the field and the mend, and never shows the key */
export async function keySigner(credential: Json, where: string): Promise<Signer> {
	const file = object(parsed(text(credential, "key", where)));
	if (!file) throw new Error(`key of ${where} is not the JSON text of a service account's key file`);
	const [email, pem, kid] = [word(file.client_email), word(file.private_key), word(file.private_key_id)];
	if (!email || !pem) throw new Error(`key of ${where} is no service account's key file: client_email or private_key is missing`);
	const key = await privateKey(pem, where);
	return {
		email,
		clientId: word(file.client_id) ?? null,
		subject: text(credential, "subject", where),
		sign: (claims) => new SignJWT({ ...claims }).setProtectedHeader({ alg: "RS256", typ: "JWT", ...(kid && { kid }) }).sign(key),
	};
}

/** Signs at Google, by the IAM Credentials API: no key leaves it. `call` sends the payload and gives the signed token. */
export function keylessSigner(credential: Json, where: string, call: (email: string, token: string, payload: string) => Promise<string>): Signer {
	const email = text(credential, "serviceAccount", where);
	const token = text(credential, "token", where);
	return { email, clientId: null, subject: text(credential, "subject", where), sign: (claims) => call(email, token, JSON.stringify(claims)) };
}

async function privateKey(pem: string, where: string): Promise<CryptoKey> {
	try {
		// Some secret stores keep the line ends of a PEM as the two characters \n.
		const key = createPrivateKey(pem.replaceAll("\\n", "\n"));
		return await importPKCS8(key.export({ type: "pkcs8", format: "pem" }).toString(), "RS256");
	} catch {
		throw new Error(`private_key in key of ${where} is not an RSA key in PEM form`);
	}
}

function parsed(value: string): unknown {
	try {
		return JSON.parse(value);
	} catch {
		return null;
	}
}

function text(credential: Json, name: string, where: string): string {
	const value = word(credential[name])?.trim();
	if (!value) throw new Error(`${name} of ${where} is missing`);
	return value;
}
