import type { ApplyReport } from "../apply/report.js";

/** How every message begins that a guardrail is the reason of: `keelson up` ends with 4 for it. */
export const refusedMark = "refused by a guardrail";

/** A failure for people: one message, no stack. */
export class LifecycleError extends Error {
	override readonly name: string = "LifecycleError";
}

/** Nothing was written, and why. */
export class RefusedError extends LifecycleError {
	override readonly name = "RefusedError";
	constructor(reasons: string[]) {
		super(`${refusedMark}, nothing was written: ${reasons.join("; ")}`);
	}
}

/** The object is managed now, and not as declared: the engine keeps what is given here and the next run goes on from it. */
export class PartialError extends LifecycleError {
	override readonly name = "PartialError";
	/** One line each; the engine shows these and not the message. */
	readonly reasons: string[];
	constructor(
		what: string,
		readonly id: string,
		readonly properties: Record<string, unknown>,
		reasons: string[],
	) {
		super(`${what}: ${reasons.join("; ")}`);
		this.reasons = [what, ...reasons];
	}
}

/** What did not hold of a run, one line each. Empty = everything does. @throws RefusedError when nothing was written for a guardrail */
export function failuresOf(report: ApplyReport): string[] {
	if (report.outcome === "refused") throw new RefusedError(report.refusals.map(({ message }) => message));
	if (report.outcome !== "partial") return [];
	const failed = report.actions
		.filter(({ outcome }) => outcome === "failed" || outcome === "unverified" || outcome === "skipped" || outcome === "not-reached")
		.map(({ action, outcome, detail }) => `${action.label}: ${outcome}${detail ? ` (${detail})` : ""}`);
	return report.stopped === null ? failed : [report.stopped, ...failed];
}
