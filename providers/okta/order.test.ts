import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makePolicy } from "./emulator/build.js";
import { provider } from "./index.js";
import type { Json } from "./schema.js";
import { settingSpecs } from "./settings.js";
import { type Acting, acting, actionOf, carryOut, takeBack } from "./test-act.js";

let org: Acting;
beforeEach(async () => {
	org = await acting();
});
afterEach(() => org.close());

const names = ["A", "B", "C", "D", "E"];
const last = { name: "Default", system: true };
const spec = (kind: string) => {
	const found = settingSpecs.find((one) => one.kind === kind);
	if (!found?.update) throw new Error(kind);
	return { ...found, update: found.update };
};
const rules = (policy: string) => org.state.policyRules.get(policy) ?? [];
const ids = (policy: string): string[] => names.map((name) => rules(policy).find((rule) => rule.name === name)?.id ?? "");
const live = (policy: string) =>
	rules(policy)
		.toSorted((a, b) => (a.priority ?? 0) - (b.priority ?? 0))
		.map(({ name }) => name);
const ruled = (type: string, priority = (at: number) => at + 1, end = names.length + 1) =>
	makePolicy(org.state, type, "P", { unknownToUs: { kept: true } }, [
		...names.map((name, at) => ({ name, priority: priority(at), novelty: name, actions: {} })),
		{ ...last, priority: end },
	]);
/** The fewest that leave a longest rising run where it is. */
function fewest(order: number[]): number {
	const runs = order.map(() => 1);
	for (let at = 0; at < order.length; at++)
		for (let before = 0; before < at; before++) if ((order[before] ?? 0) < (order[at] ?? 0)) runs[at] = Math.max(runs[at] ?? 1, (runs[before] ?? 1) + 1);
	return order.length - Math.max(...runs);
}
const shuffled = fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5, maxLength: 5 });

describe("the order of a policy's rules", () => {
	it("becomes any other, by the fewest changes; the rest of each rule stays, and the default one is last", async () => {
		await fc.assert(
			fc.asyncProperty(shuffled, async (order) => {
				const policy = ruled("OKTA_SIGN_ON");
				const wanted = order.map((at) => ids(policy)[at] ?? "");
				const before = org.writes().length;
				await spec("rule-order").update(org.connection, policy, { order: wanted });
				expect(live(policy)).toEqual([...order.map((at) => names[at]), "Default"]);
				expect(org.writes().length - before).toBe(fewest(order));
				expect(
					rules(policy)
						.map(({ novelty }: Json) => novelty)
						.filter(Boolean)
						.toSorted(),
				).toEqual(names);
			}),
			{ numRuns: 40 },
		);
	});

	it("of an app sign-in policy becomes any other too, where numbers have gaps: from the top down and only upwards", async () => {
		await fc.assert(
			fc.asyncProperty(shuffled, fc.constantFrom(1, 3), async (order, step) => {
				const policy = ruled("ACCESS_POLICY", (at) => at * step, 99);
				const wanted = order.map((at) => ids(policy)[at] ?? "");
				const before = org.writes().length;
				await spec("rule-order").update(org.connection, policy, { order: wanted });
				expect(live(policy)).toEqual([...order.map((at) => names[at]), "Default"]);
				expect(rules(policy).find(({ system }) => system)?.priority).toBe(99);
				const places = names.map((_, at) => order.indexOf(at));
				expect(org.writes().length - before).toBe(places.filter((place, at) => places.slice(0, at).some((above) => above > place)).length);
			}),
			{ numRuns: 40 },
		);
	});

	it("is changed, verified by reading back, and taken back", async () => {
		const policy = ruled("PASSWORD");
		const [a = "", b = "", c = "", d = "", e = ""] = ids(policy);
		const target = { setting: `rule-order/${policy}`, values: { order: [e, a, b, c, d] } };
		const done = await carryOut(org, "update-setting", target);
		expect(done.verification).toMatchObject({ holds: true, proof: "read-back" });
		expect(done.inverse?.target.values).toEqual({ order: [a, b, c, d, e] });
		expect(org.writes()).toEqual([expect.stringMatching(/^PUT .* 200$/)]);
		expect(await actionOf("update-setting").inspect(org.connection, target)).toMatchObject({ done: true });
		await takeBack(org, done);
		expect(live(policy)).toEqual([...names, "Default"]);
	});

	it("is never written over other rules than are declared: what is new and gone is named", async () => {
		const policy = ruled("OKTA_SIGN_ON");
		const [a = "", b = "", c = "", d = "", e = ""] = ids(policy);
		const target = { setting: `rule-order/${policy}`, values: { order: [b, a, c, d, "0prGone"] } };
		const { refused, done } = await actionOf("update-setting").inspect(org.connection, target);
		expect([done, refused]).toEqual([
			false,
			`the order is not of what is there now (not in the declared order: E (${e}); gone: 0prGone): take it over as it is with keelson drift --adopt, then move`,
		]);
		await expect(spec("rule-order").update(org.connection, policy, target.values)).rejects.toThrow("the order is not of what is there now");
		await expect(spec("rule-order").update(org.connection, policy, { order: [b, a, c, d, e] }, { order: [] })).rejects.toThrow("changed by somebody else");
		expect(org.writes()).toEqual([]);
	});

	it("can't be said where two claim one priority, and is not read in part", async () => {
		const policy = ruled("OKTA_SIGN_ON", (at) => Math.max(at, 1));
		await expect(spec("rule-order").read(org.connection, policy)).rejects.toThrow("A and B both claim priority 1");
		const whole = ruled("OKTA_SIGN_ON");
		org.emulator.knobs.faults = [{ do: "status", status: 403, body: { errorCode: "E0000006", errorSummary: "no" }, path: new RegExp(`${whole}/rules`) }];
		await expect(spec("rule-order").read(org.connection, whole)).rejects.toThrow();
		org.emulator.knobs.faults = [];
		expect(await spec("rule-order").read(org.connection, "00pNone")).toMatchObject({ exists: false });
	});
});

describe("the order of policies of one type", () => {
	it("becomes any other, the default one last", async () => {
		const made = names.map((name) => makePolicy(org.state, "MFA_ENROLL", name));
		const own = makePolicy(org.state, "MFA_ENROLL", "Default Policy", { system: true });
		const wanted = [4, 2, 0, 1, 3].map((at) => made[at] ?? "");
		const { read, update, canonical } = spec("policy-order");
		await update(org.connection, "MFA_ENROLL", { order: wanted });
		const found = await read(org.connection, "MFA_ENROLL");
		expect(canonical(found.values)).toEqual({ order: wanted });
		expect(found).toMatchObject({ name: "Order of MFA_ENROLL policies", values: { names: { [wanted[0] ?? ""]: "E" } } });
		expect(org.state.policies.get(own)?.priority).toBe(6);
	});

	it("is none where policies are not ranked: those for apps", async () => {
		await expect(spec("policy-order").read(org.connection, "ACCESS_POLICY")).rejects.toThrow("each is for apps of its own");
		const [one, two] = ["One", "Two"].map((name) => makePolicy(org.state, "ACCESS_POLICY", name, { priority: 1 }));
		const request = { method: "GET" as const, path: "/api/v1/policies/{policyId}", params: { policyId: one ?? "" } };
		const { body } = await org.connection.http.client.send(request);
		await org.connection.http.client.send({ ...request, method: "PUT", body: { ...(body as Json), description: "x" } });
		expect([one, two].map((id) => org.state.policies.get(id ?? "")?.priority)).toEqual([1, 1]);
	});

	it("is changed by whoever moved, made or deleted one of them, by the System Log", async () => {
		const made = names.map((name) => makePolicy(org.state, "PASSWORD", name));
		makePolicy(org.state, "OKTA_SIGN_ON", "Another");
		const start = org.emulator.now() - 3_600_000;
		await spec("policy-order").update(org.connection, "PASSWORD", { order: made.toReversed() });
		org.emulator.advance(1000);
		const query = { kind: "setting" as const, id: "policy-order/PASSWORD", name: null, members: [], since: start, until: org.emulator.now() };
		const asked = await provider.changes?.(org.connection, { ...query, about: made });
		expect(asked?.events.length).toBe(4);
		expect(asked?.events[0]).toMatchObject({ type: "policy.lifecycle.update", what: "changed", actor: { type: "app" } });
		expect((await provider.changes?.(org.connection, { ...query, about: ["00pOther"] }))?.events).toEqual([]);
	});
});
