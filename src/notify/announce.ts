import type { Millis } from "../model/known.js";
import type { NotifyChannel, NotifyEvent } from "../stack/notify.js";
import type { Store } from "../store/store.js";
import type { Delivery } from "./delivery.js";
import { digest, type Message, messageId } from "./message.js";
import type { Notifier } from "./open.js";

/** Things of one kind that channels may be told of: what is so now. */
export interface Happening<T> {
	event: NotifyEvent;
	items: readonly T[];
	/** The same as long as it is the same thing. */
	keyOf(item: T): string;
	/** Whether this channel wants it [all it is told of]. */
	fits?(item: T, channel: NotifyChannel): boolean;
	message(items: T[], channel: NotifyChannel): Message;
	/** The items are all there are: what is not among them any more is told of again when it comes back. */
	whole: boolean;
}

/** What one channel was told, or would be. */
export interface Announced {
	channel: string;
	event: NotifyEvent;
	/** Things it had not been told of. */
	fresh: number;
	message: Message | null;
	/** Null: there was nothing to send, or it was a rehearsal. */
	delivery: Delivery | null;
}

export interface World {
	store: Store;
	tenant: string;
	notifier: Pick<Notifier, "channels" | "send">;
	now(): Millis;
	/** Sends nothing and remembers nothing. */
	dryRun?: boolean;
}

/** Under this name the journal holds what was told to which channel. */
const journalName = "notify";

/**
 * Tells every channel that has the event what it had not been told of, and remembers that in the journal once the receiver took it:
 * what could not be sent is sent by the next run. Never throws for what a receiver does.
 * @throws what the store throws
 */
export async function announce<T>(world: World, happening: Happening<T>): Promise<Announced[]> {
	const { event, keyOf } = happening;
	const told: Announced[] = [];
	for (const channel of world.notifier.channels.filter(({ events }) => events.includes(event))) {
		const { known, times } = await knownTo(world, event, channel.name);
		const wanted = new Map(happening.items.filter((item) => happening.fits?.(item, channel) ?? true).map((item) => [short(keyOf(item)), item]));
		const fresh = [...wanted].filter(([key]) => !known.has(key));
		const gone = happening.whole ? [...known].filter((key) => !wanted.has(key)) : [];
		const message = fresh.length === 0 ? null : withId(world, happening, channel, fresh, times);
		const delivery = message === null || world.dryRun ? null : await world.notifier.send(channel, message);
		const added = delivery?.sent ? fresh.map(([key]) => key) : [];
		if (!world.dryRun && added.length + gone.length > 0) await remember(world, { event, channel: channel.name, added, gone });
		told.push({ channel: channel.name, event, fresh: fresh.length, message, delivery });
	}
	return told;
}

/**
 * Receivers leave out what has an id that they have had. So it is the same for a repetition, which the journal does not know of, and another
 * for what was over in between, however alike it is.
 */
function withId<T>(
	{ tenant }: World,
	{ event, message }: Happening<T>,
	channel: NotifyChannel,
	fresh: [key: string, item: T][],
	times: ReadonlyMap<string, number>,
): Message {
	const made = message(
		fresh.map(([, item]) => item),
		channel,
	);
	return { ...made, id: messageId([tenant, event, ...fresh.map(([key]) => `${key} ${times.get(key) ?? 0}`).sort()]) };
}

/** `times`: how often it was told of each. */
async function knownTo({ store, tenant }: World, event: NotifyEvent, channel: string): Promise<{ known: Set<string>; times: Map<string, number> }> {
	const known = new Set<string>();
	const times = new Map<string, number>();
	for (const { data } of await store.journal({ tenant, plan: journalName })) {
		if (data.event !== event || data.channel !== channel) continue;
		for (const key of texts(data.gone)) known.delete(key);
		for (const key of texts(data.added)) {
			known.add(key);
			times.set(key, (times.get(key) ?? 0) + 1);
		}
	}
	return { known, times };
}

async function remember({ store, tenant, now }: World, data: Record<string, unknown>): Promise<void> {
	await store.appendJournal({ tenant, at: now(), plan: journalName, action: null, event: "notified", data });
}

/** The journal is kept for good, and holds no more than is needed to tell one thing from another. */
function short(key: string): string {
	return digest([key]).slice(0, 16);
}

function texts(value: unknown): string[] {
	return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}
