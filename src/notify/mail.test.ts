import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Sending } from "./delivery.js";
import { checkMail, isAddress, type OpenMail, sendMail } from "./mail.js";
import { draft, type Message } from "./message.js";
import { line } from "./text.js";

interface Mail {
	from: string;
	to: string[];
	text: string;
	secure: boolean;
	user: string | undefined;
}

let folder: string;
let server: SMTPServer | undefined;
let mails: Mail[];
const now = Date.UTC(2026, 10, 27);
const password = "canary-p4ss";
const pem = (name: string) => readFileSync(join(folder, name), "utf8");
const sending = (): Sending => ({ now: () => now, redact: (text) => text.replaceAll(password, "•"), sleep: async () => {}, ca: pem("ca.pem") });

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "keelson-mail-"));
	const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
	openssl(
		"req",
		"-x509",
		"-newkey",
		"rsa:2048",
		"-nodes",
		"-days",
		"2",
		"-subj",
		"/CN=localhost",
		"-addext",
		"subjectAltName=DNS:localhost",
		"-keyout",
		"key.pem",
		"-out",
		"ca.pem",
	);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve())));

async function start(options: SMTPServerOptions = {}): Promise<OpenMail> {
	mails = [];
	server = new SMTPServer({
		key: pem("key.pem"),
		cert: pem("ca.pem"),
		authOptional: true,
		logger: false,
		onAuth: ({ username, password: given }, _, done) =>
			given === password ? done(null, { user: username }) : done(Object.assign(new Error(`no ${given}`), { responseCode: 535 })),
		onData(stream, session, done) {
			const chunks: Buffer[] = [];
			stream.on("data", (chunk: Buffer) => chunks.push(chunk));
			stream.on("end", () => {
				const { mailFrom, rcptTo } = session.envelope;
				const from = mailFrom ? mailFrom.address : "";
				mails.push({ from, to: rcptTo.map(({ address }) => address), text: Buffer.concat(chunks).toString(), secure: session.secure, user: session.user });
				done();
			});
		},
		...options,
	});
	await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
	const { port } = server.server.address() as AddressInfo;
	return { name: "mail", host: "localhost", port, tls: options.secure ? "implicit" : "starttls", from: "keelson@acme.example", user: "kee", password };
}

function message(label = "Ana"): Message {
	const parts = { event: "notify" as const, tenant: "acme", at: now, title: ["Your access is about to change"], opening: [], closing: [], data: [], facts: {} };
	return draft({ ...parts, items: [line`okta: ${label}`] }, ["k"]);
}

describe("mail", () => {
	it.each([{ secure: false }, { secure: true }])("goes over TLS with the login, from and to plain addresses (secure: $secure)", async (options) => {
		const channel = await start(options);
		expect(await checkMail(channel, sending())).toMatchObject({ sent: true, detail: expect.stringContaining("takes the login") });
		expect(mails).toEqual([]);
		expect(await sendMail(channel, ["ana@acme.example", "bo@acme.example"], message(), sending())).toMatchObject({ sent: true });
		expect(mails).toMatchObject([{ from: "keelson@acme.example", to: ["ana@acme.example", "bo@acme.example"], secure: true, user: "kee" }]);
		const text = mails[0]?.text ?? "";
		expect(text).toMatch(/^Subject: \[acme\] Your access is about to change\r$/m);
		expect(text).toMatch(/^Message-ID: <msg_[0-9a-f]{32}@acme\.example>\r$/im);
		expect(text).toMatch(/^Auto-Submitted: auto-generated\r$/im);
		expect(text).toContain("- okta: Ana");
	});

	it("sends nothing to a server whose certificate nobody vouches for", async () => {
		const channel = await start();
		const { ca: _, ...unknowing } = sending();
		expect(await sendMail(channel, ["ana@acme.example"], message(), unknowing)).toMatchObject({
			sent: false,
			doubtful: false,
			why: expect.stringContaining("not trusted"),
		});
		expect(mails).toEqual([]);
	});

	it("says that the login is refused, and never the password", async () => {
		const channel = await start();
		const refused = await sendMail({ ...channel, password: `${password}-old` }, ["ana@acme.example"], message(), sending());
		expect(refused).toMatchObject({ sent: false, why: expect.stringContaining("refuses the login") });
		expect(JSON.stringify(refused)).not.toContain("canary");
	});

	it("is tried again when the server asks for time, and not when it refuses", async () => {
		const codes = [451, 451];
		let asked = 0;
		const onRcptTo: SMTPServerOptions["onRcptTo"] = (_, __, done) => {
			asked++;
			const code = codes.shift();
			done(code ? Object.assign(new Error("later"), { responseCode: code }) : null);
		};
		expect(await sendMail(await start({ onRcptTo }), ["ana@acme.example"], message(), sending())).toMatchObject({ sent: true });
		expect(asked).toBe(3);
		await new Promise<void>((resolve) => server?.close(() => resolve()));
		codes.push(550, 550, 550);
		asked = 0;
		expect(await sendMail(await start({ onRcptTo }), ["ana@acme.example"], message(), sending())).toMatchObject({ sent: false, doubtful: false });
		expect(asked).toBe(1);
	});

	it("is in doubt where a part of the receivers was refused", async () => {
		const onRcptTo: SMTPServerOptions["onRcptTo"] = ({ address }, _, done) =>
			done(address.startsWith("bo@") ? Object.assign(new Error("no"), { responseCode: 550 }) : null);
		const sent = await sendMail(await start({ onRcptTo }), ["ana@acme.example", "bo@acme.example"], message(), sending());
		expect(sent).toMatchObject({ sent: false, doubtful: true });
		expect(mails).toMatchObject([{ to: ["ana@acme.example"] }]);
	});

	it("can't be turned to anybody else by a name or an address", async () => {
		const channel = await start();
		const evil = "x\r\nBcc: evil@evil.example\r\n\r\n.\r\nMAIL FROM:<evil@evil.example>";
		expect(await sendMail(channel, ["ana@acme.example"], message(evil), sending())).toMatchObject({ sent: true });
		expect(mails).toMatchObject([{ to: ["ana@acme.example"] }]);
		expect(mails[0]?.text).not.toMatch(/^Bcc/im);
		for (const to of [evil, "a@b.example,evil@evil.example", "a@b.example\nevil@evil.example", "<evil@evil.example>", ""])
			expect(await sendMail(channel, [to], message(), sending())).toMatchObject({ sent: false });
		expect(mails).toHaveLength(1);
	});
});

it("takes for an address nothing that could be more than one", () => {
	fc.assert(
		fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
			const text = `${a}@${b}`;
			if (isAddress(text)) expect(text).not.toMatch(/[\s,;:<>()"\\[\]\p{C}]|@.*@/u);
		}),
	);
	for (const good of ["ana@acme.example", "o'neil+x@sub.acme.example", "jörg@müller.example"]) expect(isAddress(good)).toBe(true);
});
