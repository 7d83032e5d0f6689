import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore } from "../store/open.js";
import type { Store } from "../store/store.js";
import { clockMargin, type HeldLease, takeLease } from "./lease.js";

let folder: string;
let store: Store;
const held: HeldLease[] = [];
const ttl = 60_000;
const start = Date.UTC(2026, 0, 1);

beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), "keelson-lease-"));
	store = await openStore(`sqlite:${join(folder, "store.db")}`);
});
afterEach(async () => {
	for (const one of held.splice(0)) await one.release();
	await store.close();
	rmSync(folder, { recursive: true, force: true });
});

async function take(now: () => number): Promise<HeldLease | { heldBy: string; until: number | null }> {
	const lease = await takeLease({ store, tenant: "acme", holder: "ana", now, ttl });
	if ("token" in lease) held.push(lease);
	return lease;
}

async function taken(now: () => number): Promise<HeldLease> {
	const lease = await take(now);
	if ("heldBy" in lease) throw new Error(`it is held by ${lease.heldBy}`);
	return lease;
}

test("a machine whose clock is ahead by less than the margin does not take a lease that its holder still believes in", async () => {
	let now = start;
	const first = await taken(() => now);
	const ahead = () => now + clockMargin - 1;
	now += ttl - 1;
	expect(first.left()).toBeGreaterThan(0);
	expect(await take(ahead)).toMatchObject({ until: start + ttl + clockMargin });
	now += 2;
	expect(first.left()).toBe(0);
	expect(await take(ahead)).toHaveProperty("token");
	expect([await first.hold(), first.lost.aborted]).toEqual([false, true]);
});

test("a lease that was given back is free at once", async () => {
	const first = await taken(() => start);
	await first.release();
	expect(first.left()).toBe(0);
	expect(await take(() => start)).toHaveProperty("token");
});

test("what is left shrinks with the clock and grows with a renewal; after a sleep longer than it, nothing is", async () => {
	let now = start;
	const lease = await taken(() => now);
	now += 50_000;
	expect(lease.left()).toBeLessThanOrEqual(10_000);
	expect(await lease.hold()).toBe(true);
	expect(lease.left()).toBeGreaterThan(50_000);
	now += ttl + 1;
	expect(lease.left()).toBe(0);
	expect(await lease.hold()).toBe(false);
});

test("a clock that is set back does not make it last longer", async () => {
	let now = start;
	const lease = await taken(() => now);
	now -= 3_600_000;
	expect(lease.left()).toBeLessThanOrEqual(ttl);
});

test("a store that can't be asked is a lease that is lost", async () => {
	store = { ...store, renewLease: () => Promise.reject(new Error("gone")) };
	const lease = await taken(() => start);
	expect([await lease.hold(), lease.left()]).toEqual([false, 0]);
});
