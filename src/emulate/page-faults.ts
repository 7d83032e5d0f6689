import type { Call, Reply } from "./call.js";
import type { Fault } from "./knobs.js";
import { spoilBody, spoilItems } from "./spoil.js";

type List = NonNullable<Reply["list"]>;
type Page = Pick<List, "items" | "next">;

/** The last page each list gave, for serving it again. */
export type PageMemory = Map<string, Page>;

/** The cursor without the marks that a fault put before it: a leading `~` is a second name for the same place. */
export function withoutMarks(query: URLSearchParams, param: string): URLSearchParams {
	const cursor = query.get(param);
	if (cursor?.startsWith("~")) {
		const bare = cursor.replace(/^~+/, "");
		if (bare === "") query.delete(param);
		else query.set(param, bare);
	}
	return query;
}

/** Remembers the page before this one and changes this one as the fault says. `marked`: the cursor as it was sent, marks and all. */
export function applyFault(call: Call, list: List, fault: Fault | undefined, memory: PageMemory, marked: string): Page {
	const key = `${call.headers.authorization ?? ""} ${call.method} ${call.path}`;
	const before = memory.get(key);
	memory.set(key, { items: list.items, ...(list.next !== undefined && { next: list.next }) });
	// Another name for the place this request asked for: the client goes on from here, and gets these rows next.
	const here = `~${marked}`;
	switch (fault?.do) {
		case "repeat-page":
			if (fault.how === "loop") return { items: list.items, next: marked === "" ? "~" : marked };
			return before && marked !== "" ? { items: before.items, next: here } : list;
		case "empty-page":
			return { items: [], next: here };
		case "truncate":
			return { items: [] };
		case "spoil":
			return { ...list, items: spoilItems(list.items, fault.how, fault.index, list.idKey) };
		default:
			return list;
	}
}

/** A single object's body, spoilt when the fault says so. */
export function spoilt(reply: Reply, fault: Fault | undefined): unknown {
	return fault?.do === "spoil" ? spoilBody(reply.body, fault.how) : reply.body;
}

/** The next page's address, on another server when the fault says so. */
export function moved(link: string, fault: Fault | undefined): string {
	if (fault?.do !== "foreign-next" || !URL.canParse(link)) return link;
	const { pathname, search } = new URL(link);
	return `${fault.origin.replace(/\/$/, "")}${pathname}${search}`;
}
