import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DemoTenant, startDemoTenant } from "../src/cli/demo-tenant.js";
import { commandLines, pages, read } from "./docs.js";
import { keelson } from "./keelson.js";

/** Command lines that need what the demo tenant does not have: a forge, a git repository, another org, the engine, a plan or a finding of that name, another folder, a person who ends them. */
const elsewhere =
	/^(init|overlay|review|post|expire|baseline|preview|up|demo|apply|undo|pin|exempt add)\b|^policy (test policies|diff(?!.*--set)|new)|--watch|--action|--as-of|--stack|--plan/;

describe("command lines of the documentation, on the demo tenant", () => {
	const lines = [...new Set(pages().flatMap((page) => commandLines(read(page)).map((args) => args.join(" "))))].filter((line) => !elsewhere.test(line));
	let folder: string;
	let tenant: DemoTenant;
	const run = (line: string) => keelson(folder, line.split(" "), { KEELSON_STACK: "stacks/acme.yaml" });

	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "keelson-docs-"));
		tenant = await startDemoTenant(folder, true);
		await run("scan --quiet");
		await run("pin");
	});
	afterAll(async () => {
		await tenant.close();
		rmSync(folder, { recursive: true, force: true });
	});

	it.each(lines)("keelson %s runs", async (line) => {
		const { code, stderr } = await run(line);
		// 1 and 5 are what this tenant deserves; 2 would be a line that can't be run.
		expect([0, 1, 5], stderr).toContain(code);
	});
});
