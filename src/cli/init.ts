import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CliError, type ExitCode, exitCodes } from "./exit.js";
import { initFiles } from "./init-files.js";

export interface InitOptions {
	name?: string;
	url?: string;
	force?: boolean;
}

/** `keelson init`: a stack file, Pulumi.yaml and three workflows in the current folder. Nothing that exists is written over without `--force`. */
export async function init(options: InitOptions): Promise<ExitCode> {
	const name = options.name ?? "acme";
	if (!/^[a-z][a-z0-9-]*$/.test(name)) throw new CliError(`--name takes small letters, digits and hyphens, not ${JSON.stringify(name)}`);
	const url = options.url ?? "https://acme.okta.com";
	if (!/^https:\/\/[^/\s]+$/.test(url)) throw new CliError(`--url takes an address such as https://acme.okta.com, not ${JSON.stringify(url)}`);
	const files = initFiles(name, url);
	const taken = Object.keys(files).filter((path) => existsSync(path));
	if (taken.length > 0 && !options.force)
		throw new CliError(`${taken.join(", ")} ${taken.length === 1 ? "exists" : "exist"} already; nothing was written (--force writes over)`);
	for (const [path, text] of Object.entries(files)) {
		await mkdir(dirname(join(process.cwd(), path)), { recursive: true });
		await writeFile(path, text);
		process.stdout.write(`wrote ${path}\n`);
	}
	process.stdout.write(`\nNext: put the reading credential into the environment, then\n  keelson doctor\n  keelson scan\n  keelson pin\n`);
	return exitCodes.fine;
}
