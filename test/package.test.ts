import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "keelson-pack-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const npm = (args: string[], cwd: string) =>
	execFileSync("npm", args, {
		cwd,
		encoding: "utf8",
		stdio: ["ignore", "pipe", "pipe"],
		env: { ...process.env, npm_config_audit: "false", npm_config_fund: "false" },
	});

it("the packed package installs into an empty folder and runs there", () => {
	npm(["pack", "--ignore-scripts", "--pack-destination", folder], root);
	const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) as string;
	const app = join(folder, "app");
	execFileSync("mkdir", [app]);
	writeFileSync(join(app, "package.json"), '{ "name": "app", "private": true, "type": "module" }\n');
	npm(["install", "--omit=dev", join("..", tarball)], app);
	const bin = join(app, "node_modules", ".bin", "keelson");
	const run = (...args: string[]) => execFileSync(bin, args, { cwd: app, encoding: "utf8" });
	expect(run("--version").trim()).toBe(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version);
	expect(run("policy", "test")).toMatch(/ 0 failed/);
	expect(run("init", "--name", "acme")).toContain("wrote Pulumi.yaml");
	const exports = execFileSync(
		process.execPath,
		["--input-type=module", "-e", 'import { loadStack } from "keelson"; console.log((await loadStack("stacks/keelson.yaml")).diagnostics.length)'],
		{ cwd: app, encoding: "utf8" },
	);
	expect(Number(exports)).toBe(0);
	const installed = join(app, "node_modules", "keelson");
	const shipped = readdirSync(installed, { recursive: true }).map(String);
	expect(shipped).toContain(join("dist", "prepared", "policies.json"));
	// What the build has prepared must not stand in for a file that was changed since.
	const policy = join(installed, "policies", "lifecycle", "dormant-account.yaml");
	writeFileSync(policy, readFileSync(policy, "utf8").replace(/^title:.*$/m, "title: Changed since the build"));
	expect(run("policy", "list")).toContain("Changed since the build");
	expect(shipped.filter((path) => /\.test\.|test-suite|(^|\/)test-/.test(path))).toEqual([]);
});

it("no production dependency needs a newer Node than we do", () => {
	const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { dependencies: Record<string, string> };
	const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
		packages: Record<string, { engines?: { node?: string }; dev?: boolean; optional?: boolean }>;
	};
	expect(Object.keys(dependencies).length).toBeGreaterThan(0);
	const wants = Object.entries(lock.packages).filter(
		([path, entry]) =>
			path !== "" && !entry.dev && /(?:>=|\^|~)\s*(2[1-9]|[3-9]\d)/.test(entry.engines?.node ?? "") && !/(\^|>=)\s*(20|1\d)/.test(entry.engines?.node ?? ""),
	);
	expect(wants.map(([path]) => path)).toEqual([]);
});
