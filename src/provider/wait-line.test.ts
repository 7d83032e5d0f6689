import fc from "fast-check";
import { expect, test } from "vitest";
import { createAbortGroup } from "./abort-group.js";
import { createWaitLine } from "./wait-line.js";

test("behaves like a list, whoever comes and leaves", () => {
	const step = fc.oneof(fc.constant("add" as const), fc.constant("next" as const), fc.nat(50));
	fc.assert(
		fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
			const line = createWaitLine<{ id: number }>();
			const model: { id: number }[] = [];
			steps.forEach((what, id) => {
				if (what === "add") {
					const member = { id };
					line.add(member);
					model.push(member);
				} else if (what === "next") expect(line.next()).toBe(model.shift());
				else for (const member of model.splice(what, 1)) line.leave(member);
				expect(line.size()).toBe(model.length);
			});
			expect(line.members()).toEqual(model);
		}),
	);
});

test("a long line is emptied in order, with those that left in the middle of it", () => {
	const line = createWaitLine<{ id: number }>();
	const all = Array.from({ length: 10_000 }, (_, id) => ({ id }));
	for (const member of all) line.add(member);
	const out: number[] = [];
	for (let member = line.next(); member; member = line.next()) {
		out.push(member.id);
		const other = all[member.id + 5];
		if (other && member.id % 7 === 0) line.leave(other);
	}
	const expected = all.map(({ id }) => id);
	const left = new Set<number>();
	for (const id of expected) if (!left.has(id) && id % 7 === 0) left.add(id + 5);
	expect(out).toEqual(expected.filter((id) => !left.has(id)));
});

test("an abort reaches all who still listen, and nobody else", () => {
	const group = createAbortGroup();
	const { signal, abort } = (() => {
		const controller = new AbortController();
		return { signal: controller.signal, abort: () => controller.abort() };
	})();
	const heard: string[] = [];
	group.listen(signal, () => heard.push("a"));
	group.listen(signal, () => heard.push("b"))();
	group.listen(signal, () => heard.push("c"));
	abort();
	expect(heard).toEqual(["a", "c"]);
});
