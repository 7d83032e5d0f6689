import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writePlan } from "../plan/plan-file.js";
import { type Bench, openBench } from "./bench.test-suite.js";
import { type FakeVendor, smallTenant, startFake, user } from "./fake-vendor.test-suite.js";

let folder: string;
let vendor: FakeVendor;
let bench: Bench;
let location: string;
let plan: string;

beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), "keelson-signal-"));
	const state = smallTenant(20);
	state.users.push(user("eve", { leaver: true }));
	vendor = await startFake(state);
	location = `sqlite:${join(folder, "store.db")}`;
	bench = await openBench(vendor.url, { location });
	plan = await writePlan(await bench.plan({ only: ["leaver-still-enabled"] }), join(folder, "plans"));
});
afterEach(async () => {
	await bench.close();
	await vendor.close();
	rmSync(folder, { recursive: true, force: true });
});

interface Said {
	outcome: string;
	calls: number;
	stopped: string | null;
	actions: string[];
}

/** Applies in a process that gets these signals while its first call is under way. */
async function applyWith(...signals: NodeJS.Signals[]): Promise<{ code: number | null; said: Said | null }> {
	const child = fork(new URL("./child.test-suite.ts", import.meta.url), [location, plan, vendor.url, "none"], {
		execArgv: ["--import", import.meta.resolve("tsx")],
		stdio: ["ignore", "ignore", "pipe", "ipc"],
	});
	let said: Said | null = null;
	child.on("message", (message: Said | { started: true }) => {
		if (!("started" in message)) said = message;
	});
	const exit = once(child, "exit");
	vendor.onCall = async () => {
		vendor.onCall = null;
		for (const signal of signals) {
			child.kill(signal);
			// Heard when it says so; the second one ends it.
			await Promise.race([once(child.stderr as NodeJS.ReadableStream, "data"), exit]);
		}
	};
	const [code] = await exit;
	return { code, said };
}

test.each(["SIGINT", "SIGTERM"] as const)("%s ends the run after the call under way, which is journaled; the lease is free at once", async (signal) => {
	const { code, said } = await applyWith(signal);
	expect({ code, said }).toMatchObject({
		code: 0,
		said: {
			outcome: "partial",
			calls: 1,
			stopped: `stopped by ${signal}; run it again to go on`,
			actions: ["end-sessions: verified", "suspend-account: not-reached"],
		},
	});
	expect((await bench.store.journal({ tenant: "acme" })).map(({ event }) => event)).toEqual(["began", "intent", "performed", "verified", "ended"]);
	expect(await bench.store.currentLease?.("acme", 0)).toBeNull();
});

test("a second one ends it at once, and the journal shows what is in doubt", async () => {
	const { code, said } = await applyWith("SIGINT", "SIGINT");
	expect([code, said]).toEqual([130, null]);
	expect((await bench.store.journal({ tenant: "acme" })).map(({ event }) => event)).toEqual(["began", "intent"]);
});
