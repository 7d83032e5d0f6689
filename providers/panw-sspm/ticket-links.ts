import type { Known } from "../../src/model/known.js";
import { object } from "../../src/provider/decode.js";
import type { SspmConnection } from "./connection.js";
import { numberedPages } from "./paging.js";
import { type Losses, whole } from "./read.js";
import type { LinkCount } from "./ticket-state.js";
import { ticketsPath } from "./tickets.js";

/** Tickets whose issues one scan asks for, each once. */
export const mostLinks = 50;

/** Counts for one instance each. No field of the rows is documented, so only their number is taken. What could not be read is told to `lost`. */
export function linkCounts(connection: SspmConnection, lost: Losses, signal?: AbortSignal): (instance: string) => LinkCount {
	let asked = 0;
	return (instance) => {
		const found = new Map<string, Promise<Known<number>>>();
		return (ticket) => {
			const before = found.get(ticket);
			if (before) return before;
			if (asked >= mostLinks) {
				lost.add({ cause: "budget", detail: `one scan asks for the issues of ${mostLinks} tickets: whether the others are linked to any is not known` });
				return Promise.resolve(undefined);
			}
			asked++;
			const count = countOf(connection, { saasInstanceId: instance, ticketKey: ticket }, lost, signal);
			found.set(ticket, count);
			return count;
		};
	};
}

async function countOf(connection: SspmConnection, params: Record<string, string>, lost: Losses, signal?: AbortSignal): Promise<Known<number>> {
	const { items, closed } = await whole(numberedPages(connection, { method: "GET", path: `${ticketsPath}/{ticketKey}/issues`, params }, { signal }), lost);
	const issues = items.filter((item) => object(item) !== null).length;
	return issues > 0 ? issues : closed && items.length === 0 ? 0 : undefined;
}
