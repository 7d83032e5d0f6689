import type { Call, Reply } from "./call.js";
import type { Fault } from "./knobs.js";
import { afterOf, selfUrl, urlWithCursor } from "./paging.js";
import { spoilBody, spoilItems } from "./spoil.js";

/** The last page each list gave each caller, for serving it again. */
export type PageMemory = Map<string, { items: unknown[]; next?: string }>;

function listKey(call: Call): string {
	const query = new URLSearchParams(call.query);
	query.delete("after");
	return `${call.caller.key} ${call.path}?${query}`;
}

/** Remembers the page before this one and changes the reply as the fault says. */
export function applyToReply(call: Call, reply: Reply, fault: Fault | undefined, memory: PageMemory): Reply {
	const { list } = reply;
	if (!list) return fault?.do === "spoil" ? { ...reply, body: spoilBody(reply.body, fault.how) } : reply;
	const key = listKey(call);
	const before = memory.get(key);
	memory.set(key, list);
	switch (fault?.do) {
		case "repeat-page":
			if (fault.how === "loop") return { ...reply, list: { ...list, next: selfUrl(call) } };
			// The page before once more, leading here: the client sees its rows twice.
			return before && call.query.has("after") ? { ...reply, list: { ...list, items: before.items, next: otherName(call) } } : reply;
		case "empty-page":
			return { ...reply, list: { ...list, items: [], next: otherName(call) } };
		case "foreign-next":
			return list.next === undefined ? reply : { ...reply, list: { ...list, next: moved(list.next, fault.origin) } };
		case "truncate": {
			const { next: _, ...rest } = list;
			return { ...reply, list: { ...rest, items: [] } };
		}
		case "spoil":
			return { ...reply, list: { ...list, items: spoilItems(list.items, fault.how, fault.index) } };
		default:
			return reply;
	}
}

/** Another cursor for the place this request asked for. */
function otherName(call: Call): string {
	const tildes = /^~*/.exec(call.query.get("after") ?? "")?.[0] ?? "";
	return urlWithCursor(call, `${tildes}~${afterOf(call)}`);
}

function moved(url: string, origin: string): string {
	const { pathname, search } = new URL(url);
	return `${origin.replace(/\/$/, "")}${pathname}${search}`;
}
