import type { DesiredMembership, Stack } from "../stack/stack.js";
import type { LiveState } from "./drift.js";
import type { LiveMember, LiveMembership, LiveReader } from "./live.js";

/** What could not be read, by the stack file's key. */
export interface Unread {
	key: string;
	why: string;
}

/** Reads every declared object of the stack once. `only`: systems to read [all]. */
export async function readLive(
	stack: Stack,
	readerOf: (system: string) => Promise<LiveReader>,
	only?: string[],
): Promise<{ live: LiveState; unread: Unread[] }> {
	const live: LiveState = { settings: new Map(), memberships: new Map() };
	const unread: Unread[] = [];
	const each = async (key: string, system: string, read: (reader: LiveReader) => Promise<void>): Promise<void> => {
		if (only && !only.includes(system)) return;
		try {
			await read(await readerOf(system));
		} catch (error) {
			unread.push({ key, why: error instanceof Error ? error.message : String(error) });
		}
	};
	await Promise.all([
		...Object.entries(stack.settings).map(([key, { system, setting }]) =>
			each(key, system, async (reader) => void live.settings.set(key, await reader.setting(setting))),
		),
		...Object.entries(stack.memberships).map(([key, desired]) =>
			each(key, desired.system, async (reader) => void live.memberships.set(key, await readMembership(reader, desired))),
		),
	]);
	return { live, unread: unread.sort((a, b) => (a.key < b.key ? -1 : 1)) };
}

/** The members, and when the vendor ends their access by itself: where they are declared with an end, and where they are declared to stay. */
export async function readMembership(
	reader: LiveReader,
	{ kind, target, members = [] }: Pick<DesiredMembership, "kind" | "target"> & Partial<Pick<DesiredMembership, "members">>,
): Promise<LiveMembership> {
	const live = await (kind === "group" ? reader.group(target) : reader.role(target));
	if (!live.exists || !members.some(({ until, endBy }) => until === null || endBy !== "keelson")) return live;
	const native = await reader.ends({ kind, id: target });
	if (!native) return live;
	const held = [...live.members].map(([id, member]): [string, LiveMember] => {
		const ends = native.ends.get(id);
		return [id, ends === undefined ? member : { ...member, ends }];
	});
	return { ...live, members: new Map(held), vendorEnds: native.refused };
}

/** The same reader with errors that hold no secret: what a vendor answers may repeat what it was sent. */
export function redacted(reader: LiveReader, redact: (text: string) => string = (text) => text): LiveReader {
	const clean = async <T>(made: Promise<T>): Promise<T> => {
		try {
			return await made;
		} catch (error) {
			throw new Error(redact(error instanceof Error ? error.message : String(error)));
		}
	};
	return {
		setting: (id) => clean(reader.setting(id)),
		group: (id) => clean(reader.group(id)),
		role: (role) => clean(reader.role(role)),
		ends: (place) => clean(reader.ends(place)),
	};
}
