import { isRecord, withoutNulls } from "./call.js";
import type { Spoil } from "./knobs.js";

type Raw = Record<string, unknown>;

const DATE = /^\d{4}-\d\d-\d\dT/;
const ENUMS = /^(status|type|factorType|provider|action|scope)$/;

/** A copy in which the first value found to fit, depth first, is changed. */
function changeFirst(object: Raw, fits: (key: string, value: unknown) => boolean, change: (value: unknown) => unknown): Raw {
	const copy: Raw = { ...object };
	for (const [key, value] of Object.entries(copy)) {
		if (key === "_links" || key === "id") continue;
		if (fits(key, value)) return { ...copy, [key]: change(value) };
		if (!isRecord(value)) continue;
		const inner = changeFirst(value, fits, change);
		if (JSON.stringify(inner) !== JSON.stringify(value)) return { ...copy, [key]: inner };
	}
	return copy;
}

const withoutId = (object: Raw): Raw => Object.fromEntries(Object.entries(object).filter(([key]) => key !== "id"));

function spoilObject(object: Raw, how: Spoil): unknown {
	switch (how) {
		case "null-item":
			return null;
		case "missing-id":
			return withoutId(object);
		case "unknown-enum":
			return changeFirst(
				object,
				(key, value) => ENUMS.test(key) && typeof value === "string",
				() => "SOMETHING_NEW",
			);
		case "bad-date":
			return changeFirst(
				object,
				(_, value) => typeof value === "string" && DATE.test(value),
				() => "0000-13-45T99:99:99.999Z",
			);
		case "string-number":
			return changeFirst(
				object,
				(_, value) => typeof value === "number",
				(value) => String(value),
			);
		case "number-string":
			return changeFirst(
				object,
				(key, value) => typeof value === "string" && !DATE.test(value) && !ENUMS.test(key),
				() => 42,
			);
		case "extra-field":
			return { ...object, addedLater: { nested: [1, null, "x"] } };
		case "missing-field": {
			const dropped = Object.keys(object).find((key) => key !== "id" && key !== "_links");
			return Object.fromEntries(Object.entries(object).filter(([key]) => key !== dropped));
		}
		case "drop-nulls":
			return withoutNulls(object);
		case "duplicate-item":
			return object;
	}
}

/** Spoils one item of a list, or every item where a single one would say little. */
export function spoilItems(items: readonly unknown[], how: Spoil, index = 0): unknown[] {
	if (how === "drop-nulls" || how === "extra-field") return items.map((item) => (isRecord(item) ? spoilObject(item, how) : item));
	const item = items[index];
	if (!isRecord(item)) return [...items];
	if (how === "duplicate-item") return [...items.slice(0, index + 1), item, ...items.slice(index + 1)];
	return items.map((other, at) => (at === index ? spoilObject(item, how) : other));
}

/** Spoils a single object. */
export function spoilBody(body: unknown, how: Spoil): unknown {
	return isRecord(body) ? spoilObject(body, how) : body;
}
