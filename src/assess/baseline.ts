import type { BaselineCounts, Problem } from "../model/assessment.js";
import type { SubjectKind } from "../model/finding.js";
import type { CollectionName } from "../model/snapshot.js";
import type { CompiledPolicy } from "../policy/compile.js";
import type { Baseline, BaselineEntry } from "../stack/baseline.js";
import type { Stack } from "../stack/stack.js";
import type { Store } from "../store/store.js";
import type { Judge } from "./judge.js";
import type { Snapshot } from "./snapshot.js";

/** What a run was made of. */
export interface Judged {
	stack: Stack;
	store: Store;
	policies: CompiledPolicy[];
	book: Judge;
	snapshots: Snapshot[];
	at: number;
}

/** What became of every finding that the baseline names. Nothing is called fixed for lack of data. */
export async function baselineCounts(baseline: Baseline, judged: Judged): Promise<BaselineCounts> {
	const { book, at } = judged;
	const found = new Map(book.findings.map((finding) => [`${finding.policy}\0${finding.subject.key}`, finding.outcome]));
	const unknown = new Set([...book.unknown].flatMap(([policy, { keys }]) => keys.map((key) => `${policy}\0${key}`)));
	const counts: BaselineCounts = { accepted: 0, ended: 0, unknown: 0, fixed: [] };
	for (const entry of baseline.entries) {
		if (entry.accepted > at) continue;
		const policy = judged.policies.find((one) => one.policy.id === entry.policy);
		for (const { key } of entry.subjects) {
			const name = `${entry.policy}\0${key}`;
			const outcome = found.get(name);
			if (outcome === "fail") counts.ended++;
			else if (outcome !== undefined) counts.accepted++;
			else if (!policy || unknown.has(name) || !(await isGone(policy.policy.for, key, judged))) counts.unknown++;
			else counts.fixed.push({ policy: entry.policy, subject: key });
		}
	}
	return counts;
}

const collectionOf: Partial<Record<SubjectKind, CollectionName>> = {
	account: "accounts",
	credential: "credentials",
	device: "devices",
	group: "groups",
	app: "apps",
	setting: "settings",
};

/** Of a subject without a finding that is not unknown: whether it passes, or is known not to be there. */
export async function isGone(kind: SubjectKind, key: string, { store, stack, snapshots }: Pick<Judged, "store" | "stack" | "snapshots">): Promise<boolean> {
	// Persons are made of all systems: one that was not read whole may hide an account.
	if (kind === "person")
		return Object.keys(stack.systems).length === snapshots.length && snapshots.every((one) => (one.coverage("accounts")?.state ?? "complete") === "complete");
	const slash = key.indexOf("/");
	const snapshot = snapshots.find(({ scan }) => scan.system === key.slice(0, slash < 0 ? undefined : slash));
	if (!snapshot) return false;
	const collection = collectionOf[kind];
	if (!collection || snapshot.complete(collection)) return true;
	const id = key.slice(slash + 1);
	return !snapshot.unseen(collection).has(id) && (await store.record(snapshot.scan, collection, id)) !== null;
}

/** What a person should do about the baseline. */
export function baselineProblems(stack: Stack, counts: BaselineCounts, policies: CompiledPolicy[], at: number): Problem[] {
	const line = stack.positions.get("baseline")?.line ?? null;
	const problem = (message: string): Problem => ({ path: "baseline", line, message, blocksWrites: false });
	const entries = stack.baseline?.entries ?? [];
	const problems: Problem[] = [];
	const over = entries.filter(({ expires }) => expires <= at);
	if (counts.ended > 0) problems.push(problem(`the time of ${findings(counts.ended)} of the baseline is over (${ends(over)}): open again`));
	if (counts.fixed.length > 0)
		problems.push(
			problem(`${findings(counts.fixed.length)} of the baseline ${counts.fixed.length === 1 ? "is" : "are"} fixed: keelson baseline --prune takes them out`),
		);
	const strange = [...new Set(entries.map(({ policy }) => policy))].filter((id) => !policies.some(({ policy }) => policy.id === id));
	if (strange.length > 0)
		problems.push(
			problem(`the baseline accepts findings of ${strange.join(", ")}, which ${strange.length === 1 ? "is no policy" : "are no policies"} in force`),
		);
	return problems;
}

function findings(count: number): string {
	return `${count} ${count === 1 ? "finding" : "findings"}`;
}

function ends(entries: BaselineEntry[]): string {
	return [...new Set(entries.map(({ expiresText }) => expiresText))].sort().join(", ");
}
