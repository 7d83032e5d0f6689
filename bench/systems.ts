/**
 * Full read and second read of each emulated system on the loopback interface, each in a process of its own; the tenant is in another one.
 * npx tsx bench/systems.ts [users] [provider …]
 * Users are accounts of the tenant. No rate limits, no per-account budget; about 1 % of the accounts change between the two reads.
 */
import { type ChildProcess, fork } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { EmulatedTenant, Emulation } from "../src/emulate/contract.js";
import { loadProvider, providerNames } from "../src/provider/load.js";
import { openStore } from "../src/store/open.js";
import { runScan } from "../src/sync/scan.js";

const here = fileURLToPath(import.meta.url);
const [role = "", ...rest] = process.argv.slice(2);

if (role === "tenant") await tenant(rest[0] ?? "", Number(rest[1]));
else if (role === "reader") await reader(rest[0] ?? "", JSON.parse(rest[1] ?? "") as EmulatedTenant["system"]);
else
	await all(
		Number(role || 10_000),
		rest.length > 0 ? rest : providerNames().filter((name) => existsSync(new URL(`../providers/${name}/emulator.ts`, import.meta.url))),
	);

async function tenant(name: string, users: number): Promise<void> {
	const { emulation } = (await import(`../providers/${name}/emulator.ts`)) as { emulation: Emulation };
	const one = await emulation.start({ users, seed: 1, now: Date.now(), limits: "off" });
	process.on("message", () => process.send?.({ changed: one.mutate(0.01).length }));
	process.send?.({ system: one.system });
}

async function reader(name: string, system: EmulatedTenant["system"]): Promise<void> {
	const provider = await loadProvider(name, ".");
	const store = await openStore("sqlite::memory:");
	for (const read of ["first", "second"]) {
		const connection = await provider.connect({
			system: name,
			url: system.url,
			credential: system.auth,
			options: system.options ?? {},
			purpose: "read",
			now: Date.now,
			log: () => {},
		});
		const started = performance.now();
		const budget = { perAccountRequests: null, perAccountMaxAge: 7 * 86_400_000 };
		const { requests, coverage } = await runScan({ store, provider, connection, system: name, stackDigest: "", budget, now: Date.now });
		await connection.close();
		const seconds = (performance.now() - started) / 1000;
		const partial = coverage.filter(({ state }) => state !== "complete").map(({ collection, reasons }) => `${collection}: ${reasons[0]?.detail}`);
		const accounts = coverage.find(({ collection }) => collection === "accounts")?.known ?? 0;
		process.send?.({ read, requests, seconds, accounts, partial, megabytes: process.resourceUsage().maxRSS / 1024 });
		if (read === "first") await new Promise((resolve) => process.once("message", resolve));
	}
	await store.close();
	process.disconnect();
}

async function all(users: number, names: string[]): Promise<void> {
	console.log("| provider | accounts | full read: requests | seconds | second read: requests | seconds | peak memory |\n|---|---|---|---|---|---|---|");
	for (const name of names) {
		const org = start("tenant", name, String(users));
		const { system } = await next<{ system: EmulatedTenant["system"] }>(org);
		const one = start("reader", name, JSON.stringify(system));
		const first = await next<Read>(one);
		org.send("change");
		await next(org);
		one.send("go on");
		const second = await next<Read>(one);
		org.kill();
		const share = ((100 * second.requests) / first.requests).toFixed(1);
		console.log(
			`| ${name} | ${first.accounts} | ${first.requests} | ${first.seconds.toFixed(1)} | ${second.requests} (${share} %) | ${second.seconds.toFixed(1)} | ${second.megabytes.toFixed(0)} MB |`,
		);
		for (const reason of new Set([...first.partial, ...second.partial])) console.log(`  not whole: ${reason}`);
	}
}

interface Read {
	requests: number;
	seconds: number;
	accounts: number;
	megabytes: number;
	partial: string[];
}

function start(...args: string[]): ChildProcess {
	return fork(here, args, { execArgv: ["--import=tsx"] });
}

function next<T>(child: ChildProcess): Promise<T> {
	return new Promise((resolve, reject) => {
		child.once("message", (message) => resolve(message as T));
		child.once("exit", () => reject(new Error("a process of the bench ended early")));
	});
}
