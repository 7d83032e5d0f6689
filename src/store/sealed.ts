import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { decodeKnown, encodeKnown } from "../model/json.js";
import type { JournalEntry, PersonalFacts } from "./store.js";

/**
 * The personal part of a journal entry is stored encrypted with a key of its subject's own (AES-256-GCM, NIST SP 800-38D), and the chain of hashes
 * is over what is stored: who destroys the key takes the names out of the journal, and every hash still fits.
 */
const cipher = "aes-256-gcm";
const keyBytes = 32;
const ivBytes = 12;
const tagBytes = 16;

/** Under this name a stored entry's data holds its sealed part. */
const held = "personal";

interface Sealed {
	subject: string;
	/** base64 of nonce, tag and ciphertext. */
	sealed: string;
}

/** A new subject's key, as text. */
export function newKey(): string {
	return randomBytes(keyBytes).toString("base64");
}

/** The data of an entry as it is stored. */
export function withSealed(data: Record<string, unknown>, { subject, data: facts }: PersonalFacts, key: string): Record<string, unknown> {
	const iv = randomBytes(ivBytes);
	const sealing = createCipheriv(cipher, Buffer.from(key, "base64"), iv).setAAD(Buffer.from(subject));
	const text = Buffer.concat([sealing.update(encodeKnown(facts), "utf8"), sealing.final()]);
	return { ...data, [held]: { subject, sealed: Buffer.concat([iv, sealing.getAuthTag(), text]).toString("base64") } satisfies Sealed };
}

/** The entry as it is read: its personal part opened where the key is there, and said to be gone where it is not. */
export function opened(entry: JournalEntry, keyOf: (subject: string) => string | undefined): JournalEntry {
	const { [held]: sealed, ...data } = entry.data;
	if (!isSealed(sealed)) return entry;
	const { subject } = sealed;
	const facts = unsealed(sealed, keyOf(subject));
	return { ...entry, data: { ...data, ...facts }, personal: { subject, readable: facts !== null } };
}

function unsealed({ subject, sealed }: Sealed, key: string | undefined): Record<string, unknown> | null {
	if (key === undefined) return null;
	try {
		const bytes = Buffer.from(sealed, "base64");
		const opening = createDecipheriv(cipher, Buffer.from(key, "base64"), bytes.subarray(0, ivBytes), { authTagLength: tagBytes });
		opening.setAAD(Buffer.from(subject)).setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
		const text = Buffer.concat([opening.update(bytes.subarray(ivBytes + tagBytes)), opening.final()]).toString("utf8");
		return decodeKnown(text) as Record<string, unknown>;
	} catch {
		// The subject came back after its key was destroyed: it has another one now.
		return null;
	}
}

function isSealed(value: unknown): value is Sealed {
	return typeof value === "object" && value !== null && "subject" in value && "sealed" in value && typeof value.subject === "string";
}
