import { afterEach, expect, test } from "vitest";
import type { Stack } from "../stack/stack.js";
import { type Approval, nothingKnown } from "./approval.js";
import { type Bench, openBench } from "./bench.test-suite.js";
import { type FakeVendor, smallTenant, startFake, user } from "./fake-vendor.test-suite.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
});

async function tenant(approvals: number): Promise<{ vendor: FakeVendor; bench: Bench; stack: Stack }> {
	const state = smallTenant(20);
	state.users.push(user("eve", { leaver: true }));
	const vendor = await startFake(state);
	const bench = await openBench(vendor.url);
	open.push(bench, vendor);
	const { stack } = bench;
	return { vendor, bench, stack: { ...stack, remediation: { ...stack.remediation, guardrails: { ...stack.remediation.guardrails, approvals } } } };
}

const only = { only: ["leaver-still-enabled"] };
const approved = (...approvedBy: string[]): Approval => ({
	commit: "c1",
	pullRequest: { number: 4, url: "https://github.example/4", author: "ana", mergeCommit: "m1" },
	approvedBy,
	unknown: null,
});

test.each<[string, (() => Promise<Approval>) | undefined, string]>([
	["nobody could be asked", undefined, "who approved it is not known: git and the forge were not asked"],
	["nothing is known", async () => nothingKnown("the checkout is shallow"), "who approved it is not known: the checkout is shallow"],
	["one of two approved", async () => approved("bo"), "1 are there of pull request 4 (bo)"],
	["nobody did", async () => approved(), "0 are there of pull request 4"],
])("a plan that needs two approvals is refused where %s", async (_, approval, why) => {
	const { vendor, bench, stack } = await tenant(2);
	const report = await bench.apply(await bench.plan(only), { stack, ...(approval && { approval }) });
	expect(report).toMatchObject({ outcome: "refused", calls: 0, refusals: [{ guardrail: "approvals" }] });
	expect(report.refusals[0]?.message).toBe(`the plan file needs 2 approvals (approvals), and ${why}`);
	expect(vendor.calls).toEqual([]);
});

test("a plan that two people approved is applied", async () => {
	const { bench, stack } = await tenant(2);
	expect(await bench.apply(await bench.plan(only), { stack, approval: async () => approved("bo", "cy") })).toMatchObject({ outcome: "applied" });
});

test("without the guardrail nobody is asked before the write", async () => {
	const { bench, stack } = await tenant(0);
	const approval = () => Promise.reject(new Error("asked"));
	expect(await bench.apply(await bench.plan(only), { stack, approval })).toMatchObject({ outcome: "applied" });
});

test("what is told of a run can't undo it: a receipt that can't be written is a warning", async () => {
	const { bench, stack } = await tenant(0);
	const concluded = () => Promise.reject(new Error("the disk is full"));
	const report = await bench.apply(await bench.plan(only), { stack, concluded });
	expect(report).toMatchObject({ outcome: "applied", warnings: [expect.stringContaining("this run has no receipt (the disk is full)")] });
});
