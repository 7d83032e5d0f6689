import type { Millis } from "../../src/model/known.js";
import type { RequestRef } from "../../src/model/snapshot.js";
import type { ActionTarget } from "../../src/provider/action.js";
import { wholeList } from "./act-account.js";
import { ActionError, needed } from "./act-guard.js";
import { isGone } from "./act-read-back.js";
import type { OktaConnection } from "./connection.js";
import { at, idOf, linkedId, word } from "./schema.js";

/** Who holds a role, and where Okta keeps that. */
export interface Holder {
	type: "account" | "group";
	id: string;
	/** Path of its role assignments, and its parameters. */
	path: string;
	params: Record<string, string>;
}

/** A role assignment as it stands at its holder. */
export interface LiveRole {
	/** Id of the assignment; of a custom role's, the id of the binding's member. */
	id: string;
	role: string;
	label: string;
	/** Resource set of a custom role; null = a standard role. */
	scope: string | null;
	/** The group through which an account holds it; null = its own. */
	through: string | null;
	/** When it was given, by Okta's clock; null = not said. */
	created: Millis | null;
}

/** @throws ActionError when the target names nobody, or both an account and a group */
export function holderOf(target: ActionTarget): Holder {
	if (target.group !== undefined && target.account !== undefined) throw new ActionError("a role is changed at an account or at a group: the action names both");
	if (target.group !== undefined) return { type: "group", id: target.group, path: "/api/v1/groups/{groupId}/roles", params: { groupId: target.group } };
	const id = needed(target, "account");
	return { type: "account", id, path: "/api/v1/users/{userId}/roles", params: { userId: id } };
}

export interface LiveRoles {
	roles: LiveRole[];
	/** Every assignment in the list could be read: what is not among them is not there. */
	whole: boolean;
	request: RequestRef;
}

/** The holder's active role assignments; null where Okta has no such holder, or a deactivated one. @throws HttpError */
export async function liveRoles(connection: OktaConnection, holder: Holder): Promise<LiveRoles | null> {
	const found = await wholeList(connection, { method: "GET", path: holder.path, params: holder.params }, "okta.roles.read");
	if (found === null) return null;
	let whole = true;
	const roles = found.items.flatMap((item) => {
		const id = idOf(item);
		const type = word(at(item, "type"));
		const role = type === "CUSTOM" ? word(at(item, "role")) : type;
		const scope = type === "CUSTOM" ? word(at(item, "resource-set")) : null;
		if (id === null || role === undefined || scope === undefined) {
			whole = false;
			return [];
		}
		if (at(item, "status") === "INACTIVE") return [];
		const assignee = at(item, "_links", "assignee");
		const through = at(item, "assignmentType") === "GROUP" && holder.type === "account" ? (linkedId(assignee) ?? "unknown") : null;
		const member = scope === null ? null : linkedId(at(item, "_links", "member"));
		return [{ id: member ?? id, role, label: word(at(item, "label")) ?? role, scope, through, created: givenAt(at(item, "created")) }];
	});
	return { roles, whole, request: found.request };
}

/** The assignments that a target means: by role and resource set, else by the assignment's id. */
export function meant(roles: LiveRole[], target: ActionTarget): LiveRole[] {
	if (target.role === undefined) return roles.filter(({ id }) => id === target.assignment);
	return roles.filter(({ role, scope }) => role === target.role && scope === (target.scope ?? null));
}

function givenAt(value: unknown): Millis | null {
	const at = typeof value === "string" ? Date.parse(value) : Number.NaN;
	return Number.isNaN(at) ? null : at;
}

/** @throws HttpError */
export async function groupExists(connection: OktaConnection, groupId: string): Promise<boolean> {
	try {
		await connection.http.client.send({ method: "GET", path: "/api/v1/groups/{groupId}", params: { groupId } });
		return true;
	} catch (error) {
		if (isGone(error)) return false;
		throw error;
	}
}
