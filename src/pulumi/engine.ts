import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** The engine that Keelson is tested with. */
export const engineVersion = "v3.274.1";

/** Where an engine that was fetched or built is kept. */
export const engineCache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "keelson", "engine", engineVersion);

/** The folder that holds `pulumi`: what is on PATH, what is cached, else by the npm package `pulumi`, tried for at most 10 s a step. Null: none can be had. */
export async function findPulumi(log: (line: string) => void = () => {}): Promise<string | null> {
	const onPath = (process.env.PATH ?? "").split(delimiter).find((dir) => dir && !dir.includes("node_modules") && existsSync(join(dir, "pulumi")));
	if (onPath) return onPath;
	if (existsSync(join(engineCache, "pulumi"))) return engineCache;
	return (await fromNpm(log)) ? engineCache : null;
}

async function fromNpm(log: (line: string) => void): Promise<boolean> {
	const folder = mkdtempSync(join(tmpdir(), "keelson-engine-"));
	const ask = (...args: string[]) => run("npm", ["exec", "--yes", "--package=pulumi", "--", "pulumi", ...args], folder, 10_000);
	try {
		log("pulumi: trying the npm package (10 s)");
		if (!/^v3\./m.test(await ask("version"))) return false;
		const { cliAbout } = JSON.parse((await ask("about", "--json")).trim()) as { cliAbout?: { path?: string } };
		if (!cliAbout?.path || !existsSync(cliAbout.path)) return false;
		mkdirSync(engineCache, { recursive: true });
		writeScript(join(engineCache, "pulumi"), `#!/bin/sh\nexec "${cliAbout.path}" "$@"\n`);
		return true;
	} catch {
		return false;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

export function writeScript(path: string, text: string): void {
	writeFileSync(path, text);
	chmodSync(path, 0o755);
}

/** Runs a command to its end and returns what it printed. @throws with the last line of its complaint */
export function run(command: string, args: string[], cwd: string, timeout = 0): Promise<string> {
	return new Promise((resolve, reject) => {
		execFile(command, args, { cwd, timeout, maxBuffer: 64 << 20, killSignal: "SIGKILL" }, (error, stdout, stderr) =>
			error ? reject(new Error(`${command} ${args[0]}: ${stderr.trim().split("\n").at(-1) || error.message}`)) : resolve(stdout),
		);
	});
}
