import type { Knobs } from "./knobs.js";

/** What stands behind an emulated tenant besides its state: its clock, and what writes leave behind. */
export interface World {
	knobs: Knobs;
	/** The tenant's clock, milliseconds since the epoch. */
	now(): number;
	/** Moves the clock on and does what falls due. */
	advance(ms: number): void;
	/** Runs `run` once the clock has reached that much later: the end of asynchronous work. */
	later(ms: number, run: () => void): void;
	/** Writes one object of the state. */
	put<T>(map: Map<string, T>, key: string, value: T): void;
	/** Removes one object; false when it wasn't there. */
	drop<T>(map: Map<string, T>, key: string): boolean;
	/** Notes how to take back a change made otherwise. */
	undo(step: () => void): void;
	/** What the map held under a key `knobs.lagMs` ago: what a lagging read sees. */
	seen<T>(map: Map<string, T>, key: string): T | undefined;
	/** The same for every key, in the map's order; keys written since come or go with their lag. */
	allSeen<T>(map: Map<string, T>): [string, T][];
	/** Does what has fallen due. */
	settle(): void;
	/** Runs `run` before every request and after every move of the clock: what ends by itself. */
	always(run: () => void): void;
	/** Takes back every write and forgets what is pending. */
	reset(): void;
}

/** Makes the world of one tenant. `clock` is the real one's unless given. */
export function makeWorld(knobs: Knobs, clock: () => number = Date.now): World {
	let moved = 0;
	let undo: (() => void)[] = [];
	let pending: { at: number; run: () => void }[] = [];
	const steady: (() => void)[] = [];
	const past = new Map<Map<string, unknown>, Map<string, { at: number; previous: unknown }[]>>();
	const now = () => clock() + moved + knobs.clockSkewMs;

	function remember(map: Map<string, unknown>, key: string): void {
		if (knobs.lagMs <= 0) return;
		const keys = past.get(map) ?? new Map<string, { at: number; previous: unknown }[]>();
		past.set(map, keys);
		keys.set(key, [...(keys.get(key) ?? []), { at: now(), previous: map.get(key) }]);
	}
	function lagging(map: Map<string, unknown>, key: string): { previous: unknown } | undefined {
		if (knobs.lagMs <= 0) return undefined;
		const since = now() - knobs.lagMs;
		return past
			.get(map)
			?.get(key)
			?.find((entry) => entry.at > since);
	}
	const world: World = {
		knobs,
		now,
		advance(ms) {
			moved += ms;
			world.settle();
		},
		later: (ms, run) => {
			if (ms <= 0) run();
			else pending.push({ at: now() + ms, run });
		},
		put(map, key, value) {
			const had = map.has(key);
			const previous = map.get(key);
			remember(map as Map<string, unknown>, key);
			undo.push(() => {
				if (had) map.set(key, previous as never);
				else map.delete(key);
			});
			map.set(key, value);
		},
		drop(map, key) {
			if (!map.has(key)) return false;
			const previous = map.get(key);
			remember(map as Map<string, unknown>, key);
			undo.push(() => map.set(key, previous as never));
			map.delete(key);
			return true;
		},
		undo: (step) => void undo.push(step),
		seen<T>(map: Map<string, T>, key: string): T | undefined {
			const before = lagging(map as Map<string, unknown>, key);
			return before ? (before.previous as T | undefined) : map.get(key);
		},
		allSeen<T>(map: Map<string, T>): [string, T][] {
			if (knobs.lagMs <= 0) return [...map];
			const keys = new Set([...map.keys(), ...(past.get(map as Map<string, unknown>)?.keys() ?? [])]);
			return [...keys].flatMap((key): [string, T][] => {
				const value = world.seen(map, key);
				return value === undefined ? [] : [[key, value]];
			});
		},
		settle() {
			for (let due = next(); due; due = next()) due.run();
			for (const run of steady) run();
		},
		always: (run) => void steady.push(run),
		reset() {
			for (const step of undo.reverse()) step();
			undo = [];
			pending = [];
			past.clear();
			moved = 0;
		},
	};
	function next(): { run: () => void } | undefined {
		const at = pending.findIndex((item) => item.at <= now());
		return at < 0 ? undefined : pending.splice(at, 1)[0];
	}
	return world;
}
