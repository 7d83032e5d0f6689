import type { CelType } from "./cel-type.js";
import { isPartial } from "./runtime.js";
import { renderDuration, renderTimestamp } from "./time.js";

/** Control characters: a display name must not write to a terminal or break a line of a report. */
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;
/** Fields by which an object is shown, best first. */
const labels = ["login", "label", "name", "type", "id"] as const;

/** A value as a person reads it in a message. Unknown is `?`, null `none` (of a time `never`), times are dates. */
export function formatValue(value: unknown, type: CelType): string {
	if (value === undefined) return "?";
	if (value === null) return type.kind === "timestamp" ? "never" : "none";
	if (Array.isArray(value)) {
		const items = value.map((item) => formatValue(item, type.element ?? { kind: "dyn", nullable: true }));
		if (isPartial(value)) items.push("?");
		return items.length > 0 ? items.join(", ") : "none";
	}
	if (typeof value === "number") {
		if (type.kind === "timestamp") return renderTimestamp(value).slice(0, 10);
		return type.kind === "duration" ? renderDuration(value) : String(value);
	}
	if (typeof value === "object") {
		const label = labels.find((name) => typeof Reflect.get(value, name) === "string");
		return label ? formatValue(Reflect.get(value, label), { kind: "string", nullable: false }) : formatValue(JSON.stringify(value), type);
	}
	return String(value).replace(control, " ");
}

/** A value as evidence holds it: JSON, with times in RFC 3339, by the field's type. Partial lists are `{ "$partial": [ … ] }`. */
export function jsonValue(value: unknown, type: CelType): unknown {
	if (typeof value === "number") return type.kind === "timestamp" ? renderTimestamp(value) : value;
	if (Array.isArray(value)) {
		const items = value.map((item) => jsonValue(item, type.element ?? { kind: "dyn", nullable: true }));
		return isPartial(value) ? { $partial: items } : items;
	}
	if (typeof value !== "object" || value === null || !type.fields) return value;
	const { fields } = type;
	return Object.fromEntries(
		Object.entries(value)
			.filter(([, v]) => v !== undefined)
			.map(([key, v]) => [key, jsonValue(v, Object.hasOwn(fields, key) ? (fields[key]?.type ?? type) : { kind: "dyn", nullable: true })]),
	);
}
