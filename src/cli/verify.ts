import { existsSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import pc from "picocolors";
import { receiptText } from "../evidence/receipt.js";
import { type Misfit, type Verified, verifyEvidence } from "../evidence/verify.js";
import { writeWhole } from "../evidence/write-receipt.js";
import { readPlan } from "../plan/read-plan.js";
import { safeText } from "../report/sanitise.js";
import { CliError, type ExitCode, exitCodes } from "./exit.js";
import { colour } from "./output.js";
import { type CommonOptions, openStackStore, readStack } from "./workspace.js";

export interface VerifyOptions extends CommonOptions {
	/** Writes the files that are missing and stand in the journal. */
	restore?: boolean;
}

/** `keelson verify [receipt...]`: whether the journal, the receipts and the plan files still say what they said. 1: something does not fit. */
export async function verify(files: string[], options: VerifyOptions): Promise<ExitCode> {
	for (const file of files) if (!existsSync(file) || !statSync(file).isFile()) throw new CliError(`${file}: there is no such file`);
	if (files.length > 0 && options.restore) throw new CliError("--restore writes what is missing in the folder: name no file with it");
	const stack = await readStack(options.stack);
	const folder = stack.remediation.receipts;
	const store = await openStackStore(stack);
	try {
		let found = await verifyEvidence({ store, tenant: stack.name, folder, ...(files.length > 0 && { files }) });
		const restored = options.restore ? found.missing.map(({ name }) => name) : [];
		if (restored.length > 0) {
			for (const { name, receipt } of found.missing) await writeWhole(folder, name, receiptText(receipt));
			found = await verifyEvidence({ store, tenant: stack.name, folder });
		}
		const misfits = [...found.misfits, ...(files.length > 0 ? [] : await plansOf(stack.remediation.plans))];
		const { tenant, entries, receipts, uncovered } = found;
		const said = { tenant, entries, receipts: receipts.map(({ name, digest }) => ({ name, digest })), uncovered, restored, misfits };
		if (options.json) process.stdout.write(`${JSON.stringify(said, null, 2)}\n`);
		else process.stdout.write(rendered({ ...found, misfits }, restored.length, relative(process.cwd(), folder) || ".", colour(process.stdout)));
		return misfits.length > 0 ? exitCodes.findings : exitCodes.fine;
	} finally {
		await store.close();
	}
}

/** Plan files whose content is not the one of their digest any more. */
async function plansOf(folder: string): Promise<Misfit[]> {
	const names = existsSync(folder) ? (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).sort() : [];
	const misfits: Misfit[] = [];
	for (const name of names) {
		const { plan, diagnostics = [] } = await readPlan(join(folder, name));
		misfits.push(...diagnostics.slice(0, 1).map(({ message }) => ({ where: name, what: message })));
		const [, digits] = /^\d{4}-\d\d-\d\d-([0-9a-f]{8})\.ya?ml$/.exec(name) ?? [];
		if (plan && digits && !plan.digest.startsWith(digits))
			misfits.push({ where: name, what: "it was changed and sealed again: its digest is not the one that its name begins with" });
	}
	return misfits;
}

function rendered({ tenant, entries, receipts, uncovered, misfits }: Verified, restored: number, folder: string, color: boolean): string {
	const c = pc.createColors(color);
	const clean = (text: string) => safeText(text, "terminal", 400);
	const count = (number: number, one: string, more: string) => `${number} ${number === 1 ? one : more}`;
	const lines = [
		`${clean(tenant)}: ${count(entries, "entry", "entries")} in the journal, ${count(receipts.length, "receipt", "receipts")} in ${clean(folder)}`,
	];
	if (restored > 0) lines.push(`  ${count(restored, "receipt was", "receipts were")} written again from the journal`);
	if (uncovered > 0) lines.push(`  ${count(uncovered, "entry is", "entries are")} newer than the last receipt: the next run's is about them too`);
	for (const { where, what } of misfits) lines.push(`  ${c.red("✗")} ${c.bold(clean(where))}: ${clean(what)}`);
	lines.push(misfits.length === 0 ? c.green("Everything fits.") : c.red(count(misfits.length, "thing does not fit.", "things do not fit.")));
	return `${lines.join("\n")}\n`;
}
