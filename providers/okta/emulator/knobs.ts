import type { Product } from "./licence.js";

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

/** One injected fault. The first that matches a request applies; `latency` and `rate-headers` let later ones apply too. */
export type Fault = Match &
	(
		| { do: "latency"; ms: number }
		/** `html` or text instead of the JSON error body; `perform` carries the request out before answering. */
		| { do: "status"; status: number; body?: string | Record<string, unknown>; contentType?: string; headers?: Record<string, string>; perform?: boolean }
		/** 429. `zero` sends limit and remaining 0, as for concurrency. */
		| { do: "throttle"; retryAfterSeconds?: number; retryAfterForm?: "seconds" | "date"; zero?: boolean }
		/** `after-write` carries the request out, then cuts. */
		| { do: "cut"; at: "before-headers" | "mid-body" | "after-write" }
		/** Requests with a cursor are refused. */
		| { do: "expired-cursor" }
		/** `again` serves the page before once more; `loop` makes the next link lead to the same page. */
		| { do: "repeat-page"; how: "again" | "loop" }
		| { do: "empty-page" }
		| { do: "foreign-next"; origin: string }
		| { do: "spoil"; how: Spoil; index?: number }
		| { do: "rate-headers"; how: "joined" | "absent" | "nonsense" }
		| { do: "session" }
		/** 200 with an empty list and no next link, as a too small admin role gives. */
		| { do: "truncate" }
	);

/** Everything about the emulator's behaviour that may be changed while it runs. */
export interface Knobs {
	faults: Fault[];
	/** Real milliseconds before every answer. */
	latencyMs: number;
	/** `search` sees users and groups as they were this long ago, by the emulator's clock. */
	searchLagMs: number;
	/** Reads by id and list see memberships, role assignments, and user status this long after the write. */
	membersLagMs: number;
	rolesLagMs: number;
	statusLagMs: number;
	/** The org's clock runs ahead by this much. While it isn't 0, assertions are judged by the org's clock alone. */
	clockSkewMs: number;
	/** Log events are published at once but persisted, so readable, this much later. */
	logDelayMs: number;
	/** How long an asynchronous activation or deactivation takes. */
	asyncMs: number;
	/** What removing a user by hand from a group that an active rule fills does. */
	ruleOnRemoval: "exclude" | "put-back";
	/** `omit` leaves out what is null and not nullable in the vendor's specification; `keep` sends it, as the vendor often does. */
	nulls: "omit" | "keep";
	/** Products the org has no licence for: their operations answer E0000015. */
	unlicensed: readonly Product[];
	/** Source of chance, between 0 and 1. */
	random: () => number;
}

/** Knobs at rest: no fault, no lag. Pass only what differs. */
export function makeKnobs(over: Partial<Knobs> = {}): Knobs {
	return {
		latencyMs: 0,
		searchLagMs: 0,
		membersLagMs: 0,
		rolesLagMs: 0,
		statusLagMs: 0,
		clockSkewMs: 0,
		logDelayMs: 0,
		asyncMs: 2000,
		ruleOnRemoval: "exclude",
		nulls: "omit",
		unlicensed: [],
		random: Math.random,
		...over,
		faults: [...(over.faults ?? [])],
	};
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
		const light = fault.do === "latency" || fault.do === "rate-headers";
		if (!light && decided) continue;
		if (!applies(fault, method, path, knobs.random)) continue;
		picked.push(fault);
		if (!light) decided = true;
	}
	return picked;
}
