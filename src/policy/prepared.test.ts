import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { policiesDir, stackOf } from "../assess/test-tenant.js";
import { choose } from "./choose.js";
import { compilePolicy } from "./compile.js";
import { evaluate } from "./evaluate.js";
import { loadPolicies } from "./load.js";
import { renderMessage } from "./message.js";
import { loadPacks } from "./packs.js";
import { nothingPrepared, type Prepared, readPrepared, textDigest, writePrepared } from "./prepared.js";
import type { PolicyFile } from "./source.js";

const folder = mkdtempSync(join(tmpdir(), "keelson-prepared-"));
const shipped = join(folder, "policies/");
const file = join(folder, "policies.json");
let policies: PolicyFile[] = [];
let prepared: Prepared = nothingPrepared;

beforeAll(async () => {
	cpSync(policiesDir, shipped, { recursive: true });
	policies = (await loadPolicies([shipped])).policies;
	writeFileSync(file, writePrepared(policies, loadPacks([shipped]).packs));
	prepared = readPrepared(pathToFileURL(file));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const inForce = { policies: { use: ["recommended"], dirs: [] as string[], set: {} } };

describe("prepared policies", () => {
	it("are what their files say, and judge the files' own examples alike", () => {
		expect(policies.length).toBeGreaterThan(20);
		for (const fromFile of policies) {
			const { tests, ...rest } = fromFile;
			const held = prepared.policy(fromFile.digest, fromFile.file);
			if (!held) throw new Error(`${fromFile.id} is not prepared`);
			expect(held).toEqual(rest);
			for (const { subject, params, now } of tests) {
				const [a, b] = [compilePolicy(fromFile, params), compilePolicy(held, params)];
				expect(evaluate(b, subject, now)).toEqual(evaluate(a, subject, now));
				expect(renderMessage(b, subject, now)).toBe(renderMessage(a, subject, now));
			}
		}
	});

	it("are put in force as the files themselves: parameters, severity, digest", async () => {
		const set = { "dormant-account": { enabled: true, severity: "low", params: { days: 30 } } };
		const stack = stackOf({ policies: { ...inForce.policies, set } });
		const fromFiles = await choose(shipped, stack, nothingPrepared);
		const fromBuild = await choose(shipped, stack, prepared);
		expect(fromFiles.diagnostics).toEqual([]);
		expect(fromBuild.digest).toBe(fromFiles.digest);
		expect(fromBuild.compiled.map(({ policy, params }) => [policy.id, policy.severity, params])).toEqual(
			fromFiles.compiled.map(({ policy, params }) => [policy.id, policy.severity, params]),
		);
	});

	test("a changed policy file is judged as it stands, and its mistakes are told with their place", async () => {
		const own = join(folder, "own/");
		cpSync(shipped, own, { recursive: true });
		const { file: path } = policies.find(({ id }) => id === "dormant-account") as PolicyFile;
		const changed = path.replace(shipped, own);
		const text = readFileSync(path, "utf8");
		writeFileSync(changed, text.replace(/^pass:.*$(\n[ \t]+.*$)*/m, "pass: account.enabled"));
		const { compiled } = await choose(own, stackOf(inForce), prepared);
		expect(compiled.find(({ policy }) => policy.id === "dormant-account")?.policy.pass).toBe("account.enabled");
		writeFileSync(changed, text.replace(/^pass:.*$(\n[ \t]+.*$)*/m, "pass: account.enabeld"));
		expect((await choose(own, stackOf(inForce), prepared)).diagnostics[0]).toMatchObject({
			file: changed,
			line: text.slice(0, text.search(/^pass:/m)).split("\n").length,
			column: 15,
			message: "unknown field account.enabeld",
		});
	});

	test("a changed pack chooses what it says now", async () => {
		const own = join(folder, "packs/");
		cpSync(shipped, own, { recursive: true });
		writeFileSync(join(own, "packs/recommended.yaml"), "id: recommended\ntitle: t\npolicies: [dormant-account]\n");
		expect((await choose(own, stackOf(inForce), prepared)).compiled.map(({ policy }) => policy.id)).toEqual(["dormant-account"]);
	});

	it("count for nothing when other modules have made them, or when the file is damaged or missing", () => {
		const digest = textDigest(readFileSync((policies[0] as PolicyFile).file, "utf8"));
		expect(prepared.policy(digest, "p.yaml")).toBeDefined();
		const other = join(folder, "other.json");
		writeFileSync(other, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), engine: textDigest("other modules") }));
		expect(readPrepared(pathToFileURL(other)).policy(digest, "p.yaml")).toBeUndefined();
		writeFileSync(other, readFileSync(file, "utf8").slice(0, -100));
		expect(readPrepared(pathToFileURL(other)).policy(digest, "p.yaml")).toBeUndefined();
		expect(readPrepared(pathToFileURL(join(folder, "none.json"))).policy(digest, "p.yaml")).toBeUndefined();
	});
});
