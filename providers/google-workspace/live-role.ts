import type { RequestRef } from "../../src/model/snapshot.js";
import type { ActionTarget } from "../../src/provider/action.js";
import { ActionError } from "../../src/provider/action-error.js";
import { at, flag, word } from "../../src/provider/decode.js";
import type { GoogleConnection } from "./connection.js";
import { lists } from "./lists.js";
import { isGone, one, whole } from "./read.js";
import { readScope } from "./scopes.js";

const base = "/admin/directory/v1/customer/{customer}";

/** An assignment as Google has it now. */
export interface LiveAssignment {
	id: string;
	role: string;
	assignedTo: string;
	/** Org unit that bounds it; null = the whole tenant; undefined = of a kind nobody here knows. */
	unit: string | null | undefined;
	condition: string | null;
	ends: string | null;
}

export function principalOf({ account, group }: ActionTarget): string {
	const principal = group ?? account;
	if (!principal) throw new ActionError("the action names nobody who holds the role");
	return principal;
}

function decode(body: unknown): LiveAssignment | null {
	const [id, role, assignedTo] = [word(at(body, "roleAssignmentId")), word(at(body, "roleId")), word(at(body, "assignedTo"))];
	if (!id || !role || !assignedTo) return null;
	const scope = at(body, "scopeType");
	return {
		id,
		role,
		assignedTo,
		unit: scope === "CUSTOMER" ? null : scope === "ORG_UNIT" ? word(at(body, "orgUnitId"))?.replace(/^id:/, "") : undefined,
		condition: word(at(body, "condition")) ?? null,
		ends: word(at(body, "expirationDetails", "expireTime")) ?? null,
	};
}

/** One assignment by its id; null where there is none. @throws HttpError, ActionError for an answer that is none */
export async function assignmentById(connection: GoogleConnection, roleAssignmentId: string): Promise<{ found: LiveAssignment | null; request: RequestRef }> {
	const { customer, config } = connection;
	const request = { method: "GET" as const, path: `${base}/roleassignments/{roleAssignmentId}`, params: { customer, roleAssignmentId } };
	const answer = await one(connection, request, config.signal);
	if ("error" in answer) {
		if (isGone(answer.error)) return { found: null, request: answer.error.request };
		throw answer.error;
	}
	const found = decode(answer.body);
	if (!found || found.id !== roleAssignmentId) throw new ActionError(`Google answers to the role assignment ${roleAssignmentId} with another object`);
	return { found, request: answer.request };
}

/**
 * What a principal holds of a role, directly. Asked for everybody's assignments: Google's filter by user takes no groups.
 * @throws HttpError, and ActionError when the list does not end: nothing is concluded from a part of it
 */
export async function assignmentsOf(connection: GoogleConnection, principal: string, role: string): Promise<{ found: LiveAssignment[]; request: RequestRef }> {
	const { customer, config } = connection;
	const { items, end, request } = await whole(
		connection,
		{ method: "GET", path: `${base}/roleassignments`, params: { customer }, query: { roleId: role, maxResults: 200 } },
		{ shape: lists.roleAssignments, scope: readScope.roles, signal: config.signal },
	);
	if (end.error) throw end.error;
	const all = items.map(decode);
	if (!end.closed || all.includes(null)) throw new ActionError("the list of role assignments could not be read to its end");
	return { found: all.filter((one) => one !== null).filter(({ assignedTo, role: held }) => assignedTo === principal && held === role), request };
}

/** Whether a role is that of super administrators; null where Google has no such role. @throws HttpError */
export async function liveRole(connection: GoogleConnection, roleId: string): Promise<{ name: string; top: boolean } | null> {
	const { customer, config } = connection;
	const answer = await one(connection, { method: "GET", path: `${base}/roles/{roleId}`, params: { customer, roleId } }, config.signal);
	if ("error" in answer) {
		if (isGone(answer.error)) return null;
		throw answer.error;
	}
	return { name: word(at(answer.body, "roleName")) ?? roleId, top: flag(at(answer.body, "isSuperAdminRole")) ?? false };
}

/** Where assignments are made and taken away. */
export const assignmentsPath = `${base}/roleassignments`;
