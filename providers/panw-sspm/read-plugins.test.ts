import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { AppRecord, CredentialRecord } from "../../src/model/objects.js";
import { mostDetails } from "./plugin-details.js";
import { answer, type Scanned, startTenant, type TestTenant } from "./test-tenant.js";

let one: TestTenant;
let whole: Scanned;
let rows: Record<string, unknown>[];
beforeAll(async () => {
	one = await startTenant({ acme: true });
	whole = await one.scan({ only: ["accounts", "apps", "credentials"] });
	const { body } = await (await one.connect("read")).send({ method: "GET", path: "/sspm/api/v1/plugins", query: { limit: 200 } });
	rows = (body as { items: Record<string, unknown>[] }).items;
});
afterEach(() => one.tenant.reset());
afterAll(() => one.close());

const listed = (items: unknown[]) => answer(/v1\/plugins(\?|$)/, { total: items.length, items });
const scant = (keys: string[]) => rows.map((row) => Object.fromEntries(keys.map((key) => [key, row[key]])));
const scan = (faults: NonNullable<Parameters<TestTenant["scan"]>[0]>["faults"]) =>
	one.scan({ only: ["accounts", "apps", "credentials"], faults: faults ?? [] });
const details = () => one.tenant.requests.filter(({ path }) => path.endsWith("/plugins/{id}"));
const bodies = async (read: Scanned, collection: "apps" | "credentials") => (await read.records(collection)).map(({ id, body }) => ({ id, body }));

describe("a third-party app of which the list says too little", () => {
	it("is not asked for where the list says enough", () => {
		expect(rows).toHaveLength(14);
		expect(whole.coverage("apps").state).toBe("complete");
		expect(details()).toEqual([]);
	});

	it("is asked for by itself, once for all that is read of it", async () => {
		const read = await scan([listed(scant(["id", "third_party_app_name"]))]);
		for (const collection of ["apps", "credentials"] as const) {
			expect(read.coverage(collection).state).toBe("complete");
			expect(await bodies(read, collection)).toEqual(await bodies(whole, collection));
		}
		expect(details()).toHaveLength(rows.length);
	});

	it("in one field alone is asked for alone", async () => {
		const read = await scan([listed(rows.map((row, number) => (number === 4 ? { ...row, high_scopes: "many" } : row)))]);
		expect(await bodies(read, "credentials")).toEqual(await bodies(whole, "credentials"));
		expect(details()).toHaveLength(1);
	});

	it("is gone where the vendor knows nothing of it any more", async () => {
		const short = rows.map((row, number) => (number === 2 ? { ...row, level: undefined } : row));
		const lost = rows[2] as { id: string };
		const read = await scan([listed(short), answer(new RegExp(`plugins/${lost.id}`), {}, 404)]);
		expect(read.coverage("apps").state).toBe("complete");
		const apps = (await read.bodies<AppRecord>("apps")).filter(({ foreign }) => foreign);
		expect(apps.map(({ id }) => id).sort()).toEqual(
			rows
				.map(({ id }) => id)
				.filter((id) => id !== lost.id)
				.sort(),
		);
		expect((await read.bodies<CredentialRecord>("credentials")).some(({ id }) => id.startsWith(`grant/${lost.id}`))).toBe(false);
	});

	it("is not gone where the call itself is missing", async () => {
		const read = await scan([listed(scant(["id", "third_party_app_name"])), answer(/v1\/plugins\/[^/?]+$/, {}, 404)]);
		const apps = (await read.bodies<AppRecord>("apps")).filter(({ foreign }) => foreign);
		expect(apps).toHaveLength(rows.length);
		for (const collection of ["apps", "credentials"] as const) {
			expect(read.coverage(collection).state).toBe("partial");
			expect(JSON.stringify(read.coverage(collection).reasons)).toMatch(/plugins\/\{id\}.*says too little of 11/);
		}
		expect(details().length).toBeLessThan(10);
	});

	it("is asked for no longer where that says no more, which loses nothing", async () => {
		const plain = rows.map(({ medium_scopes, ...row }) => row);
		const told = (row: unknown) => ({ ...answer(new RegExp(`plugins/${(row as { id: string }).id}`), row as object) });
		const read = await scan([listed(plain), ...plain.map(told)]);
		expect(read.coverage("apps").state).toBe("complete");
		expect(details()).toHaveLength(3);
		const grants = (await read.bodies<CredentialRecord>("credentials")).filter(({ kind }) => kind === "oauth-grant");
		for (const grant of grants) expect(grant).not.toHaveProperty("scopes");
	});

	it("whose answer is about another one is not made of it", async () => {
		const short = rows.map((row, number) => (number === 0 ? { ...row, level: null } : row));
		const read = await scan([listed(short), answer(/v1\/plugins\/[^/?]+$/, rows[1] ?? {})]);
		expect(read.coverage("apps")).toMatchObject({ state: "partial", reasons: [{ detail: expect.stringMatching(/not about the third-party app/) }] });
		expect(await bodies(read, "apps")).toEqual(await bodies(whole, "apps"));
	});
});

it("third-party apps of which the list says too little are asked for up to a number", async () => {
	const large = await startTenant({ users: 3600 });
	const { body } = await (await large.connect("read")).send({ method: "GET", path: "/sspm/api/v1/plugins", query: { limit: 500 } });
	const items = (body as { items: Record<string, unknown>[] }).items.map(({ level, ...row }) => row);
	expect(items.length).toBeGreaterThan(mostDetails);
	const read = await large.scan({ only: ["apps"], faults: [listed(items)] });
	expect(read.coverage("apps")).toMatchObject({
		state: "partial",
		reasons: [{ cause: "budget", detail: expect.stringMatching(`too little of ${items.length - mostDetails} `) }],
	});
	expect(large.tenant.requests.filter(({ path }) => path.endsWith("/plugins/{id}"))).toHaveLength(mostDetails);
	await large.close();
});
