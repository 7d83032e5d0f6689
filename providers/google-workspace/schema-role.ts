import type { RoleAssignmentRecord } from "../../src/model/objects.js";
import { at, type Decoded, date, identified, known, word } from "../../src/provider/decode.js";
import type { Role } from "./roles.js";

/** What is known of who could hold a role. */
export interface Holders {
	/** Null where accounts or groups were not read to the end: then a stranger may be one of them. */
	accounts: Set<string> | null;
	groups: Set<string> | null;
}

/**
 * `GET …/roleassignments` item → assignment. Whoever is neither user nor group is a service account, or was deleted since.
 * Ids are 21 digits, as text: never numbers.
 */
export function decodeAssignment(item: unknown, roles: Map<string, Role>, holders: Holders): Decoded<RoleAssignmentRecord> {
	const found = identified(item, "role assignment", "roleAssignmentId");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const [principal, roleId] = [word(raw.assignedTo), word(raw.roleId)];
	if (!principal || !roleId) return { bad: "a role assignment names no role or nobody who holds it", id };
	const role = roles.get(roleId);
	const narrowed = raw.scopeType === "ORG_UNIT";
	const unit = word(raw.orgUnitId);
	const expires = at(raw, "expirationDetails", "expireTime");
	return {
		ok: known<RoleAssignmentRecord>({
			id,
			principalType: typeOf(raw.assigneeType, principal, holders),
			principal,
			role: roleId,
			label: role?.label ?? roleId,
			level: role?.level ?? "unknown",
			assignment: "active",
			// A condition narrows it as well: to what, its own language tells.
			scope:
				raw.scopeType === "CUSTOMER"
					? word(raw.condition) === undefined
						? null
						: `condition:${word(raw.condition)}`
					: narrowed && unit
						? unit.replace(/^id:/, "")
						: undefined,
			ends: expires === undefined ? null : date(expires),
			custom: role?.custom ?? false,
		}),
	};
}

function typeOf(given: unknown, principal: string, { accounts, groups }: Holders): RoleAssignmentRecord["principalType"] {
	if (groups?.has(principal)) return "group";
	if (accounts?.has(principal)) return "account";
	const said = word(given)?.toLowerCase();
	if (said === "group") return "group";
	// Service accounts are told as users, or not at all.
	return accounts !== null ? "client" : "account";
}

/** Two principals never share an assignment here; the key is the one every system has. */
export function assignmentKey({ principal, id }: RoleAssignmentRecord): string {
	return `${principal}/${id}`;
}
