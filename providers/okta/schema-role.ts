import type { RoleAssignmentRecord } from "../../src/model/objects.js";
import { customRoleLevel, standardRoleLevel } from "./roles.js";
import { at, type Decoded, identified, type Json, known, linkedId, word } from "./schema.js";

type PrincipalType = RoleAssignmentRecord["principalType"];

/** The principal whose roles were asked for. */
export interface Principal {
	type: PrincipalType;
	id: string;
}

/** Permissions of each custom role by its id; null where they could not be read. */
export type Permissions = Map<string, string[] | null>;

/**
 * `GET /users|groups|clients/{id}/roles` item → role assignment; null for one that is not ACTIVE.
 * An assignment that a user holds through a group is the group's.
 */
export function decodeRoleAssignment(item: unknown, asked: Principal, permissions: Permissions): Decoded<RoleAssignmentRecord | null> {
	const found = identified(item, "role assignment");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const type = word(raw.type);
	if (type === undefined) return { bad: "a role assignment has no type", id };
	const status = word(raw.status);
	if (status === undefined) return { bad: "a role assignment has no status", id };
	if (status !== "ACTIVE") return { ok: null };
	const principal = holder(raw, asked);
	const role = type === "CUSTOM" ? word(raw.role) : type;
	if (role === undefined) return { bad: "a custom role assignment names no role", id };
	return {
		ok: known<RoleAssignmentRecord>({
			// A custom role is taken away at its binding, whose member may have another id than this list gives.
			id: (type === "CUSTOM" ? linkedId(at(raw, "_links", "member")) : null) ?? id,
			principalType: principal.type,
			principal: principal.id,
			role,
			label: word(raw.label) ?? role,
			level: type === "CUSTOM" ? customRoleLevel(permissions.get(role) ?? null) : standardRoleLevel(type),
			assignment: "active",
			scope: type === "CUSTOM" ? word(raw["resource-set"]) : null,
			ends: null,
			custom: type === "CUSTOM",
		}),
	};
}

function holder(raw: Json, asked: Principal): Principal {
	if (asked.type !== "account" || raw.assignmentType !== "GROUP") return asked;
	const link = at(raw, "_links", "assignee");
	const href = word(at(link, "href"));
	const group = linkedId(link);
	return group && href?.includes("/groups/") ? { type: "group", id: group } : asked;
}

/** A member of a custom role's binding (`…/bindings/{role}/members` item) → role assignment. The member's link says who it is. */
export function decodeBindingMember(
	item: unknown,
	binding: { role: string; label: string; resourceSet: string },
	permissions: Permissions,
): Decoded<RoleAssignmentRecord> {
	const found = identified(item, "member of a role binding");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const link = at(raw, "_links", "self");
	const href = word(at(link, "href")) ?? "";
	const principal = linkedId(link);
	const type = principalTypes.find(([part]) => href.includes(part))?.[1];
	if (!principal || !type) return { bad: "a member of a role binding names no user, group or client", id };
	return {
		ok: {
			id,
			principalType: type,
			principal,
			role: binding.role,
			label: binding.label,
			level: customRoleLevel(permissions.get(binding.role) ?? null),
			assignment: "active",
			scope: binding.resourceSet,
			ends: null,
			custom: true,
		},
	};
}

const principalTypes: [string, PrincipalType][] = [
	["/users/", "account"],
	["/groups/", "group"],
	["/clients/", "client"],
];

/** Record id: Okta gives a standard role the same assignment id at every principal, and a custom one an id that depends on the list. */
export function roleAssignmentKey(record: RoleAssignmentRecord): string {
	return record.custom ? `${record.principal}/${record.role}/${record.scope ?? ""}` : `${record.principal}/${record.id}`;
}
