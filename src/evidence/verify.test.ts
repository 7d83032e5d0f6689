import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { nothingKnown } from "../apply/approval.js";
import type { ApplyReport } from "../apply/report.js";
import { openStore } from "../store/open.js";
import type { JournalEntry, Store } from "../store/store.js";
import { receiptDigest, receiptText } from "./receipt.js";
import { verifyEvidence } from "./verify.js";
import { writeReceipt } from "./write-receipt.js";

const tenant = "acme";
const at = Date.parse("2026-11-26T10:15:00Z");
let folder: string;
let receipts: string;
let store: Store;
let clock: number;

const report = (plan: string): ApplyReport => ({
	plan,
	tenant,
	outcome: "applied",
	refusals: [],
	proofs: [],
	stopped: null,
	calls: 1,
	warnings: [],
	actions: [
		{
			action: {
				id: "a_1",
				system: "okta",
				kind: "update-setting",
				target: { setting: "policies/1", values: { banner: "ana@acme.example" } },
				label: "Session of Ana",
				findings: [],
				precondition: {},
				effect: "",
				reversible: true,
				inverse: null,
				after: [],
			},
			outcome: "verified",
			detail: "Ana's",
			proof: "read-back",
			requestId: "r1",
		} as ApplyReport["actions"][number],
	],
});
const entry = (event: string) => store.appendJournal({ tenant, at: clock++, plan: "p".repeat(64), action: "a_1", event, data: { kind: "update-setting" } });
const write = (plan = "b".repeat(64)) =>
	writeReceipt(
		{
			store,
			stack: { name: tenant, digest: "c".repeat(64), remediation: { receipts } as never },
			policyDigest: "d".repeat(64),
			appliedBy: "ci@runner, process 1",
			now: () => clock++,
			approval: async () => nothingKnown("no pipeline"),
		},
		report(plan),
	);
const verify = (more = {}) => verifyEvidence({ store, tenant, folder: receipts, ...more });
const says = async () => (await verify()).misfits.map(({ where, what }) => `${where}: ${what}`);

beforeEach(async () => {
	clock = at;
	folder = mkdtempSync(join(tmpdir(), "keelson-evidence-"));
	receipts = join(folder, "receipts");
	store = await openStore(`sqlite:${join(folder, "s.db")}`, { baseDir: folder, tenant });
});
afterEach(async () => {
	await store.close();
	rmSync(folder, { recursive: true, force: true });
});

describe("a receipt", () => {
	it("is an in-toto statement about the plan, chained with the journal, without a name in it", async () => {
		await entry("intent");
		const { seq, hash } = await entry("verified");
		const file = await write();
		const text = readFileSync(String(file), "utf8");
		expect(JSON.parse(text)).toMatchObject({
			_type: "https://in-toto.io/Statement/v1",
			subject: [{ name: "plan", digest: { sha256: "b".repeat(64) } }],
			predicateType: "https://keelson.dev/receipt/v1",
			predicate: {
				actions: [{ id: "a_1", target: { setting: "policies/1" }, outcome: "verified", proof: "read-back", request: "r1" }],
				approval: { approvedBy: null, unknown: "no pipeline" },
				journal: { from: 1, to: seq, hash },
				previous: null,
			},
		});
		expect(text).not.toMatch(/Ana|ana@/);
		expect(text).toBe(receiptText(JSON.parse(text)));
		expect(readdirSync(receipts)).toEqual([expect.stringMatching(/^20261126T101500Z-bbbbbbbb-2\.json$/)]);
	});

	it("is given once for what happened, and covers a run that was cut off before", async () => {
		expect(await write()).toBeNull();
		await entry("intent");
		await write();
		expect(await write()).toBeNull();
		await store.appendJournal({ tenant, at: clock++, plan: "notify", action: null, event: "notified", data: {} });
		expect(await write()).toBeNull();
		await entry("intent");
		expect((await verify()).uncovered).toBe(1);
		await entry("verified");
		const { predicate } = JSON.parse(readFileSync(String(await write()), "utf8"));
		expect(predicate.journal).toMatchObject({ from: 2, to: 5 });
		expect(await verify()).toMatchObject({ misfits: [], missing: [], uncovered: 0, entries: 6 });
	});

	it("of two is chained to the one before", async () => {
		await entry("intent");
		const first = receiptDigest(readFileSync(String(await write())));
		await entry("intent");
		expect(JSON.parse(readFileSync(String(await write()), "utf8")).predicate.previous).toBe(first);
	});
});

describe("what does not fit is named", () => {
	let files: string[];
	beforeEach(async () => {
		files = [];
		for (let run = 0; run < 3; run++) {
			await entry("intent");
			await entry("verified");
			files.push(String(await write()));
		}
		expect(await says()).toEqual([]);
	});

	it("any byte of a receipt", async () => {
		const whole = readFileSync(String(files[1]));
		await fc.assert(
			fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 1 }), fc.integer({ min: 1, max: 255 }), async (position, by) => {
				const changed = Buffer.from(whole);
				changed[position] = ((changed[position] ?? 0) + by) % 256;
				writeFileSync(String(files[1]), changed);
				const found = await says();
				expect(found).toHaveLength(1);
				expect(found[0]).toMatch(/changed after it was written|of another store|is a receipt of/);
			}),
			{ numRuns: 40 },
		);
	});

	it("a receipt that was deleted, and it can be written again", async () => {
		rmSync(String(files[0]));
		expect(await says()).toEqual([expect.stringMatching(/-2\.json: entry 3 of the journal is about it/)]);
		expect((await verify()).missing).toHaveLength(1);
	});

	it("a receipt whose file holds another one of the journal", async () => {
		writeFileSync(String(files[0]), readFileSync(String(files[1])));
		expect(await says()).toEqual([expect.stringMatching(/-2\.json: it was replaced: another receipt/)]);
		expect((await verify({ files: [files[0]] })).misfits).toHaveLength(1);
		const kept = join(folder, "artifact.json");
		writeFileSync(kept, readFileSync(String(files[1])));
		expect((await verify({ files: [kept] })).misfits).toEqual([]);
	});

	it("a file that is no receipt, or one of somebody else's", async () => {
		writeFileSync(join(receipts, "x.json"), "{}");
		expect(await says()).toEqual(["x.json: it is no receipt"]);
		writeFileSync(join(receipts, "x.json"), readFileSync(String(files[2]), "utf8").replace('"acme"', '"other"'));
		expect(await says()).toEqual(['x.json: it is a receipt of "other", not of acme']);
	});

	it("one file alone", async () => {
		expect((await verify({ files: [files[2]] })).misfits).toEqual([]);
		await expect(verify({ files: [join(receipts, "gone.json")] })).rejects.toThrow("ENOENT");
	});

	it("a journal whose end was cut off, or that was written anew", async () => {
		const other = await openStore(`sqlite:${join(folder, "other.db")}`, { baseDir: folder, tenant });
		for (const { tenant: of, at: when, plan, action, event, data } of (await store.journal({ tenant })).slice(0, 6))
			await other.appendJournal({ tenant: of, at: when, plan, action, event, data });
		expect((await verifyEvidence({ store: other, tenant, folder: receipts })).misfits).toEqual([
			{ where: files[2]?.split("/").at(-1), what: expect.stringContaining("entries were taken out or written anew") },
		]);
		await other.appendJournal({ tenant, at: clock, plan: "p", action: "a_1", event: "intent", data: {} });
		await other.appendJournal({ tenant, at: clock, plan: "p", action: "a_1", event: "verified", data: {} });
		expect((await verifyEvidence({ store: other, tenant, folder: receipts })).misfits).toHaveLength(1);
		await other.close();
	});

	it("a receipt in the journal that leaves entries out", async () => {
		const entries = await store.journal({ tenant });
		const forged: JournalEntry[] = entries.map((one) => structuredClone(one));
		const last = forged.at(-1) as { data: { receipt: { predicate: { journal: { from: number } } } } } & JournalEntry;
		last.data.receipt.predicate.journal.from = 99;
		const fake = { ...store, verifyJournal: async () => ({ entries: forged.length, broken: null }), journal: async () => forged } as Store;
		const found = (await verifyEvidence({ store: fake, tenant, folder: receipts })).misfits.map(({ what }) => what);
		expect(found.some((what) => what.includes("does not have the digest it is journaled with"))).toBe(true);
		expect(found.some((what) => what.includes("leaves out entries: it begins with entry 99"))).toBe(true);
	});
});
