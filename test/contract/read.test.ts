import { afterEach, describe, expect, it } from "vitest";
import { openStore } from "../../src/store/open.js";
import { type ContractTenant, contracted, falsehoods, openTenant } from "./test-tenant.js";

const open: ContractTenant[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
});
async function opened(...args: Parameters<typeof openTenant>): Promise<ContractTenant> {
	const one = await openTenant(...args);
	open.push(one);
	return one;
}

describe.each(contracted)("a read of %s", (name) => {
	it("finds what there is, past the first page, and calls it complete", async () => {
		const one = await opened(name, { users: 620 });
		const read = await one.scan();
		const truth = one.tenant.truth();
		expect(truth.accounts.length).toBeGreaterThanOrEqual(600);
		expect(await falsehoods(read, truth)).toEqual([]);
		for (const { collection, state, reasons } of read.scan.coverage) expect(state, `${collection}: ${JSON.stringify(reasons)}`).toBe("complete");
		const accounts = await read.accounts();
		for (const { id, login, enabled } of truth.accounts) {
			expect(accounts.get(id)?.login).toBe(login);
			const told = accounts.get(id)?.enabled;
			if (told !== undefined) expect({ id, enabled: told }).toEqual({ id, enabled });
		}
	});

	it("names the missing scope, and calls nothing complete without it", async () => {
		const one = await opened(name);
		for (const scope of new Set(one.provider.readers.flatMap(({ scopes }) => scopes))) {
			one.tenant.withhold([scope]);
			const read = await one.scan();
			const short = read.scan.coverage.filter(({ state }) => state !== "complete");
			expect(short.length, `without ${scope} everything is called complete`).toBeGreaterThan(0);
			const told = JSON.stringify(short.flatMap(({ reasons }) => reasons));
			expect(told, `without ${scope}: ${told}`).toContain(scope);
			expect(await falsehoods(read, one.tenant.truth())).toEqual([]);
			one.tenant.reset();
		}
	});

	it("does not believe a list that is suddenly empty", async () => {
		const one = await opened(name);
		const store = await openStore("sqlite::memory:");
		const before = await (await one.scan({ store })).accounts();
		const read = await one.scan({ store, full: true, faults: [{ do: "truncate" }] });
		expect(read.coverage("accounts").state).not.toBe("complete");
		expect(read.coverage("accounts").reasons.length).toBeGreaterThan(0);
		expect([...(await read.accounts()).keys()].sort()).toEqual([...before.keys()].sort());
		await store.close();
	});

	it("sets a bad record aside and keeps the others", async () => {
		const one = await opened(name);
		for (const how of ["null-item", "missing-id"] as const) {
			const read = await one.scan({ faults: [{ do: "spoil", how, index: 1, method: "GET" }] });
			for (const coverage of read.scan.coverage.filter(({ collection }) => collection === "accounts" || collection === "groups"))
				expect(coverage.state, `${coverage.collection} with ${how}`).not.toBe("complete");
			const ids = new Set(one.tenant.truth().accounts.map(({ id }) => id));
			for (const id of (await read.accounts()).keys()) expect(ids).toContain(id);
			expect((await read.accounts()).size).toBeGreaterThan(0);
		}
	});

	it("asks less the second time, and finds what has changed", async () => {
		const one = await opened(name, { users: 300 });
		const store = await openStore("sqlite::memory:");
		const first = await one.scan({ store });
		const changed = one.tenant.mutate(0.02);
		expect(changed.length).toBeGreaterThan(0);
		one.tenant.advance(60_000);
		const second = await one.scan({ store });
		expect(second.requests).toBeLessThanOrEqual(first.requests);
		for (const { collection, state, reasons } of second.scan.coverage) expect(state, `${collection}: ${JSON.stringify(reasons)}`).toBe("complete");
		const truth = one.tenant.truth();
		expect(await falsehoods(second, truth)).toEqual([]);
		const afresh = await one.scan({ full: true });
		const bodies = async (read: typeof afresh) => (await read.records("accounts")).map(({ id, body }) => ({ id, body }));
		expect(await bodies(second)).toEqual(await bodies(afresh));
		await store.close();
	});
});
