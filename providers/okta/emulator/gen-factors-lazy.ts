/**
 * A map whose lists are made when first asked for, then kept: a million users' factors take a gigabyte, and most runs read few.
 * Behaves as a plain `Map` in every other way; walking over it makes all that is left.
 */
export class LazyLists<T> extends Map<string, T[]> {
	readonly #pending: Set<string>;
	readonly #make: (key: string) => T[];

	constructor(pending: Iterable<string>, make: (key: string) => T[]) {
		super();
		this.#pending = new Set(pending);
		this.#make = make;
	}

	override get(key: string): T[] | undefined {
		if (this.#pending.delete(key)) super.set(key, this.#make(key));
		return super.get(key);
	}

	override has(key: string): boolean {
		return this.#pending.has(key) || super.has(key);
	}

	override set(key: string, value: T[]): this {
		this.#pending.delete(key);
		return super.set(key, value);
	}

	override delete(key: string): boolean {
		return this.#pending.delete(key) || super.delete(key);
	}

	override clear(): void {
		this.#pending.clear();
		super.clear();
	}

	override get size(): number {
		return super.size + this.#pending.size;
	}

	override keys(): MapIterator<string> {
		return this.#all().#entries("keys");
	}

	override values(): MapIterator<T[]> {
		return this.#all().#entries("values");
	}

	override entries(): MapIterator<[string, T[]]> {
		return this.#all().#entries("entries");
	}

	override [Symbol.iterator](): MapIterator<[string, T[]]> {
		return this.entries();
	}

	override forEach(callback: (value: T[], key: string, map: Map<string, T[]>) => void): void {
		this.#all();
		super.forEach(callback);
	}

	#all(): this {
		for (const key of this.#pending) this.get(key);
		return this;
	}

	#entries(kind: "keys"): MapIterator<string>;
	#entries(kind: "values"): MapIterator<T[]>;
	#entries(kind: "entries"): MapIterator<[string, T[]]>;
	#entries(kind: "keys" | "values" | "entries"): MapIterator<string> | MapIterator<T[]> | MapIterator<[string, T[]]> {
		return kind === "keys" ? super.keys() : kind === "values" ? super.values() : super.entries();
	}
}
