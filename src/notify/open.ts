import { dirname } from "node:path";
import { addressFault } from "../stack/build-notify.js";
import { type MailChannel, type NotifyChannel, personalChannel } from "../stack/notify.js";
import { redactor, resolveSecrets, SecretError, secretValues } from "../stack/secrets.js";
import type { Stack } from "../stack/stack.js";
import type { Delivery, Sending } from "./delivery.js";
import { checkMail, sendMail } from "./mail.js";
import type { Message } from "./message.js";
import { postChat, postWebhook } from "./post.js";

/** The stack's channels. Secrets are looked up when a message is sent, and kept nowhere. No method throws for what a receiver does. */
export interface Notifier {
	channels: NotifyChannel[];
	/** To everybody of a channel. */
	send(channel: NotifyChannel, message: Message): Promise<Delivery>;
	/** The channel that carries mail to one person; null = there is none. */
	personal: MailChannel | null;
	/** To one person alone. */
	tell(address: string, message: Message): Promise<Delivery>;
	/** Whether the channel could be used. Sends nothing; a web address is only looked at. */
	check(channel: NotifyChannel): Promise<Delivery>;
}

export interface NotifierOptions extends Partial<Omit<Sending, "redact">> {
	stack: Pick<Stack, "notify" | "file">;
	env: Record<string, string | undefined>;
}

export function openNotifier(options: NotifierOptions): Notifier {
	const { stack, env } = options;
	const channels = Object.values(stack.notify.channels);
	const personal = personalChannel(stack.notify);

	/** A channel with its secrets in place, for one use. */
	async function opened<T extends NotifyChannel>(channel: T, use: (secrets: Secrets, sending: Sending) => Promise<Delivery>): Promise<Delivery> {
		const block = secretsIn(channel);
		const sending = { now: options.now ?? Date.now, redact: (text: string) => text, sleep: options.sleep, ca: options.ca, signal: options.signal };
		try {
			const found = (await resolveSecrets(block, { env, baseDir: dirname(stack.file) })) as Secrets;
			const redact = redactor(hidden(block, found));
			return await use(found, withoutUndefined({ ...sending, redact }));
		} catch (error) {
			if (!(error instanceof SecretError)) throw error;
			return { sent: false, why: `${channel.name}: ${error.message}`, doubtful: false };
		}
	}
	const mail = (channel: MailChannel, to: readonly string[], message: Message): Promise<Delivery> =>
		opened(channel, ({ user, password }, sending) => sendMail({ ...channel, user: user ?? null, password: password ?? null }, to, message, sending));

	return {
		channels,
		personal,
		send(channel, message) {
			if (channel.kind === "mail") return mail(channel, channel.to, message);
			return opened(channel, ({ url = "", secret }, sending) => {
				const { name } = channel;
				return channel.kind === "slack" ? postChat({ name, url }, message, sending) : postWebhook({ name, url, secret: secret ?? null }, message, sending);
			});
		},
		async tell(address, message) {
			return personal === null ? { sent: false, why: "no mail channel has the event notify", doubtful: false } : mail(personal, [address], message);
		},
		check: (channel) =>
			opened(channel, async ({ url = "", user, password }, sending): Promise<Delivery> => {
				if (channel.kind === "mail") return checkMail({ ...channel, user: user ?? null, password: password ?? null }, sending);
				const fault = addressFault(url);
				return fault === null
					? { sent: true, detail: `${new URL(url).host} is a usable address; nothing was sent to it` }
					: { sent: false, why: fault, doubtful: false };
			}),
	};
}

type Secrets = Partial<Record<"url" | "secret" | "user" | "password", string>>;

function secretsIn(channel: NotifyChannel): Record<string, unknown> {
	if (channel.kind === "mail") return channel.user === null ? {} : { user: channel.user, password: channel.password };
	return channel.kind === "slack" || channel.secret === null ? { url: channel.url } : { url: channel.url, secret: channel.secret };
}

/** Of an address, what stands after the host too: that is where a token is. */
function hidden(block: Record<string, unknown>, found: Secrets): string[] {
	const url = found.url !== undefined && URL.canParse(found.url) ? new URL(found.url) : null;
	const parts = url === null ? [] : [found.url ?? "", url.href, `${url.pathname}${url.search}`, ...url.pathname.split("/"), ...url.searchParams.values()];
	return [...secretValues(block, found), ...parts.filter((part) => part.length >= 8)];
}

function withoutUndefined(sending: { [K in keyof Sending]: Sending[K] | undefined }): Sending {
	return Object.fromEntries(Object.entries(sending).filter(([, value]) => value !== undefined)) as unknown as Sending;
}
