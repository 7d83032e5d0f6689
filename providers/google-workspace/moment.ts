import { createHash } from "node:crypto";
import type { Millis } from "../../src/model/known.js";

/** Each object has a moment within every `maxAge`, spread by its id, at which it is read again whatever the log says: a change that the log missed is found by then. */
export function isDue(id: string, last: Millis, now: Millis, maxAge: Millis): boolean {
	if (maxAge <= 0 || now - last >= maxAge) return true;
	const phase = (createHash("sha256").update(id).digest().readUInt32BE(0) / 2 ** 32) * maxAge;
	return Math.floor((now - phase) / maxAge) !== Math.floor((last - phase) / maxAge);
}
