import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile, type Dialect } from "./search.js";

const ALL: Dialect = { operators: ["eq", "ne", "co", "sw", "ew", "pr", "gt", "ge", "lt", "le"], code: "E0000031", not: true, caseSensitive: true };

type Tree = { op: "and" | "or"; a: Tree; b: Tree } | { op: "not"; a: Tree } | { op: string; name: string; value: string };

const leaf = fc.record({
	op: fc.constantFrom("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"),
	name: fc.constantFrom("a", "b"),
	value: fc.string({ maxLength: 3 }),
});
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
	tree: fc.oneof(
		{ maxDepth: 4, withCrossShrink: true },
		leaf as fc.Arbitrary<Tree>,
		fc.record({ op: fc.constantFrom("and", "or"), a: tie("tree"), b: tie("tree") }) as fc.Arbitrary<Tree>,
		fc.record({ op: fc.constant("not"), a: tie("tree") }) as fc.Arbitrary<Tree>,
	),
}));

function print(node: Tree): string {
	if ("b" in node) return `(${print(node.a)} ${node.op} ${print(node.b)})`;
	if ("a" in node) return `not (${print(node.a)})`;
	return `${node.name} ${node.op} ${JSON.stringify(node.value)}`;
}

function judge(node: Tree, subject: Record<string, string>): boolean {
	if ("b" in node) return node.op === "and" ? judge(node.a, subject) && judge(node.b, subject) : judge(node.a, subject) || judge(node.b, subject);
	if ("a" in node) return !judge(node.a, subject);
	const actual = subject[node.name] ?? "";
	const { value } = node;
	const answers: Record<string, boolean> = {
		...{ eq: actual === value, ne: actual !== value, co: actual.includes(value), sw: actual.startsWith(value), ew: actual.endsWith(value) },
		...{ gt: actual > value, ge: actual >= value, lt: actual < value, le: actual <= value },
	};
	return answers[node.op] ?? false;
}

describe("expressions", () => {
	it("mean what plain code makes of the same tree", () => {
		const subject = fc.record({ a: fc.string({ maxLength: 4 }), b: fc.string({ maxLength: 4 }) });
		fc.assert(
			fc.property(tree, subject, (node, object) => {
				expect(compile(print(node), ALL)?.(object)).toBe(judge(node, object));
			}),
		);
	});

	it("bind `and` closer than `or`, take operators in any case, and match any element of an array", () => {
		expect(compile('a eq "1" or a eq "2" and b eq "3"', ALL)?.({ a: "1", b: "x" })).toBe(true);
		expect(compile('t.id EQ "2" AND t PR', ALL)?.({ t: [{ id: "1" }, { id: "2" }] })).toBe(true);
		expect(compile("a pr", ALL)?.({ a: null })).toBe(false);
	});

	it("compare instants, not their spelling", () => {
		expect(compile('a gt "2025-01-01T00:00:00Z"', ALL)?.({ a: "2025-01-01T00:00:00.001Z" })).toBe(true);
		expect(compile('a gt "2025-01-01T00:00:00.000Z"', ALL)?.({ a: "2025-01-01T00:00:00Z" })).toBe(false);
	});

	it("are refused when too long or of unknown fields", () => {
		const strict: Dialect = { ...ALL, attributes: ["a", "profile."], maxLength: 40 };
		expect(() => compile('b eq "1"', strict)).toThrow();
		expect(() => compile(`a eq "${"x".repeat(40)}"`, strict)).toThrow();
		expect(compile('profile.x eq "1"', strict)?.({ profile: { x: "1" } })).toBe(true);
	});
});
