import { afterEach, describe, expect, it } from "vitest";
import type { AccountRecord } from "../../src/model/account.js";
import type { ActivityBody } from "../../src/model/snapshot.js";
import { openStore } from "../../src/store/open.js";
import type { Choices } from "./emulator/choices.js";
import { answer, type Scanned, startTenant, type TestTenant } from "./test-tenant.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
});

async function start(choices: Partial<Choices> = {}): Promise<TestTenant> {
	const one = await startTenant({ users: 60, choices });
	open.push(one);
	return one;
}

interface Row {
	userId: string;
	activityType: string;
	activityDateTime: string;
	clientIP?: string;
	rawData: string;
}

/** Every row of every instance's log, as it is sent. */
async function rowsOf(one: TestTenant): Promise<Row[]> {
	const connection = await one.connect("read");
	const get = async (path: string) =>
		(await connection.send({ method: "GET", path, query: { limit: 500 } })).body as { items: Row[] & { saasInstanceId: string }[] };
	const rows: Row[] = [];
	for (const { saasInstanceId } of (await get("/sspm/identity/v1/saas_instances")).items)
		rows.push(...(await get(`/sspm/identity/v1/saas_instances/${saasInstanceId}/saas_activity`)).items);
	return rows;
}

const signs = async (read: Scanned) => new Map((await read.records("activity")).map(({ id, body }) => [id, body as ActivityBody]));
const asked = (one: TestTenant) => one.tenant.requests.filter(({ path }) => path.endsWith("/saas_activity"));

describe("what was done in the apps", () => {
	it("moves the last sign of an account, and by nothing that went wrong or that the app did by itself", async () => {
		const one = await start();
		const good = new Map<string, number>();
		const idle = new Set<string>();
		for (const { userId, activityDateTime, clientIP, rawData } of await rowsOf(one)) {
			const counts = clientIP !== undefined && (JSON.parse(rawData) as { outcome: string }).outcome === "SUCCESS";
			if (counts) good.set(userId, Math.max(good.get(userId) ?? 0, Date.parse(activityDateTime)));
			else idle.add(userId);
		}
		const read = await one.scan();
		expect(read.coverage("activity")).toMatchObject({ state: "complete" });
		const told = await signs(read);
		for (const [account, time] of good) expect(told.get(account)?.at, account).toBeGreaterThanOrEqual(time);
		for (const [account, { at, signal }] of told) if (signal.startsWith("saas_activity")) expect(at, account).toBe(good.get(account));
		const onlyIdle = [...idle].filter((account) => !good.has(account));
		expect(onlyIdle.length).toBeGreaterThan(2);
		for (const account of onlyIdle) expect(told.get(account)?.signal ?? "mfa_activity").toBe("mfa_activity");
		const logins = new Map((await read.bodies<AccountRecord>("accounts")).map(({ id, lastActivity }) => [id, lastActivity ?? 0]));
		expect([...told].filter(([id, { at, signal }]) => signal === "saas_activity FILE_SHARED" && at > (logins.get(id) ?? 0)).length).toBeGreaterThan(0);
	});

	it("is kept by its time and kind, and nothing else of it is", async () => {
		const one = await start();
		const rows = await rowsOf(one);
		const stored = await (await one.scan()).stored();
		expect(stored).toContain("saas_activity");
		for (const { clientIP } of rows) if (clientIP) expect(stored).not.toContain(clientIP);
		for (const word of ["Mozilla", "plan.xlsx", "RETENTION", "outcome"]) expect(stored).not.toContain(word);
	});

	it("is not asked for with no pages, and where it can't be read there is a gap", async () => {
		const one = await start();
		expect((await one.scan({ options: { activityPages: 0 } })).coverage("activity").state).toBe("complete");
		expect(asked(one)).toEqual([]);
		for (const status of [403, 404]) {
			const read = await one.scan({ faults: [answer(/saas_activity/, {}, status)] });
			expect(read.coverage("activity").state).toBe("partial");
			expect(JSON.stringify(read.coverage("activity").reasons)).toContain("saas_activity");
		}
		const odd = await one.scan({ faults: [answer(/saas_activity/, { total: 1, items: [{ id: "a", userId: "b" }] })] });
		expect(JSON.stringify(odd.coverage("activity").reasons)).toMatch(/has no time/);
	});

	it("by nobody who is known says so, and nothing of anybody", async () => {
		const one = await start();
		const row = { id: "a", userId: "somebody-else", activityType: "FILE_SHARED", clientIP: "192.0.2.1", activityDateTime: "2025-12-31T00:00:00Z" };
		const read = await one.scan({ faults: [answer(/saas_activity/, { total: 1, items: [row] })] });
		expect(read.coverage("activity")).toMatchObject({ state: "complete", reasons: [{ detail: expect.stringMatching(/none of its rows/) }] });
		expect([...(await signs(read)).values()].every(({ signal }) => signal === "mfa_activity")).toBe(true);
	});
});

describe("a log that is longer than one scan reads", () => {
	it("is a gap that tells from when on, and what was read is true", async () => {
		const one = await start();
		const whole = await signs(await one.scan());
		one.tenant.choices.maxPageSize = 10;
		const before = asked(one).length;
		const read = await one.scan({ options: { activityPages: 2 } });
		expect(read.coverage("activity")).toMatchObject({
			state: "partial",
			reasons: [{ cause: "budget", detail: expect.stringMatching(/before 2025-.*was not read/) }],
		});
		const short = await signs(read);
		expect(short.size).toBeLessThan(whole.size);
		for (const [id, { at }] of short) expect(at).toBeLessThanOrEqual(whole.get(id)?.at ?? 0);
		const instances = new Set(asked(one).map(({ url }) => url.split("?")[0])).size;
		expect(asked(one).length - before).toBeLessThanOrEqual(2 * instances);
	});

	it("whose newest rows do not come first is a gap of which nothing is said", async () => {
		const one = await start({ activitySort: "ignored", maxPageSize: 10 });
		const read = await one.scan({ options: { activityPages: 2 } });
		expect(JSON.stringify(read.coverage("activity").reasons)).toMatch(/newest rows do not come first/);
		expect(read.coverage("activity").state).toBe("partial");
	});

	it("is read on from what is known, which only moves forward", async () => {
		const one = await start({ maxPageSize: 10 });
		const store = await openStore("sqlite::memory:");
		open.push(store);
		const options = { activityPages: 4 };
		const first = await one.scan({ store, options });
		expect(first.coverage("activity").state).toBe("partial");
		const early = await signs(first);
		const [many] = [asked(one).length];
		one.tenant.mutate(0.1);
		one.tenant.advance(3_600_000);
		const second = await one.scan({ store, options });
		expect(second.coverage("activity")).toMatchObject({ state: "complete", reasons: [{ cause: "budget", detail: expect.stringMatching(/was never read/) }] });
		expect(asked(one).length - many).toBeLessThan(many);
		const late = await signs(second);
		expect([...late].filter(([id, { at }]) => at > (early.get(id)?.at ?? 0)).length).toBeGreaterThan(0);
		for (const [id, { at }] of early) expect(late.get(id)?.at ?? at).toBeGreaterThanOrEqual(at);
		const full = await one.scan({ store, options, full: true });
		expect(full.coverage("activity").state).toBe("partial");
	});

	it("is not taken for read on where it is not in order any more", async () => {
		const one = await start({ maxPageSize: 10 });
		const store = await openStore("sqlite::memory:");
		open.push(store);
		await one.scan({ store, options: { activityPages: 4 } });
		one.tenant.choices.activitySort = "ignored";
		one.tenant.mutate(0.01);
		const second = await one.scan({ store, options: { activityPages: 4 } });
		expect(second.coverage("activity").state).toBe("partial");
	});

	it("is read from the beginning again after accounts were missing", async () => {
		const one = await start({ maxPageSize: 10 });
		const options = { activityPages: 500 };
		const whole = await signs(await one.scan({ options }));
		const store = await openStore("sqlite::memory:");
		open.push(store);
		const blind = await one.scan({ store, options, faults: [{ ...answer(/saas_accounts/, {}, 403), after: 1 }] });
		expect(blind.coverage("accounts").state).toBe("partial");
		expect((await signs(blind)).size).toBeLessThan(whole.size);
		const seeing = await one.scan({ store, options });
		expect(seeing.coverage("activity").state).toBe("complete");
		expect(await signs(seeing)).toEqual(whole);
	});

	it("loses what is known of accounts that are gone", async () => {
		const one = await start();
		const store = await openStore("sqlite::memory:");
		open.push(store);
		const before = await signs(await one.scan({ store }));
		one.tenant.mutate(0.5);
		const read = await one.scan({ store });
		const left = new Set((await read.records("accounts")).map(({ id }) => id));
		expect([...before.keys()].some((id) => !left.has(id))).toBe(true);
		for (const id of (await signs(read)).keys()) expect(left).toContain(id);
	});
});
