import { legacy } from "./errors.js";
import type { GroupRow } from "./types.js";

/**
 * Makes the test for a group `query` (developers.google.com, "Search for groups"): `email`, `name`, `memberKey`, by `=` or `:` with `*` at the end.
 * @throws Refusal 400 for another field
 */
export function groupQuery(text: string): (group: GroupRow) => boolean {
	const clauses = text
		.trim()
		.split(/\s+(?=[A-Za-z]+\s*[:=])/)
		.map((part) => {
			const match = /^(email|name|memberKey)\s*([=:])\s*(?:'([^']*)'|"([^"]*)"|(\S+))$/i.exec(part);
			if (!match) throw legacy(400, "invalid", "Invalid Input: query", "global", { locationType: "parameter", location: "query" });
			return { field: (match[1] ?? "").toLowerCase(), value: (match[3] ?? match[4] ?? match[5] ?? "").toLowerCase() };
		});
	return (group) => clauses.every(({ field, value }) => held(group, field, value));
}

function held(group: GroupRow, field: string, value: string): boolean {
	const fits = (one: string) => (value.endsWith("*") ? one.toLowerCase().startsWith(value.slice(0, -1)) : one.toLowerCase() === value);
	if (field === "memberkey") return [...group.members.values()].some((member) => member.id === value || member.email === value);
	return fits(field === "email" ? group.body.email : group.body.name);
}
