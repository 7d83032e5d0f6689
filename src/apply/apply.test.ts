import { afterEach, expect, test } from "vitest";
import { type Bench, openBench, readStackText, stackText } from "./bench.test-suite.js";
import { type FakeState, type FakeVendor, smallTenant, startFake, user } from "./fake-vendor.test-suite.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
});

/** A tenant with these leavers, all still enabled; `clock.ahead` moves Keelson's clock on. */
async function tenantWith(...leavers: string[]): Promise<{ vendor: FakeVendor; bench: Bench; clock: { ahead: number } }> {
	const state: FakeState = smallTenant(20);
	state.users.push(...leavers.map((id) => user(id, { leaver: true })));
	const clock = { ahead: 0 };
	const vendor = await startFake(state);
	const bench = await openBench(vendor.url, { now: () => Date.now() + clock.ahead });
	open.push(bench, vendor);
	return { vendor, bench, clock };
}

const only = { only: ["leaver-still-enabled"] };
const outcomes = (report: Awaited<ReturnType<Bench["apply"]>>) =>
	report.actions.map(({ action, outcome }) => `${action.kind} ${action.target.account}: ${outcome}`);

test("a leaver's sessions are ended, then the account is suspended; each call is journaled before and after, and a second run writes nothing", async () => {
	const { vendor, bench } = await tenantWith("eve");
	const plan = await bench.plan(only);
	expect(plan.actions.map(({ kind }) => kind)).toEqual(["end-sessions", "suspend-account"]);
	const report = await bench.apply(plan);
	expect(report).toMatchObject({ outcome: "applied", calls: 2, refusals: [] });
	expect(report.actions.map(({ outcome, proof }) => [outcome, proof])).toEqual([
		["verified", "accepted"],
		["verified", "read-back"],
	]);
	expect(report.proofs[0]?.witnesses.map(({ label }) => label)).toEqual(["admin1@acme.example", "bg1@acme.example", "bg2@acme.example"]);
	expect(vendor.calls).toEqual(["end-sessions eve", "suspend-account eve"]);
	const journal = await bench.store.journal({ tenant: "acme" });
	expect(journal.map(({ event }) => event)).toEqual(["began", "intent", "performed", "verified", "intent", "performed", "verified", "ended"]);
	expect(journal[4]?.data).toMatchObject({ system: "fake", inverse: { kind: "unsuspend-account", target: { account: "eve" } }, facts: { status: "ACTIVE" } });
	expect(await bench.store.verifyJournal("acme")).toMatchObject({ broken: null });

	expect(await bench.apply(plan)).toMatchObject({ outcome: "nothing-to-do", calls: 0 });
	expect(vendor.calls).toHaveLength(2);
	expect(await bench.store.journal({ tenant: "acme" })).toHaveLength(journal.length);
});

test("an action whose finding is gone is skipped, and said so", async () => {
	const { vendor, bench } = await tenantWith("eve", "mallory");
	const plan = await bench.plan(only);
	for (const person of vendor.state.users) if (person.id === "eve") person.leaver = false;
	const report = await bench.apply(plan);
	expect(report.outcome).toBe("applied");
	expect(outcomes(report).filter((line) => line.includes("eve"))).toEqual(["end-sessions eve: skipped", "suspend-account eve: skipped"]);
	expect(report.actions[0]?.detail).toBe("leaver-still-enabled does not fail any more");
	expect(vendor.calls).toEqual(["end-sessions mallory", "suspend-account mallory"]);
});

test("an exemption made since the plan is honoured", async () => {
	const { vendor, bench } = await tenantWith("eve");
	const plan = await bench.plan(only);
	const stack = await readStackText(
		stackText(
			"exemptions: [ { policy: leaver-still-enabled, subject: { login: fake/eve@acme.example, id: eve }, owner: hr, reason: back on Monday, expires: 2099-01-01 } ]",
		),
	);
	const report = await bench.apply(plan, { stack: { ...stack, digest: bench.stack.digest } });
	expect(report.outcome).toBe("nothing-to-do");
	expect(report.actions[0]?.detail).toBe("leaver-still-enabled is under an exemption now");
	expect(vendor.calls).toEqual([]);
});

test("what can't be judged any more is not acted on", async () => {
	const { vendor, bench } = await tenantWith("eve");
	const plan = await bench.plan(only);
	vendor.state.users = vendor.state.users.filter(({ id }) => id !== "eve");
	vendor.unreadable.accounts = "the list broke off";
	const report = await bench.apply(plan);
	expect(outcomes(report)).toEqual(["end-sessions eve: skipped", "suspend-account eve: skipped"]);
	expect(report.actions[0]?.detail).toMatch(/can't be judged any more/);
	expect(vendor.calls).toEqual([]);
});

test("a failed action ends what comes after it on that account; the others go on, and the run is partial", async () => {
	const { vendor, bench } = await tenantWith("eve", "mallory");
	const plan = await bench.plan(only);
	vendor.onCall = (call) => {
		vendor.refuse = call === "end-sessions eve" ? { "end-sessions": "rate" } : {};
	};
	const report = await bench.apply(plan);
	expect(report.outcome).toBe("partial");
	expect(outcomes(report)).toEqual([
		"end-sessions eve: verified",
		"end-sessions mallory: failed",
		"suspend-account eve: verified",
		"suspend-account mallory: skipped",
	]);
	expect(report.actions[3]?.detail).toContain("it comes after");
	vendor.onCall = null;
	vendor.refuse = {};
	const again = await bench.apply(plan);
	expect(again).toMatchObject({ outcome: "applied", calls: 2 });
	expect(outcomes(again)).toEqual([
		"end-sessions eve: done-before",
		"end-sessions mallory: verified",
		"suspend-account eve: done-before",
		"suspend-account mallory: verified",
	]);
});

test("an answer that never came is decided by reading back", async () => {
	const { vendor, bench } = await tenantWith("eve");
	const plan = await bench.plan(only);
	vendor.cut.add("suspend-account").add("end-sessions");
	const report = await bench.apply(plan);
	// Sessions can't be read back: nobody knows.
	expect(outcomes(report)).toEqual(["end-sessions eve: failed", "suspend-account eve: skipped"]);
	vendor.cut.delete("end-sessions");
	expect(outcomes(await bench.apply(plan))).toEqual(["end-sessions eve: verified", "suspend-account eve: verified"]);
	expect(vendor.calls).toEqual(["end-sessions eve", "end-sessions eve", "suspend-account eve"]);
});

test("a success that does not show is not taken for one, and the next run tries again", async () => {
	const { vendor, bench } = await tenantWith("eve");
	const plan = await bench.plan(only);
	vendor.pretend.add("suspend-account");
	const report = await bench.apply(plan);
	expect(report.outcome).toBe("partial");
	expect(outcomes(report)).toEqual(["end-sessions eve: verified", "suspend-account eve: unverified"]);
	vendor.pretend.clear();
	expect(outcomes(await bench.apply(plan))).toEqual(["end-sessions eve: done-before", "suspend-account eve: verified"]);
});

test("a target that changed under the run is left alone", async () => {
	const { vendor, bench } = await tenantWith("eve");
	const plan = await bench.plan(only);
	vendor.onCall = () => {
		for (const person of vendor.state.users) if (person.id === "eve") person.status = "LOCKED_OUT";
	};
	const report = await bench.apply(plan);
	expect(report.actions[1]).toMatchObject({ outcome: "failed", detail: 'status was "ACTIVE" when it was planned and is "LOCKED_OUT" now' });
	expect(vendor.calls).toEqual(["end-sessions eve"]);
});

test.each([0, 1])("without a durable journal no call is made (append %i fails)", async (failing) => {
	const { vendor, bench } = await tenantWith("eve");
	const plan = await bench.plan(only);
	let appended = 0;
	const store = {
		...bench.store,
		appendJournal: (entry: Parameters<typeof bench.store.appendJournal>[0]) =>
			appended++ >= failing ? Promise.reject(new Error("disk full")) : bench.store.appendJournal(entry),
	};
	const report = await bench.apply(plan, { store });
	expect(report).toMatchObject({ outcome: "partial", calls: 0 });
	expect(report.stopped).toMatch(/disk full.*without it nothing is/);
	expect(vendor.calls).toEqual([]);
});

test("a journal that fails after a call ends the run before the next one, and the call is told of", async () => {
	const { vendor, bench } = await tenantWith("eve", "mallory");
	const plan = await bench.plan(only);
	const store = {
		...bench.store,
		appendJournal: (entry: Parameters<typeof bench.store.appendJournal>[0]) =>
			entry.event === "performed" ? Promise.reject(new Error("disk full")) : bench.store.appendJournal(entry),
	};
	const report = await bench.apply(plan, { store });
	expect(report).toMatchObject({ outcome: "partial", calls: 1 });
	expect(outcomes(report)).toEqual([
		"end-sessions eve: unverified",
		"end-sessions mallory: not-reached",
		"suspend-account eve: not-reached",
		"suspend-account mallory: not-reached",
	]);
	expect(vendor.calls).toEqual(["end-sessions eve"]);
});

test("two runs at once: the second is refused with who holds the lease and until when", async () => {
	const { vendor, bench } = await tenantWith("eve");
	const plan = await bench.plan(only);
	let second: Awaited<ReturnType<Bench["apply"]>> | undefined;
	vendor.onCall = async () => {
		second ??= await bench.apply(plan, { holder: "another" });
	};
	const report = await bench.apply(plan, { holder: "ana@laptop" });
	expect(report.outcome).toBe("applied");
	expect(second).toMatchObject({ outcome: "refused", calls: 0, refusals: [{ guardrail: "lease" }] });
	expect(second?.refusals[0]?.message).toMatch(/^ana@laptop \(run \w+\) is writing to acme until \d{4}-.*Z/);
	expect(vendor.calls).toHaveLength(2);
});

test("a lost lease stops the run before the next write", async () => {
	const { vendor, bench, clock } = await tenantWith("eve");
	const plan = await bench.plan(only);
	vendor.onCall = async () => {
		clock.ahead += 5 * 60_000;
		await bench.store.acquireLease("acme", "somebody else", Date.now() + clock.ahead, 60_000);
	};
	const report = await bench.apply(plan);
	expect(report).toMatchObject({ outcome: "partial", calls: 1, stopped: "the lease was lost to another run" });
	expect(vendor.calls).toEqual(["end-sessions eve"]);
});

test("state that grew too old during the run stops it before the next write", async () => {
	const { vendor, bench, clock } = await tenantWith("eve");
	const plan = await bench.plan(only);
	vendor.onCall = () => {
		clock.ahead += 16 * 60_000;
	};
	const report = await bench.apply(plan, { leaseTtl: 3_600_000 });
	expect(report.stopped).toMatch(/longer than 15 min ago \(maxSnapshotAge\)/);
	expect(vendor.calls).toEqual(["end-sessions eve"]);
});
