import { describe, expect, test } from "vitest";
import { good, load, minimal, temporaryFolder } from "./test-stack.js";

const folder = temporaryFolder();

describe("YAML that is not a stack", () => {
	const bad: [string, string, string][] = [
		["empty", "", "1:1 the file is empty"],
		["only comments", "# a\n# b\n", "1:1 the file holds nothing but comments"],
		["only a list", "- a\n", "1:1 the file must be a mapping of keys to values, got a list"],
		["several documents", `${minimal}---\nname: b\n`, "7:1 the file holds more than one YAML document"],
		["duplicate key", `${minimal}name: b\n`, "7:1 `name` stands twice in one mapping (first in line 1)"],
		["duplicate nested key", "name: a\nsystems:\n  okta: { auth: {}, url: https://a.b, provider: a, provider: b }\n", "3:52 `provider` stands twice"],
		["anchor", `${minimal}people: &p {}\n`, "7:12 an anchor (`&name`) is not allowed"],
		["alias", `${minimal}people: *p\n`, "7:9 an alias (`*name`) is not allowed"],
		["merge key", `${minimal}people: { <<: {} }\n`, "7:11 a merge key (`<<`) is not allowed"],
		["tag", `${minimal}policies: !!map {}\n`, "7:17 a tag (`!name`) is not allowed"],
		["unknown tag", `${minimal}policies: { use: [ !secret x ] }\n`, "7:28 a tag (`!name`) is not allowed"],
		["YAML 1.1 directive", `%YAML 1.1\n---\n${minimal}`, "1:1 a directive (`%…`) is not allowed"],
		["tab indentation", "name: a\nsystems:\n\tokta: {}\n", "3:1 a tab stands in the indentation"],
		["no-break space", "name: a\nsystems:\n\u00a0\u00a0okta: {}\n", "3:1 a no-break space (U+00A0) stands in the indentation"],
		["ideographic space", "name: a\nsystems:\n  \u3000okta: {}\n", "3:3 the space-like character U+3000"],
		["NUL", "name: a\nsystems: \u0000\n", "2:10 a NUL character (U+0000)"],
		["escape character", "name: a\u001b[31m\n", "1:8 the control character U+001B"],
		["hidden direction", "name: a\nstore: \u202esqlite:x\n", "2:8 a hidden text-direction mark (U+202E)"],
		["unclosed bracket", `${minimal}policies: { use: [ a }\n`, "7:"],
		["unclosed quote", `${minimal}store: "sqlite:x\n`, "8:1 a closing quote is missing"],
		["number as key", `${minimal}policies: { set: { 1: {} } }\n`, "7:20 a key must be text"],
		["mapping as key", `${minimal}? { a: b }\n: c\n`, "7:3 a key must be text"],
		["__proto__", `${minimal}__proto__: { systems: 1 }\n`, "7:1 `__proto__` can't be a key"],
		[
			"deep nesting",
			`${minimal}resources: { a: { type: okta:group:Group, get: { id: x, state: { c: ${"[".repeat(100)}${"]".repeat(100)} } } } }\n`,
			"7:128 nested deeper than 64 levels",
		],
	];
	test.each(bad)("%s", async (_, text, start) => {
		const { stack, said } = await load(folder, text);
		expect(stack).toBeUndefined();
		expect(said[0]).toContain(start);
	});

	test("an alias bomb ends at its first anchors, in a moment and in little memory", async () => {
		const lines = ["a0: &a0 [x, x]"];
		for (let i = 1; i < 40; i++) lines.push(`a${i}: &a${i} [*a${i - 1}, *a${i - 1}, *a${i - 1}]`);
		const { said } = await load(folder, lines.join("\n"));
		expect(said.length).toBe(20);
		expect(said.some((line) => line.includes("an anchor"))).toBe(true);
	});

	test("brackets without end are no crash", async () => {
		for (const open of ["[", "{a: ", "- ", "? "])
			expect((await load(folder, open.repeat(20_000))).said[0]).toMatch(/nested|not expected|missing|at most|can't begin/);
	});
});

describe("bytes", () => {
	const utf16 = (bigEndian: boolean, mark: boolean): Buffer => {
		const bytes = Buffer.from((mark ? "\ufeff" : "") + minimal, "utf16le");
		return bigEndian ? bytes.swap16() : bytes;
	};
	test.each([
		[false, true],
		[true, true],
		[false, false],
		[true, false],
	])("UTF-16 (big endian %s, mark %s) is named", async (bigEndian, mark) => {
		expect((await load(folder, utf16(bigEndian, mark))).said).toEqual(["1:1 the file is written in UTF-16 or UTF-32 (save it as UTF-8)"]);
	});

	test("invalid UTF-8 is found at its byte", async () => {
		const bytes = Buffer.concat([Buffer.from("name: ä\nstore: "), Buffer.from([0xe4]), Buffer.from("x\n")]);
		expect((await load(folder, bytes)).said).toEqual(["2:8 byte 16 of the file is not valid UTF-8 (byte 8 of line 2) (save the file as UTF-8)"]);
	});

	test("a file over 4 MiB is refused, one just under it is read", async () => {
		expect((await load(folder, `${minimal}#${"x".repeat(4 * 1024 * 1024)}`)).said[0]).toContain("a stack file has at most 4194304");
		expect((await load(folder, `${minimal}#${"x".repeat(4 * 1024 * 1024 - 1000)}`)).stack).toBeDefined();
	});

	test("byte order mark and CRLF are accepted and change neither meaning nor columns", async () => {
		const plain = await good(folder, minimal);
		const windows = await good(folder, `\ufeff${minimal.replaceAll("\n", "\r\n")}`);
		expect({ ...windows, file: "", digest: "" }).toEqual({ ...plain, file: "", digest: "" });
		const { diagnostics } = await load(folder, `\ufeffname: 5\r\n${minimal.slice(11).replaceAll("\n", "\r\n")}`);
		expect(diagnostics[0]).toMatchObject({ line: 1, column: 7, excerpt: "name: 5" });
	});

	test("no file, a folder", async () => {
		expect((await load(folder, minimal)).stack).toBeDefined();
		const { loadStack } = await import("./load.js");
		expect((await loadStack("stack-o.yaml", { cwd: folder })).diagnostics[0]).toMatchObject({
			line: 1,
			message: "there is no such file",
			hint: expect.stringMatching(/^did you mean `stack-\d+\.yaml`\?$/),
		});
		expect((await loadStack(folder)).diagnostics[0]?.message).toBe("this is a folder, not a stack file");
	});
});

test("a no-break space within text is text", async () => {
	const stack = await good(
		folder,
		`${minimal}exemptions:\n  - policy: p\n    subject: { key: okta/1 }\n    owner: o\n    expires: 2027-01-01\n    reason: |\n      one\n      \u00a0two\n`,
	);
	expect(stack.exemptions[0]?.reason).toBe("one\n\u00a0two\n");
});

test("a key named constructor is only a key", async () => {
	const stack = await good(folder, `${minimal}policies: { set: { constructor: { enabled: false } } }\n`);
	expect(stack.policies.set.constructor).toEqual({ enabled: false, severity: null, params: {} });
	expect(stack.systems.constructor).toBeUndefined();
	expect(
		(
			await load(
				folder,
				minimal.replace("acme", () => "{ toString: 1, valueOf: 2 }"),
			)
		).said[0],
	).toContain("1:1 `name` must be");
	expect((await load(folder, `${minimal}constructor: 1\n`)).said[0]).toContain("7:1 unknown key `constructor`");
	expect((await load(folder, `${minimal}people: { breakGlass: [ { login: constructor/x } ] }\n`)).said[0]).toContain("there is no system `constructor`");
});
