/**
 * Store to findings: accounts with authenticators, roles and memberships in a SQLite file, judged by every shipped policy and scored,
 * in a process of its own.
 * npx tsx bench/assess.ts [accounts] [linked]: with `linked`, in two systems and a personnel file
 * npx tsx bench/assess.ts judge <file> [linked] judges one that is written already
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { assess } from "../src/assess/assess.js";
import { world } from "../src/assess/test-tenant.js";
import { openStore } from "../src/store/open.js";
import { benchStack, writeTenant } from "./tenant.js";

const linked = process.argv.at(-1) === "linked";
const [first = "100000", second] = process.argv.slice(2).filter((argument) => argument !== "linked");
if (first === "judge" && second !== undefined) {
	const input = await world(benchStack(linked));
	await input.store.close();
	for (const run of ["first", "second"]) {
		const started = performance.now();
		const cpu = process.cpuUsage();
		const store = await openStore(`sqlite:${second}`);
		const assessment = await assess({ ...input, store });
		await store.close();
		const used = process.cpuUsage(cpu);
		const verdicts = assessment?.policies.reduce((sum, counts) => sum + counts.pass + counts.fail + counts.unknown, 0);
		console.log(
			`${run} judging: ${seconds(started)} s wall, ${((used.user + used.system) / 1e6).toFixed(2)} s processor; ${input.policies.length} policies, ${verdicts} verdicts, ${assessment?.findings.length} findings; peak ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`,
		);
	}
} else {
	const folder = mkdtempSync(join(tmpdir(), "keelson-bench-"));
	const file = join(folder, "bench.db");
	const started = performance.now();
	const size = await writeTenant(file, Number(first), linked);
	console.log(`${first} accounts written in ${seconds(started)} s, ${(size / 1e6).toFixed(0)} MB`);
	execFileSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), "judge", file, ...(linked ? ["linked"] : [])], { stdio: "inherit" });
	rmSync(folder, { recursive: true });
}

function seconds(from: number): string {
	return ((performance.now() - from) / 1000).toFixed(2);
}
