import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { CompactSign, compactVerify } from "jose";
import { expect, test } from "vitest";
import { readSigningKey } from "./key.js";

const where = "systems.okta.auth";
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;

const pem = (key: KeyObject, type: "pkcs8" | "pkcs1" | "sec1"): string => String(key.export({ format: "pem", type: type as "pkcs8" }));

test.each([
	["RSA, PKCS#8", rsa, pem(rsa, "pkcs8"), "RS256"],
	["RSA, PKCS#1", rsa, pem(rsa, "pkcs1"), "RS256"],
	["EC, PKCS#8", ec, pem(ec, "pkcs8"), "ES256"],
	["EC, SEC 1", ec, pem(ec, "sec1"), "ES256"],
	["a PEM with \\n for line ends", rsa, pem(rsa, "pkcs8").replaceAll("\n", "\\n"), "RS256"],
	["a JWK", ec, JSON.stringify(ec.export({ format: "jwk" })), "ES256"],
	["a JWK with use and operations", rsa, JSON.stringify({ ...rsa.export({ format: "jwk" }), use: "sig", key_ops: ["sign"], alg: "RS256" }), "RS256"],
])("%s signs", async (_name, pair, text, alg) => {
	const { key } = await readSigningKey(text, undefined, where);
	const signed = await new CompactSign(new TextEncoder().encode("x")).setProtectedHeader({ alg }).sign(key);
	await expect(compactVerify(signed, createPublicKey(pair))).resolves.toBeDefined();
});

test("the key id of the stack file goes before that of the JWK", async () => {
	const text = JSON.stringify({ ...ec.export({ format: "jwk" }), kid: "in-jwk" });
	expect(await readSigningKey(text, undefined, where)).toMatchObject({ kid: "in-jwk" });
	expect(await readSigningKey(text, "given", where)).toMatchObject({ kid: "given" });
});

const locked = String(ec.export({ format: "pem", type: "pkcs8", cipher: "aes-256-cbc", passphrase: "pw" }));
const publicJwk = JSON.stringify(createPublicKey(ec).export({ format: "jwk" }));

test.each([
	["hunter2-not-a-key", "key of systems.okta.auth is not a private key in PEM or JWK form"],
	["{ not json", "key of systems.okta.auth is not a private key in PEM or JWK form"],
	[pem(rsa, "pkcs8").slice(0, 400), "key of systems.okta.auth is not a private key in PEM or JWK form"],
	[publicJwk, "key of systems.okta.auth is a public key; give the private one"],
	[String(createPublicKey(rsa).export({ format: "pem", type: "spki" })), "key of systems.okta.auth is a public key; give the private one"],
	[locked, "key of systems.okta.auth is locked with a passphrase; give it without one, by a secret reference"],
	[pem(generateKeyPairSync("x25519").privateKey, "pkcs8"), "key of systems.okta.auth is of a type that Okta does not take; make an RSA or EC key"],
])("a key that cannot be used is named and never shown", async (text, message) => {
	await expect(readSigningKey(text, undefined, where)).rejects.toThrow(new Error(message));
});
