import { describe, expect, it } from "vitest";
import { compilePolicy } from "../policy/compile.js";
import { policyOf } from "../policy/test-policy.js";
import { policyCoverage } from "./policy-coverage.js";
import { account, passkey, type Seen, scanned, world } from "./test-tenant.js";

async function covered(seen: Seen, parts: Parameters<typeof policyOf>[0]) {
	const input = await world();
	await scanned(input.store, seen);
	const found = await policyCoverage({ ...input, policies: [compilePolicy(policyOf(parts))] });
	await input.store.close();
	const policy = found?.coverage.policies[0];
	if (!policy) throw new Error("nothing was judged");
	return policy;
}

const accounts = { ana: account("ana"), ben: account("ben") };
const factors = "account.enabled && size(account.authenticators) > 0";

describe("what policies have to go by", () => {
	it("counts who lacks a field by system, with how much of its list was read", async () => {
		const seen: Seen = { records: { accounts, authenticators: { ana: { items: [passkey] } } }, coverage: { authenticators: "partial" } };
		expect(await covered(seen, { pass: factors })).toMatchObject({
			fields: [
				{
					field: "account.authenticators",
					source: "authenticators",
					systems: [{ system: "okta", state: "partial", asked: 2, lacking: 1, coverage: "partial" }],
				},
				{ field: "account.enabled", source: "accounts", systems: [{ system: "okta", state: "delivered", asked: 2, lacking: 0, coverage: "complete" }] },
			],
			...{ pass: 1, unknown: 1, evaluated: 2, decided: 0.5 },
		});
	});

	it("calls a list that was not read missing, though nobody was asked", async () => {
		const policy = await covered({ records: {}, coverage: { authenticators: "unreadable" } }, { pass: factors });
		expect(policy.fields[0]?.systems).toEqual([{ system: "okta", state: "missing", asked: 0, lacking: 0, coverage: "unreadable" }]);
	});

	it("gives no share of nothing: neither where there is no subject nor where none is meant", async () => {
		expect(await covered({ records: {} }, { pass: factors })).toMatchObject({ evaluated: 0, decided: null, nothing: "none-met" });
		expect(await covered({ records: { accounts } }, { where: "account.login == 'nobody'", pass: factors })).toMatchObject({
			...{ evaluated: 0, decided: null, nothing: "all-apart", notApplicable: 2 },
		});
	});

	it("does not hold what should be looked at for decided", async () => {
		const policy = await covered({ records: { accounts } }, { pass: "account.login.startsWith('ana')", review: "account.enabled" });
		expect(policy).toMatchObject({ pass: 1, review: 1, decided: 0.5 });
	});
});
