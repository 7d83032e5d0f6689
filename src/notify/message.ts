import { createHash } from "node:crypto";
import type { Millis } from "../model/known.js";
import type { NotifyEvent } from "../stack/notify.js";
import { chatLine, mailLine, type Span } from "./text.js";

/** What one channel, or one person, is told. The same input gives the same message, byte by byte. */
export interface Message {
	/** The same for a repetition: receivers tell by it what they have had already. */
	id: string;
	event: NotifyEvent;
	tenant: string;
	/** Of the state it tells of, not of the moment of sending. */
	at: Millis;
	title: Span[];
	/** Before the items, and after them. */
	opening: Span[][];
	closing: Span[][];
	/** One line an item. */
	items: Span[][];
	/** The same for programs, in the items' order. */
	data: Record<string, unknown>[];
	/** What else a program may want. */
	facts: Record<string, unknown>;
}

/** Items shown to people; the rest is counted. */
export const shownItems = 20;
/** Items sent to programs; the rest is counted. */
const sentItems = 500;
/** Of a chat message, characters: Slack cuts longer ones (docs.slack.dev, "Truncating really long messages"). */
const chatLimit = 3500;

export function draft(parts: Omit<Message, "id">, keys: readonly string[]): Message {
	return { ...parts, id: messageId([parts.tenant, parts.event, ...keys]) };
}

export function messageId(keys: readonly string[]): string {
	return `msg_${digest(keys)}`;
}

/** 128 bits of SHA-256 over the parts, none of which can run into the next. */
export function digest(parts: readonly string[]): string {
	return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

/** For a mail's subject: one line. */
export function subjectOf(message: Message): string {
	return `[${message.tenant}] ${mailLine(message.title)}`.slice(0, 180);
}

/** A mail's text. */
export function mailText(message: Message): string {
	const items = message.items.slice(0, shownItems).map((spans) => `- ${mailLine(spans)}`);
	return `${[...message.opening.map(mailLine), "", ...items, ...rest(message, items.length), "", ...message.closing.map(mailLine)].join("\n").trim()}\n`;
}

/** For an incoming webhook of Slack and its like; whole lines only. */
export function chatText(message: Message): string {
	const head = [`*${message.tenant}*: ${chatLine(message.title)}`, ...message.opening.map(chatLine)];
	const tail = message.closing.map(chatLine);
	const items: string[] = [];
	let left = chatLimit - [...head, ...tail].join("\n").length;
	for (const spans of message.items.slice(0, shownItems)) {
		const one = `• ${chatLine(spans)}`;
		left -= one.length + 1;
		if (left < 60) break;
		items.push(one);
	}
	return [...head, ...items, ...rest(message, items.length), ...tail].join("\n");
}

/** The body for a webhook. */
export function webhookBody(message: Message): string {
	const { id, event, tenant, at, title, data, facts } = message;
	return JSON.stringify({
		schema: "keelson.dev/notification/v1",
		id,
		event,
		tenant,
		at: new Date(at).toISOString(),
		title: mailLine(title),
		...facts,
		total: data.length,
		items: data.slice(0, sentItems),
	});
}

function rest({ items }: Message, shown: number): string[] {
	return items.length > shown ? [`and ${items.length - shown} more`] : [];
}
