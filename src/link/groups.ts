import type { LinkEvidence } from "../model/person.js";

/** Disjoint sets that refuse what must not meet. */
export interface Groups {
	/** The same for all of one set, and for nothing else. */
	root(node: string): number;
	/** Whatever leads one of these to another will not be believed. */
	keepApart(nodes: string[]): void;
	/** Personnel numbers that an account carries, whether or not they could be believed. */
	claim(node: string, numbers: string[]): void;
	/** Joins without asking. */
	union(one: string, other: string): void;
	/**
	 * Joins by equally sure links. Those that together would bring two numbers, or what is kept apart, into one person pull against each other:
	 * none of them is believed.
	 * @returns for each link why it is not believed; null: it is
	 */
	joinAll(level: readonly LinkEvidence[]): (string | null)[];
}

/** Nodes are account keys, worker keys and `#<number>`. Each has a place in plain lists, since there are hundreds of thousands of them. */
export function newGroups(): Groups {
	const places = new Map<string, number>();
	const parents: number[] = [];
	/** The numbers of a set, by its root: its worker's, and those that its accounts claim. */
	const numbers: (readonly string[])[] = [];
	/** Whom a set may not meet, by its root. */
	const apart = new Map<number, number[]>();

	const placeOf = (node: string): number => {
		const known = places.get(node);
		if (known !== undefined) return known;
		const place = parents.push(parents.length) - 1;
		numbers.push(node.startsWith("#") ? [node.slice(1)] : none);
		places.set(node, place);
		return place;
	};
	const root = (node: string): number => rootOf(parents, placeOf(node));
	const union = (a: number, b: number): void => {
		if (a === b) return;
		parents[b] = a;
		numbers[a] = together(numbers[a] ?? none, numbers[b] ?? none);
		const kept = apart.get(b);
		if (kept) apart.set(a, [...(apart.get(a) ?? []), ...kept]);
	};

	/** Why these roots may not be one where they would be; by the set that they would be in. */
	const refusals = (roots: number[], wouldBe: (place: number) => number): Map<number, string> => {
		const found = new Map<number, string>();
		for (const place of roots)
			for (const other of apart.get(place) ?? []) {
				const met = rootOf(parents, other);
				if (met !== place && wouldBe(met) === wouldBe(place)) found.set(wouldBe(place), "the stack file keeps them apart");
			}
		const first = new Map<number, string>();
		const several = new Map<number, Set<string>>();
		for (const place of roots)
			for (const number of numbers[place] ?? none) {
				const set = wouldBe(place);
				const other = first.get(set);
				if (other === undefined) first.set(set, number);
				else if (other !== number) several.set(set, (several.get(set) ?? new Set([other])).add(number));
			}
		for (const [set, all] of several) found.set(set, `that would make one person of the personnel numbers ${[...all].sort().join(" and ")}`);
		return found;
	};

	return {
		root,
		keepApart(nodes) {
			const all = nodes.map(placeOf);
			for (const place of all) apart.set(place, [...(apart.get(place) ?? []), ...all.filter((other) => other !== place)]);
		},
		claim(node, claimed) {
			const place = root(node);
			numbers[place] = together(numbers[place] ?? none, claimed);
		},
		union: (one, other) => union(root(one), root(other)),
		joinAll(level) {
			const froms = level.map(({ from }) => root(from));
			const tos = level.map(({ to }) => root(to));
			// What the sets would be if all of these links held.
			const tried = parents.map((_, place) => place);
			for (const [at, from] of froms.entries()) tried[rootOf(tried, tos[at] ?? from)] = rootOf(tried, from);
			const refused = refusals([...froms, ...tos], (place) => rootOf(tried, place));
			const against = froms.map((from, at) => (from === tos[at] ? null : (refused.get(rootOf(tried, from)) ?? null)));
			for (const [at, from] of froms.entries()) if (against[at] === null) union(rootOf(parents, from), rootOf(parents, tos[at] ?? from));
			return against;
		},
	};
}

const none: readonly string[] = [];

/** Each once. Mostly one of the two is empty, or both are the same. */
function together(one: readonly string[], other: readonly string[]): readonly string[] {
	if (other.every((value) => one.includes(value))) return one;
	return one.length === 0 && other.length === 1 ? other : [...new Set([...one, ...other])];
}

/** Shortens the way for the next who asks. */
function rootOf(parents: number[], place: number): number {
	let root = place;
	for (let up = parents[root] ?? root; up !== root; up = parents[root] ?? root) root = up;
	for (let at = place; at !== root; ) {
		const up = parents[at] ?? root;
		parents[at] = root;
		at = up;
	}
	return root;
}
