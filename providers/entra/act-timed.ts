import type { Millis } from "../../src/model/known.js";
import type { RequestRef } from "../../src/model/snapshot.js";
import type { Inspection } from "../../src/provider/action.js";
import { type GrantPlace, sameEnd, untilText } from "../../src/provider/grants.js";
import { ActionError } from "./act-guard.js";
import { type Look, sendOnce } from "./act-read-back.js";
import type { EntraConnection } from "./connection.js";
import { quoted, refusedAs, type Timed, timed } from "./grant-ends.js";

/** A role or a group's membership that one principal holds for a time. */
export interface TimedPlace extends GrantPlace {
	principal: string;
	/** `/` = the whole tenant. */
	scope: string;
}

async function holdOf(connection: EntraConnection, { kind, id, principal, scope }: TimedPlace): Promise<{ hold: Timed | null; request: RequestRef }> {
	const { found, request } = await timed(connection, kind, `principalId eq '${quoted(principal)}'`);
	const own = found.filter((one) => one.principal === principal && one.id === id && one.scope === scope);
	// An assignment without an end outlasts all others.
	const [hold] = own.sort((a, b) => (b.ends ?? Number.POSITIVE_INFINITY) - (a.ends ?? Number.POSITIVE_INFINITY));
	return { hold: hold ?? null, request };
}

export async function lookTimed(connection: EntraConnection, place: TimedPlace, until: Millis | null): Promise<Look> {
	const { hold, request } = await holdOf(connection, place);
	if (!hold) return { holds: false, detail: "the access is not there", request };
	const ends = hold.ends === null ? "the access has no end" : `the access ends at ${untilText(hold.ends)}`;
	return { holds: sameEnd(hold.ends, until), detail: ends, request };
}

/** The access as it is; refused where Entra would not end it by itself, so that nobody is let in for good instead. */
export async function inspectTimed(connection: EntraConnection, place: TimedPlace, until: Millis | null, facts: Record<string, unknown>): Promise<Inspection> {
	try {
		const { hold, request } = await holdOf(connection, place);
		const done = hold !== null && sameEnd(hold.ends, until);
		const over = until !== null && until <= connection.config.now();
		const own = { ...facts, held: hold !== null, ...(hold && { ends: hold.ends }) };
		return { exists: true, done, refused: !done && over ? "the access would have ended by now" : null, facts: own, request };
	} catch (error) {
		const refused = refusedAs(error);
		if (refused === null) throw error;
		return { exists: true, done: false, refused: `${refused}: declare the member with endBy: keelson`, facts, request: null };
	}
}

/** Gives the access with its end, or moves the end of one that is there. */
export async function performTimed(connection: EntraConnection, place: TimedPlace, until: Millis | null): Promise<RequestRef> {
	const { hold } = await holdOf(connection, place);
	const { kind, id, principal, scope } = place;
	const expiration = until === null ? { type: "noExpiration" } : { type: "afterDateTime", endDateTime: untilText(until) };
	const what = {
		action: hold ? "adminUpdate" : "adminAssign",
		principalId: principal,
		...(kind === "role" ? { roleDefinitionId: id, directoryScopeId: scope } : { groupId: id, accessId: "member" }),
		justification: "Declared in Keelson's stack file",
		scheduleInfo: { startDateTime: untilText(connection.config.now()), expiration },
	};
	const path =
		kind === "role"
			? "/v1.0/roleManagement/directory/roleAssignmentScheduleRequests"
			: "/v1.0/identityGovernance/privilegedAccess/group/assignmentScheduleRequests";
	try {
		return await sendOnce(connection, { method: "POST", path, body: what }, () => lookTimed(connection, place, until));
	} catch (error) {
		const refused = refusedAs(error);
		if (refused === null) throw error;
		throw new ActionError(`${refused}: declare the member with endBy: keelson`);
	}
}

/** The end that the access had before, as an action takes it; undefined where it was not there. */
export function earlierEnd({ facts }: Inspection): string | null | undefined {
	if (facts.held !== true) return undefined;
	return typeof facts.ends === "number" ? untilText(facts.ends) : null;
}
