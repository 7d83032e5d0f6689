import { afterEach, describe, expect, it } from "vitest";
import type { EmulatedTenant } from "../../src/emulate/contract.js";
import type { CollectionName } from "../../src/model/snapshot.js";
import { whole } from "./read.js";
import { groupProperties } from "./schema-group.js";
import { connectTo, memoryStore, type Scanned, scanTenant, startTenant } from "./test-entra.js";

let tenant: EmulatedTenant;
afterEach(() => tenant?.close());

const only: CollectionName[] = ["groups", "memberships"];
const members = async (read: Scanned): Promise<string[]> => (await read.records("memberships")).map(({ id }) => id).sort();
const truth = (): string[] => [...tenant.truth().memberships].sort();

/** The list of groups answers once without this group, as it does when the group is made right after. */
async function hide(group: string): Promise<void> {
	const connection = await connectTo(tenant);
	const { items } = await whole(connection, { method: "GET", path: "/v1.0/groups", query: { $select: groupProperties, $top: 999 } });
	await connection.close();
	const value = items.filter((item) => (item as { id: string }).id !== group);
	expect(value).toHaveLength(items.length - 1);
	tenant.faults.push({ do: "status", status: 200, body: { value }, path: /^\/v1\.0\/groups\?/, times: 1 });
}

describe("members of groups", () => {
	it("of a group that was made between the two lists are found by the next read", async () => {
		tenant = await startTenant();
		const store = await memoryStore();
		const [hidden = ""] = (truth()[0] ?? "").split("/");
		await hide(hidden);
		const first = await scanTenant(tenant, { store, only });
		expect((await members(first)).some((id) => id.startsWith(hidden))).toBe(false);
		const second = await scanTenant(tenant, { store, only });
		expect(second.coverage("memberships").state).toBe("complete");
		expect(await members(second)).toEqual(truth());
	});

	it("of a group that a later read's list of groups lacked are found by the one after it", async () => {
		tenant = await startTenant();
		const store = await memoryStore();
		await scanTenant(tenant, { store, only });
		const plain = new Map((await (await scanTenant(tenant, { store, only })).records("groups")).map(({ id, body }) => [id, body as { source: string }]));
		const [group = "", member = ""] = (truth().find((id) => plain.get(id.split("/")[0] ?? "")?.source === "direct") ?? "").split("/");
		const act = await connectTo(tenant, "act");
		const params = { groupId: group, memberId: member };
		await act.http.client.send({ method: "DELETE", path: "/v1.0/groups/{groupId}/members/{memberId}/$ref", params });
		await hide(group);
		await scanTenant(tenant, { store, only });
		const last = await scanTenant(tenant, { store, only });
		expect(await members(last)).toEqual(truth());
		await act.close();
	});

	it("are read anew where a change can't be understood", async () => {
		tenant = await startTenant();
		const store = await memoryStore();
		await scanTenant(tenant, { store, only });
		const body = {
			value: [{ id: "g", "members@delta": [{ id: "nobody-says-what" }] }],
			"@odata.deltaLink": `${tenant.system.url}/v1.0/groups/delta?$deltatoken=x`,
		};
		tenant.faults.push({ do: "status", status: 200, body, path: /groups\/delta\?.*deltatoken/i, times: 1 });
		const second = await scanTenant(tenant, { store, only });
		expect(tenant.faults[0]).toMatchObject({ times: 1 });
		expect(tenant.requests.filter(({ url }) => /groups\/delta\?(?!.*token)/i.test(url))).toHaveLength(2);
		expect(second.coverage("memberships").state).toBe("complete");
		expect(await members(second)).toEqual(truth());
	});
});
