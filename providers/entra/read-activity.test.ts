import { afterEach, describe, expect, it } from "vitest";
import type { EmulatedTenant } from "../../src/emulate/contract.js";
import type { AccountRecord } from "../../src/model/account.js";
import { whole } from "./read.js";
import { connectTo, memoryStore, scanTenant, startTenant } from "./test-entra.js";

let tenant: EmulatedTenant;
afterEach(() => tenant?.close());

const activities = async (read: Awaited<ReturnType<typeof scanTenant>>) =>
	new Map((await read.bodies<AccountRecord>("accounts")).map(({ id, lastActivity, activitySignal }) => [id, { lastActivity, activitySignal }]));

describe.each([true, false])("a last sign-in that was known once (full read: %s)", (full) => {
	it("is not taken back where the vendor leaves it out in a later answer", async () => {
		tenant = await startTenant();
		const store = await memoryStore();
		const first = await activities(await scanTenant(tenant, { store, only: ["accounts"] }));
		const [id, before] = [...first].find(([, { lastActivity }]) => typeof lastActivity === "number") ?? [];
		const connection = await connectTo(tenant);
		const query = { $select: "id,accountEnabled,signInActivity", $top: 500 };
		const { items } = await whole(connection, { method: "GET", path: "/v1.0/users", query });
		await connection.close();
		const value = items.map((item) => ((item as { id: string }).id === id ? { id, accountEnabled: true } : item));
		tenant.faults.push({ do: "status", status: 200, body: { value }, path: /\/v1\.0\/users\?.*signInActivity/ });
		const second = await scanTenant(tenant, { store, only: ["accounts"], full });
		expect(second.coverage("accounts").state).toBe("complete");
		expect((await activities(second)).get(id ?? "")).toEqual(before);
	});
});
