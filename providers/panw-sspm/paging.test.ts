import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { SspmConnection } from "./connection.js";
import { numberedPages, type Page, tokenPages } from "./paging.js";
import { answer, startTenant, type TestTenant } from "./test-tenant.js";

let one: TestTenant;
beforeAll(async () => {
	one = await startTenant({ users: 120 });
});
afterEach(() => one.tenant.reset());
afterAll(() => one.close());

async function collect(pages: AsyncGenerator<Page>) {
	const items: unknown[] = [];
	let last: Page | undefined;
	for await (const page of pages) {
		items.push(...page.items);
		last = page;
	}
	return { ids: items.map((item) => String((item as { id?: string; app_id?: string }).id ?? (item as { app_id?: string }).app_id)), end: last?.end };
}

async function instance(connection: SspmConnection): Promise<string> {
	const { body } = await connection.send({ method: "GET", path: "/sspm/identity/v1/saas_instances" });
	return String((body as { items: { saasInstanceId: string }[] }).items[0]?.saasInstanceId);
}

const apps = (connection: SspmConnection) => collect(tokenPages(connection, { method: "GET", path: "/sspm/api/v1/apps" }, { id: "app_id" }));
const list = "/sspm/identity/v1/saas_instances/{saasInstanceId}/saas_accounts";
const accounts = async (connection: SspmConnection, limit?: number) => {
	if (limit !== undefined) Object.assign(one.tenant.choices, { maxPageSize: limit });
	return collect(numberedPages(connection, { method: "GET", path: list, params: { saasInstanceId: await instance(connection) } }));
};

describe("pages by number", () => {
	it.each([0, 1] as const)("have every row once where the first is %s", async (firstPage) => {
		Object.assign(one.tenant.choices, { firstPage });
		const connection = await one.connect("read");
		const { ids, end } = await accounts(connection, 30);
		expect(end).toEqual({ closed: true, reasons: [] });
		expect(new Set(ids).size).toBe(ids.length);
		expect(ids.length).toBeGreaterThan(100);
		expect(connection.firstPage).toBe(firstPage);
	});

	it("that hold less than the vendor counts are no whole list", async () => {
		one.tenant.faults.push(answer(/saas_accounts/, { total: 5, items: [] }));
		expect((await accounts(await one.connect("read"))).end).toMatchObject({
			closed: false,
			reasons: [{ cause: "cut-off", detail: expect.stringMatching(/counts 5/) }],
		});
	});

	it("are read once more where the list changes meanwhile, and then given up", async () => {
		const rows = (from: number) => Array.from({ length: 10 }, (_, number) => ({ id: `a${from + number}` }));
		const page = (total: number, from: number, times = 1) => ({ ...answer(/saas_accounts/, { total, items: rows(from) }), times });
		one.tenant.faults.push(page(20, 0), page(19, 10), page(20, 0), page(20, 10));
		expect(await accounts(await one.connect("read"))).toMatchObject({ end: { closed: true } });
		one.tenant.faults.splice(0, 9, page(20, 0), page(19, 10), page(20, 0), page(21, 10));
		expect((await accounts(await one.connect("read"))).end).toMatchObject({
			closed: false,
			reasons: [{ detail: expect.stringMatching(/changed while it was read/) }],
		});
	});

	it("that are no list are told", async () => {
		one.tenant.faults.push(answer(/saas_accounts/, { rows: [] }));
		expect((await accounts(await one.connect("read"))).end?.reasons[0]?.detail).toMatch(/not a list/);
	});
});

describe("pages by token", () => {
	it("have every row once, however few a page holds", async () => {
		Object.assign(one.tenant.choices, { pageSize: 2 });
		const { ids, end } = await apps(await one.connect("read"));
		expect([ids.length, new Set(ids).size, end?.closed]).toEqual([9, 9, true]);
	});

	it.each([
		["lead nowhere else", { do: "repeat-page", how: "loop" } as const, /same/],
		["are no tokens any more", { do: "expired-cursor" } as const, /page_token/],
	])("that %s end no list", async (_what, fault, why) => {
		Object.assign(one.tenant.choices, { pageSize: 2 });
		one.tenant.faults.push({ ...fault, method: "GET", path: /v1\/apps/ });
		const { end } = await apps(await one.connect("read"));
		expect(end?.closed).toBe(false);
		expect(JSON.stringify(end?.reasons)).toMatch(why);
	});

	it("are not followed to another server", async () => {
		one.tenant.faults.push(answer(/v1\/apps/, { total: 9, items: [{ app_id: "a" }], next_path: "https://evil.example/sspm/api/v1/apps?page_token=x" }));
		const { end } = await apps(await one.connect("read"));
		expect(end).toMatchObject({ closed: false, reasons: [{ cause: "cut-off", detail: expect.stringMatching(/another address/) }] });
	});
});

describe("x-ps-tenant", () => {
	it("is sent where the vendor has it, and found out once", async () => {
		const connection = await one.connect("read");
		for (let turn = 0; turn < 3; turn++) await connection.send({ method: "GET", path: "/sspm/api/v1/plugins" });
		expect(one.tenant.requests.filter(({ path }) => path.endsWith("/apps"))).toHaveLength(1);
	});

	it("is left out of identity calls where nothing says what it must hold", async () => {
		Object.assign(one.tenant.choices, { licensed: "identity" });
		const connection = await one.connect("read");
		for (let turn = 0; turn < 3; turn++) expect((await connection.send({ method: "GET", path: "/sspm/identity/v1/idps" })).status).toBe(200);
	});

	it("is the stack file's word before all others", async () => {
		const connection = await one.connect("read", { options: { tenant: "of-another" } });
		await expect(connection.send({ method: "GET", path: "/sspm/identity/v1/idps" })).rejects.toMatchObject({ status: 403 });
	});
});
