import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileCondition } from "./compile.js";
import { interpret } from "./interpret.js";
import { completions, condition, domain, holes, punch, testNow, wholeAccount } from "./test-expressions.js";
import { oracle } from "./test-oracle.js";

const runs = Number(process.env.KEELSON_FUZZ ?? 500);
/** More completions than this are sampled: the first, the last, and evenly between. */
const maxCompletions = 200;

function compiled(text: string) {
	const made = compileCondition(text, "account");
	if (!made.condition) throw new Error(`${text}: ${made.errors.map((e) => e.message).join()}`);
	return made;
}

describe("conditions against @bufbuild/cel", () => {
	test("are equal on known values", () => {
		fc.assert(
			fc.property(condition(3), wholeAccount, (text, account) => {
				expect(compiled(text).condition(account, testNow)).toBe(oracle(text)(account, testNow));
			}),
			{ numRuns: runs },
		);
	});

	test("with unknowns, true and false hold on every completion", () => {
		let known = 0;
		fc.assert(
			fc.property(condition(3), wholeAccount, holes, (text, account, list) => {
				const punched = punch(account, list);
				const ours = compiled(text).condition(punched, testNow);
				if (ours === undefined) return;
				known++;
				const theirs = oracle(text);
				const all = completions(punched);
				const step = Math.max(1, Math.floor(all.length / maxCompletions));
				for (let i = 0; i < all.length; i += step) expect({ whole: all[i], value: theirs(all[i] ?? {}, testNow) }).toEqual({ whole: all[i], value: ours });
			}),
			{ numRuns: runs },
		);
		// The property would be empty if nearly everything were unknown.
		expect(known).toBeGreaterThan(runs / 4);
	});

	test("an unknown answer is not given where one hole of one field changes nothing that is looked at", () => {
		fc.assert(
			fc.property(condition(2), wholeAccount, fc.constantFrom(...Object.keys(domain)), (text, account, field) => {
				fc.pre(!text.includes(`account.${field}`));
				const ours = compiled(text).condition(punch(account, [{ field }]), testNow);
				expect(ours).toBe(oracle(text)(account, testNow));
			}),
			{ numRuns: runs },
		);
	});

	test("the explaining interpreter and the generated code agree, known or not, and every unknown is explained", () => {
		fc.assert(
			fc.property(condition(3), wholeAccount, fc.option(holes), (text, account, list) => {
				const subject = list ? punch(account, list) : account;
				const { condition: run, node } = compiled(text);
				const trace = interpret(node, { subject, word: "account", now: testNow, params: {}, locals: new Map() });
				expect(trace.value).toBe(run(subject, testNow));
				expect(trace.unknown.length > 0).toBe(trace.value === undefined);
			}),
			{ numRuns: runs },
		);
	});
});
