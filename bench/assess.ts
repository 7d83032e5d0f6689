/**
 * Store to findings: accounts with authenticators, roles and memberships in a SQLite file, judged by every shipped policy and scored.
 * npx tsx bench/assess.ts [accounts]
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assess } from "../src/assess/assess.js";
import { account, at, passkey, push, role, world } from "../src/assess/test-tenant.js";
import type { CollectionName, ReadRecord } from "../src/model/snapshot.js";
import { collections } from "../src/model/snapshot.js";
import { openStore } from "../src/store/open.js";

const people = Number(process.argv[2] ?? 100_000);
const groups = Math.max(1, Math.floor(people / 20));
const day = 86_400_000;
const folder = mkdtempSync(join(tmpdir(), "keelson-bench-"));
const file = join(folder, "bench.db");
const store = await openStore(`sqlite:${file}`);
const name = (n: number) => `u${String(n).padStart(7, "0")}`;
const request = { call: "GET /bench", requestId: null, at };

let started = performance.now();
const scan = await store.beginScan({ system: "okta", provider: "okta", started: at, stackDigest: "" });
async function put(collection: CollectionName, count: number, make: (n: number) => ReadRecord): Promise<void> {
	for (let from = 0; from < count; from += 1000)
		await store.putRecords(
			scan,
			collection,
			Array.from({ length: Math.min(1000, count - from) }, (_, n) => make(from + n)),
			request,
		);
}
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
console.log(`${people} accounts written in ${seconds(started)} s, ${(statSync(file).size / 1e6).toFixed(0)} MB`);

const input = { ...(await world()), store };
for (const run of ["first", "second"]) {
	started = performance.now();
	const cpu = process.cpuUsage();
	const assessment = await assess(input);
	const used = process.cpuUsage(cpu);
	const verdicts = assessment?.policies.reduce((sum, counts) => sum + counts.pass + counts.fail + counts.unknown, 0);
	console.log(
		`${run} judging: ${seconds(started)} s wall, ${((used.user + used.system) / 1e6).toFixed(2)} s processor; ${input.policies.length} policies, ${verdicts} verdicts, ${assessment?.findings.length} findings; peak ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`,
	);
}
await store.close();
await input.store.close();
rmSync(folder, { recursive: true });

function seconds(from: number): string {
	return ((performance.now() - from) / 1000).toFixed(2);
}
