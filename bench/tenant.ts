import { statSync } from "node:fs";
import { account, at, passkey, push, role } from "../src/assess/test-tenant.js";
import type { CollectionName, ReadRecord } from "../src/model/snapshot.js";
import { collections } from "../src/model/snapshot.js";
import { openStore } from "../src/store/open.js";

const day = 86_400_000;
const request = { call: "GET /bench", requestId: null, at };
const name = (n: number) => `u${String(n).padStart(7, "0")}`;

/**
 * Writes one finished scan: accounts, one in thirty without a second factor, one in fifty idle, and five memberships each.
 * @returns the size of the file in bytes
 */
export async function writeTenant(file: string, people: number): Promise<number> {
	const store = await openStore(`sqlite:${file}`);
	const groups = Math.max(1, Math.floor(people / 20));
	const scan = await store.beginScan({ system: "okta", provider: "okta", started: at, stackDigest: "" });
	const put = async (collection: CollectionName, count: number, make: (n: number) => ReadRecord) => {
		for (let from = 0; from < count; from += 1000)
			await store.putRecords(
				scan,
				collection,
				Array.from({ length: Math.min(1000, count - from) }, (_, n) => make(from + n)),
				request,
			);
	};
	await put("accounts", people, (n) => ({
		id: name(n),
		body: account(name(n), { lastActivity: n % 50 === 0 ? at - 100 * day : at - day, ...(n % 40 === 0 ? { login: `${name(n)}@else.example` } : {}) }),
	}));
	await put("authenticators", people, (n) => ({ id: name(n), body: { items: n % 30 === 0 ? [] : n % 3 === 0 ? [passkey, push] : [push] } }));
	await put("groups", groups, (n) => ({ id: `g${n}`, body: { id: `g${n}`, name: `Group ${n}`, type: "OKTA_GROUP", source: "direct" } }));
	await put("memberships", people * 5, (n) => {
		const [group, member] = [`g${n % groups}`, name(Math.floor(n / 5))];
		return { id: `${group}/${member}`, body: { group, account: member, source: "direct" } };
	});
	await put("roleAssignments", Math.floor(people / 200), (n) => ({
		id: `r${n}`,
		body: role(`r${n}`, name(n * 190), { level: n % 10 === 0 ? "top" : "privileged" }),
	}));
	await put("roleAssignments", 1, () => ({ id: "rg", body: role("rg", "g0", { principalType: "group", level: "privileged" }) }));
	for (const collection of collections)
		await store.finishCollection(scan, { collection, state: "complete", reasons: [], eligible: null, requests: 0 }, { closed: true, incremental: false });
	await store.finishScan(scan, at, 0);
	await store.close();
	return statSync(file).size;
}
