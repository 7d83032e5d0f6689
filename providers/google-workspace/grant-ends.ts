import type { Millis } from "../../src/model/known.js";
import type { RequestRef } from "../../src/model/snapshot.js";
import { ActionError } from "../../src/provider/action-error.js";
import { at, date, word } from "../../src/provider/decode.js";
import type { GrantEnds, GrantPlace } from "../../src/provider/grants.js";
import type { Connection } from "../../src/provider/provider.js";
import type { GoogleConnection } from "./connection.js";
import { lists } from "./lists.js";
import { one, whole } from "./read.js";
import { readScope } from "./scopes.js";

const needsEdition = "an end of a membership needs Enterprise Standard, Enterprise Plus, Enterprise for Education or Cloud Identity Premium";

/**
 * When memberships of a group end by Cloud Identity; roles have no end there. The edition is seen by asking for transitive membership, which the
 * same editions have. https://cloud.google.com/identity/docs/how-to/manage-expirations
 */
export async function grantEnds(connection: Connection, { kind, id }: GrantPlace): Promise<GrantEnds | null> {
	if (kind !== "group") return null;
	const google = connection as GoogleConnection;
	const path = "/v1/groups/{groupId}/memberships:checkTransitiveMembership";
	const probe = await one(
		google,
		{ method: "GET", path, params: { groupId: id }, query: { query: "member_key_id=='nobody@example.com'" } },
		google.config.signal,
	);
	const refused = "error" in probe && probe.error.status === 403 ? `${needsEdition}, and Google refuses what goes with them (${probe.error.message})` : null;
	if ("error" in probe && refused === null) throw probe.error;
	const ids = new Map<string, Millis | null>();
	if (refused === null) for (const { account, ends } of (await timedMembers(google, id)).found) if (account !== null) ids.set(account, ends);
	return { refused, ends: ids };
}

export interface TimedMember {
	/** `groups/<group>/memberships/<membership>`. */
	name: string;
	/** Vendor id of the account; null where only its address is known. */
	account: string | null;
	address: string | null;
	ends: Millis | null;
}

/** @throws HttpError; ActionError for a list that is not read to its end, or can't be understood */
export async function timedMembers(connection: GoogleConnection, groupId: string): Promise<{ found: TimedMember[]; request: RequestRef }> {
	const path = "/v1/groups/{groupId}/memberships";
	const asked = { method: "GET" as const, path, params: { groupId }, query: { view: "FULL", pageSize: 500 } };
	const { items, end, request } = await whole(connection, asked, {
		shape: lists.memberships,
		scope: readScope.identityGroups,
		signal: connection.config.signal,
	});
	if (end.error) throw end.error;
	if (!end.closed) throw new ActionError(`${request.call}: the list could not be read to the end`);
	return { found: items.map((item) => decodeTimed(item, request.call)), request };
}

export function decodeTimed(item: unknown, call: string): TimedMember {
	const name = word(at(item, "name"));
	const roles = at(item, "roles");
	if (name === undefined || !Array.isArray(roles)) throw new ActionError(`${call}: a membership can't be read`);
	const member = roles.find((role) => at(role, "name") === "MEMBER");
	const expires = at(member, "expiryDetail", "expireTime");
	const ends = expires === undefined || expires === null ? null : date(expires);
	if (ends === undefined) throw new ActionError(`${call}: the end of a membership can't be read`);
	// A user's membership carries the user's own id; others are known by their address alone.
	const account = /\/memberships\/(\d+)$/.exec(name)?.[1] ?? null;
	return { name, account, address: word(at(item, "preferredMemberKey", "id"))?.toLowerCase() ?? null, ends };
}
