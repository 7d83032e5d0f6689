/** Milliseconds of an RFC 3339 time, or of a plain date (midnight UTC); null when it is neither. Finer than milliseconds is cut. */
export function timestampMillis(text: string): number | null {
	const match = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?([Zz]|[+-]\d\d:\d\d))?$/.exec(text);
	if (!match) return null;
	const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", zone = "Z"] = match;
	const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
	const date = new Date(midnight);
	// Date.UTC rolls 31 February over; years below 100 are not told apart from 19xx.
	if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day) || Number(year) < 100) return null;
	if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
	const clock = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + Math.floor(Number(`0${fraction}`) * 1000);
	const offset = /^[Zz]$/.test(zone) ? 0 : (zone.startsWith("-") ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6)));
	return midnight + clock - offset * 60_000;
}

/** Milliseconds per unit of a CEL duration. */
const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, us: 1e-3, ns: 1e-6 };

/** Milliseconds of a CEL duration (`1h30m`, `-1.5s`), or null. */
export function durationMillis(text: string): number | null {
	if (!/^[+-]?(?:\d+(?:\.\d*)?(?:h|ms|m|s|us|ns))+$/.test(text)) return null;
	let sum = 0;
	for (const [, amount, unit = ""] of text.matchAll(/(\d+(?:\.\d*)?)(h|ms|m|s|us|ns)/g)) sum += Number(amount) * (units[unit] ?? 0);
	return text.startsWith("-") ? -sum : sum;
}

/** RFC 3339 in UTC, without milliseconds when there are none. */
export function renderTimestamp(millis: number): string {
	const date = new Date(millis);
	return Number.isNaN(date.getTime()) ? "?" : date.toISOString().replace(".000Z", "Z");
}

/** A duration in the largest unit that tells it to the whole: `112 days`, `36 hours`, `15 minutes`. */
export function renderDuration(millis: number): string {
	const sign = millis < 0 ? "-" : "";
	const size = Math.abs(millis);
	const [unit, length] =
		size >= 2 * 86_400_000 ? (["day", 86_400_000] as const) : size >= 7_200_000 ? (["hour", 3_600_000] as const) : (["minute", 60_000] as const);
	const count = Math.floor(size / length);
	return `${sign}${count} ${unit}${count === 1 ? "" : "s"}`;
}
