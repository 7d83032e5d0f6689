import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { writePlan } from "../plan/plan-file.js";
import { openStore } from "../store/open.js";
import { openBench } from "./bench.test-suite.js";
import { type FakeVendor, smallTenant, startFake, user } from "./fake-vendor.test-suite.js";

interface Said {
	outcome: string;
	calls: number;
	stopped: string | null;
	refusals: object[];
	actions: string[];
}

/** The next run begins when the dead one's lease is over. */
const later = 2 * 60_000;

// began, intent, performed, verified, intent, performed, verified, ended
const points: [string, string, number][] = [
	["append 1", "applied", 2],
	["append 2", "applied", 2],
	["perform 1", "applied", 3],
	["append 3", "applied", 2],
	["append 4", "applied", 2],
	["append 5", "applied", 2],
	["perform 2", "applied", 2],
	["append 6", "applied", 2],
	["append 7", "nothing-to-do", 2],
	["append 8", "nothing-to-do", 2],
];

/** What every store must make possible: a run that is killed anywhere goes on in a new process, on a disk that holds nothing. `locate` gives a new, empty store for a test. */
export function crashContract(name: string, locate: (folder: string) => string): void {
	describe(`a run with ${name} that is killed`, () => {
		let folder: string;
		let location: string;
		let vendor: FakeVendor;
		let plan: string;

		beforeEach(async () => {
			folder = mkdtempSync(join(tmpdir(), "keelson-crash-"));
			location = locate(folder);
			const state = smallTenant(20);
			state.users.push(user("eve", { leaver: true }));
			vendor = await startFake(state);
			const bench = await openBench(vendor.url, { location });
			plan = await writePlan(await bench.plan({ only: ["leaver-still-enabled"] }), join(folder, "plans"));
			await bench.store.close();
		});
		afterEach(async () => {
			await vendor.close();
			rmSync(folder, { recursive: true, force: true });
		});

		/** Applies the plan in a new process, in a new folder that holds nothing; null: the process was killed. */
		async function apply(point: string, ahead = 0, killAfter?: number): Promise<Said | null> {
			const cwd = mkdtempSync(join(folder, "empty-"));
			const child = fork(new URL("./child.test-suite.ts", import.meta.url), [location, plan, vendor.url, point, String(ahead)], {
				execArgv: ["--import", import.meta.resolve("tsx")],
				cwd,
			});
			let said: Said | null = null;
			child.on("message", (message: Said | { started: true }) => {
				if (!("started" in message)) said = message;
				else if (killAfter !== undefined) setTimeout(() => child.kill("SIGKILL"), killAfter);
			});
			const [code, signal] = await once(child, "exit");
			if (signal !== "SIGKILL") expect(code).toBe(0);
			return said;
		}

		async function expectDone(): Promise<{ event: string; data: Record<string, unknown> }[]> {
			expect(vendor.state.users.find(({ id }) => id === "eve")).toMatchObject({ status: "SUSPENDED", sessions: 0 });
			expect(vendor.calls.filter((call) => call === "suspend-account eve")).toHaveLength(1);
			const opened = await openStore(location);
			expect(await opened.verifyJournal("acme")).toMatchObject({ broken: null });
			const entries = await opened.journal({ tenant: "acme" });
			await opened.close();
			// A second call for the sessions is one that the journal says was perhaps made before.
			const repeated = entries.filter(({ event, data }) => event === "intent" && data.repeated === true && data.kind === "end-sessions").length;
			expect(vendor.calls.filter((call) => call === "end-sessions eve").length).toBeLessThanOrEqual(1 + repeated);
			expect(repeated).toBeLessThanOrEqual(1);
			return entries;
		}

		test.each(points)("killed after %s, a new process in an empty folder goes on: %s, %i calls in all", async (point, outcome, calls) => {
			expect(await apply(point)).toBeNull();
			const said = await apply("none", later);
			expect(said).toMatchObject({ outcome, stopped: null, refusals: [] });
			await expectDone();
			expect(vendor.calls).toHaveLength(calls);
		});

		test("killed again and again at any moment, it ends with every change made once", async () => {
			for (let run = 1; run <= 3; run++) await apply("none", run * later, 100 * run ** 2);
			await apply("none", 4 * later);
			await expectDone();
		});

		test("an interrupted call that holds is recorded as recovered although its finding is gone", async () => {
			await apply("perform 2");
			const said = await apply("none", later);
			expect(said?.actions).toEqual(["end-sessions: done-before", "suspend-account: recovered"]);
			const entries = await expectDone();
			expect(entries.map(({ event }) => event).filter((event) => event === "recovered")).toHaveLength(1);
		});
	});
}
