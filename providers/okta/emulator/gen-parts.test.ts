import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LazyLists } from "./gen-factors-lazy.js";
import { idMaker, idOf, uuidOf } from "./gen-ids.js";
import { iso, random } from "./gen-random.js";
import { familyNames, givenNames, loginPart } from "./names.js";

describe("iso", () => {
	it("writes what the language writes", () => {
		fc.assert(fc.property(fc.integer({ min: 0, max: Date.UTC(9999, 0) }), (at) => iso(at) === new Date(at).toISOString()));
	});
});

describe("random", () => {
	it("repeats by seed and stays in range", () => {
		fc.assert(
			fc.property(fc.integer(), fc.integer({ min: 1, max: 1000 }), (seed, n) => {
				const [a, b] = [random(seed), random(seed)];
				for (let i = 0; i < 20; i++) {
					const value = a.int(n);
					expect(value).toBe(b.int(n));
					expect(value >= 0 && value < n).toBe(true);
				}
			}),
		);
	});
});

describe("ids", () => {
	it("never meet within a sequence", () => {
		const next = idMaker(1, "00u");
		const ids = new Set(Array.from({ length: 200_000 }, next));
		expect(ids.size).toBe(200_000);
	});

	it("follow from a label", () => {
		expect(idOf("00u", "acme/x")).toBe(idOf("00u", "acme/x"));
		expect(idOf("00u", "acme/x")).not.toBe(idOf("00u", "acme/y"));
		expect(uuidOf("x")).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
	});
});

describe("names", () => {
	it("can all stand in a login", () => {
		for (const name of [...givenNames, ...familyNames]) expect(loginPart(name)).toMatch(/^[a-z]+$/);
	});
});

describe("LazyLists", () => {
	const keys = ["a", "b", "c", "d", "e"];
	const command = fc.oneof(
		fc.record({ do: fc.constant("get" as const), key: fc.constantFrom(...keys) }),
		fc.record({ do: fc.constant("has" as const), key: fc.constantFrom(...keys) }),
		fc.record({ do: fc.constant("set" as const), key: fc.constantFrom(...keys) }),
		fc.record({ do: fc.constant("delete" as const), key: fc.constantFrom(...keys) }),
		fc.record({ do: fc.constant("size" as const), key: fc.constant("") }),
		fc.record({ do: fc.constant("walk" as const), key: fc.constant("") }),
		fc.record({ do: fc.constant("clear" as const), key: fc.constant("") }),
	);
	const run = (map: Map<string, string[]>, { do: what, key }: { do: string; key: string }): unknown => {
		if (what === "get") return map.get(key);
		if (what === "has") return map.has(key);
		if (what === "set") return map.set(key, ["set"]).size;
		if (what === "delete") return map.delete(key);
		if (what === "size") return map.size;
		if (what === "clear") return map.clear();
		const each: [string, string[]][] = [];
		map.forEach((value, k) => void each.push([k, value]));
		return [each.sort(), [...map].sort(), [...map.keys()].sort(), [...map.values()].flat().sort()];
	};

	it("answers like a map filled at once", () => {
		fc.assert(
			fc.property(fc.subarray(keys), fc.array(command), (filled, commands) => {
				const make = (key: string): string[] => [`made ${key}`];
				const lazy = new LazyLists(filled, make);
				const plain = new Map(filled.map((key) => [key, make(key)]));
				for (const one of commands) expect(run(lazy, one)).toEqual(run(plain, one));
			}),
		);
	});

	it("keeps the list it made, and makes none twice", () => {
		let made = 0;
		const lazy = new LazyLists(["a", "b"], () => [String(made++)]);
		lazy.get("a")?.push("kept");
		expect(lazy.get("a")).toEqual(["0", "kept"]);
		expect(made).toBe(1);
	});
});
