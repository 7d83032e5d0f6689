import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import { loadSource } from "./load.js";
import { decode } from "./source.js";

const example = readFileSync(fileURLToPath(new URL("../../stacks/example.yaml", import.meta.url)), "utf8");

/** Whatever the bytes: a stack, or diagnostics that point into the file. Never an exception, never silence. */
async function holds(bytes: Buffer): Promise<void> {
	const decoded = decode("/s.yaml", bytes);
	const { stack, diagnostics } = "problem" in decoded ? { stack: undefined, diagnostics: [decoded.problem] } : await loadSource(decoded.source);
	const errors = diagnostics.filter((d) => d.level !== "warning");
	expect(stack === undefined).toBe(errors.length > 0);
	expect(diagnostics.length).toBeLessThanOrEqual(20);
	const lines = bytes
		.toString("utf8")
		.replace(/^\ufeff/, "")
		.split("\n");
	for (const [index, d] of diagnostics.entries()) {
		expect(d.message).not.toBe("");
		expect(d.message).not.toContain("\n");
		expect(d.line).toBeGreaterThanOrEqual(1);
		expect(d.line).toBeLessThanOrEqual(lines.length);
		expect(d.column).toBeGreaterThanOrEqual(1);
		if ("source" in decoded) expect(d.column).toBeLessThanOrEqual((lines[d.line - 1] ?? "").length + 1);
		const previous = diagnostics[index - 1];
		if (previous) expect([previous.line < d.line || (previous.line === d.line && previous.column <= d.column)]).toEqual([true]);
	}
}

test("any bytes", async () => {
	await fc.assert(
		fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), (bytes) => holds(Buffer.from(bytes))),
		{ numRuns: 500 },
	);
});

test("any text of YAML's signs", async () => {
	const sign = fc.constantFrom(
		..."{}[],:-?&*!|>'\"%@`#~ \n\t<=.0123ab\r\u00a0\ufeff",
		"\n  ",
		"- ",
		": ",
		"<<: ",
		"---\n",
		"...\n",
		"${env:A}",
		"yes",
		"null",
		"systems",
		"name",
		"okta/",
	);
	await fc.assert(
		fc.asyncProperty(fc.array(sign, { maxLength: 60 }), (signs) => holds(Buffer.from(signs.join("")))),
		{ numRuns: 1000 },
	);
});

test("a good file with pieces cut, doubled, moved or replaced", async () => {
	const at = fc.nat(example.length);
	const change = fc.oneof(
		fc.record({ at, length: fc.nat(40), text: fc.constant("") }),
		fc.record({
			at,
			length: fc.constant(0),
			text: fc.constantFrom(
				"\n",
				" ",
				"\t",
				":",
				"{",
				"}",
				"- ",
				"#",
				'"',
				"&a ",
				"*a",
				"!t ",
				"|\n",
				"5",
				"null",
				"\u00a0",
				"[]",
				"{}",
				"__proto__: 1\n",
				"\r",
				"okta/x",
			),
		}),
		fc.record({ at, length: fc.nat(3), text: fc.tuple(at, fc.nat(200)).map(([from, length]) => example.slice(from, from + length)) }),
	);
	await fc.assert(
		fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) =>
			holds(Buffer.from(changes.reduce((text, c) => text.slice(0, c.at) + c.text + text.slice(c.at + c.length), example))),
		),
		{ numRuns: 400 },
	);
});

test("a good file's keys with values of any kind", async () => {
	const lines = example.split("\n");
	const value = fc.oneof(fc.json({ maxDepth: 3 }), fc.constantFrom("~", "", "-1", "2026-02-30", "1e999", "'", "!!set {}", "|\n\n  x", "okta/a"));
	await fc.assert(
		fc.asyncProperty(fc.nat(lines.length - 1), value, (index, text) => {
			const changed = lines.map((line, i) => (i === index ? line.replace(/^(\s*(?:- )?[\w/]+:).*/, (_, key: string) => `${key} ${text}`) : line));
			return holds(Buffer.from(changed.join("\n")));
		}),
		{ numRuns: 400 },
	);
});

test("any JSON document", async () => {
	await fc.assert(
		fc.asyncProperty(fc.json(), (text) => holds(Buffer.from(text))),
		{ numRuns: 300 },
	);
	await fc.assert(
		fc.asyncProperty(
			fc.dictionary(
				fc.constantFrom("name", "store", "systems", "people", "policies", "exemptions", "settings", "memberships", "resources", "remediation"),
				fc.jsonValue({ maxDepth: 4 }),
			),
			(data) => holds(Buffer.from(JSON.stringify(data))),
		),
		{ numRuns: 500 },
	);
});

test("a stack's own words in any arrangement", async () => {
	const sections = ["name", "store", "systems", "people", "policies", "exemptions", "settings", "memberships", "resources", "remediation"];
	const words =
		"okta auth act url provider expect accounts coverage budget breakGlass service login id where reason use set params okta/group/1 mode members until values type properties options import guardrails window freeze from to protect policy subject key owner expires toString __proto__";
	const odd = fc.oneof(
		fc.jsonValue({ maxDepth: 2 }),
		fc.constantFrom<unknown>(
			{ toString: 0 },
			{ constructor: 1 },
			[null],
			"okta/a",
			"okta/group/1",
			"${env:A}",
			"$${",
			"${a.b}",
			"7d",
			"20%",
			"2020-01-01",
			"https://a.b",
			1e21,
			"recommended",
		),
	);
	const inner = fc.object({ key: fc.constantFrom(...words.split(" ")), values: [odd], maxDepth: 5, maxKeys: 6, withNullPrototype: true });
	await fc.assert(
		fc.asyncProperty(fc.dictionary(fc.constantFrom(...sections), fc.oneof(inner, fc.array(inner, { maxLength: 3 }), odd)), (data) =>
			holds(Buffer.from(JSON.stringify(data))),
		),
		{ numRuns: 500 },
	);
});
