import type { Known } from "../../src/model/known.js";
import { at, lookUp, word } from "./schema.js";

/** Words of the log for roles that the API calls otherwise. */
const otherwise: Record<string, string> = { ORG_ADMIN: "organization admin", APP_ADMIN: "application admin", USER_ADMIN: "group admin" };

/** `Application Administrator (all)` and `APPLICATION_ADMIN` in one form. */
function form(text: string): string {
	return text
		.toLowerCase()
		.replace(/\(.*?\)/g, "")
		.replaceAll("administrator", "admin")
		.replace(/[\s_-]+/g, " ")
		.trim();
}

/**
 * Whether an event of a grant or revocation names the role, as a target of its own or in words (`privilegeGranted: "Super administrator"`);
 * undefined: it names none at all.
 */
export function namesRole(event: unknown, role: string, label: string | null): Known<boolean> {
	const wanted = new Set([form(role), form(lookUp(otherwise, role) ?? role), ...(label === null ? [] : [form(label)])]);
	if (role === "USER_ADMIN") wanted.add("user admin");
	const own = targetsOf(event).filter((target) => /role/i.test(word(at(target, "type")) ?? ""));
	const words = ["privilegeGranted", "privilegeRevoked"].flatMap((key) => word(at(event, "debugContext", "debugData", key))?.split(",") ?? []);
	if (own.some((target) => at(target, "id") === role)) return true;
	const names = [...own.flatMap((target) => word(at(target, "displayName")) ?? []), ...words];
	return names.length === 0 ? undefined : names.some((name) => wanted.has(form(name)));
}

export function targetsOf(event: unknown): unknown[] {
	const found = at(event, "target");
	return Array.isArray(found) ? found : [];
}
