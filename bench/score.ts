// Calls a second of riskScore on clean, incomplete and failing identities: npx tsx bench/score.ts [calls]
import type { Exposure, Severity } from "../src/model/finding.js";
import { type RiskInput, riskScore } from "../src/score/risk.js";

const calls = Number(process.argv[2] ?? 1_000_000);
const exposure: Exposure = { topPrivilege: false, privilege: true, external: false, reachableAnywhere: undefined, dormant: true };
const grades: Severity[] = ["medium", "high", "low", "critical"];
const causes = ["mfa", "dormancy", "privilege", "mfa"];

function input(failed: number, unknown: number): RiskInput {
	const gap = (i: number) => ({ label: "gap", severity: grades[i % 4] ?? "low", cause: causes[i % 4] ?? "mfa" });
	return {
		failed: Array.from({ length: failed }, (_, i) => ({ id: `f${i}`, ...gap(i) })),
		unknown: Array.from({ length: unknown }, (_, i) => ({ policy: `p${i}`, ...gap(i + 1) })),
		exposure,
		known: 33 - unknown,
		evaluated: 33,
	};
}

function measure(name: string, inputs: readonly RiskInput[]): void {
	const start = performance.now();
	let check = 0;
	for (let i = 0; i < calls; i++) {
		const one = inputs[i % inputs.length];
		if (one !== undefined) check += riskScore(one).scoreMax;
	}
	const seconds = (performance.now() - start) / 1000;
	console.log(
		`${name.padEnd(34)} ${Math.round(calls / seconds).toLocaleString("en")} calls/s, ${seconds.toFixed(2)} s (mean up to ${(check / calls).toFixed(1)})`,
	);
}

const clean = input(0, 0);
const mixed = [clean, clean, clean, clean, clean, clean, input(1, 0), input(2, 1), input(0, 2), input(4, 3)];
measure("no gaps", [clean]);
measure("2 unknown", [input(0, 2)]);
measure("1 failure", [input(1, 0)]);
measure("4 failures, 3 unknown", [input(4, 3)]);
measure("mixed: 60 % clean", mixed);
