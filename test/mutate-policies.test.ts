import { join } from "node:path";
import { beforeAll, describe, expect, it, test } from "vitest";
import { loadPolicies } from "../src/policy/load.js";
import { loadPacks } from "../src/policy/packs.js";
import type { PolicyFile } from "../src/policy/source.js";
import { policyOf } from "../src/policy/test-policy.js";
import { repository } from "../tools/generate.js";
import { holds, mutants, survivors } from "../tools/mutate-policies.js";

const dir = join(repository, "policies");

describe("the shipped policies", () => {
	let policies: PolicyFile[] = [];
	beforeAll(async () => {
		const loaded = await loadPolicies([dir]);
		expect(loaded.diagnostics).toEqual([]);
		policies = loaded.policies;
	});

	it("hold their own examples", () => expect(policies.filter((policy) => !holds(policy)).map(({ id }) => id)).toEqual([]));

	it("have an example against every mistake that is put in", () => {
		expect(policies.length).toBeGreaterThan(60);
		expect(survivors(policies).map(({ policy, what }) => `${policy}: ${what}`)).toEqual([]);
	});

	it("show what passes, what is found, and that lack of data is neither", () => {
		const without = (...outcomes: string[]): string[] =>
			policies.filter(({ tests }) => !tests.some((one) => outcomes.includes(one.expect))).map(({ id }) => id);
		expect(without("pass")).toEqual([]);
		expect(without("fail", "review")).toEqual([]);
		expect(without("unknown")).toEqual([]);
	});
});

test("the strict pack is the recommended one and more", () => {
	const { packs } = loadPacks([dir]);
	const of = (id: string): string[] => packs.find((pack) => pack.id === id)?.policies ?? [];
	expect(of("recommended").filter((id) => !of("strict").includes(id))).toEqual([]);
	expect(of("strict").length).toBeGreaterThan(of("recommended").length);
});

describe("mutants", () => {
	const whats = (policy: ReturnType<typeof policyOf>): string[] => mutants(policy as PolicyFile).map(({ what }) => what);

	it("are made of every condition, term, number and default", () => {
		const params = "params: { days: { type: integer, default: 1, minimum: 1, description: d }, on: { type: boolean, default: true, description: d } }";
		const policy = policyOf({
			where: "account.enabled && account.kind == 'human'",
			pass: "account.lastActivity != null && account.lastActivity > now - days(params.days) || size(account.aliases) > 2 || params.on",
			rest: params,
		});
		expect(whats(policy)).toEqual([
			"pass negated",
			"where negated",
			"where dropped",
			"where: without account.enabled",
			"where: without account.kind == 'human'",
			"pass: 2 becomes 3",
			"pass: 2 becomes 1",
			"pass: without account.lastActivity != null && account.lastActivity > now - days(params.days)",
			"pass: without size(account.aliases) > 2",
			"pass: without params.on",
			"pass: without account.lastActivity > now - days(params.days)",
			"params.days: 1 becomes 2",
			"params.on: true becomes false",
		]);
	});

	it("leave the policy as it was", () => {
		const policy = policyOf({ where: "account.enabled", pass: "size(account.aliases) > 2", review: "account.guest" }) as PolicyFile;
		const before = JSON.stringify(policy);
		expect(mutants(policy)).toHaveLength(7);
		expect(JSON.stringify(policy)).toBe(before);
	});

	it("survive where no example shows the bound", () => {
		const [example] = (policyOf({ pass: "true" }) as PolicyFile).tests;
		const policy = policyOf({ pass: "size(account.aliases) > 2" }) as PolicyFile;
		const subject = (aliases: string[], outcome: "pass" | "fail") => ({ ...(example as PolicyFile["tests"][number]), subject: { aliases }, expect: outcome });
		const shown = (...tests: PolicyFile["tests"]) => survivors([{ ...policy, tests }]).map(({ what }) => what);
		expect(shown(subject([], "fail"), subject(["a", "b", "c", "d"], "pass"))).toEqual(["pass: 2 becomes 3", "pass: 2 becomes 1"]);
		expect(shown(subject(["a", "b"], "fail"), subject(["a", "b", "c"], "pass"))).toEqual([]);
	});
});
