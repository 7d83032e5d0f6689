import { createHash, createPrivateKey, createPublicKey, sign, X509Certificate } from "node:crypto";
import { iso } from "./gen-random.js";

/** A certificate and its public key, as the vendor shows them. */
export interface CertificateKey {
	kty: string;
	n?: string;
	e?: string;
	x5c: string[];
	"x5t#S256": string;
	expiresAt: string;
}

/** Reads a certificate given as base64 of its DER form; nothing when it isn't one. */
export function keyOfCertificate(base64: string): CertificateKey | undefined {
	try {
		const der = Buffer.from(base64, "base64");
		const certificate = new X509Certificate(der);
		const { kty = "RSA", n, e } = certificate.publicKey.export({ format: "jwk" });
		const thumbprint = createHash("sha256").update(der).digest("base64url");
		const expiresAt = iso(Date.parse(certificate.validTo));
		return { kty, ...(n === undefined ? {} : { n }), ...(e === undefined ? {} : { e }), x5c: [der.toString("base64")], "x5t#S256": thumbprint, expiresAt };
	} catch {
		return undefined;
	}
}

const EXPONENT = 65_537n;

/** 1024 bits that follow from a label: two top bits and the lowest set, so that two make a 2048-bit odd product. */
function wide(label: string): bigint {
	let bytes = Buffer.alloc(0);
	for (let part = 0; bytes.length < 128; part++) bytes = Buffer.concat([bytes, createHash("sha256").update(`${label}/${part}`).digest()]);
	return BigInt(`0x${bytes.toString("hex")}`) | (3n << 1022n) | 1n;
}

/** The first primes behind two labels: found once by search, kept as their distance, so that making the key takes no time. */
function primes(): [bigint, bigint] {
	return [wide("keelson/demo/p") + 630n, wide("keelson/demo/q") + 2950n];
}

function inverse(value: bigint, modulus: bigint): bigint {
	let [a, b, x, y] = [value % modulus, modulus, 1n, 0n];
	while (a > 1n) {
		const quotient = b / a;
		[a, b] = [b - quotient * a, a];
		[x, y] = [y - quotient * x, x];
	}
	return ((x % modulus) + modulus) % modulus;
}

/** The demo's one key: the same on every machine, and worth nothing. */
function demoKey() {
	const [p, q] = primes();
	const d = inverse(EXPONENT, (p - 1n) * (q - 1n));
	const part = (value: bigint, length: number): string => Buffer.from(value.toString(16).padStart(length * 2, "0"), "hex").toString("base64url");
	const jwk = { kty: "RSA", n: part(p * q, 256), e: "AQAB", d: part(d, 256), p: part(p, 128), q: part(q, 128) };
	const rest = { dp: part(d % (p - 1n), 128), dq: part(d % (q - 1n), 128), qi: part(inverse(q, p), 128) };
	return createPrivateKey({ key: { ...jwk, ...rest }, format: "jwk" });
}

/** DER (ITU-T X.690): tag, length, content. */
function der(tag: number, ...content: Buffer[]): Buffer {
	const body = Buffer.concat(content);
	const digits = body.length.toString(16).padStart(body.length > 255 ? 4 : 2, "0");
	const length = body.length < 128 ? Buffer.from([body.length]) : Buffer.concat([Buffer.from([0x80 + digits.length / 2]), Buffer.from(digits, "hex")]);
	return Buffer.concat([Buffer.from([tag]), length, body]);
}

const sequence = (...content: Buffer[]): Buffer => der(0x30, ...content);
const SHA256_RSA = sequence(der(6, Buffer.from("2a864886f70d01010b", "hex")), der(5));
const COMMON_NAME = der(6, Buffer.from("550403", "hex"));

/** UTCTime, for years before 2050 (RFC 5280 §4.1.2.5.1). */
function time(at: number): Buffer {
	const text = new Date(at)
		.toISOString()
		.replace(/[-:T]|\.\d+/g, "")
		.slice(2);
	return der(0x17, Buffer.from(text));
}

/**
 * A self-signed certificate of the demo's key (RFC 5280, version 1): the same for the same name and dates.
 * Times in milliseconds, cut to the second.
 */
export function makeCertificate(of: { name: string; from: number; to: number }): string {
	const key = demoKey();
	const name = sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from(of.name)))));
	const serial = createHash("sha256").update(`${of.name}/${of.from}/${of.to}`).digest().subarray(0, 8);
	serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
	const publicKey = createPublicKey(key).export({ type: "spki", format: "der" });
	const body = sequence(der(2, serial), SHA256_RSA, name, sequence(time(of.from), time(of.to)), name, publicKey);
	const signature = sign("sha256", body, key);
	return sequence(body, SHA256_RSA, der(3, Buffer.from([0]), signature)).toString("base64");
}
