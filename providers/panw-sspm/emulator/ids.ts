import { hash } from "../../../src/emulate/random.js";

const hex = (text: string, salt: number): string => hash(text, salt).toString(16).padStart(8, "0");

/** A UUID of version 4's form, the same for the same text. */
export function uuid(text: string): string {
	const all = hex(text, 1) + hex(text, 2) + hex(text, 3) + hex(text, 4);
	return `${all.slice(0, 8)}-${all.slice(8, 12)}-4${all.slice(13, 16)}-a${all.slice(17, 20)}-${all.slice(20)}`;
}

/** 24 hexadecimal digits, as the vendor's integrations have. */
export function objectId(text: string): string {
	return hex(text, 5) + hex(text, 6) + hex(text, 7);
}

/** The account's own id in its SaaS application, in that vendor's form. */
export function providerId(appType: string, key: string): string {
	const text = `${appType}/${key}`;
	if (appType === "google-workspace") return `1${String(hash(text, 8)).padStart(10, "0")}${String(hash(text, 9)).padStart(10, "0")}`;
	if (appType === "slack") return `U0${hash(text, 8).toString(36).toUpperCase().padStart(8, "0").slice(0, 8)}`;
	if (appType === "github") return String(1_000_000 + (hash(text, 8) % 99_000_000));
	if (appType === "okta") return `00u${hash(text, 8).toString(36).padStart(8, "0").slice(0, 8)}${hash(text, 9).toString(36).padStart(6, "0").slice(0, 6)}5d7`;
	return uuid(text);
}
