import { hash } from "node:crypto";

/** 128 bits of SHA-256 over the parts, hexadecimal: the same for the same parts in every run, on every machine. */
export function fingerprint(...parts: string[]): string {
	return hash("sha256", JSON.stringify(parts), "hex").slice(0, 32);
}

/** Keelson's own name space for UUIDs of version 5. */
const nameSpace = Buffer.from("5b6f0f9e6f5c4a5f9a0d3a1c8f0b7d21", "hex");

/** A UUID of version 5, by SHA-1 over name space and name (RFC 9562 §5.5): the same for the same parts. */
export function stableUuid(...parts: string[]): string {
	const digest = hash("sha1", Buffer.concat([nameSpace, Buffer.from(JSON.stringify(parts), "utf8")]), "buffer");
	digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x50;
	digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
	const text = digest.toString("hex", 0, 16);
	return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join("-");
}
