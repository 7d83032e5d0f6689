import type { SettingRecord } from "../../src/model/objects.js";
import { known } from "./schema.js";

/** What of a policy or rule decides its place. */
export type Ranked = Pick<SettingRecord, "id" | "name" | "builtIn" | "priority">;

/** Vendor ids in the order in which Okta asks them, with names for people; or why that can't be said. */
export type Order = { order: string[]; names: Record<string, string> } | { why: string };

/** Types whose policies Okta ranks among each other and lets be moved. Policies for apps are each for apps of their own, and of routing policies an org has one. */
export const rankedPolicies = ["OKTA_SIGN_ON", "PASSWORD", "MFA_ENROLL"];

/** Types whose rules can be moved. */
export const rankedRules = [...rankedPolicies, "IDP_DISCOVERY", "ACCESS_POLICY"];

/** Okta's own default one is always the last, and is no part of the order. Equal priorities are no order: Okta numbers them anew when it gets to it. */
export function orderOf(list: Ranked[]): Order {
	const movable = list.filter(({ builtIn }) => !builtIn).map(({ id, name, priority }) => ({ id: id.slice(id.lastIndexOf("/") + 1), name, priority }));
	const bare = movable.find(({ priority }) => typeof priority !== "number");
	if (bare) return { why: `${bare.name} has no priority that can be read` };
	const ranked = movable.toSorted((a, b) => (a.priority ?? 0) - (b.priority ?? 0));
	const twin = ranked.findIndex(({ priority }, at) => at > 0 && priority === ranked[at - 1]?.priority);
	if (twin > 0)
		return { why: `${ranked[twin - 1]?.name} and ${ranked[twin]?.name} both claim priority ${ranked[twin]?.priority}, and Okta says later which comes first` };
	return { order: ranked.map(({ id }) => id), names: Object.fromEntries(ranked.map(({ id, name }) => [id, name])) };
}

export const policyOrderName = (type: string): string => `Order of ${type} policies`;
export const ruleOrderName = (policy: string): string => `Order of the rules of policy ${policy}`;

/** The order of the policies of a type, from all of them. */
export function policyOrder(type: string, list: Ranked[]): SettingRecord {
	return record({ kind: "policy-order", id: type, name: policyOrderName(type), parent: null, active: true }, orderOf(list));
}

/** The order of a policy's rules, from all of them. `policy`: its record. */
export function ruleOrder(id: string, policy: SettingRecord, list: Ranked[]): SettingRecord {
	return record({ kind: "rule-order", id, name: ruleOrderName(policy.name), parent: id, active: policy.active }, orderOf(list));
}

function record({ kind, id, ...more }: Pick<SettingRecord, "kind" | "id" | "name" | "active" | "parent">, order: Order): SettingRecord {
	const values = "why" in order ? undefined : { ...order };
	return known<SettingRecord>({ ...more, id: `${kind}/${id}`, kind, builtIn: true, priority: null, session: null, signIn: null, values });
}

/** How Okta makes room for a changed priority: https://developer.okta.com/docs/guides/policy-rule-prioritization/main/. */
export type Shifting = "closed" | "gaps";

/** Of access policies' rules the numbers may have gaps, and only those in the way move; of the others all between the old place and the new one do. */
export const shiftingOf = (type: string): Shifting => (type === "ACCESS_POLICY" ? "gaps" : "closed");

export interface Move {
	id: string;
	/** The one whose priority it takes. */
	takes: string;
}

/**
 * The next of the fewest moves from one order to another of the same ids; null = they are the same. Where numbers may have gaps, what lies
 * below a new place is not told for a move down: there, as Okta advises, from the top down and only upwards.
 */
export function nextMove(from: string[], to: string[], shifting: Shifting): Move | null {
	const place = new Map(to.map((id, at) => [id, at]));
	const rank = (id: string): number => place.get(id) ?? 0;
	if (from.every((id, at) => rank(id) === at)) return null;
	if (shifting === "gaps") {
		const at = from.findIndex((id, index) => rank(id) !== index);
		return { id: to[at] ?? "", takes: from[at] ?? "" };
	}
	const staying = longestRising(from.map(rank));
	const id = to.find((one) => !staying.has(rank(one))) ?? "";
	const rest = from.filter((one) => one !== id);
	// Right behind the last that stays and comes before it.
	const next = rest.findLastIndex((one) => staying.has(rank(one)) && rank(one) < rank(id)) + 1;
	return { id, takes: from[next] ?? id };
}

/** A longest run of rising numbers among these, not necessarily side by side. */
function longestRising(numbers: number[]): Set<number> {
	const ends: number[] = [];
	const previous = new Map<number, number | undefined>();
	for (const number of numbers) {
		const found = ends.findIndex((end) => end > number);
		const at = found < 0 ? ends.length : found;
		previous.set(number, ends[at - 1]);
		ends[at] = number;
	}
	const run = new Set<number>();
	for (let one = ends.at(-1); one !== undefined; one = previous.get(one)) run.add(one);
	return run;
}
