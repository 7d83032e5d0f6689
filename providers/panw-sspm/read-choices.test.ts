import { afterEach, describe, expect, it } from "vitest";
import type { AccountRecord } from "../../src/model/account.js";
import type { SettingRecord } from "../../src/model/objects.js";
import type { Choices } from "./emulator/choices.js";
import { answer, startTenant, type TestTenant } from "./test-tenant.js";

const open: TestTenant[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
});

/** What a server of each kind is read as. */
async function readOf(choices: Partial<Choices>) {
	const one = await startTenant({ users: 60, choices });
	open.push(one);
	const read = await one.scan({ options: { activityPages: 500 } });
	for (const { collection } of [...(await import("./readers.js")).readers]) {
		const { state, reasons } = read.coverage(collection);
		expect(state, `${collection}: ${JSON.stringify(reasons)}`).toBe("complete");
	}
	const ids = (await read.records("accounts")).map(({ id }) => id).sort();
	expect(ids).toEqual(
		one.tenant
			.truth()
			.accounts.map(({ id }) => id)
			.sort(),
	);
	return { one, read };
}

/** An address of null is the vendor's "none", and one that is missing is not known: all else is the same. */
function told(body: object): object {
	return Object.fromEntries(Object.entries(body).filter(([key, value]) => key !== "email" || value !== null));
}

const others: Partial<Choices>[] = [
	{ firstPage: 1 },
	{ firstPage: 1, pageSize: 7, maxPageSize: 7 },
	{ pageSize: 3, maxPageSize: 10 },
	{ maxPageSize: 100_000 },
	{ listForm: "json" },
	{ settingsForm: "string" },
	{ dateForm: "spaced" },
	{ absent: "null" },
	{ tenantHeader: "tsg_id" },
	{ regionHeader: "refused" },
	{ activityUser: "providerId" },
	{ activityUser: "email" },
	{ activitySort: "ignored" },
	{ activitySort: "refused", firstPage: 1, maxPageSize: 10 },
];

describe("whatever the vendor's documents leave open", () => {
	it.each(others)("%j is read as the usual form is", async (choices) => {
		const usual = (await readOf({})).read;
		const { read } = await readOf(choices);
		for (const collection of ["accounts", "settings", "apps", "credentials", "roleAssignments", "activity"] as const) {
			const bodies = (from: typeof read) => from.records(collection).then((all) => all.map(({ id, body }) => ({ id, body: told(body) })));
			expect(await bodies(read), collection).toEqual(await bodies(usual));
		}
	});
});

describe("of a tenant", () => {
	it("accounts have lists, times and what is not said", async () => {
		const { read } = await readOf({ dateForm: "spaced", listForm: "json" });
		const all = await read.bodies<AccountRecord>("accounts");
		for (const account of all) expect([account.status, account.enabled]).toEqual([undefined, undefined]);
		const machine = all.find(({ profile }) => profile?.isNonHuman === true && profile.linkedHumanAccounts !== "[]");
		expect(JSON.parse(String(machine?.profile?.linkedHumanAccounts))).toHaveLength(1);
		expect(typeof machine?.created).toBe("number");
		expect(all.filter(({ guest }) => guest).length).toBeGreaterThan(0);
	});

	it("a region is sent where the stack file has one, and its refusal is told", async () => {
		const one = await startTenant({ choices: { regionHeader: "refused" } });
		open.push(one);
		const connection = await one.connect("read", { options: { region: "europe" } });
		const report = await connection.doctor();
		expect(report.ok).toBe(false);
		expect(report.checks.find(({ ok }) => !ok)?.detail).toMatch(/400/);
	});

	it("an unknown word is kept as it is", async () => {
		const one = await startTenant({ acme: true });
		open.push(one);
		const read = await one.scan({ faults: [answer(/feature_state/, { status: "WARMING_UP" })] });
		const idp = (await read.bodies<SettingRecord>("settings")).find(({ kind }) => kind === "idp");
		expect(idp?.values?.features).toMatchObject({ LOGOUT: "WARMING_UP" });
		const spoilt = await one.scan({ faults: [{ do: "spoil", how: "unknown-enum", method: "GET" }] });
		expect((await spoilt.records("settings")).length).toBe((await read.records("settings")).length);
		expect((await spoilt.records("accounts")).length).toBe((await read.records("accounts")).length);
	});

	it("a bad record is set aside, and the others are there", async () => {
		const one = await startTenant();
		open.push(one);
		const whole = (await one.scan()).records("settings");
		for (const how of ["null-item", "missing-id"] as const) {
			const read = await one.scan({ faults: [{ do: "spoil", how, index: 1, method: "GET", path: /\/configs$/ }] });
			expect(read.coverage("settings").state).toBe("partial");
			expect(JSON.stringify(read.coverage("settings").reasons)).toMatch(/configuration/);
			expect((await read.records("settings")).length).toBeGreaterThan((await whole).length / 2);
		}
	});

	it("nothing that is stored or logged holds a secret", async () => {
		const one = await startTenant({ users: 60 });
		open.push(one);
		const read = await one.scan({ faults: [{ do: "status", status: 500, method: "GET", path: /catalog/, times: 2 }] });
		const text = `${await read.stored()}${one.log.join("\n")}`;
		expect(one.tenant.secrets().length).toBeGreaterThan(2);
		for (const secret of one.tenant.secrets()) expect(text).not.toContain(secret);
	});
});
