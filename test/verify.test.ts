import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DemoTenant, startDemoTenant } from "../src/cli/demo-tenant.js";
import { sealPlan } from "../src/plan/digest.js";
import type { Plan } from "../src/plan/plan.js";
import { writePlanTo } from "../src/plan/plan-file.js";
import { readPlan } from "../src/plan/read-plan.js";
import { keelson } from "./keelson.js";

/** One story, in order. */
describe("evidence of what was applied", { timeout: 120_000 }, () => {
	let folder: string;
	let tenant: DemoTenant;
	let receipt: string;
	const run = (...args: string[]) => keelson(folder, [...args, "-s", "stacks/acme.yaml"]);
	const misfits = async (...args: string[]) => {
		const { code, stdout } = await run("verify", "--json", ...args);
		return { code, said: JSON.parse(stdout).misfits.map(({ where, what }: { where: string; what: string }) => `${where}: ${what}`) };
	};
	const plan = () => join("plans", readdirSync(join(folder, "plans")).find((name) => name.endsWith(".yaml")) as string);

	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "keelson-verify-"));
		tenant = await startDemoTenant(folder);
		await run("scan", "--quiet", "--fail-on", "none");
		await run("pin");
		await run("plan", "--policy", "mfa-registered-privileged", "--quiet");
	});
	afterAll(async () => {
		await tenant.close();
		rmSync(folder, { recursive: true, force: true });
	});

	it("there is none before anything was applied, and a plan nobody approved is refused where approval is asked for", async () => {
		expect(await misfits()).toEqual({ code: 0, said: [] });
		const file = join(folder, "stacks", "acme.yaml");
		const before = readFileSync(file, "utf8");
		writeFileSync(file, before.replace("guardrails: { ", "guardrails: { approvals: 1, "));
		const { code, stdout } = await run("apply", plan());
		expect(code).toBe(4);
		expect(stdout).toContain("the plan file needs 1 approval (approvals), and who approved it is not known: git does not tell which commit brought");
		writeFileSync(file, before);
		expect(readdirSync(join(folder, ".keelson"))).not.toContain("receipts");
	});

	it("is a receipt that fits the journal, with ids and no names", async () => {
		expect(await run("apply", plan())).toMatchObject({ code: 0 });
		const names = readdirSync(join(folder, ".keelson", "receipts"));
		expect(names).toHaveLength(1);
		receipt = join(folder, ".keelson", "receipts", String(names[0]));
		const text = readFileSync(receipt, "utf8");
		const { predicate } = JSON.parse(text);
		expect(predicate).toMatchObject({ tenant: "acme", outcome: "applied", approval: { approvedBy: null }, previous: null });
		expect(predicate.actions.every(({ outcome }: { outcome: string }) => outcome === "verified")).toBe(true);
		const logins = readFileSync(join(folder, plan()), "utf8").match(/[\w.-]+@acme\.example/g) ?? [];
		expect(logins.length).toBeGreaterThan(0);
		expect(logins.filter((login) => text.includes(login))).toEqual([]);
		expect(await misfits()).toEqual({ code: 0, said: [] });
		expect(await misfits(receipt)).toEqual({ code: 0, said: [] });
	});

	it("says so when a receipt was changed or taken away, and writes a missing one again", async () => {
		const text = readFileSync(receipt, "utf8");
		writeFileSync(receipt, text.replace('"verified"', '"skipped"'));
		expect(await misfits()).toEqual({ code: 1, said: [expect.stringContaining("was changed after it was written")] });
		rmSync(receipt);
		expect(await misfits()).toEqual({ code: 1, said: [expect.stringContaining("there is no such file")] });
		const { code, stdout } = await run("verify", "--restore");
		expect([code, stdout]).toEqual([0, expect.stringContaining("1 receipt was written again from the journal")]);
		expect(readFileSync(receipt, "utf8")).toBe(text);
	});

	it("says so when the plan file or the journal was changed", async () => {
		const file = join(folder, plan());
		const text = readFileSync(file, "utf8");
		writeFileSync(file, text.replace(/label: .*/, "label: nothing much"));
		expect(await misfits()).toEqual({ code: 1, said: [expect.stringContaining("the plan was edited after it was made")] });
		writeFileSync(file, text);
		const { plan: made } = await readPlan(file);
		await writePlanTo(sealPlan({ ...(made as Plan), created: Number(made?.created) + 1 }), file);
		expect(await misfits()).toEqual({ code: 1, said: [expect.stringContaining("it was changed and sealed again")] });
		writeFileSync(file, text);
		const [name] = readdirSync(join(folder, ".keelson")).filter((one) => one.endsWith(".db"));
		const base = new DatabaseSync(join(folder, ".keelson", String(name)));
		// Whoever tampers with a database takes its guards out first.
		for (const { name: trigger } of base.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").all() as { name: string }[])
			base.exec(`DROP TRIGGER ${trigger}`);
		for (const _ of [1, 2]) base.exec("DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)");
		const cut = await misfits();
		expect(cut.code).toBe(1);
		expect(cut.said.join("\n")).toContain("entries were taken out or written anew since");
		base.exec("UPDATE journal SET at = at + 1 WHERE seq = 1");
		base.close();
		expect((await misfits()).said).toContain("journal: entry 1 does not fit: it, or one before it, was changed or taken out after it was written");
	});

	it("names a file that is not there", async () => {
		const { code, stderr } = await run("verify", "gone.json");
		expect([code, stderr]).toEqual([2, expect.stringContaining("gone.json: there is no such file")]);
	});
});
