/** What has a place among its like. */
interface Ranked {
	id: string;
	priority?: number | null;
	system?: boolean;
}

export const byPriority = (a: { priority?: number | null }, b: { priority?: number | null }): number => (a.priority ?? 0) - (b.priority ?? 0);

/** Types whose numbers may have gaps; of the others they run from 1 on. https://developer.okta.com/docs/guides/policy-rule-prioritization/main/ */
const withGaps = new Set(["ACCESS_POLICY", "DEVICE_SIGNAL_COLLECTION", "PROFILE_ENROLLMENT", "POST_AUTH_SESSION", "ENTITY_RISK"]);

/** Types whose policies are not ranked among each other: all stand at 1. */
const unranked = new Set(["ACCESS_POLICY", "PROFILE_ENROLLMENT"]);

/** Policies of a type after one was made or changed. */
export function placePolicy<T extends Ranked>(type: string | undefined, peers: readonly T[], moved: T): T[] {
	return unranked.has(type ?? "") ? [...peers.filter(({ id }) => id !== moved.id), moved] : placed(type, peers, moved);
}

/** Rules of a policy of the type, or ranked policies, after one was made or changed. */
export function placed<T extends Ranked>(type: string | undefined, list: readonly T[], moved: T): T[] {
	return withGaps.has(type ?? "") ? shifted(list, moved) : renumbered(list, moved);
}

/** What is left after one was deleted. */
export function closedUp<T extends Ranked>(type: string | undefined, left: readonly T[]): T[] {
	return withGaps.has(type ?? "") ? [...left] : left.toSorted(byPriority).map((item, index) => ({ ...item, priority: index + 1 }));
}

/** Those between the old place and the new one make room; all are numbered from 1 on, the default one last. */
function renumbered<T extends Ranked>(list: readonly T[], moved: T): T[] {
	const others = list.filter((item) => item.id !== moved.id).toSorted(byPriority);
	const movable = others.filter((item) => item.system !== true);
	const fixed = others.filter((item) => item.system === true);
	const old = list.find((item) => item.id === moved.id)?.priority ?? Number.POSITIVE_INFINITY;
	const wanted = moved.priority ?? Number.POSITIVE_INFINITY;
	// Its own place in the numbers as they are makes way for those below it where it goes down.
	const before = movable.filter(({ priority }) => (wanted > old ? (priority ?? 0) <= wanted : (priority ?? 0) < wanted)).length;
	if (moved.system === true) fixed.push(moved);
	else movable.splice(before, 0, moved);
	return [...movable, ...fixed].map((item, index) => ({ ...item, priority: index + 1 }));
}

/**
 * Whoever has the number goes one down, and pushes the next, until there is a gap: the old place of the moved one is such a gap. A number that
 * is written again as it is pushes those below all the same: what the guide calls drift.
 */
function shifted<T extends Ranked>(list: readonly T[], moved: T): T[] {
	const before = list.find((item) => item.id === moved.id);
	const others = list.filter((item) => item.id !== moved.id).toSorted(byPriority);
	const wanted = moved.priority ?? Math.max(-1, ...others.filter((item) => item.system !== true).map(({ priority }) => priority ?? 0)) + 1;
	let taken = before?.priority === wanted ? wanted + 1 : wanted;
	const pushed = others.map((item) => {
		if (item.system === true || item.priority !== taken) return item;
		taken++;
		return { ...item, priority: taken };
	});
	return [...pushed, { ...moved, priority: wanted }].toSorted(byPriority);
}
