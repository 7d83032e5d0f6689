import type { Millis } from "../model/known.js";

const months = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec";
const time = "\\d{2}:\\d{2}:\\d{2}";
const fixdate = new RegExp(`^[A-Z][a-z]{2}, \\d{2} (?:${months}) \\d{4} ${time} GMT$`);
const rfc850 = new RegExp(`^[A-Z][a-z]{5,8}, (\\d{2})-(${months})-(\\d{2}) (${time}) GMT$`);
const asctime = new RegExp(`^[A-Z][a-z]{2} (${months}) ([ \\d]\\d) (${time}) (\\d{4})$`);

/** An HTTP date in any of the three forms of RFC 9110 §5.6.7 as milliseconds, or null. `near` decides the century of two-digit years. */
export function parseHttpDate(text: string, near: Millis): Millis | null {
	const trimmed = text.trim();
	if (fixdate.test(trimmed)) return finite(Date.parse(trimmed));
	const old = rfc850.exec(trimmed);
	if (old) {
		const [, day, month, short, clock] = old;
		const century = Math.floor(new Date(near).getUTCFullYear() / 100) * 100;
		let year = century + Number(short);
		// RFC 9110: a date more than 50 years ahead means the century before.
		if (year > new Date(near).getUTCFullYear() + 50) year -= 100;
		return finite(Date.parse(`${day} ${month} ${year} ${clock} GMT`));
	}
	const ansi = asctime.exec(trimmed);
	if (ansi) return finite(Date.parse(`${ansi[2]?.trim()} ${ansi[1]} ${ansi[4]} ${ansi[3]} GMT`));
	return null;
}

/**
 * `Retry-After` as milliseconds to wait from now, never negative and never capped (the caller knows its deadline).
 * Delta seconds, also with a fraction; or an HTTP date, judged on the server's clock. Null = absent or not understood.
 * A header sent twice (joined by a comma) counts as the longer wait. RFC 9110 §10.2.3.
 */
export function parseRetryAfter(value: string | null, serverNow: Millis): Millis | null {
	if (value === null) return null;
	const trimmed = value.trim();
	const date = parseHttpDate(trimmed, serverNow);
	if (date !== null) return Math.max(0, date - serverNow);
	const parts = trimmed.split(",").map((part) => part.trim());
	if (!parts.every((part) => /^[+-]?\d{1,15}(?:\.\d{1,9})?$/.test(part))) return null;
	return Math.max(0, ...parts.map((part) => Number(part) * 1000));
}

function finite(value: number): number | null {
	return Number.isFinite(value) ? value : null;
}
