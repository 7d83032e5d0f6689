import type { Millis } from "../../src/model/known.js";
import type { RequestRef } from "../../src/model/snapshot.js";
import type { GrantEnds, GrantPlace } from "../../src/provider/grants.js";
import { HttpError } from "../../src/provider/http-error.js";
import type { Connection } from "../../src/provider/provider.js";
import { ActionError } from "./act-guard.js";
import type { EntraConnection } from "./connection.js";
import { whole } from "./read.js";
import { at, date, word } from "./schema.js";

/** Active holds of Privileged Identity Management, those without an end among them. */
export interface Timed {
	principal: string;
	/** The role or the group. */
	id: string;
	scope: string;
	ends: Millis | null;
	/** Who is eligible has activated it: that it ends is the activation's own end, and no grant's. */
	activated: boolean;
}

/**
 * When directory roles and memberships of groups end by Privileged Identity Management.
 * https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignmentscheduleinstances,
 * https://learn.microsoft.com/graph/api/privilegedaccessgroup-list-assignmentscheduleinstances
 */
export async function grantEnds(connection: Connection, { kind, id }: GrantPlace): Promise<GrantEnds> {
	const filter = kind === "role" ? `roleDefinitionId eq '${quoted(id)}'` : `groupId eq '${quoted(id)}'`;
	try {
		const { found } = await timed(connection as EntraConnection, kind, filter);
		const ends = new Map<string, Millis | null>();
		for (const { principal, scope, ends: end, activated } of found) if (scope === "/" && !activated) ends.set(principal, latest(ends.get(principal), end));
		return { refused: null, ends };
	} catch (error) {
		const refused = refusedAs(error);
		if (refused === null) throw error;
		return { refused, ends: new Map() };
	}
}

/** The access lasts as long as the longest of its assignments. */
function latest(one: Millis | null | undefined, other: Millis | null): Millis | null {
	return one === undefined ? other : one === null || other === null ? null : Math.max(one, other);
}

/** Why Privileged Identity Management can't be used here; null = the error says something else. */
export function refusedAs(error: unknown): string | null {
	if (!(error instanceof HttpError)) return null;
	if (/ResourceTypeNotSupported|ResourceIsNotRegistered/i.test(error.message)) return "Privileged Identity Management does not take this group";
	if (error.cause === "licence") return "Privileged Identity Management needs a licence of Entra ID P2 or ID Governance, and the tenant has none";
	return error.cause === "scope" ? `Privileged Identity Management can't be asked: ${error.message}` : null;
}

/** Direct holds only. @throws HttpError; ActionError for a list that is not read to its end, or can't be understood */
export async function timed(connection: EntraConnection, kind: GrantPlace["kind"], filter: string): Promise<{ found: Timed[]; request: RequestRef }> {
	const path =
		kind === "role"
			? "/v1.0/roleManagement/directory/roleAssignmentScheduleInstances"
			: "/v1.0/identityGovernance/privilegedAccess/group/assignmentScheduleInstances";
	const { items, end, request } = await whole(connection, { method: "GET", path, query: { $filter: filter } }, connection.config.signal);
	if (end.error) throw end.error;
	if (!end.closed) throw new ActionError(`${request.call}: the list could not be read to the end`);
	const found = items.flatMap((item): Timed[] => {
		const [principal, id] = [word(at(item, "principalId")), word(at(item, kind === "role" ? "roleDefinitionId" : "groupId"))];
		const [ends, scope] = [date(at(item, "endDateTime")), kind === "role" ? word(at(item, "directoryScopeId")) : "/"];
		if (principal === undefined || id === undefined || ends === undefined) throw new ActionError(`${request.call}: an assignment can't be read`);
		const direct = (word(at(item, "memberType")) ?? "direct").toLowerCase() === "direct";
		const counts = direct && (kind === "role" || (word(at(item, "accessId")) ?? "member") === "member");
		const activated = word(at(item, "assignmentType"))?.toLowerCase() === "activated";
		return counts && scope !== undefined ? [{ principal, id, scope, ends, activated }] : [];
	});
	return { found, request };
}

export function quoted(text: string): string {
	return text.replaceAll("'", "''");
}
