import { afterEach, describe, expect, it } from "vitest";
import type { ReadContext } from "../../src/provider/provider.js";
import { heldBy } from "./role-details.js";
import { type Answer, serve, testNow } from "./test-tenant.js";

const day = 86_400_000;
const soon = new Date(testNow + day).toISOString();
const past = new Date(testNow - day).toISOString();
let close: (() => Promise<void>) | undefined;
afterEach(() => close?.());

async function held(refs: object[], details: Record<string, Answer> = {}, wanted = ["r1", "r2"], requests: number | null = null) {
	const tenant = await serve(({ pathname }) => {
		if (pathname === "/v2026/identities/i1/role-assignments") return { body: refs };
		return details[pathname.replace("/v2026/identities/i1/role-assignments/", "")];
	});
	close = tenant.close;
	const context = { scanStarted: testNow, budget: { perAccountRequests: requests, perAccountMaxAge: 0 } } as ReadContext;
	const found = await heldBy(tenant.connection, context, "i1", wanted);
	if (!("roles" in found)) throw new Error("nothing was read");
	return { roles: Object.fromEntries(found.roles), asked: tenant.asked.filter((one) => one.includes("role-assignments/")) };
}
const ref = (id: string, role: string, dates: object) => ({ id, role: { type: "ROLE", id: role }, addedDate: past, ...dates });

describe("whether a requested role is in force", () => {
	it("is said by the dates of the short list, without another request", async () => {
		const { roles, asked } = await held([ref("a1", "r1", { startDate: soon, removeDate: null }), ref("a2", "r2", { startDate: null, removeDate: null })]);
		expect(roles).toEqual({ r1: "later", r2: "now" });
		expect(asked).toEqual([]);
	});

	it("is asked of the assignment itself where the list leaves a date out: the older versions do", async () => {
		const refs = [ref("a1", "r1", {}), ref("a2", "r2", { startDate: null }), ref("a3", "not-asked-for", {})];
		const { roles, asked } = await held(refs, {
			a1: { body: { ...ref("a1", "r1", { startDate: soon, removeDate: null }), assignmentSource: "UI" } },
			a2: { body: { ...ref("a2", "r2", { startDate: null, removeDate: past }), assignmentSource: "UI" } },
		});
		expect(roles).toMatchObject({ r1: "later", r2: "ended" });
		expect(asked).toHaveLength(2);
	});

	it("is unknown while one of several assignments is, in whatever order they come", async () => {
		const refs = [ref("a1", "r1", { startDate: "soon", removeDate: null }), ref("a2", "r1", { startDate: null, removeDate: past })];
		for (const order of [refs, [...refs].reverse()]) {
			expect((await held(order)).roles).toEqual({ r1: "unknown" });
			await close?.();
		}
		close = undefined;
	});

	it("is in force at once where the assignment itself knows no date", async () => {
		expect((await held([ref("a1", "r1", {})], { a1: { body: ref("a1", "r1", {}) } })).roles).toMatchObject({ r1: "now" });
	});

	it("is unknown where the assignment can't be read, is another one, or is over the budget", async () => {
		for (const [details, requests] of [
			[{ a1: { status: 403, body: {} } }, null],
			[{ a1: { body: ref("a9", "r1", {}) } }, null],
			[{ a1: { body: ref("a1", "r9", {}) } }, null],
			[{ a1: { body: ref("a1", "r1", {}) } }, 1],
		] as [Record<string, Answer>, number | null][]) {
			expect((await held([ref("a1", "r1", {})], details, ["r1"], requests)).roles).toEqual({ r1: "unknown" });
			await close?.();
		}
		close = undefined;
	});
});
