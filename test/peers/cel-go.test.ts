import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compileCondition } from "../../src/policy/compile.js";
import { condition, type Draft, domain, punch, testNow, wholeAccount } from "../../src/policy/test-expressions.js";
import { plainCel } from "../../src/policy/test-oracle.js";

const cases = Number(process.env.KEELSON_FUZZ ?? 2000);
const folder = mkdtempSync(join(tmpdir(), "keelson-celgo-"));
const binary = join(folder, "celgo");

beforeAll(() => {
	execFileSync("go", ["build", "-o", binary, "."], { cwd: fileURLToPath(new URL("celgo", import.meta.url)), stdio: "pipe" });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Answer {
	value?: boolean;
	unknown?: true;
	error?: string;
}

function ask(lines: object[]): Answer[] {
	const output = execFileSync(binary, { input: lines.map((line) => JSON.stringify(line)).join("\n"), encoding: "utf8", maxBuffer: 1 << 28 });
	return output
		.trim()
		.split("\n")
		.map((line): Answer => JSON.parse(line));
}

/** JSON for the peer: times are marked, and our partial lists have no counterpart there. */
function marked(value: unknown, key = ""): unknown {
	if (typeof value === "number") return { $time: value };
	if (Array.isArray(value)) return value.map((item) => marked(item, key));
	return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, marked(v, k)])) : value;
}

const unknownFields = fc.subarray(Object.keys(domain), { maxLength: 4 });

test("whatever cel-go's partial evaluation knows, we know, and it is the same", () => {
	const drawn = fc.sample(fc.tuple(condition(3), wholeAccount, unknownFields), cases);
	const answers = ask(
		drawn.map(([text, account, unknown]) => ({ expr: plainCel(text), vars: { account: marked(account), now: { $time: testNow } }, unknown })),
	);
	expect(answers).toHaveLength(cases);
	const tally = { known: 0, unknown: 0, knownToUsAlone: 0 };
	for (const [i, [text, account, unknown]] of drawn.entries()) {
		const answer = answers[i] ?? { error: "no answer" };
		const subject: Draft = punch(
			account,
			unknown.map((field) => ({ field })),
		);
		const ours = compileCondition(text, "account").condition?.(subject, testNow);
		const about = { text, subject };
		expect({ ...about, error: answer.error }).toEqual({ ...about, error: undefined });
		if (answer.unknown) {
			tally.unknown++;
			if (ours !== undefined) tally.knownToUsAlone++;
		} else {
			tally.known++;
			expect({ ...about, value: ours }).toEqual({ ...about, value: answer.value ?? false });
		}
	}
	// Both kinds must occur, or nothing was compared.
	expect(tally.known).toBeGreaterThan(cases / 4);
	expect(tally.unknown).toBeGreaterThan(cases / 20);
});
