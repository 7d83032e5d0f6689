import type { ManagedDifference } from "../model/managed.js";
import { endText } from "../provider/grants.js";
import type { OwnershipMode } from "../stack/stack.js";
import { type Drift, differs } from "./drift.js";

/** What of a drift holds where the live members were not all read: one who was seen is there; one who was not seen may be there too. */
export function certain(drift: Drift): Drift {
	return { ...drift, missing: [] };
}

/**
 * Whether the object differs; undefined: it can't be said. `whole`: the live side was read to its end.
 * What was read of a part may show a difference. It shows that there is none only where nothing unread could be one:
 * in mode `additive`, when everybody declared was seen, and the name.
 */
export function surelyDiffers(drift: Drift, whole: boolean): boolean | undefined {
	if (whole) return differs(drift);
	if (differs(certain(drift))) return true;
	return drift.mode === "additive" && drift.name !== null && drift.missing.length === 0 ? false : undefined;
}

/** Differences listed at most: a group of thousands makes no evidence of thousands. */
const listed = 100;
/** Characters of one value. */
const valueLimit = 300;

/** A drift as parts with both sides as text. `login`: an account's login by id, for people. */
export function partsOf(drift: Drift, login: (id: string) => string): { parts: ManagedDifference[]; more: number } {
	const member = (id: string) => `members[${id}]`;
	const all: ManagedDifference[] = [
		...(drift.exists ? [] : [{ path: "exists", desired: "true", live: "false" }]),
		...(drift.misnamed === null ? [] : [{ path: "name", desired: drift.misnamed, live: drift.name }]),
		...drift.changed.map(({ path, desired, live }) => ({ path, desired: asText(desired), live: asText(live) })),
		...drift.extra.map((id) => ({ path: member(id), desired: null, live: login(id) })),
		...drift.missing.map((id) => ({ path: member(id), desired: login(id), live: null })),
		...(drift.ends ?? []).map(({ id, desired, live }) => ({
			path: `${member(id)}.until`,
			desired: endText(desired),
			live: endText(live),
		})),
	];
	return { parts: all.slice(0, listed), more: Math.max(0, all.length - listed) };
}

/** Ids whose logins `partsOf` asks for. */
export function namedIds(drift: Drift): string[] {
	return [...drift.extra, ...drift.missing].slice(0, listed);
}

const told = 3;

/** The first differences in one line. */
export function summaryOf(drift: Drift, parts: ManagedDifference[], more: number): string {
	if (!drift.exists) return "there is no such object";
	const words = parts.slice(0, told).map(partWords);
	const rest = parts.length - words.length + more;
	return [...words, ...(rest > 0 ? [`${rest} more`] : [])].join("; ");
}

function partWords({ path, desired, live }: ManagedDifference): string {
	if (!path.startsWith("members[") || path.endsWith("].until")) return `${path} is ${live ?? "not set"}, declared ${desired ?? "not set"}`;
	return live === null ? `${desired} is declared and not in it` : `${live} is in it and not declared`;
}

/** The two ways out of a drift, as sentences with the commands. The choice is a person's. */
export function waysOut(key: string, mode: OwnershipMode): string[] {
	const adopt = `To adopt what is live: keelson drift --adopt ${key}, and have the change of the stack file reviewed.`;
	if (mode === "observe")
		return [adopt, `To restore what is declared: change it by hand, or declare it with another mode than observe. Keelson changes nothing here.`];
	return [
		`To restore what is declared: keelson preview shows the change, keelson up makes it, inside the guardrails; keelson drift --plan <file> writes it as a plan for review.`,
		adopt,
	];
}

function asText(value: unknown): string | null {
	if (value === undefined || value === null) return null;
	const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
	return text.length > valueLimit ? `${text.slice(0, valueLimit)}…` : text;
}
