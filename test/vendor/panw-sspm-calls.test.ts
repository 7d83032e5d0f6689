import { afterAll, expect, it } from "vitest";
import { carryOut, startTenant, type TestTenant } from "../../providers/panw-sspm/test-tenant.js";
import { operations, present } from "./test-panw-spec.js";

const open: TestTenant[] = [];
afterAll(async () => {
	for (const one of open.splice(0)) await one.close();
});

/** A list of the tenant in which each row has its id, and what else is named, alone. */
async function scant(one: TestTenant, path: string, keys: string[]) {
	const { body } = await (await one.connect("read")).send({ method: "GET", path });
	const list = Array.isArray(body) ? body : (body as { items: unknown[] }).items;
	const items = (list as Record<string, unknown>[]).map((row) => Object.fromEntries(keys.map((key) => [key, row[key]])));
	const shown = Array.isArray(body) ? items : { total: items.length, items };
	const exactly = new RegExp(`${path}(\\?|$)`);
	return { do: "status" as const, method: "GET", path: exactly, status: 200, body: JSON.stringify(shown), contentType: "application/json" };
}

it.skipIf(!present)("every GET that the specification has is asked, where there is a reason to", async () => {
	const one = await startTenant({ users: 60 });
	open.push(one);
	const faults = [
		await scant(one, "/sspm/api/v1/apps", ["app_id", "tenant"]),
		await scant(one, "/sspm/api/v1/plugins", ["id"]),
		await scant(one, "/sspm/api/v1/catalog/apps", ["id"]),
	];
	const before = one.tenant.requests.length;
	const read = await one.scan({ faults });
	for (const { collection } of (await import("../../providers/panw-sspm/readers.js")).readers)
		expect(read.coverage(collection).state, collection).toBe("complete");
	await (await one.connect("read")).doctor();
	const ticketing = { integration: one.tenant.integrationId };
	await (await one.connect("read", { options: { ticketing } })).doctor();
	const person = (await read.records("activity")).find(({ body }) => (body as { signal: string }).signal === "mfa_activity");
	await carryOut(await one.connect("act"), "end-sessions", { account: String(person?.id) });
	const asked = new Set(one.tenant.requests.slice(before).map(({ method, path }) => `${method} ${path}`));
	const promised = operations.filter((operation) => operation.startsWith("GET /sspm/"));
	expect(promised.length).toBeGreaterThan(30);
	expect(promised.filter((operation) => !asked.has(operation))).toEqual([]);
});
