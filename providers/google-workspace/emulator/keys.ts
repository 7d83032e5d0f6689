import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import { hash } from "../../../src/emulate/random.js";
import { full } from "./scopes.js";

/** A service account of the customer's own project. */
export interface Account {
	email: string;
	/** Its OAuth client id as well: what the list of domain-wide delegation names. */
	uniqueId: string;
	project: string;
	keyId: string;
	/** The key that the vendor itself signs with. */
	systemKeyId: string;
	keyIds: Set<string>;
	privatePem: string;
	publicKey: KeyObject;
	/** Delegated scopes, in their long form. */
	delegated: Set<string>;
	/** Access token of a workload that may have assertions signed in this account's name. */
	workloadToken: string;
}

const pairs = new Map<string, string>();

/** A key pair takes a fifth of a second: each account's is made once in a process. */
function privateKey(name: string): string {
	const pem = pairs.get(name) ?? generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();
	pairs.set(name, pem);
	return pem;
}

export function serviceAccount(name: string, project: string, scopes: readonly string[]): Account {
	const privatePem = privateKey(name);
	const keyId = randomBytes(20).toString("hex");
	const systemKeyId = randomBytes(20).toString("hex");
	return {
		email: `${name}@${project}.iam.gserviceaccount.com`,
		uniqueId: `11${String(hash(name, 1)).padStart(10, "0")}${String(hash(name, 2)).padStart(10, "0").slice(0, 9)}`,
		project,
		keyId,
		systemKeyId,
		keyIds: new Set([keyId, systemKeyId]),
		privatePem,
		publicKey: createPublicKey(privatePem),
		delegated: new Set(scopes.map(full)),
		workloadToken: `ya29.d.${randomBytes(48).toString("base64url")}`,
	};
}

/** The key file that the vendor lets one download. */
export function keyFile(account: Account): string {
	return JSON.stringify({
		type: "service_account",
		project_id: account.project,
		private_key_id: account.keyId,
		private_key: account.privatePem,
		client_email: account.email,
		client_id: account.uniqueId,
		auth_uri: "https://accounts.google.com/o/oauth2/auth",
		token_uri: "https://oauth2.googleapis.com/token",
		auth_provider_x509_cert_url: "https://www.googleapis.com/oauth2/v1/certs",
		client_x509_cert_url: `https://www.googleapis.com/robot/v1/metadata/x509/${encodeURIComponent(account.email)}`,
		universe_domain: "googleapis.com",
	});
}
