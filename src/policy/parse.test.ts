import { parse } from "@bufbuild/cel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lex } from "./lex.js";
import { parseCel } from "./parse.js";
import { condition } from "./test-expressions.js";
import { plainCel } from "./test-oracle.js";

function accepted(text: string): boolean {
	try {
		parse(text);
		return true;
	} catch {
		return false;
	}
}

describe("the parser", () => {
	test("accepts what @bufbuild/cel accepts and refuses what it refuses, over damaged conditions", () => {
		const pieces = ["(", ")", "&&", "||", "!", "-", ".", "'s'", "a", "null", "1", "1.5", "[", "]", ",", "?", ":", "==", "<", "in", "+", "%"];
		let refused = 0;
		fc.assert(
			fc.property(condition(2).map(plainCel), fc.nat(), fc.nat(2), fc.subarray(pieces, { maxLength: 2 }), (text, place, cut, put) => {
				// Damage is done to whole tokens: on parts of them @bufbuild/cel is lenient (`inaccount`, `'\\i'`) where the language is not.
				const tokens = lex(text).map((token) => text.slice(token.at, token.end));
				tokens.splice(place % tokens.length, cut, ...put);
				const damaged = tokens.reduce<string>(
					(out, token) => `${out}${/\w$/.test(out) && /^(\w|\.\d)/.test(token) ? " " : ""}${token}${token === "in" ? " " : ""}`,
					"",
				);
				const { error } = parseCel(damaged);
				// A leading dot (`.account`) is CEL that policies have no use for.
				fc.pre(error?.message !== "expected a value, found `.`");
				if (error) refused++;
				expect({ damaged, accepted: error === undefined }).toEqual({ damaged, accepted: accepted(damaged) });
			}),
			{ numRuns: 1500 },
		);
		expect(refused).toBeGreaterThan(300);
	});

	test("a node's span is its text, brackets included", () => {
		const text = "(a || b) && c.exists(x, x > 1)";
		const { ast } = parseCel(text);
		const spans: string[] = [];
		const visit = (value: unknown): void => {
			if (typeof value !== "object" || value === null) return;
			const { at, end } = value as { at?: number; end?: number };
			if (Number.isInteger(at)) spans.push(text.slice(at, end));
			for (const part of Object.values(value)) visit(part);
		};
		visit(ast);
		expect(spans).toEqual([text, "a || b", "a", "b", "c.exists(x, x > 1)", "c", "x", "x > 1", "x", "1"]);
	});

	test.each([
		["'a\\n\\x41\\u00e9\\101'", "a\nAéA"],
		["r'\\d'", "\\d"],
		['"""it\'s "so" """', 'it\'s "so" '],
		["'\\U0001F600'", "😀"],
	])("reads the string %s", (text, value) => {
		expect(parseCel(text).ast).toMatchObject({ op: "literal", value });
	});

	test.each([
		["account.enabled &&\n && account.external", 20, "expected a value, found `&&`", "something is missing after `&&`"],
		["account.enabled = true", 16, "`=` has no meaning here", "to compare, write =="],
		["account.enabled and true", 16, "`and` is not expected here", "write && instead of and"],
		["(account.enabled", 0, "`(` is never closed", undefined],
		["account.login == 'abc", 17, "this string is never closed", "it needs a closing '"],
		["account.login == ‘abc’", 17, "`‘` has no meaning here", "strings stand between ' or \""],
		["account.created > now - 90d", 24, "`90d` is not a number", "write days(90), hours(12) or minutes(30)"],
		["size(account.roles) > 3u", 22, "`3u` is not a number", "unsigned numbers are not part of the policy language; leave the u away"],
		["", 0, "expected a value, found the end of the expression", "the expression is empty"],
		["account.", 8, "expected a field name after the dot, found the end of the expression", "a key that is no name is written ['a-b']"],
		["{'a': 1}", 0, "`{` has no meaning here", "objects cannot be written in a policy"],
		["account.login.matches('\\d')", 23, "`\\d` is not an escape", "write \\\\ for a backslash, or a raw string r'…' for a pattern"],
		["9007199254740993 == 1", 0, "the number is too large", "integers go up to 9007199254740991"],
		["b'x' == b'x'", 0, "byte strings are not part of the policy language", "write a string without the b"],
		["for == 1", 0, "`for` cannot be used as a name", "is an operator (&&, ||, ==) missing before it?"],
		["a ? b ? c : d : e", 6, "expected `:`, found `?`", "a choice is written `condition ? a : b`"],
	])("explains %j", (text, at, message, hint) => {
		const { error } = parseCel(text);
		expect({ at: error?.at, message: error?.message, hint: error?.hint }).toEqual({ at, message, hint });
	});

	test("a lone comma in a list is an empty list, as in CEL's grammar", () => {
		expect(parseCel("[,] == []").error).toBeUndefined();
		expect(accepted("[,] == []")).toBe(true);
		expect(parseCel("[,,]").error).toBeDefined();
	});

	test("deep nesting is refused, not a crash", () => {
		expect(parseCel(`${"(".repeat(5000)}true${")".repeat(5000)}`).error?.message).toBe("the expression is nested too deeply");
		expect(parseCel(`${"[".repeat(5000)}${"]".repeat(5000)}`).error?.message).toBe("the expression is nested too deeply");
	});
});
