import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { good, load, minimal, temporaryFolder } from "./test-stack.js";
import { parseDuration, parseInstant, parsePercent } from "./time.js";

const folder = temporaryFolder();
const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];

describe("durations", () => {
	test.each([
		["7d", 7 * day],
		["24h", day],
		["15m", 15 * minute],
		["90s", 90_000],
		["2w", 14 * day],
		["1h30m", 90 * minute],
		["P7D", 7 * day],
		["PT15M", 15 * minute],
		["P1DT12H", 36 * hour],
		["p2w", 14 * day],
	])("%s", (text, value) => expect(parseDuration(text)).toEqual({ value }));

	test.each([
		["7", "has no unit"],
		["7x", "is not a duration"],
		["1.5h", "is not a duration"],
		["-1d", "is not a duration"],
		["7 d", "is not a duration"],
		["1h1h", "is not a duration"],
		["P", "is not a duration"],
		["PT", "is not a duration"],
		["P1DT", "is not a duration"],
		["P1M", "counts months or years, which have no fixed length"],
		["P1Y", "counts months or years, which have no fixed length"],
		["3 months", "counts months or years, which have no fixed length"],
		["0d", "is a duration of nothing"],
		["9999999w", "is longer than ten years"],
	])("%s %s", (text, error) => expect(parseDuration(text)).toMatchObject({ error }));
});

test.each([
	["20%", { value: 20 }],
	["0%", { value: 0 }],
	["99.5 %", { value: 99.5 }],
	["100%", { value: 100 }],
	["101%", { error: "is more than 100%" }],
	["20", { error: "is not a percentage", hint: "write `20%`" }],
	["-5%", { error: "is not a percentage", hint: "write a number and the sign: `20%`" }],
])("percentage %s", (text, read) => expect(parsePercent(text)).toEqual(read));

describe("dates", () => {
	test.each([
		["2027-01-31", "2027-01-31T00:00:00Z", "2027-01-31T23:59:59.999Z"],
		["2026-12-31", "2026-12-31T00:00:00Z", "2026-12-31T23:59:59.999Z"],
		["2028-02-29", "2028-02-29T00:00:00Z", "2028-02-29T23:59:59.999Z"],
		["2026-12-01T17:00Z", "2026-12-01T17:00:00Z", "2026-12-01T17:00:00Z"],
		["2026-12-01t17:00:30.25z", "2026-12-01T17:00:30.250Z", "2026-12-01T17:00:30.250Z"],
		["2026-12-01 17:00+02:00", "2026-12-01T15:00:00Z", "2026-12-01T15:00:00Z"],
		["2026-12-01T17:00:00-05:30", "2026-12-01T22:30:00Z", "2026-12-01T22:30:00Z"],
	])("%s", (text, start, end) => {
		expect(parseInstant(text, "start")).toEqual({ value: Date.parse(start) });
		expect(parseInstant(text, "end")).toEqual({ value: Date.parse(end) });
	});

	test.each([
		["2026-02-30", "is a day that does not exist"],
		["2027-02-29", "is a day that does not exist"],
		["2026-13-01", "has no such month: 13"],
		["2026-00-10", "has no such month: 00"],
		["2026-01-00", "is a day that does not exist"],
		["2026-12-01T17:00", "has no time zone"],
		["2026-12-01T24:00Z", "is a time of day that does not exist"],
		["2026-12-01T10:60Z", "is a time of day that does not exist"],
		["2026-12-01T10:00+25:00", "has an offset that does not exist"],
		["01.02.2027", "is not a date"],
		["2027/01/31", "is not a date"],
		["27-01-31", "is not a date"],
		["tomorrow", "is not a date"],
	])("%s %s", (text, error) => expect(parseInstant(text, "end")).toMatchObject({ error }));

	test("agree with the platform on every RFC 3339 time", () => {
		fc.assert(
			fc.property(fc.date({ min: new Date(0), max: new Date("9999-12-31"), noInvalidDate: true }), (date) => {
				expect(parseInstant(date.toISOString(), "start")).toEqual({ value: date.getTime() });
			}),
		);
	});
});

test("they are read where a stack file has them, and wrong ones are reported there", async () => {
	const lines = (window: string, to: string, until: string, coverage: string): string =>
		`${minimal.replace("auth:", `expect: { authenticators: { coverage: ${coverage} } }\n    auth:`)}remediation: { guardrails: { window: ${window}, maxPercent: 3%, freeze: [ { from: 2026-12-24, to: ${to} } ] } }\nmemberships: { okta/group/1: { members: [ { login: a, until: ${until} } ] } }\n`;
	const stack = await good(folder, lines("P2D", "2027-01-02", "2026-12-01T17:00Z", "20%"));
	expect(stack.remediation.guardrails).toMatchObject({
		window: 2 * day,
		maxPercent: 3,
		maxAccounts: 5,
		keepAdmins: 2,
		freeze: [{ from: Date.UTC(2026, 11, 24), to: Date.UTC(2027, 0, 3) - 1 }],
	});
	expect(stack.memberships["okta/group/1"]?.members[0]?.until).toBe(Date.UTC(2026, 11, 1, 17));
	expect(stack.systems.okta?.expect.authenticators?.coverage).toBe(0.2);
	const { said } = await load(folder, lines("2 days", "2026-02-30", "soon", "0.2"));
	expect(said.map((line) => line.replace(/ \(.*/, ""))).toEqual([
		"6:43 `coverage` must be a percentage such as `20%`, got the number 0.2",
		"8:38 `2 days` is not a duration",
		"8:96 `2026-02-30` is a day that does not exist",
		"9:62 `soon` is not a date",
	]);
	expect((await load(folder, lines("2d", "2026-12-01", "2026-12-01", "20%"))).said).toEqual([expect.stringContaining("this freeze ends before it begins")]);
});

test("what has ended is a warning, and the stack loads", async () => {
	const { stack, diagnostics } = await load(
		folder,
		`${minimal}memberships: { okta/group/1: { members: [ { login: a, until: 2026-05-31 }, { login: b, until: 2026-06-01 } ] } }\n`,
	);
	expect(stack).toBeDefined();
	expect(diagnostics).toMatchObject([{ level: "warning", line: 7, message: "this membership ended on 2026-05-31" }]);
});
