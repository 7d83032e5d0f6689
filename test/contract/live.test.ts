import { afterEach, describe, expect, it } from "vitest";
import { liveReader } from "../../src/drift/live.js";
import { encodeKnown } from "../../src/model/json.js";
import type { SettingRecord } from "../../src/model/objects.js";
import { settingSpec } from "../../src/plan/specs.js";
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

describe.each(contracted)("an order that %s keeps", (name) => {
	it("is the same live as in a scan, leaves others where they are when it is declared as it is, and is of what is there", async () => {
		const one = await openTenant(name);
		open.push(one);
		const arranging = one.provider.settings.filter(({ arrange }) => arrange);
		if (arranging.length === 0) return;
		const settings = (await (await one.scan({ only: ["settings"] })).records("settings")).map(({ body }) => body as SettingRecord);
		const connection = await one.connect("read");
		const reader = liveReader({ system: "tenant", provider: one.provider, connection, now: one.tenant.now });
		const compared = new Set<string>();
		for (const record of settings) {
			const spec = settingSpec(one.provider.settings, record.id)?.spec;
			if (!spec?.arrange || record.values === undefined || compared.size === 20) continue;
			const live = await reader.setting(record.id);
			expect(live.name, record.id).toBe(record.name);
			expect(encodeKnown(live.canonical(live.values)), record.id).toBe(encodeKnown(spec.canonical(record.values)));
			const after = spec.predict?.(record, spec.canonical(record.values));
			const places = (list: SettingRecord[] | null | undefined) => list?.toSorted((a, b) => (a.priority ?? 0) - (b.priority ?? 0)).map(({ id }) => id);
			const held = settings.filter(({ id, priority }) => priority != null && after && id !== after.id);
			const ranked = after ? spec.arrange(after, settings)?.filter(({ id }) => held.some((other) => other.id === id)) : null;
			expect(ranked, record.id).toHaveLength(held.length);
			for (const parent of new Set(held.map(({ kind, parent }) => `${kind} ${parent}`))) {
				const of = (list: SettingRecord[] | null | undefined) => places(list?.filter(({ kind, parent: own }) => `${kind} ${own}` === parent));
				expect(of(ranked), `${record.id}: ${parent}`).toEqual(of(held));
			}
			compared.add(record.id);
		}
		expect(compared.size).toBeGreaterThan(0);
		await connection.close();
	});
});
