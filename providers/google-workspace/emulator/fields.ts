import { legacy } from "./errors.js";

/** A tree of selected names; an empty one selects everything beneath. */
interface Selection {
	[name: string]: Selection;
}

/**
 * Reads a `fields` selector: names by comma, `a/b` and `a(b,c)` for inner ones, `*` for all.
 * @throws Refusal with the vendor's 400 when it is malformed
 */
function parseFields(text: string): Selection {
	let at = 0;
	const bad = () => legacy(400, "invalidParameter", `Invalid field selection ${text}`, "global", { locationType: "parameter", location: "fields" });
	function list(closing: boolean): Selection {
		const chosen: Selection = {};
		for (;;) {
			let place = chosen;
			for (;;) {
				const name = /^(\*|[\w.$@:-]+)/.exec(text.slice(at))?.[0];
				if (name === undefined) throw bad();
				at += name.length;
				place[name] ??= {};
				place = place[name];
				if (text[at] !== "/") break;
				at++;
			}
			if (text[at] === "(") {
				at++;
				Object.assign(place, list(true));
			}
			if (text[at] === ",") {
				at++;
				continue;
			}
			if (closing && text[at] === ")") {
				at++;
				return chosen;
			}
			if (!closing && at === text.length) return chosen;
			throw bad();
		}
	}
	return list(false);
}

function select(value: unknown, selection: Selection): unknown {
	if (Object.keys(selection).length === 0) return value;
	if (Array.isArray(value)) return value.map((item) => select(item, selection));
	if (typeof value !== "object" || value === null) return value;
	const all = selection["*"];
	const kept: Record<string, unknown> = {};
	for (const [name, inner] of Object.entries(value)) {
		const chosen = selection[name] ?? all;
		if (chosen) kept[name] = select(inner, chosen);
	}
	return kept;
}

/** Makes the function that cuts a body down to what `fields` names; without a selector it changes nothing. */
export function fieldMask(fields: string | null): (body: unknown) => unknown {
	if (fields === null || fields.trim() === "") return (body) => body;
	const selection = parseFields(fields.replace(/\s/g, ""));
	return (body) => select(body, selection);
}
