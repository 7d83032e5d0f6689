import { createHmac } from "node:crypto";
import { createClient } from "../provider/client.js";
import type { HttpAnswer, HttpDialect } from "../provider/http.js";
import { HttpError } from "../provider/http-error.js";
import { addressFault } from "../stack/build-notify.js";
import type { Delivery, Sending } from "./delivery.js";
import { chatText, type Message, webhookBody } from "./message.js";

/** From the first try to the last, in milliseconds: a message is not worth holding a run up for long. */
const deadlineMs = 60_000;

/**
 * Posts a message as JSON to a webhook. With a secret it is signed as the Standard Webhooks specification says
 * (github.com/standard-webhooks, `webhook-id`, `webhook-timestamp`, `webhook-signature: v1,…`), anew for every try.
 */
export function postWebhook(channel: { name: string; url: string; secret: string | null }, message: Message, sending: Sending): Promise<Delivery> {
	const body = webhookBody(message);
	return post(channel, body, sending, (headers) => {
		const seconds = Math.floor(sending.now() / 1000);
		headers.set("webhook-id", message.id);
		headers.set("webhook-timestamp", String(seconds));
		if (channel.secret !== null) headers.set("webhook-signature", signature(channel.secret, message.id, seconds, body));
	});
}

/** `v1,<base64 of HMAC-SHA256 over id.timestamp.body>`. A secret that begins with `whsec_` is base64 of the key; any other is the key itself. */
export function signature(secret: string, id: string, seconds: number, body: string): string {
	const key = secret.startsWith("whsec_") ? Buffer.from(secret.slice("whsec_".length), "base64") : Buffer.from(secret, "utf8");
	return `v1,${createHmac("sha256", key).update(`${id}.${seconds}.${body}`).digest("base64")}`;
}

/** Posts a message to an incoming webhook of Slack, Mattermost or Rocket.Chat. */
export function postChat(channel: { name: string; url: string }, message: Message, sending: Sending): Promise<Delivery> {
	// `mrkdwn` is Slack's, and its default; links and pictures are not unfolded.
	const body = JSON.stringify({ text: chatText(message), mrkdwn: true, unfurl_links: false, unfurl_media: false });
	return post(channel, body, sending, null);
}

/** `sign` null: the receiver can't tell a repetition from a second message, so that only what was surely not taken is sent again. */
async function post(channel: { name: string; url: string }, body: string, sending: Sending, sign: ((headers: Headers) => void) | null): Promise<Delivery> {
	const fault = addressFault(channel.url);
	if (fault !== null) return { sent: false, why: `${channel.name}: ${fault}`, doubtful: false };
	const dialect: HttpDialect = {
		authorize: async (_, headers) => sign?.(headers),
		bucket: () => channel.name,
		limits: () => ({ limit: null, remaining: null, resetAt: null, serverNow: null, concurrency: false }),
		judge: ({ status }) => ({ verdict: status === 429 || status >= 500 ? "retry" : "fail", cause: status === 429 ? "throttled" : "error" }),
		describe: (answer) => ({ code: null, summary: said(answer) }),
		requestId: () => null,
		repeatable: () => sign !== null,
	};
	const client = createClient({
		baseUrl: new URL(channel.url).origin,
		dialect,
		now: sending.now,
		deadlineMs,
		attempts: 3,
		attemptTimeoutMs: 20_000,
		...(sending.sleep ? { sleep: sending.sleep } : {}),
		...(sending.signal ? { signal: sending.signal } : {}),
	});
	try {
		await client.send({ method: "POST", path: `/${channel.name}`, url: channel.url, body, headers: { "content-type": "application/json; charset=utf-8" } });
		return { sent: true, detail: "the receiver took it" };
	} catch (error) {
		const why =
			error instanceof HttpError ? `${error.status === 0 ? "" : `${error.status}: `}${error.summary}` : ((error as Error)?.message ?? "it was stopped");
		return { sent: false, why: `${channel.name}: ${sending.redact(why)}`, doubtful: error instanceof HttpError && error.ambiguous };
	} finally {
		await client.close();
	}
}

/** The receiver's own word where it is a short one (`no_service`), and nothing of a page. */
function said({ status, body }: HttpAnswer): string {
	const word = typeof body === "string" ? body.trim() : "";
	return /^[\w .-]{1,60}$/.test(word) ? `the receiver says ${word}` : status === 429 ? "the receiver takes no more for now" : "the receiver did not take it";
}
