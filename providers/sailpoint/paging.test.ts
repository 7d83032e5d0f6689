import { afterEach, describe, expect, it } from "vitest";
import { whole } from "./read.js";
import { type Answer, serve } from "./test-tenant.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
});

const row = (at: number) => ({ id: `r${at}` });
const rows = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => row(from + at));
const page = (items: unknown[], total?: number): Answer => ({ body: items, headers: total === undefined ? {} : { "x-total-count": String(total) } });
const pastEnd: Answer = { status: 400, body: { detailMessage: "Specified offset is invalid.", stackTrace: [], suppressedExceptions: [] } };

async function read(answer: (offset: number, time: number) => Answer, limit = 10) {
	let time = 0;
	const tenant = await serve((url) => (url.pathname === "/v2026/roles" ? answer(Number(url.searchParams.get("offset")), ++time) : undefined));
	open.push(tenant);
	const found = await whole(tenant.connection, { path: "/v2026/roles", limit });
	return { ids: found.items.map((item) => (item as { id: string }).id), end: found.end, asked: tenant.asked.filter((line) => line.startsWith("GET")) };
}

describe("a list by limit and offset", () => {
	it("ends where the vendor's count is, without asking at the end", async () => {
		const { ids, end, asked } = await read((offset) => (offset >= 20 ? pastEnd : page(rows(offset, offset + 10), 20)));
		expect(ids).toHaveLength(20);
		expect(end.closed).toBe(true);
		expect(asked).toEqual(["GET /v2026/roles?limit=10&offset=0&count=true", "GET /v2026/roles?limit=10&offset=10&count=true"]);
	});

	it("takes a refused offset for the end only where all that is counted was given", async () => {
		const early = await read((offset) => (offset >= 10 ? pastEnd : page(rows(0, 10), 25)));
		expect(early.ids).toHaveLength(10);
		expect(early.end.closed).toBe(false);
		expect(early.end.reasons[0]?.detail).toContain("offset is invalid");
	});

	it("goes on after a page that is short before the end", async () => {
		const { ids, end } = await read((offset) => page(offset === 0 ? rows(0, 8) : rows(offset, 23).slice(0, 10), 21));
		expect(ids).toHaveLength(21);
		expect(end.closed).toBe(true);
	});

	it("is not whole while rows are missing, though the last page was short", async () => {
		const { ids, end } = await read((offset) => page(offset === 0 ? rows(0, 8) : rows(10, 15), 15));
		expect(ids).toHaveLength(13);
		expect(end.closed).toBe(false);
		expect(end.reasons[0]).toMatchObject({ cause: "cut-off" });
		expect(end.reasons[0]?.detail).toContain("counts 15 and gives 13");
	});

	it("is read once more where it got shorter on the way: a row has moved past the offset", async () => {
		const later = rows(1, 20);
		const { ids, end } = await read((offset, time) => (time === 1 ? page(rows(0, 10), 20) : page(later.slice(offset, offset + 10), 19)));
		expect(end.closed).toBe(true);
		expect(new Set(ids)).toEqual(new Set(rows(0, 20).map(({ id }) => id)));
	});

	it("asks again for a page that came before, and gives up on one that always does", async () => {
		const once = await read((offset, time) => page(time === 2 ? rows(0, 10) : rows(offset, Math.min(offset + 10, 15)), 15));
		expect(once.ids).toHaveLength(15);
		expect(once.end.closed).toBe(true);
		const always = await read(() => page(rows(0, 10), 30));
		expect(always.end.closed).toBe(false);
		expect(always.asked.length).toBeLessThan(8);
	});

	it("believes no list that the vendor does not count, and no empty page before the end", async () => {
		expect((await read(() => page(rows(0, 3)))).end.closed).toBe(false);
		expect((await read(() => page([], 7))).end.closed).toBe(false);
		expect((await read(() => page([], 0))).end).toEqual({ closed: true, reasons: [] });
		expect((await read(() => ({ body: { items: [] } }))).end.reasons[0]?.detail).toContain("not a list");
	});
});
