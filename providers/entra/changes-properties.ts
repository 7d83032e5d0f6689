import { encodeKnown } from "../../src/model/json.js";
import type { ChangeQuery } from "../../src/provider/changes.js";
import { at, object, word } from "./schema.js";

interface Modified {
	name: string;
	from: unknown;
	to: unknown;
}

/** What an event of the audit log says was modified; values come as JSON in a text. */
function modified(event: unknown): Modified[] {
	const targets = at(event, "targetResources");
	const lists = (Array.isArray(targets) ? targets : []).map((target) => at(target, "modifiedProperties"));
	return lists
		.flatMap((list) => (Array.isArray(list) ? list : []))
		.flatMap((one) => {
			const name = word(at(one, "displayName"));
			return name === undefined ? [] : [{ name, from: parsed(at(one, "oldValue")), to: parsed(at(one, "newValue")) }];
		});
}

function parsed(value: unknown): unknown {
	if (typeof value !== "string") return undefined;
	try {
		return JSON.parse(value);
	} catch {
		return value;
	}
}

/** Names of the properties that changed: of a policy, which stands there as a whole, those inside that differ. */
export function changedProperties(event: unknown): string[] {
	const names = modified(event).flatMap(({ name, from, to }) => {
		const [before, after] = [object(from), object(to)];
		if (!before || !after) return before || after ? [] : [name];
		return Object.keys(after).filter((key) => encodeKnown(after[key] ?? null) !== encodeKnown(before[key] ?? null));
	});
	return [...new Set(names)];
}

/** Whether an event of a role's assignment is about this role: as a target, or among the properties of the member. */
export function namesRole(event: unknown, { id, name }: Pick<ChangeQuery, "id" | "name">): boolean {
	const same = (value: unknown) => typeof value === "string" && value.toLowerCase() === id.toLowerCase();
	const targets = at(event, "targetResources");
	const named = (Array.isArray(targets) ? targets : []).some(
		(target) => same(at(target, "id")) || (at(target, "type") === "Role" && name !== null && at(target, "displayName") === name),
	);
	if (named) return true;
	return modified(event).some(({ name: property, from, to }) => {
		if (property === "Role.TemplateId" || property === "Role.ObjectID") return same(from) || same(to);
		return property === "Role.DisplayName" && name !== null && (from === name || to === name);
	});
}
