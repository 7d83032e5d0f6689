import type { PlannedAction } from "../plan/plan.js";
import type { ActionKind, ActionTarget } from "../provider/action.js";
import type { JournalEntry, Store } from "../store/store.js";

/**
 * What happens to an action, in the journal's words, in order:
 * `intent` before the call, `performed` after the vendor's answer, then `verified` or `unverified` after the read back.
 * `already`: it held before any call. `recovered`: an interrupted call had done it. `failed`: the vendor refused, or nothing shows it.
 * `skipped`: not begun, with the reason. Run-level: `began`, `ended`.
 */
export const finalEvents = ["verified", "already", "recovered"] as const;

/** How far an action of a plan is, by the journal. */
export type Progress =
	| { state: "untouched" }
	| { state: "done"; event: (typeof finalEvents)[number] }
	/** The call may have been made. */
	| { state: "intent"; intent: JournalEntry }
	/** The vendor answered; nobody read back. */
	| { state: "performed"; intent: JournalEntry };

/** Reads a plan's progress per action id. */
export function progressOf(entries: JournalEntry[]): Map<string, Progress> {
	const progress = new Map<string, Progress>();
	const intents = new Map<string, JournalEntry>();
	for (const entry of entries) {
		const { action, event } = entry;
		if (action === null) continue;
		const final = finalEvents.find((word) => word === event);
		// What was verified once is not made again.
		if (progress.get(action)?.state === "done") continue;
		if (final) progress.set(action, { state: "done", event: final });
		else if (event === "intent") {
			intents.set(action, entry);
			progress.set(action, { state: "intent", intent: entry });
		} else if (event === "performed" || event === "unverified") {
			const intent = intents.get(action);
			if (intent) progress.set(action, { state: "performed", intent });
		} else if (event === "skipped" || (event === "failed" && entry.data.doubtful !== true)) progress.set(action, { state: "untouched" });
	}
	return progress;
}

export interface Journal {
	/** Durable when it resolves. @throws what the store throws: then nothing more may be written to a vendor. */
	append(action: PlannedAction | null, event: string, data: Record<string, unknown>): Promise<JournalEntry>;
}

export function openJournal(store: Store, tenant: string, plan: string, now: () => number): Journal {
	return {
		append: (action, event, data) => store.appendJournal({ tenant, at: now(), plan, action: action?.id ?? null, event, ...withoutNames(action, data) }),
	};
}

/** What may name somebody, or tell more of them than an id does; the rest is enough to take a change back. */
const personal = new Set(["label", "detail", "facts"]);

function withoutNames(action: PlannedAction | null, data: Record<string, unknown>): Pick<Parameters<Store["appendJournal"]>[0], "data" | "personal"> {
	if (!action) return { data };
	const part = (named: boolean) => Object.fromEntries(Object.entries(data).filter(([key]) => personal.has(key) === named));
	return { data: part(false), personal: { subject: subjectOf(action), data: part(true) } };
}

/** Whom or what an action is about: `<system>/<immutable id>`. */
export function subjectOf({ system, target }: Pick<PlannedAction, "system" | "target">): string {
	return `${system}/${target.account ?? target.credential ?? target.app ?? target.group ?? target.setting ?? target.ticket ?? ""}`;
}

/** A change that was made, as its intent was journaled. */
export interface Change {
	action: string;
	system: string;
	kind: ActionKind;
	target: ActionTarget;
	label: string;
	inverse: { kind: ActionKind; target: ActionTarget } | null;
	/** It was begun, and nobody saw whether it was made. */
	inDoubt?: true;
}

/** The changes of a plan that hold, or that may have been made, in the order in which they were. What held already before is not one. */
export function changesOf(entries: JournalEntry[]): Change[] {
	const changes = new Map<string, Change>();
	const intents = new Map<string, JournalEntry>();
	for (const entry of entries) {
		if (entry.action === null) continue;
		if (entry.event === "intent" && !intents.has(entry.action)) intents.set(entry.action, entry);
		// What is undone is what the last try saw before, not one that failed long ago.
		if (entry.event === "skipped" || (entry.event === "failed" && entry.data.doubtful !== true)) intents.delete(entry.action);
		if (entry.event !== "verified" && entry.event !== "recovered") continue;
		const intent = intents.get(entry.action);
		if (intent && intent.data.kind !== "notify") changes.set(entry.action, changeOf(entry.action, intent));
	}
	for (const [action, progress] of progressOf(entries)) {
		if ((progress.state !== "intent" && progress.state !== "performed") || progress.intent.data.kind === "notify") continue;
		changes.set(action, { ...changeOf(action, intents.get(action) ?? progress.intent), inDoubt: true });
	}
	return [...changes.values()];
}

function changeOf(action: string, { data, personal: names }: JournalEntry): Change {
	const change = { ...(data as unknown as Omit<Change, "action" | "inDoubt">), action };
	return names?.readable === false ? { ...change, label: `${change.kind} on ${names.subject} (its names were erased)` } : change;
}

/** Calls that were begun and never seen to end, by plan: what a crash left. A notice is no call. */
export function openCalls(entries: JournalEntry[]): { plan: string; action: string; progress: Extract<Progress, { state: "intent" | "performed" }> }[] {
	const byPlan = new Map<string, JournalEntry[]>();
	for (const entry of entries) {
		const held = byPlan.get(entry.plan);
		if (held) held.push(entry);
		else byPlan.set(entry.plan, [entry]);
	}
	return [...byPlan].flatMap(([plan, own]) =>
		[...progressOf(own)].flatMap(([action, progress]) =>
			(progress.state === "intent" || progress.state === "performed") && progress.intent.data.kind !== "notify" ? [{ plan, action, progress }] : [],
		),
	);
}
