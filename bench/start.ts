/**
 * Start-up of the compiled command line, and `check` on 1,000 stored accounts of a generated org, beside `node` alone. Best of nine, in turns.
 * npm run build && npx tsx bench/start.ts [accounts] [folder of the compiled package]
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { generateTenant } from "../providers/okta/emulator/generator.js";
import { DEFAULT_TOKEN, startEmulator } from "../providers/okta/emulator.js";
import { provider } from "../providers/okta/index.js";
import { openStore } from "../src/store/open.js";
import { runScan } from "../src/sync/scan.js";

const users = Number(process.argv[2] ?? 1000);
const bin = join(resolve(process.argv[3] ?? fileURLToPath(new URL("..", import.meta.url))), "dist/src/cli/main.js");
const folder = mkdtempSync(join(tmpdir(), "keelson-bench-"));
await fill();

// A process writes down its own processor time as it ends: other work on the machine adds to the wall clock and hardly to this.
const meter = join(folder, "meter.cjs");
const metered = join(folder, "metered.txt");
writeFileSync(
	meter,
	`process.on("exit", () => { const { user, system } = process.cpuUsage(); require("fs").writeFileSync(${JSON.stringify(metered)}, String((user + system) / 1000)); });`,
);

const commands: Record<string, string[]> = {
	"node alone": ["-e", "0"],
	"keelson --version": [bin, "--version"],
	"keelson --help": [bin, "--help"],
	"keelson policy list": [bin, "policy", "list"],
	[`keelson check, ${users} accounts`]: [bin, "check", "-q"],
	"keelson explain <finding>": [bin, "explain", aFinding()],
};
const runs = Object.keys(commands).map((name) => ({ name, wall: [] as number[], cpu: [] as number[] }));
for (let turn = 0; turn < 9; turn++) {
	for (const { name, wall, cpu } of runs) {
		const started = performance.now();
		const { status, stderr } = spawnSync(process.execPath, ["-r", meter, ...(commands[name] ?? [])], { cwd: folder, encoding: "utf8" });
		wall.push(performance.now() - started);
		// `check` ends with 1 where there are findings.
		if (status !== 0 && status !== 1) throw new Error(`${name} ended with ${status}: ${stderr}`);
		cpu.push(Number(readFileSync(metered, "utf8")));
	}
}
const [node] = runs.map(({ wall, cpu }) => ({ wall: Math.min(...wall), cpu: Math.min(...cpu) }));
for (const { name, wall, cpu } of runs) console.log(`${name.padEnd(30)} wall ${figure(wall, node?.wall)}   processor ${figure(cpu, node?.cpu)}`);
rmSync(folder, { recursive: true });

function figure(times: number[], base = Number.NaN): string {
	const best = Math.min(...times);
	return `${Math.round(best).toString().padStart(5)} ms, ${(best / base).toFixed(1).padStart(4)} × node`;
}

/** Scans a generated org into a store, with a stack file beside it. */
async function fill(): Promise<void> {
	const emulator = await startEmulator({ state: generateTenant({ seed: 1, users, now: Date.now() }), limits: "off" });
	const store = await openStore(`sqlite:${join(folder, "bench.db")}`);
	const credential = { method: "ssws", token: DEFAULT_TOKEN };
	const connection = await provider.connect({ system: "okta", url: emulator.url, credential, options: {}, purpose: "read", now: Date.now, log: () => {} });
	const budget = { perAccountRequests: null, perAccountMaxAge: 7 * 86_400_000 };
	await runScan({ store, provider, connection, system: "okta", stackDigest: "", budget, now: Date.now });
	await connection.close();
	await store.close();
	await emulator.close();
	mkdirSync(join(folder, "stacks"));
	writeFileSync(
		join(folder, "stacks", "keelson.yaml"),
		[
			"name: bench",
			"store: sqlite:../bench.db",
			"systems:",
			`  okta: { provider: okta, url: "${emulator.url}", auth: { method: ssws, token: "\${env:OKTA_TOKEN}" } }`,
			"people:",
			"  service:",
			"    - { where: \"account.login.startsWith('svc-')\", reason: naming rule }",
			"",
		].join("\n"),
	);
}

/** The id of one finding, which the first `check` prints. */
function aFinding(): string {
	const { stdout } = spawnSync(process.execPath, [bin, "check", "-q"], { cwd: folder, encoding: "utf8" });
	return /f_[0-9a-f]+/.exec(stdout)?.[0] ?? "";
}
