import type { CollectionName } from "../model/snapshot.js";

export type CelKind = "bool" | "int" | "double" | "string" | "timestamp" | "duration" | "null" | "dyn" | "list" | "object";

/** The static type of an expression. Times are epoch milliseconds and durations milliseconds when they run. */
export interface CelType<K extends CelKind = CelKind, N extends boolean = boolean> {
	kind: K;
	/** May be null, which is the vendor's "none" or "never". Ordering, arithmetic and methods demand a guard. */
	nullable: N;
	/** Could be null, were it not for a guard before; comparing it with null once more is no mistake. */
	guarded?: true;
	/** Of a list. */
	element?: CelType;
	/** Of an object: its fields, and the word for it in messages. */
	fields?: FieldTable;
	name?: string;
	/** Of a string that is one of our own closed words: all of them. */
	values?: readonly string[];
}

/** Where a field's value comes from: a collection of the snapshot, the stack file, or our own conclusion from several. */
export type FieldSource = CollectionName | "stack" | "derived";

/** One field policies may use. */
export interface FieldSpec<K extends CelKind = CelKind, N extends boolean = boolean> {
	type: CelType<K, N>;
	description: string;
	source: FieldSource;
}

export interface FieldTable {
	readonly [field: string]: FieldSpec;
}

export const types = {
	bool: { kind: "bool", nullable: false },
	int: { kind: "int", nullable: false },
	double: { kind: "double", nullable: false },
	string: { kind: "string", nullable: false },
	timestamp: { kind: "timestamp", nullable: false },
	duration: { kind: "duration", nullable: false },
	null: { kind: "null", nullable: true },
	/** A value of the vendor's whose type is known only when it is there. */
	dyn: { kind: "dyn", nullable: true },
	/** Stands in for an expression already reported, so that one mistake is one error. */
	broken: { kind: "dyn", nullable: false },
} as const satisfies Record<string, CelType>;

/** A list of that element. */
export function listOf(element: CelType): CelType<"list", false> {
	return { kind: "list", nullable: false, element };
}

/** The type as a person reads it: `list of string`, `timestamp or null`. */
export function typeName(type: CelType): string {
	const base = type.kind === "list" && type.element ? `list of ${typeName(type.element)}` : (type.name ?? type.kind);
	return type.nullable && type.kind !== "null" && type.kind !== "dyn" ? `${base} or null` : base;
}

/** The same with its article: `an int`, `a list of string`. */
export function aType(type: CelType): string {
	const name = typeName(type);
	return `${/^[aeio]/.test(name) ? "an" : "a"} ${name}`;
}

export function isNumeric(type: CelType): boolean {
	return type.kind === "int" || type.kind === "double";
}

/** Two types that could hold equal values. Integers and doubles compare as numbers. */
export function comparable(a: CelType, b: CelType): boolean {
	if (a.kind === "dyn" || b.kind === "dyn") return true;
	if (a.kind === "null") return b.nullable || b.guarded === true || b.kind === "null";
	if (b.kind === "null") return a.nullable || a.guarded === true;
	if (isNumeric(a) && isNumeric(b)) return true;
	if (a.kind === "list" && b.kind === "list") return !a.element || !b.element || comparable(a.element, b.element);
	return a.kind === b.kind;
}

/** The type of a value that is one or the other; null when they have nothing in common. */
export function join(a: CelType, b: CelType): CelType | null {
	const nullable = a.nullable || b.nullable;
	if (a.kind === "null") return { ...b, nullable: true };
	if (b.kind === "null") return { ...a, nullable: true };
	if (a.kind === "dyn" || b.kind === "dyn") return { kind: "dyn", nullable };
	if (isNumeric(a) && isNumeric(b)) return { kind: a.kind === b.kind ? a.kind : "double", nullable };
	if (a.kind !== b.kind) return null;
	if (a.kind === "list") {
		if (!a.element || !b.element) return { ...(a.element ? a : b), nullable };
		const element = join(a.element, b.element);
		return element ? { kind: "list", nullable, element } : null;
	}
	return a.kind === "object" && a.fields !== b.fields ? null : { ...a, values: undefined, nullable };
}
