import { formatValue, jsonValue } from "../src/policy/format.js";
import { defaultTestNow } from "../src/policy/policy-file.js";
import type { PolicyFile } from "../src/policy/source.js";
import { renderTimestamp } from "../src/policy/time.js";
import { catalogue } from "../src/policy/types.js";

/** A policy's examples, one a row: what is given, and what comes out. */
export function exampleTable(policy: PolicyFile): string {
	const rows = policy.tests.map(({ name, subject, params, now, expect, message }) => {
		const time = now === defaultTestNow ? "" : `; now ${renderTimestamp(now)}`;
		const set = Object.entries(params)
			.map(([key, value]) => `; params.${key} = ${plain(value)}`)
			.join("");
		const given = fields(jsonValue(subject, catalogue[policy.for]) as object);
		return `| ${escaped(name)} | \`${inCode(`${given}${set}${time}`)}\` | ${expect}${message === undefined ? "" : `: ${escaped(message)}`} |`;
	});
	return `| Example | Given | Outcome |\n|---|---|---|\n${rows.join("\n")}`;
}

function fields(subject: object): string {
	const all = Object.entries(subject);
	return all.length === 0 ? "nothing" : all.map(([key, value]) => `${key}: ${plain(value)}`).join(", ");
}

/** A value as the policy's file would have it on one line. */
function plain(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(plain).join(", ")}]`;
	if (typeof value !== "object" || value === null)
		return value === null ? "null" : formatValue(value, { kind: "dyn", nullable: true }).replace(/T00:00:00Z$/, "");
	if (Object.keys(value).join() === "$partial")
		return `${plain(Reflect.get(value, "$partial")).slice(0, -1)}${Reflect.get(value, "$partial").length > 0 ? ", " : ""}…]`;
	return `{ ${fields(value)} }`;
}

function escaped(text: string): string {
	return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}

/** Code in a cell: a backtick would end it, and a bar the cell. */
function inCode(text: string): string {
	return text.replaceAll("`", "'").replaceAll("|", "\\|");
}
