import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

export const bin = fileURLToPath(new URL("../dist/src/cli/main.js", import.meta.url));

export interface Ran {
	code: number;
	stdout: string;
	stderr: string;
}

/** Runs the compiled command line as a user does, without a terminal. */
export function keelson(cwd: string, args: string[], env: Record<string, string> = {}): Promise<Ran> {
	return new Promise((resolve) => {
		const child = execFile(
			process.execPath,
			[bin, ...args],
			{ cwd, env: { ...process.env, NO_COLOR: "1", ...env }, maxBuffer: 64 << 20 },
			(_error, stdout, stderr) => {
				resolve({ code: child.exitCode ?? -1, stdout, stderr });
			},
		);
	});
}

const preload = new URL("moved-clock.mjs", import.meta.url).href;

/** Environment in which a command's clock is `ms` ahead of the machine's. */
export function later(ms: number): Record<string, string> {
	return { NODE_OPTIONS: `--import ${preload}`, MOVED_CLOCK_MS: String(ms) };
}
