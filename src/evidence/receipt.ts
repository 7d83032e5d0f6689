import { createHash } from "node:crypto";
import type { Approval } from "../apply/approval.js";
import type { ApplyReport } from "../apply/report.js";
import { encodeKnown } from "../model/json.js";
import type { Millis } from "../model/known.js";
import type { JournalEntry } from "../store/store.js";

export const statementType = "https://in-toto.io/Statement/v1";
export const receiptType = "https://keelson.dev/receipt/v1";

/**
 * What a run did, as an in-toto statement (https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md) about the plan.
 * Of the accounts that were changed it holds immutable ids and no name; those who agreed and who ran it stand in it by name. It is chained
 * with the journal and with the receipt before it.
 */
export interface Receipt {
	_type: typeof statementType;
	/** The plan. Its digest is over its canonical JSON, as the plan file names it. */
	subject: { name: string; digest: { sha256: string } }[];
	predicateType: typeof receiptType;
	predicate: {
		tenant: string;
		/** When the run ended, ISO 8601 UTC. */
		at: string;
		outcome: ApplyReport["outcome"];
		/** Who ran it: user, machine, process. */
		appliedBy: string;
		/** sha-256 of the stack file and of the policies that were in force. */
		stack: string;
		policies: string;
		/** Who agreed to the plan, where that is known. */
		approval: Approval;
		/** Calls that change something. */
		calls: number;
		actions: { id: string; system: string; kind: string; target: Record<string, string>; outcome: string; proof: string | null; request: string | null }[];
		/** Guardrails that refused. */
		refusedBy: string[];
		/** The run ended before its last action. */
		stopped: boolean;
		/** The entries this receipt is about, and the hash of the last of them: it fixes every entry before it too. */
		journal: { from: number; to: number; hash: string };
		/** sha-256 of the tenant's receipt before this one; null: it is the first. */
		previous: string | null;
	};
}

export interface ReceiptInput {
	report: ApplyReport;
	approval: Approval;
	stackDigest: string;
	policyDigest: string;
	appliedBy: string;
	now: Millis;
	/** The tenant's journal entries that no receipt is about, oldest first; at least one. */
	entries: JournalEntry[];
	/** sha-256 of the receipt before. */
	previous: string | null;
}

export function makeReceipt({ report, approval, stackDigest, policyDigest, appliedBy, now, entries, previous }: ReceiptInput): Receipt {
	const [first, last] = [entries[0], entries.at(-1)];
	if (!first || !last) throw new Error("a receipt is about entries of the journal, and there are none");
	return {
		_type: statementType,
		subject: [{ name: "plan", digest: { sha256: report.plan } }],
		predicateType: receiptType,
		predicate: {
			tenant: report.tenant,
			at: new Date(now).toISOString(),
			outcome: report.outcome,
			appliedBy,
			stack: stackDigest,
			policies: policyDigest,
			approval,
			calls: report.calls,
			actions: report.actions.map(({ action, outcome, proof, requestId }) => ({
				id: action.id,
				system: action.system,
				kind: action.kind,
				target: ids(action.target),
				outcome,
				proof,
				request: requestId,
			})),
			refusedBy: [...new Set(report.refusals.map(({ guardrail }) => guardrail))].sort(),
			stopped: report.stopped !== null,
			journal: { from: first.seq, to: last.seq, hash: last.hash },
			previous,
		},
	};
}

/** The bytes of a receipt's file: the same receipt always gives the same. */
export function receiptText(receipt: Receipt): string {
	return `${JSON.stringify(JSON.parse(encodeKnown(receipt)), null, 2)}\n`;
}

/** sha-256, hex, of the file's bytes. */
export function receiptDigest(text: string | Uint8Array): string {
	return createHash("sha256").update(text).digest("hex");
}

/** `20261126T101500Z-1a2b3c4d-17.json`: when, of which plan, up to which entry. */
export function receiptName({ subject, predicate: { at, journal } }: Receipt): string {
	const when = `${at.slice(0, 19).replace(/[-:]/g, "")}Z`;
	return `${when}-${subject[0]?.digest.sha256.slice(0, 8) ?? ""}-${journal.to}.json`;
}

/** Values of settings may hold anything; ids are what a target is found by. */
function ids({ values: _, ...target }: object & { values?: unknown }): Record<string, string> {
	return Object.fromEntries(Object.entries(target).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}
