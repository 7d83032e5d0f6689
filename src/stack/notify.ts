import type { Severity } from "../model/finding.js";
import type { Millis } from "../model/known.js";
import type { SecretRef } from "./stack.js";

/** What a channel can be told of. `notify`: the mail to a person before their account is changed. */
export const notifyEvents = ["drift", "findings", "apply", "grant-failed", "grant-overdue", "exemption-ending", "notify"] as const;
export type NotifyEvent = (typeof notifyEvents)[number];

/** Who is told before a planned change: whose account it is, that person's manager, the owner of the credential. */
export const notifyRoles = ["person", "manager", "owner"] as const;
export type NotifyRole = (typeof notifyRoles)[number];

/** The stack file's `notify`: who is told what, and by which way. */
export interface Notify {
	/** Who is told before a planned change [person]. */
	who: NotifyRole[];
	/** A change is made this long after its notice was sent at the earliest; null = right after it. */
	before: Millis | null;
	/** Without a notice that was sent, the change is not made [false]. */
	required: boolean;
	channels: Record<string, NotifyChannel>;
}

export type NotifyChannel = WebhookChannel | SlackChannel | MailChannel;

interface Channel {
	name: string;
	events: NotifyEvent[];
	/** Findings at least as severe as this [high]. */
	severity: Severity;
	/** Exemptions that end within so many days [14]. */
	days: number;
	/** Whether logins and names may be shown; else subjects are told by their ids [false]. */
	names: boolean;
	path: string;
}

export interface WebhookChannel extends Channel {
	kind: "webhook";
	url: string | SecretRef;
	/** Signs every request; null = unsigned. */
	secret: string | SecretRef | null;
}

export interface SlackChannel extends Channel {
	kind: "slack";
	url: string | SecretRef;
}

export interface MailChannel extends Channel {
	kind: "mail";
	host: string;
	port: number;
	/** TLS from the first byte, or after STARTTLS. */
	tls: "starttls" | "implicit";
	user: string | SecretRef | null;
	password: string | SecretRef | null;
	/** Plain addresses. */
	from: string;
	to: string[];
}

/** The channel that carries mail to single persons: the first one with the event `notify`; null = nobody can be told. */
export function personalChannel({ channels }: Notify): MailChannel | null {
	for (const channel of Object.values(channels)) if (channel.kind === "mail" && channel.events.includes("notify")) return channel;
	return null;
}
