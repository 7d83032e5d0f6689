import type { Assessment } from "../model/assessment.js";
import type { ExemptionRef, PolicyCounts, Posture } from "../model/finding.js";
import type { Millis } from "../model/known.js";
import type { CollectionName, Coverage, CoverageCause } from "../model/snapshot.js";

/** A whole number with thousands parted: `9,800`. The same on every machine, whatever its locale. */
export function whole(value: number): string {
	return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 finding`, `3 findings`; `many` for what does not take an s. */
export function counted(count: number, one: string, many = `${one}s`): string {
	return `${whole(count)} ${count === 1 ? one : many}`;
}

/** A posture number for people; nothing known is never printed as 0. */
export function points(value: number | null): string {
	return value === null ? "unknown" : `${Math.round(value)}/100`;
}

/** What the number could be if everything unknown were fine. */
export function range(posture: Posture): string {
	if (posture.posture === null || posture.postureMax === null) return "";
	const max = Math.round(posture.postureMax);
	return max === Math.round(posture.posture) ? "" : `up to ${max} were every unknown fine`;
}

/** How much of what applies is known, rounded down: 100 % means all of it. */
export function dataShare(posture: Posture): string {
	return posture.coverage === null ? "no check applies" : `${Math.floor(posture.coverage * 100)} % of checks have data`;
}

/** How an accepted finding came to be accepted: `exempted`, or `in the baseline`. */
export function acceptedWords({ source }: ExemptionRef): string {
	return source === "baseline" ? "in the baseline" : "exempted";
}

/** `120 accepted, 3 fixed, 2 ended`; empty where there is no baseline. */
export function baselineWords({ baseline }: Assessment): string {
	if (!baseline) return "";
	const { accepted, ended, unknown, fixed } = baseline;
	const parts = [
		[accepted, "accepted"],
		[ended, "whose time is over"],
		[fixed.length, "fixed"],
		[unknown, "unknown"],
	] as const;
	return parts
		.filter(([count], index) => index === 0 || count > 0)
		.map(([count, word]) => `${whole(count)} ${word}`)
		.join(", ");
}

/** Subjects that a policy was asked of. */
export function denominator(counts: PolicyCounts): number {
	return counts.pass + counts.fail + counts.unknown + counts.review + counts.excepted;
}

/** `8 of 15 fail, 2 unknown`: always with its denominator; a policy of which nothing is known has no number of failures. */
export function tallyWords(counts: PolicyCounts): string {
	const all = denominator(counts);
	if (all === 0) return "applies to nothing here";
	if (counts.unknown === all) return `unknown for all ${whole(all)}`;
	const of = ` of ${whole(all)}`;
	const parts: string[] = [];
	for (const [count, word] of [
		[counts.fail, "fail"],
		[counts.unknown, "unknown"],
		[counts.review, "to review"],
		[counts.excepted, "excepted"],
	] as const)
		if (count > 0) parts.push(`${whole(count)}${parts.length === 0 ? of : ""} ${word}`);
	return parts.length > 0 ? parts.join(", ") : `${whole(all)} of ${whole(all)} pass`;
}

/** Fields whose lack makes subjects unknown, most first. */
export function unknownFields(counts: PolicyCounts): string[] {
	return Object.entries(counts.unknownFields)
		.sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
		.map(([field]) => field);
}

/** Change of posture since the newest earlier run; empty when there is none or a side is unknown. */
export function trendWords(assessment: Assessment): string {
	const before = earlierRuns(assessment).at(-1);
	if (!before || before.posture === null || assessment.posture.posture === null) return "";
	if (!before.comparable) return "not comparable with the run before: the policies changed";
	const delta = Math.round(assessment.posture.posture) - Math.round(before.posture);
	return delta === 0 ? "as in the run before" : `${delta > 0 ? "+" : "−"}${Math.abs(delta)} since the run before`;
}

/** Runs that the line of the trend names. */
const trendRuns = 10;

/** `58 → 60 → unknown → [71] → 62`: the posture of the newest runs, oldest first; in brackets where other policies judged. Empty on a first run. */
export function trendLine(assessment: Assessment): string {
	const earlier = earlierRuns(assessment);
	if (earlier.length === 0) return "";
	const runs = [...earlier, { posture: assessment.posture.posture, comparable: true }].slice(-trendRuns);
	const shown = runs.map(({ posture, comparable }) => {
		const text = posture === null ? "unknown" : String(Math.round(posture));
		return comparable ? text : `[${text}]`;
	});
	return `${shown.join(" → ")}${runs.some(({ comparable }) => !comparable) ? " (in brackets: under other policies, not comparable)" : ""}`;
}

/** Runs before this one, oldest first, one for each time. */
export function earlierRuns(assessment: Assessment): Assessment["trend"] {
	const byTime = new Map(assessment.trend.filter((past) => past.at < assessment.at).map((past) => [past.at, past]));
	return [...byTime.values()].sort((a, b) => a.at - b.at);
}

/** RFC 3339 in UTC with seconds. */
export function iso(at: Millis): string {
	return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** For people: `2026-11-25 13:11 UTC`. */
export function moment(at: Millis): string {
	return `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

export function date(at: Millis): string {
	return new Date(at).toISOString().slice(0, 10);
}

/** The collections as a person outside the trade would name them. */
export const collectionWords = {
	workers: "workers",
	accounts: "accounts",
	groups: "groups",
	groupRules: "group rules",
	memberships: "group members",
	roleAssignments: "administrator roles",
	settings: "settings",
	apps: "apps",
	appAssignments: "who may use which app",
	credentials: "tokens and secrets",
	risks: "the vendor's risk of accounts",
	devices: "phones and computers",
	authenticators: "enrolled MFA methods",
	activity: "sign-ins in the log",
} satisfies Record<CollectionName, string>;

export const causeWords = {
	scope: "a scope is missing",
	role: "the credential's role does not allow it",
	licence: "the licence does not include it",
	throttled: "the vendor's rate limit stopped it",
	"cut-off": "the list broke off before its end",
	budget: "the request budget was used up",
	floor: "the list is too short to be believed",
	quarantine: "some records could not be understood",
	depends: "it depends on a list that was not read whole",
	unsupported: "this system does not offer it",
	interrupted: "the read was interrupted",
	error: "the system answered with an error",
} satisfies Record<CoverageCause, string>;

/** Why a collection is not complete, one plain sentence for each cause; scopes to grant are named together. */
export function coverageReasons(coverage: Coverage): { words: string; details: string[] }[] {
	const causes = [...new Set(coverage.reasons.map((reason) => reason.cause))];
	return causes.map((cause) => {
		const reasons = coverage.reasons.filter((reason) => reason.cause === cause);
		const scopes = [...new Set(reasons.flatMap((reason) => reason.scope ?? []))];
		const missing = scopes.length === 1 ? `scope ${scopes[0]} is missing` : `scopes ${scopes.join(", ")} are missing`;
		return { words: scopes.length > 0 ? missing : causeWords[cause], details: [...new Set(reasons.map((reason) => reason.detail))] };
	});
}

/** `40 of 9,800 read`. */
export function coverageShare(coverage: Coverage): string {
	if (coverage.state === "unreadable" && coverage.known === 0) return "nothing read";
	const unseen = coverage.unseen.length > 0 ? `, ${whole(coverage.unseen.length)} not met again` : "";
	return `${whole(coverage.known)}${coverage.eligible === null ? "" : ` of ${whole(coverage.eligible)}`} read${unseen}`;
}

/** `enrolled MFA methods: partial, 40 of 9,800 read: the request budget was used up`. */
export function coverageLine(coverage: Coverage): string {
	const why = coverageReasons(coverage)
		.map(({ words, details }) => (/^scopes? /.test(words) || details.length !== 1 ? words : details[0]))
		.join("; ");
	return `${collectionWords[coverage.collection]}: ${coverage.state}, ${coverageShare(coverage)}${why ? `: ${why}` : ""}`;
}

/** What was read of a system: its accounts, or the workers where it has none. */
export function contents({ accounts, enabledAccounts, coverage }: Assessment["systems"][number]): string {
	const workers = coverage.find(({ collection }) => collection === "workers");
	if (workers && accounts === 0) return counted(workers.known, "worker");
	const open = accounts > 0 && enabledAccounts === 0 ? "none known to sign in" : `${whole(enabledAccounts)} can sign in`;
	return `${counted(accounts, "account")}, ${open}`;
}
