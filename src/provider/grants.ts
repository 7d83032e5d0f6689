import type { Millis } from "../model/known.js";
import type { ActionTarget } from "./action.js";
import { ActionError } from "./action-error.js";

/** The group or role whose grants are asked about: vendor ids. */
export interface GrantPlace {
	kind: "group" | "role";
	id: string;
}

/** How grants of one group or role end by the vendor's own clock. */
export interface GrantEnds {
	/** Why the vendor would not end a new grant here by itself (licence, edition, kind of group), one sentence; null = nothing that can be read stands against it. */
	refused: string | null;
	/** Account id → when the vendor ends its grant; null = it doesn't. Who is missing holds none that the vendor keeps with a time. */
	ends: Map<string, Millis | null>;
}

/** Two ends less apart than this are one: vendors keep whole seconds, in milliseconds. */
const precision: Millis = 1000;

export function sameEnd(one: Millis | null, other: Millis | null): boolean {
	return one === null || other === null ? one === other : Math.abs(one - other) < precision;
}

/**
 * When a grant is to end by the vendor's clock: `values.until` of an `add-group-member` or `add-role`, RFC 3339. Null: never, said so.
 * Undefined: nothing is said, and an end that is there stays.
 * @throws ActionError for what is no time
 */
export function untilOf({ values }: ActionTarget): Millis | null | undefined {
	const until = values?.until;
	if (until === undefined || until === null) return until;
	const at = typeof until === "string" ? Date.parse(until) : Number.NaN;
	if (Number.isNaN(at)) throw new ActionError("the grant's end (`until`) is no time");
	return at;
}

/** The form in which an end stands in a plan. */
export function untilText(at: Millis): string {
	return new Date(at).toISOString();
}

/** The same for people; null: there is none. */
export function endText(at: Millis | null): string {
	return at === null ? "no end" : untilText(at);
}
