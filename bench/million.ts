/**
 * One million accounts from the store to findings, scores and the HTML and JSON reports, in a process of its own.
 * npx tsx bench/million.ts [accounts]; npx tsx bench/million.ts judge <file> judges one that is written already
 */
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { assess } from "../src/assess/assess.js";
import { world } from "../src/assess/test-tenant.js";
import { renderHtml } from "../src/report/html.js";
import { jsonParts } from "../src/report/json.js";
import { openStore } from "../src/store/open.js";
import { writeTenant } from "./tenant.js";

const [first = "1000000", second] = process.argv.slice(2);
if (first === "judge" && second !== undefined) {
	const input = await world();
	await input.store.close();
	const began = performance.now();
	const store = await openStore(`sqlite:${second}`);
	const assessment = await step("load, evaluate and score", () => assess({ ...input, store }));
	await store.close();
	if (!assessment) throw new Error("the store holds no scan");
	const accounts = assessment.systems.reduce((sum, system) => sum + system.accounts, 0);
	console.log(
		`${accounts} accounts, ${input.policies.length} policies, ${assessment.findings.length} findings, ${assessment.accounts.length} accounts with a gap`,
	);
	for (const [name, render] of [
		["report.html", () => [renderHtml(assessment)]],
		["report.json", () => jsonParts(assessment)],
	] as const) {
		const file = join(dirname(second), name);
		await step(name, async () => {
			const opened = openSync(file, "w");
			for (const part of render()) writeSync(opened, part);
			closeSync(opened);
		});
		console.log(`${name}: ${(statSync(file).size / 1e6).toFixed(1)} MB`);
	}
	console.log(`together ${seconds(began)} s, peak ${peak()} MB`);
} else {
	const folder = mkdtempSync(join(tmpdir(), "keelson-bench-"));
	const file = join(folder, "bench.db");
	const size = await step("written", () => writeTenant(file, Number(first)));
	console.log(`${first} accounts, ${(size / 1e6).toFixed(0)} MB`);
	execFileSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), "judge", file], { stdio: "inherit" });
	rmSync(folder, { recursive: true });
}

async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
	const started = performance.now();
	const cpu = process.cpuUsage();
	const result = await work();
	const used = process.cpuUsage(cpu);
	console.log(`${name}: ${seconds(started)} s wall, ${((used.user + used.system) / 1e6).toFixed(1)} s processor, peak so far ${peak()} MB`);
	return result;
}

function seconds(from: number): string {
	return ((performance.now() - from) / 1000).toFixed(1);
}

function peak(): string {
	return (process.resourceUsage().maxRSS / 1024).toFixed(0);
}
