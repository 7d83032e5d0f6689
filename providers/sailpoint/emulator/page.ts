import type { Call, Reply } from "../../../src/emulate/call.js";
import { badContent, illegalValue, invalidOffset } from "./errors.js";
import { BadFilter, compileFilter, type Fields } from "./filter.js";

/** How one list is filtered, sorted and paged. */
export interface Collection<T> {
	fields?: Fields<T>;
	/** Properties that a list can be sorted by. */
	sorters?: Record<string, (item: T) => unknown>;
	/** Largest page [250]. */
	most?: number;
	/** An offset at or past the end is refused instead of answered by an empty page. */
	strictEnd?: boolean;
}

/** A whole number in a query. @throws Refusal 400 when it isn't one within the bounds */
function whole(call: Call, name: string, fallback: number, most: number): number {
	const given = call.query.get(name);
	if (given === null || given === "") return fallback;
	const number = /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN;
	if (!(number <= most)) throw illegalValue(call, name);
	return number;
}

/** A yes or no in a query. */
export function flag(call: Call, name: string, fallback = false): boolean {
	const given = call.query.get(name);
	if (given === null) return fallback;
	if (given !== "true" && given !== "false") throw illegalValue(call, name);
	return given === "true";
}

/** Answers a list by the vendor's standard collection parameters. */
export function answerList<T>(call: Call, all: Iterable<T>, how: Collection<T>, render: (item: T) => unknown): Reply {
	const most = how.most ?? 250;
	const limit = whole(call, "limit", most, most);
	const offset = whole(call, "offset", 0, 999_999_999);
	const counted = flag(call, "count");
	const keep = filterOf(call, how);
	const order = orderOf(call, how);
	let items = keep ? [...all].filter(keep) : [...all];
	if (order) items = items.sort(order);
	if (how.strictEnd && offset > 0 && offset >= items.length) throw invalidOffset();
	const page = items.slice(offset, offset + limit).map(render);
	const end = offset + page.length;
	return {
		status: 200,
		...(counted && { headers: { "X-Total-Count": String(items.length) } }),
		list: { items: page, ...(end < items.length && { next: String(end) }), wrap: (rows) => rows },
	};
}

function filterOf<T>(call: Call, how: Collection<T>): ((item: T) => boolean) | null {
	const text = call.query.get("filters");
	if (text === null || text.trim() === "") return null;
	try {
		return compileFilter(text, how.fields ?? {});
	} catch (error) {
		if (error instanceof BadFilter) throw badContent(call, error.message);
		throw error;
	}
}

function orderOf<T>(call: Call, how: Collection<T>): ((a: T, b: T) => number) | null {
	const text = call.query.get("sorters");
	if (text === null || text === "") return null;
	const keys = text.split(",").map((part) => {
		const descending = part.startsWith("-");
		const name = descending ? part.slice(1) : part;
		const get = how.sorters?.[name];
		if (!get) throw badContent(call, `Property "${name}" is not sortable.`);
		return { get, sign: descending ? -1 : 1 };
	});
	return (a, b) => {
		for (const { get, sign } of keys) {
			const [left, right] = [get(a) ?? "", get(b) ?? ""] as [string, string];
			if (left !== right) return left < right ? -sign : sign;
		}
		return 0;
	};
}
