import type { SystemCoverage } from "../drift/unmanaged.js";
import { fill, type Section } from "./markdown-fill.js";
import { cell, code } from "./markdown-rows.js";
import { coverageWords } from "./unmanaged-words.js";

/** What no stack file declares, a section for each system, within `limit` UTF-8 bytes by whole rows. */
export function renderUnmanagedMarkdown(tenant: string, found: SystemCoverage[], limit: number): string {
	const lines = found.map(
		(one) => `| ${cell(one.system)} | ${one.scanned === null ? "not scanned yet: unknown" : cell(coverageWords(one))} | ${cell(gaps(one), 400)} |`,
	);
	const head = `## Not declared in ${cell(tenant)}\n\n| System | Declared | Not read whole |\n|---|---|---|\n${lines.join("\n")}\n`;
	const sections = found
		.filter(({ unmanaged }) => unmanaged.length > 0)
		.map(
			({ system, unmanaged }): Section => ({
				title: `${cell(system)} (${unmanaged.length})`,
				name: `objects of ${system}`,
				head: "| Object | Kind | Key |\n|---|---|---|",
				rows: unmanaged.map(({ name, kind, detail, key }) => `| ${cell(name)} | ${kind}, ${cell(detail)} | ${code(key)} |`),
				folded: true,
			}),
		);
	return fill(head, sections, limit, "keelson drift --unmanaged");
}

function gaps({ kinds }: SystemCoverage): string {
	return kinds.flatMap(({ kind, incomplete }) => (incomplete === null ? [] : [`${kind}s: ${incomplete}`])).join("; ");
}
