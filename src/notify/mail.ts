import { setTimeout as wait } from "node:timers/promises";
import type { NodemailerError } from "nodemailer";
import { isLoopback } from "../provider/request-url.js";
import type { MailChannel } from "../stack/notify.js";
import type { Delivery, Sending } from "./delivery.js";
import { type Message, mailText, subjectOf } from "./message.js";
import { plain } from "./text.js";

/** A mail channel with its secrets in place. */
export type OpenMail = Pick<MailChannel, "name" | "host" | "port" | "tls" | "from"> & { user: string | null; password: string | null };

/** Pauses before the second and the third try, in milliseconds. A server that greylists (RFC 6647) asks for more: then the next run sends. */
const pauses = [2000, 8000];

/** Sends a message by SMTP (RFC 5321), over TLS (RFC 3207, 8314) unless the server is this machine. One mail, everybody named in it. */
export async function sendMail(channel: OpenMail, to: readonly string[], message: Message, sending: Sending): Promise<Delivery> {
	const wrong = to.find((address) => !isAddress(address));
	if (to.length === 0 || wrong !== undefined) return { sent: false, why: `${channel.name}: there is no usable address to send to`, doubtful: false };
	const transport = await transportOf(channel, sending);
	const pause = sending.sleep ?? ((ms: number) => wait(ms, undefined, { signal: sending.signal }));
	try {
		for (let attempt = 0; ; attempt++) {
			const failure = await attemptMail(transport, channel, to, message, sending.now());
			if (failure === null) return { sent: true, detail: "the mail server took it" };
			const { again, doubtful } = verdictOf(failure);
			const ms = pauses[attempt];
			if (again && ms !== undefined && !sending.signal?.aborted) await pause(ms);
			else return { sent: false, why: `${channel.name}: ${sending.redact(words(failure, channel))}`, doubtful };
		}
	} catch {
		return { sent: false, why: `${channel.name}: it was stopped`, doubtful: false };
	} finally {
		transport.close();
	}
}

/** Greets the server, and signs in where a login is declared. Sends nothing. */
export async function checkMail(channel: OpenMail, sending: Sending): Promise<Delivery> {
	const transport = await transportOf(channel, sending);
	try {
		await transport.verify();
		return { sent: true, detail: `${channel.host}:${channel.port} answers${channel.user === null ? "" : ", and takes the login"}` };
	} catch (error) {
		return { sent: false, why: sending.redact(words(error as NodemailerError, channel)), doubtful: false };
	} finally {
		transport.close();
	}
}

/** One plain address, and nothing that a mail server could read as more than one. RFC 5321 §4.5.3.1 limits its parts. */
export function isAddress(text: string): boolean {
	return /^[^\s@<>(),;:"\\[\]\p{C}]{1,64}@[\p{L}\p{N}](?:[\p{L}\p{N}.-]{0,252}[\p{L}\p{N}])?$/u.test(text) && text.length <= 254;
}

async function attemptMail(transport: Transport, channel: OpenMail, to: readonly string[], message: Message, now: number): Promise<NodemailerError | null> {
	try {
		const [, domain = "keelson.invalid"] = channel.from.split("@");
		const sent = await transport.sendMail({
			from: { name: "Keelson", address: channel.from },
			to: to.map((address) => ({ name: "", address })),
			subject: plain(subjectOf(message), 180),
			text: mailText(message),
			date: new Date(now),
			// The same for a repetition, so that a mailbox can tell. RFC 5322 §3.6.4.
			messageId: `<${message.id}@${domain}>`,
			// Nobody's absence is to answer. RFC 3834.
			headers: { "Auto-Submitted": "auto-generated" },
			disableFileAccess: true,
			disableUrlAccess: true,
		});
		if (sent.rejected.length === 0) return null;
		return Object.assign(new Error("some addresses were refused"), { code: "EENVELOPE", partly: true }) as NodemailerError;
	} catch (error) {
		return error as NodemailerError;
	}
}

type Transport = Awaited<ReturnType<typeof transportOf>>;

async function transportOf(channel: OpenMail, { ca }: Sending) {
	// Loaded when a mail is sent: most commands send none.
	const { createTransport } = await import("nodemailer");
	const here = isLoopback(new URL(`http://${channel.host.includes(":") ? `[${channel.host}]` : channel.host}`));
	return createTransport({
		host: channel.host,
		port: channel.port,
		secure: channel.tls === "implicit",
		requireTLS: channel.tls === "starttls" && !here,
		...(channel.user === null ? {} : { auth: { user: channel.user, pass: channel.password ?? "" }, forceAuth: true }),
		connectionTimeout: 10_000,
		greetingTimeout: 15_000,
		socketTimeout: 30_000,
		dnsTimeout: 10_000,
		disableFileAccess: true,
		disableUrlAccess: true,
		logger: false,
		tls: { minVersion: "TLSv1.2", rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) },
	});
}

/** A 4xx is for now (RFC 5321 §4.2.1). A connection that broke once it stood leaves open whether the mail was taken before. */
function verdictOf(error: NodemailerError): { again: boolean; doubtful: boolean } {
	if (isPartly(error)) return { again: false, doubtful: true };
	const { responseCode, code } = error;
	if (typeof responseCode === "number" && responseCode >= 400) return { again: responseCode < 500, doubtful: false };
	if (certificate(error) || ["ETLS", "EDNS", "EAUTH", "ENOAUTH", "EENVELOPE", "EMESSAGE"].includes(code ?? "")) return { again: false, doubtful: false };
	const unmet = error.syscall === "connect" || /^(Connection timeout|Greeting never received)/.test(error.message);
	return { again: unmet, doubtful: !unmet };
}

function isPartly(error: NodemailerError): boolean {
	return "partly" in error;
}

/** Never what the server says: it may repeat what was sent to it. */
function words(error: NodemailerError, { host, port }: OpenMail): string {
	const { code, responseCode, command } = error;
	const server = `${host}:${port}`;
	const status = typeof responseCode === "number" ? ` (${responseCode})` : "";
	if (certificate(error)) return `the TLS certificate of ${server} is not trusted; a private authority is named in NODE_EXTRA_CA_CERTS`;
	if (command === "STARTTLS" || code === "ETLS") return `${server} does not offer TLS${status}, and without it nothing is sent`;
	if (code === "EAUTH" || code === "ENOAUTH") return `${server} refuses the login${status}`;
	if (code === "EDNS") return `there is no host ${host}`;
	if (isPartly(error)) return `${server} refuses some of the addresses`;
	if (typeof responseCode === "number" && responseCode < 500) return `${server} takes no mail for now${status}: the next run tries again`;
	if (code === "EENVELOPE") return `${server} refuses the sender or the address${status}`;
	if (typeof responseCode === "number") return `${server} refuses the mail${status}`;
	if (code === "ETIMEDOUT") return `${server} does not answer in time`;
	return verdictOf(error).doubtful ? `the connection to ${server} was cut, perhaps after it took the mail` : `${server} can't be reached`;
}

function certificate(error: Error): boolean {
	return /certificate|self.signed|altnames|CERT_|UNABLE_TO_/i.test(error.message);
}
