/** Start-up of the compiled command line, best of five: npm run build && npx tsx bench/start.ts */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../dist/src/cli/main.js", import.meta.url));

function best(args: string[]): string {
	const times = Array.from({ length: 5 }, () => {
		const started = performance.now();
		execFileSync(process.execPath, args, { stdio: "ignore" });
		return performance.now() - started;
	});
	return `${Math.round(Math.min(...times))} ms`;
}

console.log(`node alone: ${best(["-e", "0"])}`);
console.log(`keelson --version: ${best([bin, "--version"])}`);
console.log(`keelson --help: ${best([bin, "--help"])}`);
