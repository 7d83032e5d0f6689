import type { Millis } from "../../src/model/known.js";
import type { RequestRef } from "../../src/model/snapshot.js";
import type { Inspection } from "../../src/provider/action.js";
import { ActionError } from "../../src/provider/action-error.js";
import { at, word } from "../../src/provider/decode.js";
import { sameEnd, untilText } from "../../src/provider/grants.js";
import type { HttpRequest } from "../../src/provider/http.js";
import { HttpError } from "../../src/provider/http-error.js";
import type { Look } from "../../src/provider/read-back.js";
import { sendOnce } from "./act-account.js";
import type { GoogleConnection } from "./connection.js";
import { decodeTimed, type TimedMember } from "./grant-ends.js";
import { isGone, one } from "./read.js";

const memberPath = "/v1/groups/{groupId}/memberships/{membershipId}";

/** The account's own membership with its end. A membership's id is that of its user. */
async function holdOf(connection: GoogleConnection, groupId: string, account: string): Promise<{ hold: TimedMember | null; request: RequestRef }> {
	const request = { method: "GET" as const, path: memberPath, params: { groupId, membershipId: account } };
	const answer = await one(connection, request, connection.config.signal);
	if (!("error" in answer)) return { hold: decodeTimed(answer.body, answer.request.call), request: answer.request };
	if (isGone(answer.error)) return { hold: null, request: answer.error.request };
	throw answer.error;
}

export async function lookTimed(connection: GoogleConnection, group: string, account: string, until: Millis | null): Promise<Look> {
	const { hold, request } = await holdOf(connection, group, account);
	if (!hold) return { holds: false, detail: "the account is not a member of the group", request };
	const ends = hold.ends === null ? "the membership has no end" : `the membership ends at ${untilText(hold.ends)}`;
	return { holds: sameEnd(hold.ends, until), detail: ends, request };
}

export async function inspectTimed(
	connection: GoogleConnection,
	group: string,
	account: string,
	until: Millis | null,
	facts: Record<string, unknown>,
): Promise<Inspection> {
	const { hold, request } = await holdOf(connection, group, account);
	const done = hold !== null && sameEnd(hold.ends, until);
	const over = until !== null && until <= connection.config.now();
	const outside = account.includes("@") ? "somebody from outside is given no end here: declare the member with endBy: keelson" : null;
	const refused = done ? null : over ? "the membership would have ended by now" : outside;
	return { exists: true, done, refused, facts: { ...facts, held: hold !== null, ...(hold && { ends: hold.ends }) }, request };
}

/**
 * Makes the membership with its end in one call, or moves the end of one that is there.
 * https://cloud.google.com/identity/docs/reference/rest/v1/groups.memberships/modifyMembershipRoles
 */
export async function performTimed(connection: GoogleConnection, groupId: string, account: string, until: Millis | null): Promise<RequestRef> {
	const { hold } = await holdOf(connection, groupId, account);
	const role = { name: "MEMBER", ...(until !== null && { expiryDetail: { expireTime: untilText(until) } }) };
	const request: HttpRequest = hold
		? {
				method: "POST",
				path: `${memberPath}:modifyMembershipRoles`,
				params: { groupId, membershipId: account },
				body: { updateRolesParams: [{ fieldMask: "expiryDetail.expire_time", membershipRole: role }] },
			}
		: {
				method: "POST",
				path: "/v1/groups/{groupId}/memberships",
				params: { groupId },
				body: { preferredMemberKey: { id: await addressOf(connection, account) }, roles: [role] },
			};
	try {
		return await sendOnce(
			connection,
			() => connection.http.send(request),
			() => lookTimed(connection, groupId, account, until),
		);
	} catch (error) {
		if (!(error instanceof HttpError) || error.status !== 403 || error.cause === "throttled") throw error;
		throw new ActionError(
			`Google refuses an end of the membership (${error.message}): it needs the scope cloud-identity.groups and an edition that has it, or declare the member with endBy: keelson`,
		);
	}
}

/** Cloud Identity names members by their address. @throws HttpError; ActionError for an account without one */
async function addressOf(connection: GoogleConnection, userKey: string): Promise<string> {
	const path = "/admin/directory/v1/users/{userKey}";
	const answer = await one(connection, { method: "GET", path, params: { userKey }, query: { fields: "id,primaryEmail" } }, connection.config.signal);
	if ("error" in answer) throw answer.error;
	const address = word(at(answer.body, "primaryEmail"));
	if (address === undefined || at(answer.body, "id") !== userKey) throw new ActionError(`Google names no address of ${userKey}`);
	return address;
}

/** The end that the membership had before, as an action takes it; undefined where it was not there. */
export function earlierEnd({ facts }: Inspection): string | null | undefined {
	if (facts.held !== true) return undefined;
	return typeof facts.ends === "number" ? untilText(facts.ends) : null;
}
