import fc from "fast-check";
import { expect, it } from "vitest";
import { type CollectionName, type Coverage, collections } from "../model/snapshot.js";
import { findAccounts } from "./lookup.js";
import { account, at, passkey, push, role, type Seen, scanned, world } from "./test-tenant.js";

const day = 86_400_000;
const person = fc.record({
	enabled: fc.boolean(),
	lastActivity: fc.constantFrom(null, at - day, at - 40 * day, at - 100 * day),
	created: fc.constantFrom(at - day, at - 400 * day),
	external: fc.boolean(),
	factors: fc.constantFrom([], [push], [passkey]),
	direct: fc.boolean(),
	member: fc.boolean(),
	credentialProvider: fc.constantFrom("local" as const, "federated" as const),
});
/** Fields of an account that a vendor may leave out, as one that lacks a scope or a licence does. */
const droppable = ["enabled", "lastActivity", "created", "activated", "login", "credentialProvider", "status"] as const;

it("a read that saw less never turns a failure or an unknown into a pass", async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(person, { minLength: 1, maxLength: 4 }),
			fc.dictionary(fc.constantFrom(...collections), fc.constantFrom<Coverage["state"]>("partial", "unreadable")),
			fc.array(fc.tuple(fc.nat(3), fc.constantFrom(...droppable)), { maxLength: 6 }),
			fc.array(fc.nat(3), { maxLength: 3 }),
			async (people, coverage, drops, lost) => {
				const whole: Required<Seen> = {
					records: {
						accounts: {},
						authenticators: {},
						groups: { g: { id: "g", name: "G", type: "OKTA_GROUP", source: "direct" } },
						memberships: {},
						roleAssignments: { rg: role("rg", "g", { principalType: "group" }) },
					},
					coverage: {},
				};
				people.forEach((one, n) => {
					const id = `u${n}`;
					const { accounts, authenticators, memberships, roleAssignments } = whole.records as Record<CollectionName, Record<string, object>>;
					accounts[id] = account(id, {
						enabled: one.enabled,
						lastActivity: one.lastActivity,
						created: one.created,
						credentialProvider: one.credentialProvider,
						...(one.external ? { login: `${id}@else.example` } : {}),
					});
					authenticators[id] = { items: one.factors };
					if (one.direct) roleAssignments[`r${n}`] = role(`r${n}`, id);
					if (one.member) memberships[`g/${id}`] = { group: "g", account: id, source: "direct" };
				});
				const less = structuredClone(whole);
				less.coverage = coverage;
				for (const [n, field] of drops) delete (less.records.accounts?.[`u${n}`] as Record<string, unknown> | undefined)?.[field];
				for (const [collection, state] of Object.entries(coverage) as [CollectionName, Coverage["state"]][]) {
					const records = less.records[collection];
					if (state === "unreadable") delete less.records[collection];
					else for (const n of lost) for (const id of Object.keys(records ?? {})) if (id.endsWith(`u${n}`) || id === `r${n}`) delete records?.[id];
				}
				const truth = await outcomes(whole, people.length);
				const seen = await outcomes(less, people.length);
				for (const [key, outcome] of seen)
					if (outcome === "pass") expect([key, truth.get(key)]).toEqual([key, truth.get(key) === "not-applicable" ? "not-applicable" : "pass"]);
				for (const [key, outcome] of seen) if (outcome === "fail") expect([key, truth.get(key)]).toEqual([key, "fail"]);
			},
		),
		{ numRuns: 150 },
	);
});

async function outcomes(seen: Seen, people: number): Promise<Map<string, string>> {
	const input = await world();
	const scan = await scanned(input.store, seen);
	const found = new Map<string, string>();
	for (let n = 0; n < people; n++)
		for (const { account: judged } of await findAccounts(input, `okta/u${n}`))
			for (const policy of input.policies)
				if (policy.policy.for === "account") found.set(`${policy.policy.id} u${n}`, policy.judge(judged, scan.finished ?? 0));
	await input.store.close();
	return found;
}
