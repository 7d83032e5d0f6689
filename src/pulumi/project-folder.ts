import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";

/**
 * The folder of the project's Pulumi.yaml. The engine starts programs in the folder of `main`, which may be inside of `node_modules`,
 * and plugins in one that depends on its version.
 * @param project the project's name, where it is known: of two Pulumi.yaml the one of that name counts
 */
export function projectFolder(project: string | null): string {
	const given = process.env.PULUMI_NODEJS_ROOT_DIRECTORY;
	if (given && existsSync(join(given, "Pulumi.yaml"))) return given;
	// A linked package lies outside of the project; the shell's folder is inside then.
	for (const start of [process.cwd(), ...(process.env.PWD ? [process.env.PWD] : [])]) {
		for (let folder = start; ; folder = dirname(folder)) {
			if (isProject(folder, project)) return folder;
			if (dirname(folder) === folder) break;
		}
	}
	return process.cwd();
}

function isProject(folder: string, project: string | null): boolean {
	for (const name of ["Pulumi.yaml", "Pulumi.yml"]) {
		const file = join(folder, name);
		if (!existsSync(file)) continue;
		const held: unknown = parse(readFileSync(file, "utf8"));
		if (project === null || (typeof held === "object" && held !== null && "name" in held && held.name === project)) return true;
	}
	return false;
}
