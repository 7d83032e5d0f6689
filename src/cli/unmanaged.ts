import pc from "picocolors";
import { ofKinds, type SystemCoverage, unmanagedOf } from "../drift/unmanaged.js";
import { loadProvider } from "../provider/load.js";
import { moment } from "../report/drift-words.js";
import { renderUnmanagedMarkdown } from "../report/markdown-unmanaged.js";
import { safeText } from "../report/sanitise.js";
import { coverageWords } from "../report/unmanaged-words.js";
import { packagesFolder } from "./base.js";
import type { DriftOptions } from "./drift.js";
import { CliError, type ExitCode, exitCodes } from "./exit.js";
import { colour } from "./output.js";
import { openStackStore, readStack } from "./workspace.js";

/** `keelson drift --unmanaged`: what the stored scans have and the stack file declares nowhere. Reads no system. */
export async function unmanaged(options: DriftOptions): Promise<ExitCode> {
	if (options.adopt || options.plan !== undefined)
		throw new CliError("--unmanaged lists only: leave out --adopt and --plan; keelson import <key> declares an object");
	const stack = await readStack(options.stack);
	for (const system of options.system ?? []) if (!stack.systems[system]) throw new CliError(`${system} is not a system of ${stack.file}`);
	const store = await openStackStore(stack);
	try {
		const found: SystemCoverage[] = [];
		for (const [system, { provider }] of Object.entries(stack.systems)) {
			if (!(options.system?.includes(system) ?? true)) continue;
			const { settings } = await loadProvider(provider, packagesFolder(stack.file));
			const one = await unmanagedOf({ stack, store, settings, system });
			// A system without any such object (a personnel file) has nothing to declare.
			if (one.scanned === null || one.kinds.length > 0) found.push(ofKinds(one, options.kind));
		}
		if (found.every(({ scanned }) => scanned === null)) throw new CliError("nothing is stored yet: run keelson scan");
		if (options.json) process.stdout.write(`${JSON.stringify({ systems: found.map(withTotals) }, null, 2)}\n`);
		else if (options.format === "markdown") process.stdout.write(renderUnmanagedMarkdown(stack.name, found, options.limit ?? 65_536));
		else process.stdout.write(rendered(found, colour(process.stdout)));
		return found.some(({ scanned, kinds }) => scanned === null || kinds.some(({ incomplete }) => incomplete !== null)) ? exitCodes.coverage : exitCodes.fine;
	} finally {
		await store.close();
	}
}

function withTotals(one: SystemCoverage): object {
	const sum = (of: "total" | "declared") => one.kinds.reduce((all, kind) => all + kind[of], 0);
	const complete = one.scanned !== null && one.kinds.every(({ incomplete }) => incomplete === null);
	const { system, scanned, kinds, unmanaged } = one;
	return {
		system,
		scanned: scanned === null ? null : new Date(scanned).toISOString(),
		coverage: { declared: sum("declared"), total: sum("total"), complete, kinds },
		unmanaged,
	};
}

function rendered(found: SystemCoverage[], color: boolean): string {
	const c = pc.createColors(color);
	const clean = (text: string) => safeText(text, "terminal");
	const lines = found.flatMap((one) => {
		if (one.scanned === null) return ["", `${c.bold(clean(one.system))}  ${c.yellow("not scanned yet: what it has is unknown")}`];
		const head = ["", `${c.bold(clean(one.system))}  ${coverageWords(one)}  ${c.dim(`scanned ${moment(one.scanned)}`)}`];
		for (const { kind, incomplete } of one.kinds)
			if (incomplete !== null) head.push(`  ${c.yellow("?")} ${kind}s were not read whole, there may be more: ${safeText(incomplete, "terminal", 400)}`);
		return [...head, ...one.unmanaged.map(({ key, name, detail }) => `  ${clean(name)}  ${c.dim(`${clean(key)} · ${clean(detail)}`)}`)];
	});
	return `${[...lines, "", "keelson import <key> declares a group, a role or a setting as it is; an app is declared under resources."].join("\n")}\n`;
}
