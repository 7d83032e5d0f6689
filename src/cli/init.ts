import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { nearest } from "../model/nearest.js";
import type { ProviderExample } from "../provider/example.js";
import { loadExample, providerNames } from "../provider/load.js";
import { CliError, type ExitCode, exitCodes } from "./exit.js";
import { projectFiles } from "./init-files.js";
import { packageRoot } from "./package-root.js";

export interface InitOptions {
	name?: string;
	url?: string;
	provider?: string[];
	ci?: string;
	force?: boolean;
}

/** `keelson init`: a stack file, Pulumi.yaml and pipelines in the current folder. Nothing that exists is written over without `--force`. */
export async function init(options: InitOptions): Promise<ExitCode> {
	const name = options.name ?? "acme";
	if (!/^[a-z][a-z0-9-]*$/.test(name)) throw new CliError(`--name takes small letters, digits and hyphens, not ${JSON.stringify(name)}`);
	const { url } = options;
	if (url !== undefined && !/^https:\/\/[^/\s]+$/.test(url))
		throw new CliError(`--url takes an address such as https://acme.okta.com, not ${JSON.stringify(url)}`);
	const examples = await Promise.all([...new Set(options.provider ?? ["okta"])].map(exampleOf));
	const files = {
		...projectFiles({ name, examples, version: versionHere(), ...(url !== undefined && { url }) }),
		...(await pipelines(options.ci ?? "github", examples)),
	};
	// What a repository has already for other reasons stays its own.
	for (const own of ["package.json", ".gitignore"] as const) if (existsSync(own)) delete files[own];
	const taken = Object.keys(files).filter((path) => existsSync(path));
	if (taken.length > 0 && !options.force)
		throw new CliError(`${taken.join(", ")} ${taken.length === 1 ? "exists" : "exist"} already; nothing was written (--force writes over)`);
	for (const [path, text] of Object.entries(files)) {
		await mkdir(dirname(join(process.cwd(), path)), { recursive: true });
		await writeFile(path, text);
		process.stdout.write(`wrote ${path}\n`);
	}
	const variables = examples.flatMap(({ read }) => read);
	const put =
		variables.length > 0 ? `put the reading credential into the environment (${variables.join(", ")})` : "put the reading credential into the environment";
	process.stdout.write(`\nNext: npm install, ${put}, then\n  npx keelson doctor\n  npx keelson scan\n  npx keelson pin\n`);
	return exitCodes.fine;
}

async function exampleOf(name: string): Promise<ProviderExample> {
	const example = await loadExample(name);
	if (example) return example;
	const names = providerNames();
	const guess = nearest(name, names);
	throw new CliError(`there is no provider ${name}; ${guess ? `did you mean ${guess}?` : `there is: ${names.join(", ")}`}`);
}

async function pipelines(ci: string, examples: ProviderExample[]): Promise<Record<string, string>> {
	const shipped = (path: string) => readFileSync(join(packageRoot, path), "utf8");
	switch (ci) {
		case "github":
			return (await import("./init-github.js")).githubFiles(examples, shipped("action.yml"));
		case "gitlab":
			return (await import("./init-gitlab.js")).gitlabFiles(examples, shipped("ci/gitlab.yml"));
		case "none":
			return {};
		default:
			throw new CliError(`--ci takes github, gitlab or none, not ${JSON.stringify(ci)}`);
	}
}

function versionHere(): string {
	return (JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string }).version;
}
