import type { ApplyInput } from "../apply/apply.js";
import type { Approval } from "../apply/approval.js";
import { writeReceipt } from "../evidence/write-receipt.js";
import type { Workspace } from "./workspace.js";

/** Gives every run that left something in the journal its receipt. */
export function receiptOf(
	run: Pick<Workspace, "store" | "stack" | "policyDigest"> & { appliedBy: string; approval(): Promise<Approval> },
): NonNullable<ApplyInput["concluded"]> {
	return async (report) => {
		await writeReceipt({ ...run, now: Date.now }, report);
	};
}

/** Asks once, when it is first needed. */
export function memoised<T>(ask: () => Promise<T>): () => Promise<T> {
	let asked: Promise<T> | undefined;
	return () => {
		asked ??= ask();
		return asked;
	};
}
