/**
 * Gets the Pulumi engine for this machine and prints the folder to put on PATH.
 * Order: what is on PATH; what an earlier run cached; the npm package `pulumi`, tried for at most 10 s; a build from the Go module proxy.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { engineCache as cacheDir, engineVersion, findPulumi, run, writeScript } from "../../src/pulumi/engine.js";

/** The newest version in which the Node language host is a Go module that can be built by itself. */
const hostVersion = "v3.68.0";
/** Pulumi builds with this fork; `replace` lines of a dependency don't apply to a build of ours. */
const clipboardFork = "github.com/tgummerer/clipboard v0.0.0-20241001131231-d02d263e614e";

/** The folder that holds `pulumi`, or null with the reason when it can't be had here. */
export async function findEngine(log: (line: string) => void = () => {}): Promise<{ dir: string } | { missing: string }> {
	const dir = await findPulumi(log);
	return dir === null ? fromGo(log) : { dir };
}

async function fromGo(log: (line: string) => void): Promise<{ dir: string } | { missing: string }> {
	try {
		execFileSync("go", ["version"], { stdio: "ignore" });
	} catch {
		return { missing: "no pulumi on PATH, its npm package could not be used, and there is no Go toolchain to build it" };
	}
	const work = mkdtempSync(join(tmpdir(), "keelson-engine-"));
	const out = `${cacheDir}.${process.pid}`;
	mkdirSync(out, { recursive: true });
	try {
		log(`pulumi: building ${engineVersion} from the Go module proxy, once (some minutes)`);
		const engine = join(work, "engine");
		mkdirSync(engine);
		writeFileSync(
			join(engine, "go.mod"),
			`module engine\n\ngo 1.25\n\nrequire (\n\tgithub.com/pulumi/pulumi/pkg/v3 ${engineVersion}\n\tgithub.com/pulumi/pulumi/sdk/v3 ${engineVersion}\n)\n\nreplace github.com/atotto/clipboard => ${clipboardFork}\n`,
		);
		writeFileSync(join(engine, "tools.go"), `//go:build tools\n\npackage engine\n\nimport _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"\n`);
		await run("go", ["mod", "tidy", "-e"], engine);
		const version = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${engineVersion}`;
		await run("go", ["build", "-ldflags", version, "-o", join(out, "pulumi"), "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"], engine);
		const host = join(work, "host");
		mkdirSync(host);
		writeFileSync(join(host, "go.mod"), `module host\n\ngo 1.25\n\nrequire github.com/pulumi/pulumi/sdk/v3 ${hostVersion}\n`);
		writeFileSync(join(host, "tools.go"), `//go:build tools\n\npackage host\n\nimport _ "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs"\n`);
		await run("go", ["mod", "tidy", "-e"], host);
		await run("go", ["build", "-o", join(out, "pulumi-language-nodejs"), "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs"], host);
		const module = (await run("go", ["list", "-m", "-f", "{{.Dir}}", "github.com/pulumi/pulumi/sdk/v3"], host)).trim();
		const dist = join(module, "nodejs", "dist");
		for (const file of readdirSync(dist)) {
			if (!file.startsWith("pulumi-")) continue;
			writeScript(join(out, file), readFileSync(join(dist, file), "utf8"));
		}
		rmSync(cacheDir, { recursive: true, force: true });
		renameSync(out, cacheDir);
		return { dir: cacheDir };
	} catch (error) {
		return { missing: `the engine could not be built: ${(error as Error).message.split("\n")[0]}` };
	} finally {
		rmSync(work, { recursive: true, force: true });
		rmSync(out, { recursive: true, force: true });
	}
}

if (process.argv[1]?.endsWith("engine.ts")) {
	const found = await findEngine((line) => process.stderr.write(`${line}\n`));
	if ("missing" in found) {
		process.stderr.write(`${found.missing}\n`);
		// `--optional`: a test run goes on without it, and counts what it skips.
		process.exitCode = process.argv.includes("--optional") ? 0 : 1;
	} else if (process.argv[2] === "--") {
		const [command = "pulumi", ...args] = process.argv.slice(3);
		const child = spawn(command, args, { stdio: "inherit", env: { ...process.env, PATH: `${found.dir}${delimiter}${process.env.PATH}` } });
		child.on("exit", (code) => {
			process.exitCode = code ?? 1;
		});
	} else process.stdout.write(`${found.dir}\n`);
}
