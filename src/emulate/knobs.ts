/** Which requests a fault touches. All given parts must match. */
export interface Match {
	method?: string;
	/** Tested against the path with its query. */
	path?: RegExp;
	/** How many matching requests are touched; without it, all. */
	times?: number;
	/** How many matching requests pass untouched first. */
	after?: number;
	/** Chance between 0 and 1 that a matching request is touched; without it, always. Drawn from `Knobs.random`. */
	chance?: number;
}

/** How records of a list, or the object itself, are spoilt. */
export type Spoil =
	| "null-item"
	| "missing-id"
	| "unknown-enum"
	| "bad-date"
	| "string-number"
	| "number-string"
	| "extra-field"
	| "missing-field"
	| "drop-nulls"
	| "duplicate-item";

/** One injected fault. The first that matches a request applies; `latency` lets a later one apply too. */
export type Fault = Match &
	(
		| { do: "latency"; ms: number }
		/** Any status and body instead of the answer; `perform` carries the request out first. */
		| { do: "status"; status: number; body?: string | Record<string, unknown>; contentType?: string; headers?: Record<string, string>; perform?: boolean }
		/** The vendor's own refusal of too many requests. */
		| { do: "throttle"; retryAfterSeconds?: number; retryAfterForm?: "seconds" | "date" }
		/** `after-write` carries the request out, then cuts. */
		| { do: "cut"; at: "before-headers" | "mid-body" | "after-write" }
		/** Requests with a cursor are refused. */
		| { do: "expired-cursor" }
		/** `again` serves the page before once more; `loop` makes the next link lead to the same page. */
		| { do: "repeat-page"; how: "again" | "loop" }
		/** A page without rows that still has a next one. */
		| { do: "empty-page" }
		/** The next link leads to another server. Where the vendor pages by tokens it does nothing. */
		| { do: "foreign-next"; origin: string }
		| { do: "spoil"; how: Spoil; index?: number }
		/** 200 with an empty list and no next link, as a caller with too few rights gets. */
		| { do: "truncate" }
	);

/** Behaviour of an emulated tenant that may be changed while it runs. */
export interface Knobs {
	faults: Fault[];
	/** Real milliseconds before every answer. */
	latencyMs: number;
	/** Reads see a write this long after it, by the tenant's clock. */
	lagMs: number;
	/** The tenant's clock runs ahead by this much. */
	clockSkewMs: number;
	/** Source of chance, between 0 and 1. */
	random: () => number;
}

/** Knobs at rest: no fault, no lag. */
export function makeKnobs(over: Partial<Knobs> = {}): Knobs {
	return { latencyMs: 0, lagMs: 0, clockSkewMs: 0, random: Math.random, ...over, faults: [...(over.faults ?? [])] };
}

const seen = new WeakMap<Fault, { matched: number; applied: number }>();

function applies(fault: Fault, method: string, path: string, random: () => number): boolean {
	if (fault.method !== undefined && fault.method !== method) return false;
	if (fault.path !== undefined && path.search(fault.path) < 0) return false;
	const count = seen.get(fault) ?? { matched: 0, applied: 0 };
	seen.set(fault, count);
	count.matched++;
	if (count.matched <= (fault.after ?? 0)) return false;
	if (count.applied >= (fault.times ?? Number.POSITIVE_INFINITY)) return false;
	if (fault.chance !== undefined && random() >= fault.chance) return false;
	count.applied++;
	return true;
}

/** Picks the faults of one request, counting each one's matches. Not idempotent: call once per request. */
export function faultsFor(knobs: Knobs, method: string, path: string): Fault[] {
	const picked: Fault[] = [];
	let decided = false;
	for (const fault of knobs.faults) {
		const light = fault.do === "latency";
		if (!light && decided) continue;
		if (!applies(fault, method, path, knobs.random)) continue;
		picked.push(fault);
		if (!light) decided = true;
	}
	return picked;
}
