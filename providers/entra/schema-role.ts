import type { RoleLevel } from "../../src/model/account.js";
import type { Known, Millis } from "../../src/model/known.js";
import { levelOf } from "./roles.js";
import { type Decoded, date, flag, identified, word } from "./schema.js";

export interface RoleDefinition {
	id: string;
	label: string;
	level: RoleLevel;
	custom: boolean;
}

/** `GET /roleManagement/directory/roleDefinitions` item; only beta tells isPrivileged. */
export function decodeDefinition(item: unknown): Decoded<RoleDefinition> {
	const found = identified(item, "role definition");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const builtIn = flag(raw.isBuiltIn);
	return {
		ok: { id, label: word(raw.displayName) ?? id, level: levelOf(word(raw.templateId) ?? id, builtIn, flag(raw.isPrivileged)), custom: builtIn === false },
	};
}

/** One hold of a role, active or eligible, as any of the lists gives it. */
export interface Hold {
	id: string;
	principal: string;
	role: string;
	/** `/` = the whole tenant. */
	scope: string;
	ends: Known<Millis | null>;
	/** `Assigned` or `Activated`; only of PIM's active ones. */
	type: string | undefined;
	/** Follows from a group's hold, which is listed itself. */
	inherited: boolean;
}

export function decodeHold(item: unknown): Decoded<Hold> {
	const found = identified(item, "role assignment");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const [principal, role, scope] = [word(raw.principalId), word(raw.roleDefinitionId), word(raw.directoryScopeId) ?? word(raw.appScopeId)];
	if (principal === undefined || role === undefined || scope === undefined) return { bad: "a role assignment names no principal, role or scope", id };
	const member = word(raw.memberType)?.toLowerCase();
	return {
		ok: { id, principal, role, scope, ends: date(raw.endDateTime), type: word(raw.assignmentType), inherited: member !== undefined && member !== "direct" },
	};
}

/** Ways by which an assignment is held and taken away; the first part of an assignment's id. */
export type AssignmentWay = "plain" | "pim-active" | "pim-eligible" | "pim-group";

/** `<way>:<the vendor's id>`: what a removal needs to know beside principal, role and scope. */
export function assignmentId(way: AssignmentWay, id: string): string {
	return `${way}:${id}`;
}

export function assignmentWay(assignment: string): { way: AssignmentWay; id: string } | null {
	const match = /^(plain|pim-active|pim-eligible|pim-group):(.+)$/s.exec(assignment);
	return match ? { way: match[1] as AssignmentWay, id: match[2] ?? "" } : null;
}
