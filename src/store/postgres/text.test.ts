import fc from "fast-check";
import { expect, it } from "vitest";
import { fromKey, fromText, keyPrefix, longId, toKey, toText } from "./text.js";

const wild = fc.oneof(
	fc.string({ unit: "binary" }),
	fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes)),
	fc.stringMatching(/^[\u0000-\u0003a]*$/),
);
const bytes = (text: string) => Buffer.from(text);

it("gives back any text, from what UTF-8 without U+0000 can hold", () => {
	fc.assert(
		fc.property(wild, (text) => {
			const stored = toText(text);
			expect(stored).not.toContain("\u0000");
			expect(bytes(stored).toString()).toBe(stored);
			expect(fromText(stored)).toBe(text);
		}),
	);
});

it("keeps the order of code points, and leaves common text as it is", () => {
	const points = fc.array(fc.constantFrom(0, 1, 2, 3, 0x61, 0xe9, 0xd7ff, 0xe000, 0x1f600)).map((codes) => String.fromCodePoint(...codes));
	fc.assert(
		fc.property(points, points, (a, b) => {
			expect(bytes(toText(a)).compare(bytes(toText(b)))).toBe(bytes(a).compare(bytes(b)));
		}),
	);
	expect(toText("00u1é😀")).toBe("00u1é😀");
});

it("makes short keys of long ids: each its own, at its place, found by their beginning", () => {
	const long = fc
		.tuple(fc.constantFrom("a", "é", "😀", "\u0000", "\ud800"), fc.integer({ min: 300, max: 2500 }), wild)
		.map(([unit, count, tail]) => unit.repeat(count) + tail);
	fc.assert(
		fc.property(long, long, (a, b) => {
			const key = toKey(a);
			expect(bytes(key).length).toBeLessThanOrEqual(1800);
			expect(fromKey(key, longId(a, key))).toBe(a);
			expect(toKey(b) === key).toBe(a === b);
			for (const length of [1, 100, 290]) expect(key.startsWith(keyPrefix([...a].slice(0, length).join("")))).toBe(true);
		}),
	);
	expect(longId("short", toKey("short"))).toBeNull();
});
