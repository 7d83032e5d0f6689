import type { Evidence } from "../model/finding.js";
import type { ManagedDifference } from "../model/managed.js";

/** The differences that a fact of a drift finding holds, to be shown as lines; null for any other fact. `more`: there may be others. */
export function differencesOf({ value }: Pick<Evidence, "value">): { parts: ManagedDifference[]; more: boolean } | null {
	const partial: unknown = typeof value === "object" && value !== null && !Array.isArray(value) ? Reflect.get(value, "$partial") : undefined;
	const list: unknown = partial ?? value;
	if (!Array.isArray(list) || list.length === 0 || !list.every(isDifference)) return null;
	return { parts: list, more: partial !== undefined };
}

/** One side for people. */
export function sideWords(side: string | null): string {
	return side ?? "nothing";
}

function isDifference(item: unknown): item is ManagedDifference {
	if (typeof item !== "object" || item === null || Object.keys(item).sort().join() !== "desired,live,path") return false;
	const { path, desired, live } = item as Record<keyof ManagedDifference, unknown>;
	return typeof path === "string" && [desired, live].every((side) => side === null || typeof side === "string");
}
