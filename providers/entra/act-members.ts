import type { RequestRef } from "../../src/model/snapshot.js";
import { untilOf } from "../../src/provider/grants.js";
import { ActionError, type EntraAction, needed } from "./act-guard.js";
import { absent, accountFacts, liveAccount } from "./act-live.js";
import { type Look, readBack, sendOnce } from "./act-read-back.js";
import { earlierEnd, inspectTimed, lookTimed, performTimed, type TimedPlace } from "./act-timed.js";
import type { EntraConnection } from "./connection.js";
import { memberRef } from "./member-ref.js";
import { isGone, one, whole } from "./read.js";
import { at, object, word } from "./schema.js";
import { decodeGroup, groupProperties } from "./schema-group.js";

const scopes = ["GroupMember.ReadWrite.All", "GroupMember.Read.All", "User.Read.All"];

/** The two changes of a membership, which undo each other. */
export const memberActions: EntraAction[] = [
	member(
		"remove-group-member",
		"The account leaves the group and loses the roles, apps, licences and policies that came with it; being put back gives them again.",
	),
	member("add-group-member", "The account joins the group and gets the roles, apps, licences and policies that come with it."),
];

function member(kind: "add-group-member" | "remove-group-member", effect: string): EntraAction {
	const adds = kind === "add-group-member";
	const look = (connection: EntraConnection, group: string, account: string) => async (): Promise<Look> => {
		const { is, request } = await isMember(connection, group, account);
		return { holds: is === adds, detail: is ? "the account is a member of the group" : "the account is not a member of the group", request };
	};
	return {
		kind,
		scopes,
		reversible: true,
		operatorOnly: false,
		effect,
		async inspect(connection, target) {
			const [groupId, accountId] = [needed(target, "group"), needed(target, "account")];
			const group = await liveGroup(connection, groupId);
			if (!group) return absent("group");
			const account = await liveAccount(connection, accountId);
			if (!account) return absent();
			const until = adds ? untilOf(target) : undefined;
			if (until !== undefined) {
				const facts = { ...accountFacts(account), groupType: group.record.type };
				const seen = await inspectTimed(connection, placeOf(groupId, accountId), until, facts);
				return seen.done ? seen : { ...seen, refused: refusal(group.record.source, group.record.name) ?? seen.refused };
			}
			const { is, request } = await isMember(connection, groupId, accountId);
			const done = is === adds;
			const facts = { ...accountFacts(account), groupType: group.record.type, member: is };
			return { exists: true, done, refused: done ? null : refusal(group.record.source, group.record.name), facts, request };
		},
		async perform(connection, target) {
			const [groupId, accountId] = [needed(target, "group"), needed(target, "account")];
			const group = await liveGroup(connection, groupId);
			const refused = group ? refusal(group.record.source, group.record.name) : null;
			if (refused !== null) throw new ActionError(refused);
			const until = adds ? untilOf(target) : undefined;
			if (until !== undefined) return performTimed(connection, placeOf(groupId, accountId), until);
			return sendOnce(connection, memberRef(adds ? "add" : "remove", connection.config.url, groupId, accountId), look(connection, groupId, accountId));
		},
		verify(connection, target) {
			const [group, account] = [needed(target, "group"), needed(target, "account")];
			const until = adds ? untilOf(target) : undefined;
			return readBack(connection, until === undefined ? look(connection, group, account) : () => lookTimed(connection, placeOf(group, account), until));
		},
		inverse(target, before) {
			const back = { account: needed(target, "account"), group: needed(target, "group") };
			const earlier = earlierEnd(before);
			if (adds && untilOf(target) !== undefined && earlier !== undefined) return { kind: "add-group-member", target: { ...back, values: { until: earlier } } };
			return { kind: adds ? "remove-group-member" : "add-group-member", target: back };
		},
	};
}

const placeOf = (group: string, account: string): TimedPlace => ({ kind: "group", id: group, principal: account, scope: "/" });

function refusal(source: string, name: string): string | null {
	switch (source) {
		case "direct":
			return null;
		case "dynamic":
			return `a rule fills ${name}: change the rule`;
		case "synced":
			return `${name} is synchronized from another directory: change its members there`;
		case "app":
			return `${name} is a mail group: change its members in Exchange`;
		default:
			return `it can't be said who fills ${name}`;
	}
}

async function liveGroup(connection: EntraConnection, id: string) {
	const request = { method: "GET" as const, path: "/v1.0/groups/{groupId}", params: { groupId: id }, query: { $select: groupProperties } };
	const answer = await one(connection, request, connection.config.signal);
	if ("error" in answer) {
		if (isGone(answer.error)) return null;
		throw answer.error;
	}
	const group = decodeGroup(answer.body);
	if ("bad" in group || object(answer.body)?.id !== id) throw new ActionError(`Entra's answer for the group ${id} can't be read`);
	return group.ok;
}

/** An account's own groups are the shorter list. */
async function isMember(connection: EntraConnection, group: string, account: string): Promise<{ is: boolean; request: RequestRef }> {
	const query = { $select: "id", $top: 999 };
	const found = await whole(connection, { method: "GET", path: "/v1.0/users/{userId}/memberOf", params: { userId: account }, query }, connection.config.signal);
	if (found.end.error) throw found.end.error;
	if (!found.end.closed) throw new ActionError("the account's groups could not be read to the end");
	return { is: found.items.some((item) => word(at(item, "id")) === group), request: found.request };
}
