import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { differences } from "../../src/drift/values.js";
import type { EmulatedTenant } from "../../src/emulate/contract.js";
import type { SettingRecord } from "../../src/model/objects.js";
import type { EntraConnection } from "./connection.js";
import type { Json } from "./schema.js";
import { settingSpecs } from "./settings.js";
import { canonical } from "./settings-schema.js";
import { connectTo, scanTenant, startTenant } from "./test-entra.js";
import { allowed, rewritten } from "./test-values.js";

let tenant: EmulatedTenant;
let act: EntraConnection;
let records: SettingRecord[];
beforeAll(async () => {
	tenant = await startTenant();
	act = await connectTo(tenant, "act");
	records = await (await scanTenant(tenant, { only: ["settings"] })).bodies<SettingRecord>("settings");
});
afterAll(async () => {
	await act.close();
	await tenant.close();
});

const idsOf = (kind: string): string[] => records.filter((record) => record.kind === kind).map(({ id }) => id.slice(kind.length + 1));
const specOf = (kind: string) => {
	const found = settingSpecs.find((spec) => spec.kind === kind);
	if (!found?.update) throw new Error(`${kind} can't be changed`);
	return { ...found, update: found.update };
};

describe("a freshly read tenant", () => {
	it("reads every setting that a scan found again by its id, without a difference", async () => {
		const seen = records.filter(({ kind }) => settingSpecs.some((spec) => spec.kind === kind) && kind !== "roleManagementPolicy");
		expect(seen.length).toBeGreaterThan(10);
		for (const record of seen) {
			const spec = settingSpecs.find(({ kind }) => kind === record.kind);
			const live = await spec?.read(act, record.id.slice(record.kind.length + 1));
			expect({
				id: record.id,
				exists: live?.exists,
				differs: spec && live && differences(record.values ?? {}, { values: live.values, canonical: spec.canonical }),
			}).toEqual({
				id: record.id,
				exists: true,
				differs: [],
			});
		}
	});
});

describe("what a scan has read", () => {
	it("is no difference in another order, in other letters, with null for an empty list or nothing for null", async () => {
		const seen = records.filter(({ kind }) => settingSpecs.some((spec) => spec.kind === kind));
		expect(new Set(seen.map(({ kind }) => kind)).size).toBeGreaterThan(8);
		for (const record of seen) {
			const canonical = settingSpecs.find(({ kind }) => kind === record.kind)?.canonical ?? ((values: Json) => values);
			const values = record.values ?? {};
			fc.assert(
				fc.property(rewritten(values) as fc.Arbitrary<Json>, (written) => {
					expect({ id: record.id, differs: differences(written, { values, canonical }) }).toEqual({ id: record.id, differs: [] });
					expect(canonical(canonical(written))).toEqual(canonical(written));
				}),
				{ numRuns: 20 },
			);
		}
	});

	it("is a difference where a list has lost or got an entry, down to none", () => {
		for (const [written, values] of [
			[{ a: { list: [] } }, { a: { list: ["x"] } }],
			[{ a: { list: ["x"] } }, { a: { list: [] } }],
			[{ a: { list: ["x"] } }, { a: { list: null } }],
			[{ list: ["x", "y"] }, { list: ["x"] }],
		] as [Json, Json][])
			expect(differences(written, { values, canonical }), JSON.stringify({ written, values })).toHaveLength(1);
	});
});

describe.each(["authorizationPolicy", "authenticationMethodsPolicy", "authenticationMethodConfiguration"])("%s", (kind) => {
	it("is as it was declared, for every value that the schema allows: write, read, and nothing differs", async () => {
		const { update, read, canonical, valuesSchema } = specOf(kind);
		const validate = new Ajv2020({ strict: false }).compile(valuesSchema);
		const [id = ""] = idsOf(kind);
		await fc.assert(
			fc.asyncProperty(allowed(valuesSchema) as fc.Arbitrary<Json>, async (declared) => {
				expect(validate(declared), JSON.stringify(validate.errors)).toBe(true);
				await update(act, id, declared);
				const live = await read(act, id);
				expect(differences(declared, { values: live.values, canonical })).toEqual([]);
				expect(canonical(canonical(declared))).toEqual(canonical(declared));
			}),
			{ numRuns: 25 },
		);
	});
});

describe("Conditional Access", () => {
	it("is watched in report-only mode before it is enforced", async () => {
		const { update, read } = specOf("conditionalAccessPolicy");
		const [id = ""] = idsOf("conditionalAccessPolicy");
		const state = async () => (await read(act, id)).values.state;
		await update(act, id, { state: "disabled" });
		await expect(update(act, id, { state: "enabled" })).rejects.toThrow(/set it to enabledForReportingButNotEnforced first/);
		expect(await state()).toBe("disabled");
		await update(act, id, { state: "enabledForReportingButNotEnforced" });
		await update(act, id, { state: "enabled" });
		expect(await state()).toBe("enabled");
	});

	it("is not changed where somebody else has changed it, with other values than a state, or by the reading credential", async () => {
		const { update, read } = specOf("conditionalAccessPolicy");
		const [id = ""] = idsOf("conditionalAccessPolicy");
		const { values } = await read(act, id);
		await expect(update(act, id, { state: "disabled" }, { ...values, displayName: "Another" })).rejects.toThrow(/changed by somebody else/);
		await expect(update(act, id, { conditions: {} })).rejects.toThrow(/conditions is compared and not changed from here/);
		const reading = await connectTo(tenant);
		await expect(update(reading, id, { state: "disabled" })).rejects.toThrow(/auth only reads/);
		await reading.close();
	});
});
