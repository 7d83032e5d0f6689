import { describe, expect, test } from "vitest";
import { good, load, minimal, temporaryFolder } from "./test-stack.js";

const folder = temporaryFolder();

describe("what YAML 1.1 and 1.2 read differently is refused with the two ways to write it", () => {
	const setting = (value: string): string => `${minimal}settings: { okta/org: { values: { a: ${value} } } }\n`;
	test.each(["yes", "on", "Y", "no", "Off", "n"])("%s where a boolean may be meant", async (word) => {
		const boolean = /^(yes|on|y)$/i.test(word);
		expect((await load(folder, setting(word))).said).toEqual([
			`7:38 \`${word}\` without quotes is text to some readers of YAML and ${boolean} to others (write ${boolean}, or "${word}" in quotes)`,
		]);
		expect((await load(folder, `${minimal}policies: { set: { p: { enabled: ${word} } } }\n`)).said).toEqual([
			`7:34 \`enabled\` must be true or false, got the text \`${word}\` (YAML 1.2 reads this as text: write ${boolean})`,
		]);
	});

	test("the same words in quotes, and where text is wanted, are text", async () => {
		expect((await good(folder, setting('"no"'))).settings["okta/org"]?.values).toEqual({ a: "no" });
		expect(
			(await good(folder, `${minimal}memberships: { okta/group/1: { name: no, members: [ { login: on } ] } }\n`)).memberships["okta/group/1"],
		).toMatchObject({ name: "no", members: [{ login: "on" }] });
	});

	test.each([
		["010", "leading zero"],
		["-007", "leading zero"],
		["0x1F", "hexadecimal"],
		["0o17", "hexadecimal or octal"],
		["1e3", "exponent"],
		["1.5E+3", "exponent"],
		["115842391823115842391", "loses its last digits"],
		[".inf", "infinity"],
		[".nan", "infinity"],
	])("the number %s", async (number, why) => {
		const { said } = await load(folder, setting(number));
		expect(said.length).toBe(1);
		expect(said[0]).toContain(why);
		expect(said[0]).toContain("in quotes");
		expect((await good(folder, setting(`"${number}"`))).settings["okta/org"]?.values).toEqual({ a: number });
		const asId = await load(folder, `${minimal}people: { breakGlass: [ { login: okta/a, id: ${number} } ] }\n`);
		expect(asId.said.length).toBe(1);
		expect(asId.said[0]).toContain(why);
	});

	test("plain numbers and unquoted dates are what they look like", async () => {
		const stack = await good(folder, `${minimal}settings: { okta/org: { values: { a: 0, b: -5, c: 0.5, d: 2027-01-31, e: 12:30, f: 00u1e5 } } }\n`);
		expect(stack.settings["okta/org"]?.values).toEqual({ a: 0, b: -5, c: 0.5, d: "2027-01-31", e: "12:30", f: "00u1e5" });
	});
});
