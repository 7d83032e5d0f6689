import { severities } from "../model/finding.js";

/** Numbers of which more lets more through, and those of which less does. */
const looserUp = /^(guardrails\.(maxAccounts|maxPercent|maxSettings|maxPlanAge|maxSnapshotAge)|systems\.[^.]+\.budget\.perAccountMaxAge)$/;
const looserDown = /^(guardrails\.(keepAdmins|approvals|window)|systems\.[^.]+\.expect\..*coverage|notify\.before|retention\.[^.]+)$/;
/** What accepts, excuses or explains away: one more is looser. */
const excuses = /^(exemptions|baseline|people\.(service|shared|agent|external|breakGlass))\./;
/** What holds something back or asks for something: one less is looser. */
const holds = /^(guardrails\.(protect|freeze)|people\.leavers|declared|resources|policies\.text|systems|notify\.channels)\./;
/** Of those, what is new: a plain addition is stricter only where it can do nothing but hold back or ask. */
const onlyHolds = /^(guardrails\.(protect|freeze)|policies\.text|systems\.[^.]+\.expect)\./;
/** By which code, and with which credential sent where, a system is read and changed; who is told of it; under which name budgets are kept. */
const trust = /^(name|remediation\.plans|systems\.[^.]+\.(provider|url|auth|act|options)|notify\.channels\.[^.]+)$/;

/** Whether a changed rule lets more pass than before, or lets more be changed; null: that depends. A dot in `path` stands between keys only. */
export function looser(path: string, before: unknown, after: unknown): boolean | null {
	if (trust.test(path)) return true;
	if (typeof before === "number" && typeof after === "number") {
		if (looserUp.test(path)) return after > before;
		if (looserDown.test(path)) return after < before;
	}
	// Nothing written is no limit: what is read, how long it is kept, how long a person has.
	if (/^(retention\.|systems\.[^.]+\.budget\.perAccountRequests$)/.test(path)) return fewer(before, after);
	if (path === "notify.before") return after === null ? true : before === null ? false : null;
	if (path === "notify.required") return after === false;
	if (path.startsWith("declared.") && before !== undefined && after !== undefined) return declaredLooser(path, before, after);
	if (/^declared\.[^.]+\.until\./.test(path)) return null;
	if (/^policies\.set\.[^.]+\.enabled$/.test(path)) return after === false ? true : after === true ? false : null;
	if (/^policies\.set\.[^.]+$/.test(path)) return (after as { enabled?: boolean } | undefined)?.enabled === false ? true : null;
	if (path.startsWith("policies.severity.")) return rank(after) < rank(before);
	if (excuses.test(path)) return excused(path, before, after);
	if (holds.test(path)) return after === undefined ? true : before === undefined && onlyHolds.test(path) ? false : null;
	return null;
}

function fewer(before: unknown, after: unknown): boolean {
	const limit = (value: unknown) => (typeof value === "number" ? value : Number.POSITIVE_INFINITY);
	return limit(after) < limit(before);
}

/** From the one that changes most to the one that changes nothing. */
const modes = ["authoritative", "additive", "observe"];

/** A mode that changes more is no stricter: it writes. */
function declaredLooser(path: string, before: unknown, after: unknown): boolean | null {
	if (/^declared\.[^.]+\.mode$/.test(path)) return modes.indexOf(String(after)) > modes.indexOf(String(before)) ? true : null;
	if (/^declared\.[^.]+\.until\./.test(path)) return String(after) > String(before);
	return null;
}

function rank(severity: unknown): number {
	return (severities as readonly unknown[]).indexOf(severity);
}

/** Who is no emergency account any more can be changed. An excuse that lasts longer, or is for more or for others, is looser. */
function excused(path: string, before: unknown, after: unknown): boolean | null {
	if (before === undefined) return true;
	if (after === undefined) return path.startsWith("people.breakGlass.");
	if (path.startsWith("exemptions.")) return lastDay(after) > lastDay(before) ? true : null;
	if (path.startsWith("baseline.")) return findings(after) >= findings(before) ? true : null;
	return null;
}

function lastDay(words: unknown): string {
	return (
		[...String(words).matchAll(/(?:^| \+ )until ([^,\s]+)/g)]
			.map(([, day = ""]) => day)
			.sort()
			.at(-1) ?? ""
	);
}

function findings(words: unknown): number {
	return [...String(words).matchAll(/(?:^| \+ )(\d+) findings/g)].reduce((sum, [, count]) => sum + Number(count), 0);
}
