import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { repository } from "../tools/generate.js";

/** A page's text, by its path from the repository's root. */
export function read(page: string): string {
	return readFileSync(join(repository, page), "utf8");
}

/** README.md, everything under docs/, and the providers' pages. */
export function pages(): string[] {
	const docs = readdirSync(join(repository, "docs"), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && entry.name.endsWith(".md"))
		.map((entry) => relative(repository, join(entry.parentPath, entry.name)));
	return ["README.md", "providers/okta/README.md", ...docs.sort()];
}

/** The fenced blocks of one language. */
export function blocks(text: string, language: string): string[] {
	return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].filter(([, word]) => word === language).map(([, , body = ""]) => body);
}

/** Arguments of every `keelson …` in a page's blocks for a shell: what a reader would type. */
export function commandLines(text: string): string[][] {
	const typed = blocks(text, "console").flatMap((block) =>
		block
			.split("\n")
			.filter((line) => line.startsWith("$ "))
			.map((line) => line.slice(2)),
	);
	return [...blocks(text, "sh").flatMap((block) => block.split("\n")), ...typed]
		.map((line) => /^(?:npx )?keelson\s+([^#;]+)/.exec(line)?.[1]?.trim())
		.filter((line) => line !== undefined)
		.map((line) => line.split(/\s+/));
}
