import { afterEach, describe, expect, it } from "vitest";
import { liveReader } from "../../src/drift/live.js";
import { type ContractTenant, contracted, openTenant } from "./test-tenant.js";

const open: ContractTenant[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
});

describe.each(contracted)("one group of %s read by itself", (name) => {
	it("has its own members, and nobody else's", async () => {
		const one = await openTenant(name);
		open.push(one);
		const has = (collection: string) => one.provider.readers.some((reader) => reader.collection === collection);
		if (!has("groups") || !has("memberships")) return expect(one.tenant.truth().memberships).toEqual([]);
		const truth = one.tenant.truth();
		const nested = new Set(truth.groups);
		const membersOf = (group: string) =>
			truth.memberships.flatMap((pair) => (pair.startsWith(`${group}/`) && !nested.has(pair.slice(group.length + 1)) ? [pair.slice(group.length + 1)] : []));
		const asked = truth.groups.filter((group) => !truth.computed?.includes(group) && membersOf(group).length > 0).slice(0, 5);
		expect(asked.length).toBeGreaterThan(1);
		const connection = await one.connect("read");
		const reader = liveReader({ system: "tenant", provider: one.provider, connection, now: one.tenant.now });
		let read = 0;
		for (const group of asked) {
			const live = await reader.group(group).catch((error: Error) => error);
			// A group that takes in everybody can't be read without the list of everybody.
			if (live instanceof Error) expect(live.message).toMatch(/everybody|everyone/i);
			else {
				expect([...live.members.keys()].sort(), group).toEqual(membersOf(group).sort());
				read++;
			}
		}
		expect(read).toBeGreaterThan(0);
		await connection.close();
	});
});
