import type { Millis } from "../model/known.js";

/** What a text means, or why it means nothing. `error` completes the sentence "`20h5` …". */
export type Read<T> = { value: T } | { error: string; hint?: string };

const unitMillis: Record<string, number> = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 };
const isoDuration = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;
const tenYears = 3653 * 86_400_000;

/** `7d`, `24h`, `15m`, `90s`, `1h30m`, or ISO 8601 `P7D`, in milliseconds. Months and years are refused: they have no fixed length. */
export function parseDuration(text: string): Read<Millis> {
	const hint = "write a whole number and a unit: `7d`, `24h`, `15m`, `90s`";
	const value = /^P/i.test(text) ? isoMillis(text) : shortMillis(text);
	if (value === null) {
		if (/^P[^T]*\d[MY]/i.test(text) || /^\d+\s*(mo|month|y)/i.test(text))
			return { error: "counts months or years, which have no fixed length", hint: "write days: `30d`" };
		if (/^\d+$/.test(text)) return { error: "has no unit", hint: `write \`${text}d\`, \`${text}h\` or \`${text}m\`` };
		return { error: "is not a duration", hint };
	}
	if (value <= 0) return { error: "is a duration of nothing", hint };
	if (value > tenYears) return { error: "is longer than ten years", hint };
	return { value };
}

function shortMillis(text: string): number | null {
	if (!/^(\d{1,9}[wdhms])+$/.test(text)) return null;
	let sum = 0;
	const seen = new Set<string>();
	for (const [, amount = "", unit = ""] of text.matchAll(/(\d+)([wdhms])/g)) {
		if (seen.has(unit)) return null;
		seen.add(unit);
		sum += Number(amount) * (unitMillis[unit] ?? 0);
	}
	return sum;
}

function isoMillis(text: string): number | null {
	const match = isoDuration.exec(text.toUpperCase());
	if (match === null || /[PT]$/i.test(text)) return null;
	return ["w", "d", "h", "m", "s"].reduce((sum, unit, i) => sum + Number(match[i + 1] ?? 0) * (unitMillis[unit] ?? 0), 0);
}

/** `20%` as a number from 0 to 100. */
export function parsePercent(text: string): Read<number> {
	const match = /^(\d{1,3}(?:\.\d+)?)\s?%$/.exec(text);
	if (match === null) return { error: "is not a percentage", hint: /^\d+(\.\d+)?$/.test(text) ? `write \`${text}%\`` : "write a number and the sign: `20%`" };
	const value = Number(match[1]);
	return value <= 100 ? { value } : { error: "is more than 100%" };
}

const dateTime = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?([Zz]|[+-]\d\d:\d\d))?$/;

/**
 * A date (`2027-01-31`) or an RFC 3339 time (`2026-12-01T17:00Z`; seconds may be left out), in UTC milliseconds.
 * A date alone is the first or the last millisecond of that day, UTC.
 */
export function parseInstant(text: string, edge: "start" | "end"): Read<Millis> {
	const match = dateTime.exec(text);
	if (match === null) {
		if (/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(text))
			return { error: "has no time zone", hint: `write \`${text.replace(" ", "T")}Z\` for UTC, or an offset such as \`+01:00\`` };
		return { error: "is not a date", hint: "write year-month-day, `2027-01-31`, or an RFC 3339 time, `2027-01-31T17:00Z`" };
	}
	const [year = 0, month = 0, day = 0] = match.slice(1, 4).map(Number);
	if (month < 1 || month > 12) return { error: `has no such month: ${match[2]}`, hint: "write year-month-day" };
	const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
	if (day < 1 || day > last) return { error: "is a day that does not exist", hint: `the month ${match[1]}-${match[2]} has ${last} days` };
	if (year < 1970) return { error: "lies before 1970" };
	if (match[4] === undefined) return { value: edge === "start" ? Date.UTC(year, month - 1, day) : Date.UTC(year, month - 1, day + 1) - 1 };
	const [hour = 0, minute = 0, second = 0] = [match[4], match[5], match[6] ?? "0"].map(Number);
	if (hour > 23 || minute > 59 || second > 59)
		return { error: "is a time of day that does not exist", hint: "hours run from 00 to 23, minutes and seconds from 00 to 59" };
	const zone = match[8] ?? "Z";
	const [zoneHours = 0, zoneMinutes = 0] = /^z$/i.test(zone) ? [] : zone.slice(1).split(":").map(Number);
	if (zoneHours > 23 || zoneMinutes > 59) return { error: "has an offset that does not exist" };
	const offset = (zone.startsWith("-") ? -1 : 1) * (zoneHours * 60 + zoneMinutes) * 60_000;
	const fraction = Math.floor(Number(`0.${match[7] ?? "0"}`) * 1000);
	return { value: Date.UTC(year, month - 1, day, hour, minute, second) + fraction - offset };
}
