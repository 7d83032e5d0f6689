import type { Spoil } from "./knobs.js";

type Raw = Record<string, unknown>;

const DATE = /^\d{4}-\d\d-\d\dT/;
const ENUM = /(status|state|type|kind|scope|role|action)$/i;

export function isRecord(value: unknown): value is Raw {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The same without keys whose value is null, at any depth. */
export function withoutNulls<T>(value: T): T {
	if (Array.isArray(value)) return value.map(withoutNulls) as T;
	if (!isRecord(value)) return value;
	const kept = Object.entries(value).filter(([, inner]) => inner !== null);
	return Object.fromEntries(kept.map(([key, inner]) => [key, withoutNulls(inner)])) as T;
}

/** A copy in which the first value found to fit, depth first, is changed; null when none fits. */
function changeFirst(object: Raw, fits: (key: string, value: unknown) => boolean, change: (value: unknown) => unknown): Raw | null {
	for (const [key, value] of Object.entries(object)) {
		if (key === "id" || key.startsWith("@") || key.startsWith("_")) continue;
		if (fits(key, value)) return { ...object, [key]: change(value) };
		const inner = isRecord(value) ? changeFirst(value, fits, change) : null;
		if (inner) return { ...object, [key]: inner };
	}
	return null;
}

function spoilObject(object: Raw, how: Spoil, idKey: string): unknown {
	const change = (fits: (key: string, value: unknown) => boolean, to: (value: unknown) => unknown) => changeFirst(object, fits, to) ?? object;
	const without = (dropped: string | undefined) => Object.fromEntries(Object.entries(object).filter(([key]) => key !== dropped));
	switch (how) {
		case "null-item":
			return null;
		case "missing-id":
			return without(idKey);
		case "unknown-enum":
			return change(
				(key, value) => ENUM.test(key) && typeof value === "string",
				() => "somethingNew",
			);
		case "bad-date":
			return change(
				(_, value) => typeof value === "string" && DATE.test(value),
				() => "0000-13-45T99:99:99.999Z",
			);
		case "string-number":
			return change((_, value) => typeof value === "number", String);
		case "number-string":
			return change(
				(key, value) => typeof value === "string" && !DATE.test(value) && !ENUM.test(key) && key !== idKey,
				() => 42,
			);
		case "extra-field":
			return { ...object, addedLater: { nested: [1, null, "x"] } };
		case "missing-field":
			return without(Object.keys(object).find((key) => key !== idKey && !key.startsWith("@") && !key.startsWith("_")));
		case "drop-nulls":
			return withoutNulls(object);
		case "duplicate-item":
			return object;
	}
}

/** Spoils one item of a list, or every item where a single one would say little. `idKey`: the vendor's name of an item's id. */
export function spoilItems(items: readonly unknown[], how: Spoil, index = 0, idKey = "id"): unknown[] {
	if (how === "drop-nulls" || how === "extra-field") return items.map((item) => (isRecord(item) ? spoilObject(item, how, idKey) : item));
	const item = items[index];
	if (!isRecord(item)) return [...items];
	if (how === "duplicate-item") return [...items.slice(0, index + 1), item, ...items.slice(index + 1)];
	return items.map((other, at) => (at === index ? spoilObject(item, how, idKey) : other));
}

/** Spoils a single object. */
export function spoilBody(body: unknown, how: Spoil, idKey = "id"): unknown {
	return isRecord(body) ? spoilObject(body, how, idKey) : body;
}
