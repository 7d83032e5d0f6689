import fc from "fast-check";
import { expect, test } from "vitest";
import { parseHttpDate, parseRetryAfter } from "./retry-after.js";

const server = Date.UTC(2026, 5, 1, 12, 0, 0);
const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (value: number): string => String(value).padStart(2, "0");

test.each([
	["120", 120_000],
	[" 7 ", 7000],
	["0", 0],
	["1.5", 1500],
	["-5", 0],
	["3, 9", 9000],
	["31536000", 31_536_000_000],
	["Mon, 01 Jun 2026 12:00:30 GMT", 30_000],
	["Mon, 01 Jun 2026 11:00:00 GMT", 0],
])("%s", (value, expected) => {
	expect(parseRetryAfter(value, server)).toBe(expected);
});

test.each(["", "soon", "in 2", "2 minutes", "1e9", "0x10", "NaN", "Infinity", "Mon, 99 Jun 2026 12:00:30 GMT", "foo 2", "2026-06-01T12:00:30Z"])(
	"%s is not understood",
	(value) => {
		expect(parseRetryAfter(value, server)).toBeNull();
	},
);

test("absent is null", () => {
	expect(parseRetryAfter(null, server)).toBeNull();
});

const instants = fc.integer({ min: Date.UTC(2000, 0, 1) / 1000, max: Date.UTC(2069, 11, 31) / 1000 }).map((seconds) => seconds * 1000);

test("all three forms of an HTTP date mean the same instant", () => {
	fc.assert(
		fc.property(instants, (instant) => {
			const date = new Date(instant);
			const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
			const day = days[date.getUTCDay()] ?? "";
			const month = months[date.getUTCMonth()];
			const rfc850 = `${day}, ${two(date.getUTCDate())}-${month}-${two(date.getUTCFullYear() % 100)} ${clock} GMT`;
			const asctime = `${day.slice(0, 3)} ${month} ${String(date.getUTCDate()).padStart(2)} ${clock} ${date.getUTCFullYear()}`;
			expect(parseHttpDate(date.toUTCString(), server)).toBe(instant);
			expect(parseHttpDate(rfc850, server)).toBe(instant);
			expect(parseHttpDate(asctime, server)).toBe(instant);
		}),
	);
});

test("a two-digit year more than 50 years ahead belongs to the century before", () => {
	expect(parseHttpDate("Sunday, 06-Nov-94 08:49:37 GMT", server)).toBe(Date.UTC(1994, 10, 6, 8, 49, 37));
});

test("a date is judged on the server's clock, whatever ours says", () => {
	fc.assert(
		fc.property(instants, fc.integer({ min: 0, max: 86_400 }), (now, seconds) => {
			expect(parseRetryAfter(new Date(now + seconds * 1000).toUTCString(), now)).toBe(seconds * 1000);
		}),
	);
});

test("whatever stands there, the wait is null or a number from 0", () => {
	fc.assert(
		fc.property(fc.oneof(fc.string(), fc.integer().map(String), fc.stringMatching(/^[-+0-9., :A-Za-z]{0,40}$/)), (value) => {
			const wait = parseRetryAfter(value, server);
			expect(wait === null || (Number.isFinite(wait) && wait >= 0)).toBe(true);
		}),
	);
});
