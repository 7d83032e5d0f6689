import { iso } from "../../../src/emulate/random.js";

/** A time as the vendor's directory writes it: whole seconds. */
export function stamp(millis: number): string {
	return `${iso(millis).slice(0, 19)}Z`;
}
