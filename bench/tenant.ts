import { statSync } from "node:fs";
import { account, at, passkey, push, role, stackOf } from "../src/assess/test-tenant.js";
import type { CollectionName, ReadRecord } from "../src/model/snapshot.js";
import { collections } from "../src/model/snapshot.js";
import type { Stack } from "../src/stack/stack.js";
import { openStore } from "../src/store/open.js";
import type { Store } from "../src/store/store.js";

const day = 86_400_000;
const request = { call: "GET /bench", requestId: null, at };
const name = (n: number) => `u${String(n).padStart(7, "0")}`;
const tenantCollections = collections.filter((collection) => collection !== "workers");

/** The stack of `writeTenant`: one system, or with `linked` two of them and a personnel file. */
export function benchStack(linked: boolean): Stack {
	const stack = stackOf();
	const { okta } = stack.systems;
	if (linked && okta) stack.systems = { okta, google: { ...okta, provider: "google-workspace" }, hr: { ...okta, provider: "hr" } };
	return stack;
}

/**
 * Writes one finished scan: accounts, one in thirty without a second factor, one in fifty idle, and five memberships each.
 * With `linked`, half of the accounts are in a second system, and their people in a personnel file: nine in ten carry their number,
 * one in twenty has left, and what carries none is linked by its address.
 * @returns the size of the file in bytes
 */
export async function writeTenant(file: string, people: number, linked = false): Promise<number> {
	const store = await openStore(`sqlite:${file}`);
	const each = linked ? Math.ceil(people / 2) : people;
	await writeSystem(store, "okta", each, linked);
	if (linked) await writeSystem(store, "google", each, linked);
	if (linked) await writeScan(store, "hr", ["workers"], (put) => put("workers", each, worker));
	await store.close();
	return statSync(file).size;
}

type Put = (collection: CollectionName, count: number, make: (n: number) => ReadRecord) => Promise<void>;

async function writeSystem(store: Store, system: string, people: number, linked: boolean): Promise<void> {
	const groups = Math.max(1, Math.floor(people / 20));
	await writeScan(store, system, tenantCollections, async (put) => {
		await put("accounts", people, (n) => ({
			id: name(n),
			body: account(name(n), {
				lastActivity: n % 50 === 0 ? at - 100 * day : at - day,
				...(n % 40 === 0 ? { login: `${name(n)}@else.example` } : {}),
				...(linked ? { email: address(n), emailVerified: true, employeeId: n % 10 === 0 ? null : name(n), displayName: `Person ${n}` } : {}),
			}),
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
	});
}

async function writeScan(store: Store, system: string, read: CollectionName[], write: (put: Put) => Promise<void>): Promise<void> {
	const scan = await store.beginScan({ system, provider: system, started: at, stackDigest: "" });
	await write(async (collection, count, make) => {
		for (let from = 0; from < count; from += 1000)
			await store.putRecords(
				scan,
				collection,
				Array.from({ length: Math.min(1000, count - from) }, (_, n) => make(from + n)),
				request,
			);
	});
	for (const collection of read)
		await store.finishCollection(scan, { collection, state: "complete", reasons: [], eligible: null, requests: 0 }, { closed: true, incremental: false });
	await store.finishScan(scan, at, 0);
}

function address(n: number): string {
	return `${name(n)}@acme.example`;
}

function worker(n: number): ReadRecord {
	const left = n % 20 === 1;
	const facts = { started: at - 500 * day, ended: left ? at - 30 * day : null, department: `Department ${n % 40}`, title: null, manager: name(n % 500) };
	return {
		id: name(n),
		body: { id: name(n), email: address(n), displayName: `Person ${n}`, status: left ? "terminated" : "active", type: "employee", ...facts },
	};
}
