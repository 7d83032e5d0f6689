/**
 * Full read and second read of an emulated Okta org on the loopback interface, in a process apart from the org's.
 * npx tsx bench/read.ts [users] [groups] [licensed]
 * With `licensed` the org has Identity Threat Protection and Identity Governance, which most orgs have not: the risk of each account is a request more.
 */
import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mutateTenant } from "../providers/okta/emulator/gen-mutate.js";
import { generateTenant } from "../providers/okta/emulator/generator.js";
import { DEFAULT_TOKEN, startEmulator } from "../providers/okta/emulator.js";
import { provider } from "../providers/okta/index.js";
import { openStore } from "../src/store/open.js";
import { runScan } from "../src/sync/scan.js";

const users = Number(process.argv[2] ?? 10_000);
const groups = Number(process.argv[3] ?? 500);
const unlicensed = process.argv[4] === "licensed" ? [] : (["identity-threat-protection", "identity-governance"] as const);

if (process.send) {
	const state = generateTenant({ seed: 1, users, groups, now: Date.now() });
	const emulator = await startEmulator({ state, limits: "off", knobs: { unlicensed } });
	process.on("message", () => {
		const { users: changed, groups: touched, factors } = mutateTenant(state, { seed: 2, share: 0.01, now: Date.now() });
		process.send?.({ changed: changed.size, groups: touched.size, factors: factors.size });
	});
	process.send({ url: emulator.url });
} else {
	const child = fork(fileURLToPath(import.meta.url), process.argv.slice(2), { execArgv: ["--import=tsx"] });
	const next = () => new Promise<Record<string, unknown>>((resolve) => child.once("message", (message) => resolve(message as Record<string, unknown>)));
	const { url } = await next();
	const folder = mkdtempSync(join(tmpdir(), "keelson-bench-"));
	const store = await openStore(`sqlite:${join(folder, "bench.db")}`);
	const first = await read("full read");
	child.send("change");
	console.log("changed:", JSON.stringify(await next()));
	const second = await read("second read");
	console.log(`second read: ${((100 * second) / first).toFixed(1)} % of the requests of the first`);
	await store.close();
	rmSync(folder, { recursive: true });
	child.kill();

	async function read(name: string): Promise<number> {
		const connection = await provider.connect({
			system: "okta",
			url: String(url),
			credential: { method: "ssws", token: DEFAULT_TOKEN },
			options: {},
			purpose: "read",
			now: Date.now,
			log: () => {},
		});
		const started = performance.now();
		const scan = await runScan({
			store,
			provider,
			connection,
			system: "okta",
			stackDigest: "",
			budget: { perAccountRequests: null, perAccountMaxAge: 7 * 86_400_000 },
			now: Date.now,
		});
		await connection.close();
		const seconds = ((performance.now() - started) / 1000).toFixed(1);
		console.log(`${name}: ${scan.requests} requests, ${seconds} s, peak ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`);
		for (const { collection, state, known, requests } of scan.coverage)
			console.log(`  ${collection.padEnd(16)} ${String(known).padStart(8)} ${state.padEnd(9)} ${requests} requests`);
		return scan.requests;
	}
}
