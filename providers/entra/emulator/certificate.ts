import { createHash, generateKeyPairSync, sign } from "node:crypto";

/** DER (ITU-T X.690): tag, length, content. */
function der(tag: number, ...content: Buffer[]): Buffer {
	const body = Buffer.concat(content);
	if (body.length < 128) return Buffer.concat([Buffer.from([tag, body.length]), body]);
	const size = Buffer.alloc(4);
	size.writeUInt32BE(body.length);
	const digits = size.subarray(size.findIndex((byte) => byte > 0));
	return Buffer.concat([Buffer.from([tag, 0x80 + digits.length]), digits, body]);
}

const list = (...content: Buffer[]): Buffer => der(0x30, ...content);
const sha256WithRsa = list(der(6, Buffer.from("2a864886f70d01010b", "hex")), der(5));

/** UTCTime, for years before 2050 (RFC 5280, 4.1.2.5.1). */
const time = (at: number): Buffer =>
	der(
		0x17,
		Buffer.from(
			`${new Date(at)
				.toISOString()
				.replace(/[-:T]|\..*/g, "")
				.slice(2)}Z`,
		),
	);

/** A fresh key and its self-signed certificate (RFC 5280, version 1), valid for a year. PEM both. */
export function makeCertificate(name: string, now: number): { certificate: string; privateKey: string } {
	const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
	const subject = list(der(0x31, list(der(6, Buffer.from("550403", "hex")), der(0x0c, Buffer.from(name)))));
	const serial = createHash("sha256").update(`${name}/${now}`).digest().subarray(0, 8);
	serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
	const validity = list(time(now - 86_400_000), time(now + 365 * 86_400_000));
	const body = list(der(2, serial), sha256WithRsa, subject, validity, subject, publicKey.export({ type: "spki", format: "der" }));
	const whole = list(body, sha256WithRsa, der(3, Buffer.from([0]), sign("sha256", body, privateKey)));
	const lines = whole.toString("base64").replace(/.{64}/g, "$&\n");
	return {
		certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
		privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
	};
}
