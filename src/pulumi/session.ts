import { type ApplyInput, applyPlan, type Opened } from "../apply/apply.js";
import type { Approval } from "../apply/approval.js";
import type { ApplyReport } from "../apply/report.js";
import { memoised } from "../cli/receipt.js";
import { runner } from "../cli/runner.js";
import { type LiveReader, liveReader } from "../drift/live.js";
import { loginsOf } from "../drift/logins.js";
import type { Mend } from "../drift/mend.js";
import { redacted } from "../drift/read-live.js";
import type { Millis } from "../model/known.js";
import type { Plan } from "../plan/plan.js";
import type { JournalEntry } from "../store/store.js";
import { desiredPlan } from "./desired-plan.js";

/** What a stack file, its store and its two credentials make possible in one process. */
export type SessionParts = Pick<ApplyInput, "stack" | "store" | "policies" | "policyDigest" | "compile" | "notifier"> & {
	connect(system: string, purpose: "read" | "act", mayWrite?: () => Millis): Promise<Opened>;
	/** Who agreed to a file: a plan's, or the stack file. */
	approval?(file: string): Promise<Approval>;
	/** Gives a run its receipt. */
	receipt?(run: { appliedBy: string; approval(): Promise<Approval> }): NonNullable<ApplyInput["concluded"]>;
	now?(): Millis;
	log?(line: string): void;
};

export interface Session {
	stack: SessionParts["stack"];
	now(): Millis;
	/** Live objects of a system, each read once, until something is written or a minute has passed. */
	reader(system: string): Promise<LiveReader>;
	/** Logins by account id, for people. */
	logins(system: string, ids: string[]): Promise<Map<string, string>>;
	journal(plan: string): Promise<JournalEntry[]>;
	/** Makes changes that the stack file's declarations ask for: all of them, or none where a guardrail stands against one. */
	mend(changes: Mend[]): Promise<ApplyReport>;
	/** Applies an approved plan, or goes on with it. `file` is where the plan stands. */
	apply(plan: Plan, file: string): Promise<ApplyReport>;
	close(): Promise<void>;
}

/** A live reading older than this is made again, in milliseconds: a person may have thought about a preview meanwhile. */
const maxAge = 60_000;

interface Reading {
	at: Millis;
	opened: Promise<Opened>;
	reader: Promise<LiveReader>;
}

export function newSession(parts: SessionParts): Session {
	const now = parts.now ?? Date.now;
	const log = parts.log ?? (() => {});
	const readings = new Map<string, Reading>();
	let last: Promise<unknown> = Promise.resolve();

	/** One write after the other: all of a run's writes share the tenant's lease. */
	const alone = <T>(work: () => Promise<T>): Promise<T> => {
		const next = last.then(work, work);
		last = next.catch(() => {});
		return next;
	};
	const holder = `${runner()} pulumi ${process.pid}`;
	const input = ({ approval: approvalOf, receipt, ...workspace }: SessionParts, plan: Plan, file: string): ApplyInput => {
		const approval = approvalOf && memoised(() => approvalOf(file));
		return {
			...workspace,
			...(approval && { approval }),
			...(approval && receipt && { concluded: receipt({ appliedBy: holder, approval }) }),
			plan,
			now,
			log,
			holder,
			openRead: (system) => parts.connect(system, "read"),
			openAct: (system, mayWrite) => parts.connect(system, "act", mayWrite),
		};
	};
	const applied = async (plan: Plan, file: string, desired: boolean): Promise<ApplyReport> => {
		const report = await applyPlan({ ...input(parts, plan, file), desired });
		if (report.calls > 0) for (const reading of readings.values()) reading.at = Number.NEGATIVE_INFINITY;
		return report;
	};

	return {
		stack: parts.stack,
		now,
		reader(system) {
			const held = readings.get(system);
			if (held && now() - held.at <= maxAge) return held.reader;
			const opened = held?.opened ?? parts.connect(system, "read");
			const reader = opened.then(({ provider, connection, redact }) => redacted(liveReader({ system, provider, connection, now }), redact));
			readings.set(system, { at: now(), opened, reader });
			return reader;
		},
		logins: (system, ids) => loginsOf(parts.stack, parts.store, system, ids),
		journal: (plan) => parts.store.journal({ tenant: parts.stack.name, plan }),
		mend: (changes) => alone(async () => applied(await desiredPlan({ ...parts, now, changes }), parts.stack.file, true)),
		apply: (plan, file) => alone(() => applied(plan, file, false)),
		async close() {
			for (const { opened } of readings.values()) await (await opened.catch(() => null))?.connection.close();
			readings.clear();
			await parts.store.close();
		},
	};
}
