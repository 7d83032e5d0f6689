import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { world } from "../../src/assess/test-tenant.js";
import { random } from "../../src/emulate/random.js";
import { contradictions, faults, type Outcomes, outcomesOf, passing } from "./test-outcomes.js";
import { type ContractTenant, contracted, openTenant, type Scanned } from "./test-tenant.js";

const names = Object.keys(faults);
/** Pairs drawn by a fixed seed: all of them for one vendor stand in test/faults.test.ts. */
const pairs = drawn(24);

function drawn(count: number): [string, string][] {
	const draw = random("contract/pairs");
	return Array.from({ length: count }, () => [draw.pick(names), draw.pick(names)]);
}

describe.each(contracted)("a read of %s under faults", (name) => {
	let one: ContractTenant;
	let policies: Awaited<ReturnType<typeof world>>;
	let truth: Outcomes;

	beforeAll(async () => {
		one = await openTenant(name, { users: 520 });
		policies = await world();
		truth = await outcomesOf(await one.scan(), policies);
	});
	afterAll(async () => {
		await one?.close();
		await policies?.store.close();
	});

	async function read(...active: string[]): Promise<Scanned> {
		one.tenant.reset();
		return one.scan({ budget: { perAccountRequests: 8 }, faults: active.flatMap((fault) => faults[fault] ?? []) });
	}
	async function held(scanned: Scanned): Promise<void> {
		expect(contradictions(await outcomesOf(scanned, policies), truth)).toEqual([]);
		for (const { collection, state, reasons } of scanned.scan.coverage) if (state !== "complete") expect(reasons.length, collection).toBeGreaterThan(0);
		const ids = new Set(one.tenant.truth().accounts.map(({ id }) => id));
		const accounts = await scanned.accounts();
		for (const id of accounts.keys()) expect(ids).toContain(id);
		if (scanned.coverage("accounts").state === "complete") expect(accounts.size).toBe(ids.size);
	}

	it.each(names)("%s", async (fault) => held(await read(fault)));
	it.each(pairs)("%s, and %s", async (a, b) => held(await read(a, b)));
	it.each(passing)("%s leaves no gap", async (fault) => {
		const { scan } = await read(fault);
		expect(scan.coverage.filter(({ state, reasons }) => state !== "complete" && reasons.some(({ cause }) => cause !== "budget"))).toEqual([]);
	});
});
