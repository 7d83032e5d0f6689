import { execFile } from "node:child_process";

/** What git says, its first line. */
export class GitError extends Error {
	override readonly name = "GitError";
}

/** Runs git in a folder, and gives what it prints. @throws GitError */
export function git(cwd: string, args: string[], env: Record<string, string> = {}): Promise<Buffer> {
	return new Promise((resolve, reject) => {
		execFile("git", args, { cwd, env: { ...process.env, ...env }, encoding: "buffer", maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
			if (!error) return resolve(stdout);
			reject(new GitError(stderr.toString("utf8").trim().split("\n")[0] || error.message.split("\n")[0]));
		});
	});
}
