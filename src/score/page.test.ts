import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { type Exposure, severities } from "../model/finding.js";
import { points } from "./hazard.js";
import { policyPosture } from "./posture.js";
import { riskScore } from "./risk.js";
import { counts, failures, risk } from "./test-fixtures.js";

const page = readFileSync(new URL("../../docs/scoring.md", import.meta.url), "utf8");

/** Rows of the page's table that starts with these columns. */
function table(...columns: string[]): string[][] {
	const cells = (line: string) =>
		line
			.split("|")
			.slice(1, -1)
			.map((cell) => cell.trim());
	const lines = page.split("\n");
	const head = lines.findIndex((line) => cells(line).join("|") === columns.join("|"));
	if (head < 0) return [];
	const rest = lines.slice(head + 2);
	return rest
		.slice(
			0,
			rest.findIndex((line) => !line.startsWith("|")),
		)
		.map(cells);
}

const facts: Record<string, keyof Exposure> = { "top privilege": "topPrivilege", external: "external", dormant: "dormant" };

function failedOf(text: string) {
	const cause = text.endsWith(", one cause") ? "mfa" : undefined;
	return [...text.matchAll(/(\d+) (\w+)/g)].flatMap(([, times, word]) => {
		const severity = severities.find((one) => one === word);
		if (severity === undefined) throw new Error(`docs/scoring.md: no severity "${word}"`);
		return failures(severity, Number(times), cause);
	});
}

function exposureOf(text: string): Partial<Exposure> {
	if (text === "none") return {};
	return Object.fromEntries(
		text.split(", ").map((word) => {
			const fact = facts[word];
			if (fact === undefined) throw new Error(`docs/scoring.md: no exposure "${word}"`);
			return [fact, true];
		}),
	);
}

it("scores every worked example as the page says", () => {
	const rows = table("Findings", "Exposure", "Risk", "Band");
	expect(rows).toHaveLength(17);
	const scored = rows.map(([findings = "", exposure = ""]) => {
		const { score, band } = riskScore(risk(failedOf(findings), exposureOf(exposure)));
		return [findings, exposure, String(score), band];
	});
	expect(scored).toEqual(rows);
});

it("keeps the page's unrounded numbers", () => {
	expect((points(-Math.log(0.65) * 1.5) - 35) / 2).toBeCloseTo(6.3, 1);
	expect(points(-Math.log(0.2 * 0.4) * 2.25)).toBeCloseTo(99.7, 1);
});

it("gives every posture as the page says", () => {
	const rows = table("Pass", "Fail", "Unknown", "Exempted", "Posture", "Posture max", "Coverage");
	expect(rows).toHaveLength(4);
	for (const [pass, fail, unknown, excepted, ...said] of rows) {
		const one = policyPosture(counts("p", "high", { pass: Number(pass), fail: Number(fail), unknown: Number(unknown), excepted: Number(excepted) }));
		const missing = one.coverage === null ? "not applicable" : "unknown";
		const percent = one.coverage === null ? missing : `${one.coverage * 100}%`;
		expect([String(one.posture ?? missing), String(one.postureMax ?? missing), percent]).toEqual(said);
	}
});
