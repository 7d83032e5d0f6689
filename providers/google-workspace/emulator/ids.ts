import { createHash } from "node:crypto";
import { hash } from "../../../src/emulate/random.js";

/** A user's id: 21 digits, more than a number holds. */
export function userId(key: string): string {
	return `1${digits(key, 20)}`;
}

/** A number of 64 bits as text, 17 digits. */
export function longId(key: string): string {
	return `1${digits(key, 16)}`;
}

/** A group's or organisational unit's id, of the form the vendor shows. */
export function shortId(key: string): string {
	return `0${letters(key, 14)}`;
}

/** `C` and eight letters or digits. */
export function customerId(key: string): string {
	return `C0${letters(`customer/${key}`, 7)}`;
}

export function letters(key: string, length: number): string {
	let text = "";
	for (let salt = 1; text.length < length; salt++) text += hash(key, salt).toString(36).padStart(7, "0").slice(-6);
	return text.slice(0, length);
}

function digits(key: string, length: number): string {
	let text = "";
	for (let salt = 1; text.length < length; salt++) text += String(hash(key, salt)).padStart(10, "0").slice(-8);
	return text.slice(0, length);
}

/** An entity tag in quotes. The same for the same key and version. */
export function etag(key: string, version: number | string): string {
	return `"${letters("etag", 27)}/${letters(`${key}/${version}`, 26)}"`;
}

/** Text that looks like chance and is the same for the same key. */
export function opaque(key: string): string {
	return createHash("sha256").update(key).digest("base64url");
}
