import { expect, it } from "vitest";
import type { Exposure } from "../model/finding.js";
import { riskScore } from "../score/risk.js";
import { sharedResults } from "./shared-results.js";

const facts = (change: Partial<Exposure> = {}): Exposure => ({
	topPrivilege: false,
	privilege: false,
	external: false,
	reachableAnywhere: undefined,
	dormant: false,
	...change,
});
const unknown = (policy: string) => ({ policy, label: policy, severity: "high", cause: "mfa" }) as const;
const failure = (id: string) => ({ id, label: id, severity: "high", cause: "mfa" }) as const;

it("gives equal accounts without a failure one result, and keeps apart what differs", () => {
	const results = sharedResults();
	const plain = results.exposure(facts());
	expect(results.exposure(facts())).toBe(plain);
	const one = results.of({ failed: [], unknown: [unknown("a")], evaluated: 3 }, plain);
	expect(results.of({ failed: [], unknown: [unknown("a")], evaluated: 3 }, plain)).toBe(one);
	const others = [
		results.of({ failed: [], unknown: [unknown("b")], evaluated: 3 }, plain),
		results.of({ failed: [], unknown: [unknown("a")], evaluated: 4 }, plain),
		results.of({ failed: [], unknown: [unknown("a")], evaluated: 3 }, results.exposure(facts({ dormant: undefined }))),
	];
	for (const other of others) expect(other).not.toEqual(one);
});

it("keeps every exposure apart from every other", () => {
	const results = sharedResults();
	const values = [true, false, undefined];
	const all = values.flatMap((topPrivilege) =>
		values.flatMap((privilege) =>
			values.flatMap((external) =>
				values.flatMap((reachableAnywhere) => values.map((dormant) => ({ topPrivilege, privilege, external, reachableAnywhere, dormant }))),
			),
		),
	);
	for (const one of all) results.exposure({ ...one });
	for (const one of all) expect(results.exposure({ ...one })).toEqual(one);
});

it("scores failures of each account by themselves", () => {
	const results = sharedResults();
	const exposure = results.exposure(facts());
	for (const id of ["f_1", "f_2"]) {
		const gaps = { failed: [failure(id)], unknown: [unknown("a")], evaluated: 3 };
		const { risk, unknownPolicies } = results.of(gaps, exposure);
		expect(risk).toEqual(riskScore({ ...gaps, exposure, known: 2 }));
		expect(unknownPolicies).toEqual(["a"]);
	}
});
