import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { differences } from "../../src/drift/values.js";
import type { SettingRecord } from "../../src/model/objects.js";
import { settingSpecs } from "./settings.js";
import { scan, startTenant, type TestTenant } from "./test-tenant.js";

let one: TestTenant | undefined;
afterEach(async () => {
	await one?.close();
	one = undefined;
});

describe("settings that can be declared", () => {
	it("differ in nothing on a tenant that was just read, and one that is gone is told", async () => {
		one = await startTenant();
		const connection = await one.connect("act");
		const read = await scan(await one.connect("read"), { only: ["accounts", "settings"] });
		const settings = await read.bodies<SettingRecord>("settings");
		for (const spec of settingSpecs) {
			const [some] = settings.filter(({ kind }) => kind === spec.kind);
			const live = await spec.read(connection, some?.id.split("/")[1] ?? "");
			expect(live).toMatchObject({ exists: true, name: some?.name });
			// What is counted over the accounts of a source is not the source's own.
			const own = Object.fromEntries(Object.entries(some?.values ?? {}).filter(([key]) => !key.toLowerCase().endsWith("accounts")));
			expect(differences(own, { values: live.values, canonical: spec.canonical })).toEqual([]);
			expect(await spec.read(connection, "gone")).toMatchObject({ exists: false });
		}
	});

	it("have one form: the same again, whatever order lists come in", () => {
		const values = fc.dictionary(
			fc.string({ maxLength: 8 }),
			fc.oneof(fc.string(), fc.boolean(), fc.constant(null), fc.uniqueArray(fc.string(), { maxLength: 4 })),
			{
				noNullPrototype: true,
			},
		);
		fc.assert(
			fc.property(values, fc.constantFrom(...settingSpecs), (declared, { canonical }) => {
				const form = canonical(declared);
				expect(canonical(form)).toEqual(form);
				const turned = Object.fromEntries(Object.entries(declared).map(([key, value]) => [key, Array.isArray(value) ? [...value].reverse() : value]));
				expect(canonical(turned)).toEqual(form);
			}),
		);
	});
});
