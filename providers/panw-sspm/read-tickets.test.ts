import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SettingRecord } from "../../src/model/objects.js";
import { losses } from "./read.js";
import { actionOf, answer, startTenant, type TestTenant } from "./test-tenant.js";
import { linkCounts, mostLinks } from "./ticket-links.js";

let one: TestTenant;
beforeEach(async () => {
	one = await startTenant();
});
afterEach(() => one.close());

type Faults = NonNullable<Parameters<TestTenant["scan"]>[0]>["faults"];
const issues = /tickets\/[^/]+\/issues/;
const asked = () => one.tenant.requests.filter(({ path }) => path.endsWith("/issues"));

/** The configuration that the tenant's ticket SEC-42 names. */
async function ticketed(faults: Faults = []): Promise<SettingRecord> {
	const read = await one.scan({ only: ["settings"], faults });
	expect(read.coverage("settings").state).toBe("complete");
	const found = (await read.bodies<SettingRecord>("settings")).filter(({ values }) => JSON.stringify(values?.tickets ?? "").includes("SEC-42"));
	expect(found).toHaveLength(1);
	return found[0] as SettingRecord;
}

describe("an open ticket that names a configuration", () => {
	it("counts where it is linked to issues", async () => {
		const { values, verdict } = await ticketed();
		expect(values?.tickets).toEqual([{ key: "SEC-42", status: "To Do", open: true, issues: 1 }]);
		expect(verdict?.tickets).toEqual(["SEC-42"]);
		expect(verdict?.tickets?.partial).toBe(undefined);
		expect(asked()).toHaveLength(1);
	});

	it.each([
		["no issue", answer(issues, { total: 0, items: [] }), { issues: 0, link: "empty" }],
		["what is not to be read", answer(issues, {}, 403), { link: "unknown" }],
		["what is not found", answer(issues, {}, 404), { link: "unknown" }],
		["issues that are counted and not there", answer(issues, { total: 2, items: [] }), { link: "unknown" }],
		["rows that are none", answer(issues, { total: 1, items: [null] }), { link: "unknown" }],
	])("does not count where it is linked to %s, and no second one is opened for it", async (_what, fault, link) => {
		const { id, values, verdict } = await ticketed([fault]);
		expect(values?.tickets).toEqual([{ key: "SEC-42", status: "To Do", open: true, ...link }]);
		expect([...(verdict?.tickets ?? ["none"])]).toEqual([]);
		expect(verdict?.tickets?.partial).toBe(true);
		one.tenant.faults.push(fault);
		expect(await actionOf("open-ticket").inspect(await one.connect("act"), { setting: id })).toMatchObject({ done: true });
	});

	it("is not asked about once it is done", async () => {
		const { verdict } = await ticketed([answer(/issue\/SEC-42$/, { fields: { status: { name: "Done" } } })]);
		expect([...(verdict?.tickets ?? ["none"])]).toEqual([]);
		expect(verdict?.tickets?.partial).toBe(undefined);
		expect(asked()).toEqual([]);
	});
});

it("a ticket that the configuration names itself is linked", async () => {
	const acme = await startTenant({ acme: true });
	const read = await acme.scan({ only: ["settings"] });
	const named = (await read.bodies<SettingRecord>("settings")).filter(({ verdict }) => verdict?.tickets?.includes("SEC-42"));
	expect(named).toHaveLength(1);
	expect(acme.tenant.requests.filter(({ path }) => path.endsWith("/issues"))).toEqual([]);
	await acme.close();
});

it("of no more than so many tickets the issues are asked for, each once", async () => {
	one.tenant.faults.push(answer(issues, { total: 1, items: [{ anything: 1 }] }));
	const lost = losses();
	const count = linkCounts(await one.connect("read"), lost)("instance");
	for (let turn = 0; turn < 2; turn++) for (let ticket = 0; ticket < mostLinks; ticket++) expect(await count(`SEC-${ticket}`)).toBe(1);
	expect(lost.end().closed).toBe(true);
	expect(await count("SEC-X")).toBe(undefined);
	expect(lost.end().reasons).toMatchObject([{ cause: "budget" }]);
	expect(asked()).toHaveLength(mostLinks);
});
