import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Assessment } from "../../src/model/assessment.js";
import { withPseudonyms } from "../../src/report/pseudonyms.js";
import { anyAssessment } from "../../src/report/test-arbitrary.js";
import { testAssessment } from "../../src/report/test-assessment.js";
import { hostile } from "../../src/report/test-hostile.js";
import { machineFormats, testSurroundings } from "../../src/report/test-surroundings.js";

/** The formats for other machines, judged by schemas and readers that others wrote. What is had is kept for the next run. */
const cache = fileURLToPath(new URL("../../node_modules/.cache/keelson-peers", import.meta.url));
const pythonPackages = ["ocsf-json-schema==1.2.0", "jsonschema==4.26.0", "compliance-trestle==5.2.0", "junitparser==5.0.3"];
const nodePackages = ["@microsoft/sarif-multitool@5.7.0", "codeclimate-types@0.3.1"];
const python = join(cache, "python/bin/python");
const multitool = join(cache, "node/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool");

/** Makes a folder of the cache once for one list of packages. */
function kept(name: string, packages: string[], make: (folder: string) => void): void {
	const [folder, mark] = [join(cache, name), join(cache, `${name}.txt`)];
	if (existsSync(mark) && readFileSync(mark, "utf8") === packages.join("\n")) return;
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	make(folder);
	writeFileSync(mark, packages.join("\n"));
}

function had(what: string, get: () => void): boolean {
	try {
		get();
		return true;
	} catch (error) {
		if (process.env.CI) throw new Error(`${what} can't be had: ${(error as Error).message}`);
		console.warn(`Skipped: ${what} can't be had.`);
		return false;
	}
}

const options = { stdio: "pipe", timeout: 400_000 } as const;
const pythonThere = had("the Python packages", () =>
	kept("python", pythonPackages, (folder) => {
		execFileSync("python3", ["-m", "venv", folder], options);
		execFileSync(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...pythonPackages], options);
	}),
);
const nodeThere = had("the SARIF validator", () =>
	kept("node", nodePackages, (folder) => {
		writeFileSync(join(folder, "package.json"), '{"private":true}\n');
		execFileSync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", ...nodePackages], { ...options, cwd: folder });
		chmodSync(multitool, 0o755);
	}),
);

const folder = mkdtempSync(join(tmpdir(), "keelson-formats-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const endings: Record<string, string> = { sarif: "sarif", ocsf: "ocsf.json", junit: "junit.xml", gitlab: "gitlab.json", oscal: "oscal.json" };
const surroundings = testSurroundings(
	{},
	{
		"policy-0": { controls: ["nist-800-53:ac-2.3", "stig-okta:V-273186"], references: ["https://example.com/policy"], remediation: ["Do it."] },
		"policy-6": { controls: ["nist-800-53:ia-2.1"] },
	},
);
const assessments: [string, Assessment][] = [
	["plain", testAssessment()],
	["pseudonyms", withPseudonyms(testAssessment())],
	["empty", { ...testAssessment(), systems: [], policies: [], findings: [], accounts: [] }],
	...hostile.map((text, index): [string, Assessment] => [
		`hostile-${index}`,
		testAssessment((field, number) => (field === "id" || field === "policy" || field === "key" ? `${text} ${number}` : text)),
	]),
	...fc.sample(anyAssessment, { numRuns: 60, seed: 6 }).map((assessment, index): [string, Assessment] => [`any-${index}`, assessment]),
];
const files = (format: string) => assessments.map(([name]) => `${name}.${endings[format]}`);

beforeAll(() => {
	for (const [name, assessment] of assessments)
		for (const [format, render] of Object.entries(machineFormats)) writeFileSync(join(folder, `${name}.${endings[format]}`), render(assessment, surroundings));
});

function judged(of: string): Record<string, string[]> {
	return JSON.parse(execFileSync(python, [fileURLToPath(new URL("formats/check.py", import.meta.url)), of], { encoding: "utf8", maxBuffer: 1 << 26 }));
}

describe.skipIf(!pythonThere)("OCSF, OSCAL, JUnit", () => {
	it("are taken by ocsf-json-schema 1.8.0, compliance-trestle and junitparser, of any assessment", () => {
		const answer = judged(folder);
		expect(Object.keys(answer).sort()).toEqual([...files("ocsf"), ...files("oscal"), ...files("junit")].sort());
		expect(Object.entries(answer).filter(([, problems]) => problems.length > 0)).toEqual([]);
	});

	it("are refused when they are wrong", () => {
		const wrong = join(folder, "wrong");
		mkdirSync(wrong);
		const read = (ending: string) => JSON.parse(readFileSync(join(folder, `plain.${ending}`), "utf8"));
		const [event, other] = read("ocsf.json");
		const { compliance: _, ...without } = other;
		writeFileSync(join(wrong, "a.ocsf.json"), JSON.stringify([{ ...event, severity_id: 77 }, without, { ...event, extra: 1 }]));
		const oscal = read("oscal.json");
		oscal["assessment-results"].results[0].findings[0].target.status.state = "unknown";
		writeFileSync(join(wrong, "b.oscal.json"), JSON.stringify(oscal));
		writeFileSync(join(wrong, "c.junit.xml"), readFileSync(join(folder, "plain.junit.xml"), "utf8").replace(/ errors="\d+"/, ' errors="0"'));
		writeFileSync(join(wrong, "d.junit.xml"), readFileSync(join(folder, "plain.junit.xml"), "utf8").replace("message number 0", "&#27;"));
		const answer = judged(wrong);
		expect(answer["a.ocsf.json"]?.join("\n")).toMatch(/event 0.*severity_id[\s\S]*event 1.*'compliance'[\s\S]*event 2.*'extra'/);
		expect(answer["b.oscal.json"]?.[0]).toContain("status");
		expect(answer["c.junit.xml"]?.[0]).toContain("says");
		expect(answer["d.junit.xml"]?.[0]).toMatch(/invalid|not well-formed/);
	});
});

describe.skipIf(!nodeThere)("SARIF", () => {
	/** Lines of findings; its exit code says nothing of them. */
	const validate = (paths: string[]): string[] =>
		execFileSync(multitool, ["validate", ...paths, "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning"], {
			encoding: "utf8",
			env: { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: "1" },
			maxBuffer: 1 << 26,
		})
			.split("\n")
			.filter((line) => / (error|warning) /.test(line));

	it("breaks no rule of SARIF and none of GitHub, of any assessment", () => {
		const said = validate(files("sarif").map((name) => join(folder, name)));
		// There is no public page of Keelson to lead to.
		expect(said.filter((line) => !line.includes("SARIF2005"))).toEqual([]);
		expect(said.length).toBe(assessments.length);
	});

	it("is refused without a location", () => {
		const log = JSON.parse(readFileSync(join(folder, "plain.sarif"), "utf8"));
		delete log.runs[0].results[0].locations;
		writeFileSync(join(folder, "nowhere.sarif"), JSON.stringify(log));
		expect(validate([join(folder, "nowhere.sarif")]).join("\n")).toMatch(/error GH1015/);
	});
});

describe.skipIf(!nodeThere)("GitLab's code quality report", () => {
	const compile = (name: string, issues: unknown): string => {
		const project = join(cache, "node", name);
		mkdirSync(project, { recursive: true });
		// GitLab asks for these keys of a Code Climate issue, and for the first line alone.
		writeFileSync(
			join(project, "report.ts"),
			`import type { Issue } from "codeclimate-types";
type Entry = Required<Pick<Issue, "description" | "check_name" | "fingerprint" | "severity">> & { location: { path: string; lines: { begin: number } } };
export const report: Entry[] = ${JSON.stringify(issues, null, 1)};
`,
		);
		writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions: { strict: true, noEmit: true, types: [] }, files: ["report.ts"] }));
		try {
			execFileSync(process.execPath, [fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url))], {
				cwd: project,
				encoding: "utf8",
				stdio: "pipe",
			});
			return "";
		} catch (error) {
			return String((error as { stdout: string }).stdout);
		}
	};
	const reports = () => files("gitlab").map((name): object[] => JSON.parse(readFileSync(join(folder, name), "utf8")));

	it("is of the type of Code Climate's issues, of any assessment", () => {
		const issues = reports().flat();
		expect(issues.length).toBeGreaterThan(500);
		expect(compile("good", issues)).toBe("");
	});

	it("is refused with another severity", () => {
		expect(compile("bad", [{ ...reports()[0]?.[0], severity: "terrible" }])).toContain("terrible");
	});
});
