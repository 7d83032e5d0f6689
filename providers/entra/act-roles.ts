import type { RequestRef } from "../../src/model/snapshot.js";
import type { ActionTarget } from "../../src/provider/action.js";
import type { HttpRequest } from "../../src/provider/http.js";
import { ActionError, type EntraAction, needed } from "./act-guard.js";
import { absent, accountFacts, liveAccount } from "./act-live.js";
import { type Look, readBack, sendOnce } from "./act-read-back.js";
import type { EntraConnection } from "./connection.js";
import { whole } from "./read.js";
import { type AssignmentWay, assignmentWay, decodeHold, type Hold } from "./schema-role.js";

export const root = "/v1.0/roleManagement/directory";
export const lists: Record<Exclude<AssignmentWay, "pim-group">, string> = {
	plain: `${root}/roleAssignments`,
	"pim-active": `${root}/roleAssignments`,
	"pim-eligible": `${root}/roleEligibilityScheduleInstances`,
};

export interface Meant {
	way: keyof typeof lists;
	principal: string;
	role: string | undefined;
	scope: string | undefined;
	id: string;
}

/** Which assignment is meant, by the id that the reader gave it. @throws ActionError for an id of no reader's */
function meant(target: ActionTarget): Meant | null {
	const found = assignmentWay(needed(target, "assignment"));
	if (!found) throw new ActionError(`${target.assignment} is no id of a role assignment as Keelson keeps it`);
	if (found.way === "pim-group") return null;
	return { way: found.way, principal: target.group ?? needed(target, "account"), role: target.role, scope: target.scope, id: found.id };
}

/** The live holds that are meant: that very one, or where the id has changed meanwhile, the same role at the same place. */
export async function holdsOf(connection: EntraConnection, { way, principal, role, scope, id }: Meant): Promise<{ found: Hold[]; request: RequestRef }> {
	const query = { $filter: `principalId eq '${principal.replaceAll("'", "''")}'` };
	const { items, end, request } = await whole(connection, { method: "GET", path: lists[way], query }, connection.config.signal);
	if (end.error) throw end.error;
	if (!end.closed) throw new ActionError(`${request.call}: the list could not be read to the end`);
	const holds = items.map((item) => {
		const hold = decodeHold(item);
		if ("bad" in hold) throw new ActionError(`a role assignment of ${principal} can't be read, and it may be the one: ${hold.bad}`);
		return hold.ok;
	});
	const own = holds.filter((hold) => hold.principal === principal && !hold.inherited);
	const same = own.filter((hold) => hold.id === id);
	// Requests and schedules are purged, and an assignment made again has another id (hashicorp/terraform-provider-azuread#1306).
	return { found: same.length > 0 || role === undefined ? same : own.filter((hold) => hold.role === role && hold.scope === (scope ?? "/")), request };
}

const look = (connection: EntraConnection, one: Meant) => async (): Promise<Look> => {
	const { found, request } = await holdsOf(connection, one);
	return { holds: found.length === 0, detail: found.length === 0 ? "the assignment is gone" : "the assignment is still there", request };
};

/** Takes a directory role, active or eligible, from the account or group that holds it itself. */
export const removeRole: EntraAction = {
	kind: "remove-role",
	scopes: ["RoleManagement.ReadWrite.Directory", "User.Read.All"],
	reversible: true,
	operatorOnly: false,
	effect:
		"The account or group loses this one assignment; other roles, and those held through groups, stay. An eligible assignment that was made active is active until it is removed as well or runs out.",
	async inspect(connection, target) {
		const one = meant(target);
		if (!one) return { exists: true, done: false, refused: viaGroup, facts: {}, request: null };
		const account = target.group === undefined ? await liveAccount(connection, one.principal) : null;
		if (target.group === undefined && !account) return absent();
		const { found, request } = await holdsOf(connection, one);
		const [hold, ...others] = found;
		const facts = { ...(account && accountFacts(account)), role: hold?.role ?? one.role ?? null, scope: hold?.scope ?? one.scope ?? null };
		if (!hold) return { exists: true, done: true, refused: null, facts, request };
		if (hold.ends !== undefined) Object.assign(facts, { ends: hold.ends });
		return { exists: true, done: false, refused: others.length > 0 ? "several assignments fit: read them again" : null, facts, request };
	},
	async perform(connection, target) {
		const one = meant(target);
		if (!one) throw new ActionError(viaGroup);
		const { found, request } = await holdsOf(connection, one);
		const [hold, ...others] = found;
		if (!hold) return request;
		if (others.length > 0) throw new ActionError("several assignments fit: read them again");
		return sendOnce(connection, removal(one.way, hold), look(connection, one));
	},
	async verify(connection, target, before) {
		const one = meant(target);
		if (!one) throw new ActionError(viaGroup);
		const [role, scope] = [one.role ?? stringOf(before.facts.role), one.scope ?? stringOf(before.facts.scope)];
		return readBack(connection, look(connection, { ...one, role, scope }));
	},
	inverse(target, before) {
		const one = meant(target);
		const [role, scope] = [stringOf(before.facts.role), stringOf(before.facts.scope)];
		if (!one || role === undefined || scope === undefined) return null;
		const who = target.group === undefined ? { account: one.principal } : { group: one.principal };
		const ends = before.facts.ends;
		const values = { way: one.way, ...(typeof ends === "number" && { ends }) };
		return { kind: "add-role", target: { ...who, role, ...(scope !== "/" && { scope }), values } };
	},
};

const viaGroup =
	"the account may make itself a member of a group that holds the role: take it out of the group's eligible members in Privileged Identity Management";

function stringOf(value: unknown): string | undefined {
	return typeof value === "string" ? value : undefined;
}

/** What is in Privileged Identity Management is taken away by a request to it, which works at once or a little later. */
function removal(way: keyof typeof lists, { id, principal, role, scope }: Hold): HttpRequest {
	if (way === "plain") return { method: "DELETE", path: `${root}/roleAssignments/{assignmentId}`, params: { assignmentId: id } };
	const path = `${root}/${way === "pim-active" ? "roleAssignmentScheduleRequests" : "roleEligibilityScheduleRequests"}`;
	const body = { action: "adminRemove", principalId: principal, roleDefinitionId: role, directoryScopeId: scope, justification: "Removed by Keelson" };
	return { method: "POST", path, body };
}
