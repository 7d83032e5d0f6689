import { iso } from "../../../src/emulate/random.js";
import type { Choices } from "./choices.js";

/** A time of the SSPM calls. */
export function seconds(millis: number): string {
	return `${iso(millis).slice(0, 19)}Z`;
}

/** A time of the identity calls. */
export function instant(choices: Choices, millis: number): string {
	const text = `${iso(millis).slice(0, 19)}+00:00`;
	return choices.dateForm === "spaced" ? text.replace("T", " ") : text;
}

/** A list in a field of type string. */
export function listText(choices: Choices, list: readonly string[]): string {
	return choices.listForm === "json" ? JSON.stringify(list) : list.join(",");
}

/** An object of the identity calls: without the fields that have no value, or with null in them. */
export function sparse(choices: Choices, fields: Record<string, unknown>): Record<string, unknown> {
	if (choices.absent === "null") return fields;
	return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
