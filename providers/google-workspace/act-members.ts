import type { RequestRef } from "../../src/model/snapshot.js";
import type { Inspection } from "../../src/provider/action.js";
import { needed } from "../../src/provider/action-error.js";
import { at, object, word } from "../../src/provider/decode.js";
import { untilOf } from "../../src/provider/grants.js";
import type { HttpRequest } from "../../src/provider/http.js";
import { type Look, readBack } from "../../src/provider/read-back.js";
import { absent, accountFacts, liveAccount, sendOnce } from "./act-account.js";
import type { GoogleAction } from "./act-guard.js";
import { earlierEnd, inspectTimed, lookTimed, performTimed } from "./act-timed.js";
import type { GoogleConnection } from "./connection.js";
import { isGone, one } from "./read.js";
import { readScope, writeScope } from "./scopes.js";

const scopes = [writeScope.members, readScope.groups, readScope.identityGroups, readScope.users];
/** A new member may answer 404 for minutes (hashicorp/terraform-provider-googleworkspace#162, #475). */
const showsWithin = 240_000;

/** The two changes of a membership, which undo each other. */
export const memberActions: GoogleAction[] = [
	member(
		"remove-group-member",
		"The account leaves the group and loses what came with it: mail, shared files, administrator's roles, SSO and 2-step verification rules of the group.",
	),
	member("add-group-member", "The account joins the group and gets what comes with it: mail, shared files, administrator's roles, rules of the group."),
];

function member(kind: "add-group-member" | "remove-group-member", effect: string): GoogleAction {
	const adds = kind === "add-group-member";
	const look = (connection: GoogleConnection, group: string, account: string) => async (): Promise<Look> => {
		const { found, request } = await membership(connection, group, account);
		return { holds: (found !== null) === adds, detail: found ? "the account is a member of the group" : "the account is not a member of the group", request };
	};
	return {
		kind,
		scopes,
		reversible: true,
		operatorOnly: false,
		effect,
		async inspect(connection, target) {
			const [group, id] = [needed(target, "group"), needed(target, "account")];
			const place = await liveGroup(connection, group);
			if (!place) return { ...absent, refused: "Google has no such group" };
			// Somebody from outside is a member without an account here.
			const account = id.includes("@") ? null : await liveAccount(connection, id);
			const { found, request } = await membership(connection, group, id);
			if (!account && !found) return absent;
			const until = adds ? untilOf(target) : undefined;
			if (until !== undefined) {
				const timed = await inspectTimed(connection, group, id, until, account ? accountFacts(account) : {});
				return timed.done ? timed : { ...timed, refused: place.refused ?? timed.refused };
			}
			const done = (found !== null) === adds;
			const held = found ? { role: found.role, delivery: found.delivery } : {};
			const facts = { ...(account && accountFacts(account)), member: found !== null, ...held };
			const seen = (refused: string | null): Inspection => ({ exists: true, done, refused, facts, request });
			return seen(done ? null : place.refused);
		},
		perform(connection, target) {
			const [groupKey, memberKey] = [needed(target, "group"), needed(target, "account")];
			const until = adds ? untilOf(target) : undefined;
			if (until !== undefined) return performTimed(connection, groupKey, memberKey, until);
			const base = "/admin/directory/v1/groups/{groupKey}/members";
			const values = target.values ?? {};
			const body = {
				...(memberKey.includes("@") ? { email: memberKey } : { id: memberKey }),
				role: word(values.role) ?? "MEMBER",
				...(word(values.delivery_settings) && { delivery_settings: word(values.delivery_settings) }),
			};
			const request: HttpRequest = adds
				? { method: "POST", path: base, params: { groupKey }, body }
				: { method: "DELETE", path: `${base}/{memberKey}`, params: { groupKey, memberKey } };
			return sendOnce(connection, () => connection.http.send(request), look(connection, groupKey, memberKey));
		},
		verify(connection, target) {
			const [group, account] = [needed(target, "group"), needed(target, "account")];
			const until = adds ? untilOf(target) : undefined;
			const seen = until === undefined ? look(connection, group, account) : () => lookTimed(connection, group, account, until);
			return readBack(connection.config, seen, showsWithin);
		},
		inverse(target, before) {
			const { facts } = before;
			const back = { account: needed(target, "account"), group: needed(target, "group") };
			const earlier = earlierEnd(before);
			if (adds && untilOf(target) !== undefined && earlier !== undefined) return { kind: "add-group-member", target: { ...back, values: { until: earlier } } };
			if (adds) return { kind: "remove-group-member", target: back };
			const values = { ...(word(facts.role) && { role: facts.role }), ...(word(facts.delivery) && { delivery_settings: facts.delivery }) };
			return { kind: "add-group-member", target: { ...back, ...(Object.keys(values).length > 0 && { values }) } };
		},
	};
}

async function membership(
	connection: GoogleConnection,
	groupKey: string,
	memberKey: string,
): Promise<{ found: { role: string | null; delivery: string | null } | null; request: RequestRef }> {
	const request = { method: "GET" as const, path: "/admin/directory/v1/groups/{groupKey}/members/{memberKey}", params: { groupKey, memberKey } };
	const answer = await one(connection, request, connection.config.signal);
	if ("error" in answer) {
		if (isGone(answer.error)) return { found: null, request: answer.error.request };
		throw answer.error;
	}
	return { found: { role: word(at(answer.body, "role")) ?? null, delivery: word(at(answer.body, "delivery_settings")) ?? null }, request: answer.request };
}

/** The group, and why its members are not changed by hand. @throws HttpError where that can't be read */
async function liveGroup(connection: GoogleConnection, id: string): Promise<{ refused: string | null } | null> {
	const { signal } = connection.config;
	const there = await one(connection, { method: "GET", path: "/admin/directory/v1/groups/{groupKey}", params: { groupKey: id } }, signal);
	if ("error" in there) {
		if (isGone(there.error)) return null;
		throw there.error;
	}
	if (at(there.body, "id") !== id) return { refused: "an action must name the group's id, not its address" };
	const group = await one(connection, { method: "GET", path: "/v1/groups/{groupId}", params: { groupId: id } }, signal);
	if ("error" in group) throw group.error;
	const labels = Object.keys(object(at(group.body, "labels")) ?? {});
	if (labels.some((label) => label.endsWith("/groups.dynamic")) || object(at(group.body, "dynamicGroupMetadata")))
		return { refused: "Google works out the members of this group by its query: change the query, or what it asks about" };
	if (labels.some((label) => label === "system/groups/external" || label.endsWith("/groups.locked")))
		return { refused: "another directory fills this group: change its members there" };
	return { refused: null };
}
