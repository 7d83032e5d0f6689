import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeKnown, encodeKnown, reviveKnown } from "./json.js";

const partial = <T>(...items: T[]) => Object.assign(items, { partial: true as const });
const isPartial = (value: unknown) => Reflect.get(Object(value), "partial") === true;

/** JSON values, keys that look like our marker and partial lists at any depth among them. */
const values = fc.letrec<{ value: unknown }>((tie) => ({
	value: fc.oneof(
		{ depthSize: "small", withCrossShrink: true },
		fc.constant(null),
		fc.boolean(),
		fc.integer(),
		fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number)),
		fc.string({ unit: "binary" }),
		fc.array(tie("value"), { maxLength: 4 }),
		fc.array(tie("value"), { maxLength: 4 }).map((items) => partial(...items)),
		fc.dictionary(fc.oneof(fc.constantFrom("$partial", "$$partial", "$$$partial", "partial", "__proto__", "a", "b"), fc.string()), tie("value"), {
			maxKeys: 4,
		}),
	),
})).value;

describe("known values as JSON", () => {
	it("come back as they were", () => {
		fc.assert(
			fc.property(values, (value) => {
				expect(shape(decodeKnown(encodeKnown(value)))).toEqual(shape(value));
			}),
			{ numRuns: 1000 },
		);
	});

	it("have one text, whatever order their keys came in", () => {
		fc.assert(
			fc.property(values, (value) => {
				expect(encodeKnown(reversed(value))).toBe(encodeKnown(value));
			}),
			{ numRuns: 500 },
		);
		expect(encodeKnown({ b: 1, a: { d: null, c: [2] } })).toBe('{"a":{"c":[2],"d":null},"b":1}');
	});

	it("write a partial list as { $partial }", () => {
		expect(encodeKnown({ roles: partial("x") })).toBe('{"roles":{"$partial":["x"]}}');
		expect(isPartial(decodeKnown('{"$partial":[1,{"$partial":[]}]}'))).toBe(true);
		expect(isPartial(reviveKnown({ $partial: [] }))).toBe(true);
		expect(isPartial(decodeKnown('["partial"]'))).toBe(false);
		expect(decodeKnown('{"$partial":[],"x":1}')).toEqual({ $partial: [], x: 1 });
	});

	it("tell a partial list from a complete one with the same elements", () => {
		expect(encodeKnown(partial(1))).not.toBe(encodeKnown([1]));
	});

	it("leave unknown keys out and keep null", () => {
		expect(encodeKnown({ unknown: undefined, never: null })).toBe('{"never":null}');
	});

	it("refuse what would turn an unknown into a null", () => {
		for (const value of [Number.NaN, Number.POSITIVE_INFINITY, undefined, [undefined], () => 1, 1n, { a: Symbol("x") }])
			expect(() => encodeKnown(value)).toThrow(TypeError);
	});
});

/** Plain data in which a partial list shows and key order and prototypes don't. */
function shape(value: unknown): unknown {
	if (Array.isArray(value)) return { partial: isPartial(value), items: value.map(shape) };
	if (typeof value !== "object" || value === null) return value;
	return {
		entries: Object.entries(value)
			.map(([key, held]) => [key, shape(held)])
			.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
	};
}

function reversed(value: unknown): unknown {
	if (Array.isArray(value)) return Object.assign(value.map(reversed), isPartial(value) ? { partial: true } : {});
	if (typeof value !== "object" || value === null) return value;
	const result = {};
	for (const [key, held] of Object.entries(value).reverse()) Object.defineProperty(result, key, { value: reversed(held), enumerable: true });
	return result;
}
