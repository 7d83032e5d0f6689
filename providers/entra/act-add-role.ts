import type { ActionTarget } from "../../src/provider/action.js";
import { untilOf } from "../../src/provider/grants.js";
import type { HttpRequest } from "../../src/provider/http.js";
import { type EntraAction, needed } from "./act-guard.js";
import { absent, accountFacts, liveAccount } from "./act-live.js";
import { type Look, readBack, sendOnce } from "./act-read-back.js";
import { holdsOf, type lists, type Meant, root } from "./act-roles.js";
import { earlierEnd, inspectTimed, lookTimed, performTimed, type TimedPlace } from "./act-timed.js";
import type { EntraConnection } from "./connection.js";

type Way = keyof typeof lists;

/** How the role is to be held: as an assignment, or by Privileged Identity Management, active or eligible. */
function wayOf({ values }: ActionTarget): Way {
	if (values?.until !== undefined) return "pim-active";
	return values?.way === "pim-active" || values?.way === "pim-eligible" ? values.way : "plain";
}

function wanted(target: ActionTarget): Meant & { role: string } {
	return { way: wayOf(target), principal: target.group ?? needed(target, "account"), role: needed(target, "role"), scope: target.scope, id: "" };
}

const look = (connection: EntraConnection, target: ActionTarget) => async (): Promise<Look> => {
	const until = untilOf(target);
	if (until !== undefined) return lookTimed(connection, placeOf(target), until);
	const { found, request } = await holdsOf(connection, wanted(target));
	return { holds: found.length > 0, detail: found.length > 0 ? "the assignment is there" : "the assignment is not there", request };
};

/** Gives a role: what takes back a removal. */
export const addRole: EntraAction = {
	kind: "add-role",
	scopes: ["RoleManagement.ReadWrite.Directory", "User.Read.All"],
	reversible: true,
	operatorOnly: false,
	effect: "The account or group holds the role, with everything that comes with it.",
	async inspect(connection, target) {
		const account = target.group === undefined ? await liveAccount(connection, needed(target, "account")) : null;
		if (target.group === undefined && !account) return absent();
		const until = untilOf(target);
		if (until !== undefined) return inspectTimed(connection, placeOf(target), until, account ? accountFacts(account) : {});
		const { holds, request } = await look(connection, target)();
		const ended = typeof target.values?.ends === "number" && target.values.ends <= connection.config.now();
		const facts = { ...(account && accountFacts(account)), role: target.role ?? null };
		return { exists: true, done: holds, refused: !holds && ended ? "the assignment would have ended by now" : null, facts, request };
	},
	async perform(connection, target) {
		const until = untilOf(target);
		if (until !== undefined) return performTimed(connection, placeOf(target), until);
		return sendOnce(connection, giving(connection, target), look(connection, target));
	},
	verify: (connection, target) => readBack(connection, look(connection, target)),
	inverse(target, before) {
		const earlier = earlierEnd(before);
		if (untilOf(target) !== undefined && earlier !== undefined) return { kind: "add-role", target: { ...target, values: { until: earlier } } };
		const { way, role, scope } = wanted(target);
		const who = target.group === undefined ? { account: needed(target, "account") } : { group: target.group };
		// The assignment's id is the vendor's to give: it is found by principal, role and scope.
		return { kind: "remove-role", target: { ...who, assignment: `${way}:new`, role, ...(scope !== undefined && { scope }) } };
	},
};

function placeOf(target: ActionTarget): TimedPlace {
	const { principal, role, scope } = wanted(target);
	return { kind: "role", id: role, principal, scope: scope ?? "/" };
}

function giving(connection: EntraConnection, target: ActionTarget): HttpRequest {
	const { way, principal, role, scope } = wanted(target);
	const what = { principalId: principal, roleDefinitionId: role, directoryScopeId: scope ?? "/" };
	if (way === "plain") return { method: "POST", path: `${root}/roleAssignments`, body: { "@odata.type": "#microsoft.graph.unifiedRoleAssignment", ...what } };
	const ends = target.values?.ends;
	const expiration = typeof ends === "number" ? { type: "afterDateTime", endDateTime: new Date(ends).toISOString() } : { type: "noExpiration" };
	const scheduleInfo = { startDateTime: new Date(connection.config.now()).toISOString(), expiration };
	const path = `${root}/${way === "pim-active" ? "roleAssignmentScheduleRequests" : "roleEligibilityScheduleRequests"}`;
	return { method: "POST", path, body: { action: "adminAssign", ...what, justification: "Given back by Keelson", scheduleInfo } };
}
