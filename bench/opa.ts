/**
 * The same ten rules on the same accounts by Keelson and by OPA, each in a process of its own: verdicts compared one by one, then time and memory.
 * npx tsx bench/opa.ts [accounts]. OPA is what `opa` on PATH is, or what
 * `GOBIN=~/.cache/keelson/opa go install github.com/open-policy-agent/opa@v1.22.2` built.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compilePolicy } from "../src/policy/compile.js";
import { evaluateAccounts } from "../src/policy/evaluate.js";
import { parsePolicy } from "../src/policy/policy-file.js";
import { knownAccounts, now, regoModule, rules } from "./opa-rules.js";

type Verdicts = Record<string, string[]>;

const [first = "100000", second] = process.argv.slice(2);
if (first === "judge" && second !== undefined) judgeFile(second);
else await compare(Number(first));

function judgeFile(file: string): void {
	const policies = rules.map(({ cel }, index) => {
		const text = `id: r${index}\ntitle: t\nseverity: low\ncause: c\nfor: account\nwhere: ${JSON.stringify(cel.where)}\npass: ${JSON.stringify(cel.pass)}\nmessage: m\nwhy: w\ntests: [{ name: n, account: {}, expect: unknown }]\n`;
		const { policy, errors } = parsePolicy(text, `r${index}.yaml`);
		if (!policy) throw new Error(errors.map(({ message }) => message).join());
		return compilePolicy(policy);
	});
	const { accounts }: { accounts: { id: string }[] } = JSON.parse(readFileSync(file, "utf8"));
	const fails: string[][] = rules.map(() => []);
	const passes: string[][] = rules.map(() => []);
	const started = performance.now();
	evaluateAccounts(policies, accounts, now, {
		outcome(policy, subject, outcome) {
			const list = outcome === "fail" ? fails : outcome === "pass" && process.argv[4] === "all" ? passes : null;
			if (list) list[policy]?.push(accounts[subject]?.id ?? "");
		},
	});
	const evaluation = performance.now() - started;
	const named = (lists: string[][]) => Object.fromEntries(lists.map((list, index) => [`r${index}`, list]));
	process.stdout.write(JSON.stringify({ evaluation, fails: named(fails), passes: named(passes) }));
}

async function compare(count: number): Promise<void> {
	const opa = findOpa();
	if (opa === null) {
		console.log("skipped: there is no opa here");
		return;
	}
	const folder = mkdtempSync(join(tmpdir(), "keelson-bench-"));
	const [data, module] = [join(folder, "input.json"), join(folder, "bench.rego")];
	writeFileSync(data, JSON.stringify({ accounts: knownAccounts(count) }));
	writeFileSync(module, regoModule());
	const byOpa = async (query: string) => {
		const { out, ...cost } = await measured(opa, ["eval", "--data", module, "--input", data, "--metrics", "--format", "json", query]);
		const read: { result: { expressions: { value: Verdicts }[] }[]; metrics: Record<string, number> } = JSON.parse(out);
		return { ...cost, verdicts: read.result[0]?.expressions[0]?.value ?? {}, evaluation: (read.metrics.timer_rego_query_eval_ns ?? 0) / 1e6 };
	};
	const byUs = async (what: "fails" | "all") => {
		const { out, ...cost } = await measured(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), "judge", data, what]);
		const read: { evaluation: number; fails: Verdicts; passes: Verdicts } = JSON.parse(out);
		return { ...cost, ...read };
	};
	const all = await byUs("all");
	const same = differences(all.fails, (await byOpa("data.bench.fails")).verdicts) + differences(all.passes, (await byOpa("data.bench.passes")).verdicts);
	const told = [...Object.values(all.fails), ...Object.values(all.passes)].reduce((sum, list) => sum + list.length, 0);
	console.log(`${count} accounts, ${rules.length} rules: ${told} passes and failures, ${same} differ`);
	const [ours, theirs] = [await byUs("fails"), await byOpa("data.bench.fails")];
	for (const [name, { wall, processor, peak, evaluation }] of [
		["keelson", ours],
		["opa", theirs],
	] as const)
		console.log(
			`${name}: file to result ${wall.toFixed(2)} s wall, ${processor.toFixed(2)} s processor; evaluation ${evaluation.toFixed(0)} ms; peak ${peak.toFixed(0)} MB`,
		);
	const ratio = (key: "wall" | "processor" | "evaluation" | "peak") => (theirs[key] / ours[key]).toFixed(1);
	console.log(
		`opa / keelson: ${ratio("wall")} × by the clock, ${ratio("processor")} × processor, ${ratio("evaluation")} × evaluation, ${ratio("peak")} × memory`,
	);
	rmSync(folder, { recursive: true });
}

/** Ids that are in one and not in the other, and ids out of order: both go through the accounts in theirs. */
function differences(a: Verdicts, b: Verdicts): number {
	let found = 0;
	for (const rule of new Set([...Object.keys(a), ...Object.keys(b)])) {
		const [left, right] = [a[rule] ?? [], b[rule] ?? []];
		for (let i = 0; i < Math.max(left.length, right.length); i++) if (left[i] !== right[i]) found++;
	}
	return found;
}

function findOpa(): string | null {
	const folders = [...(process.env.PATH ?? "").split(delimiter), join(homedir(), ".cache", "keelson", "opa")];
	return folders.map((folder) => join(folder, "opa")).find((file) => existsSync(file)) ?? null;
}

/** Seconds and peak MB of one process; Linux only: its use of the processor is read from `/proc`. */
function measured(command: string, args: string[]): Promise<{ out: string; wall: number; processor: number; peak: number }> {
	return new Promise((resolve, reject) => {
		const started = performance.now();
		const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
		const chunks: Buffer[] = [];
		let [processor, peak] = [0, 0];
		const look = () => {
			try {
				// utime and stime, fields 14 and 15, in ticks of 10 ms (proc_pid_stat(5)).
				const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
				processor = (Number(fields[11]) + Number(fields[12])) / 100;
				peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1] ?? peak * 1024) / 1024;
			} catch {
				// It has just ended.
			}
		};
		const timer = setInterval(look, 10);
		child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
		child.on("error", reject);
		child.on("close", (code) => {
			clearInterval(timer);
			if (code !== 0) reject(new Error(`${command} ended with ${code}`));
			else resolve({ out: Buffer.concat(chunks).toString(), wall: (performance.now() - started) / 1000, processor, peak });
		});
	});
}
