import type { RequestRef } from "../../src/model/snapshot.js";
import type { Inspection } from "../../src/provider/action.js";
import { absent, accountFacts, liveAccount, wholeList } from "./act-account.js";
import { ActionError, needed, type OktaAction } from "./act-guard.js";
import { isGone, type Look, readBack, sendOnce } from "./act-read-back.js";
import type { OktaConnection } from "./connection.js";
import { one } from "./read.js";
import { at, idOf, word } from "./schema.js";
import { decodeGroupRule } from "./schema-group.js";

const scopes = ["okta.groups.manage", "okta.groups.read", "okta.users.read"];

/** The two changes of a membership, which undo each other. */
export const memberActions: OktaAction[] = [
	member(
		"remove-group-member",
		"The account leaves the group and loses the apps, roles and policies that came with it; being put back gives them again, but not what apps deleted meanwhile.",
	),
	member("add-group-member", "The account joins the group and gets the apps, roles and policies that come with it."),
];

function member(kind: "add-group-member" | "remove-group-member", effect: string): OktaAction {
	const adds = kind === "add-group-member";
	const look = (connection: OktaConnection, group: string, account: string, deactivated: boolean) => async (): Promise<Look> => {
		const { is, request } = await isMember(connection, group, account, deactivated);
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
			if (!group) return { ...absent, refused: "Okta has no such group" };
			const account = await liveAccount(connection, accountId);
			if (!account) return absent;
			const deactivated = account.status === "DEPROVISIONED";
			const { is, request } = await isMember(connection, groupId, accountId, deactivated);
			const done = is === adds;
			const facts = { ...accountFacts(account), groupType: group.type, member: is };
			const seen = (refused: string | null): Inspection => ({ exists: true, done, refused, facts, request });
			if (done) return seen(null);
			if (group.type !== "OKTA_GROUP") return seen(foreign(group.type));
			if (adds && deactivated) return seen("the account is deactivated");
			return seen(await ruled(connection, groupId, accountId, adds));
		},
		async perform(connection, target) {
			const [groupId, userId] = [needed(target, "group"), needed(target, "account")];
			const request = { method: adds ? ("PUT" as const) : ("DELETE" as const), path: "/api/v1/groups/{groupId}/users/{userId}", params: { groupId, userId } };
			return sendOnce(connection, () => connection.http.client.send(request), look(connection, groupId, userId, false));
		},
		verify(connection, target, before) {
			const deactivated = before.facts.status === "DEPROVISIONED";
			return readBack(connection, look(connection, needed(target, "group"), needed(target, "account"), deactivated), { times: 2 });
		},
		inverse: (target) => ({
			kind: adds ? "remove-group-member" : "add-group-member",
			target: { account: needed(target, "account"), group: needed(target, "group") },
		}),
	};
}

/** Okta itself answers 403 E0000006 for an APP_GROUP (okta/terraform-provider-okta#118) and "Unsupported operation" for Everyone (#903). */
function foreign(type: string | undefined): string {
	if (type === "APP_GROUP") return "an app or a directory fills this group: change its members there";
	if (type === "BUILT_IN") return "Okta fills this group itself";
	return `only groups of type OKTA_GROUP take members by hand, and this one's is ${type ?? "not said"}`;
}

async function liveGroup(connection: OktaConnection, id: string): Promise<{ type: string | undefined } | null> {
	const answer = await one(connection, { method: "GET", path: "/api/v1/groups/{groupId}", params: { groupId: id } }, connection.config.signal);
	if ("body" in answer) return { type: word(at(answer.body, "type")) };
	if (isGone(answer.error)) return null;
	throw answer.error;
}

/** Okta has no look-up of one membership. The account's own groups are the shorter list; a deactivated account's are denied. */
async function isMember(
	connection: OktaConnection,
	group: string,
	account: string,
	deactivated: boolean,
): Promise<{ is: boolean; request: RequestRef | null }> {
	const [request, scope, wanted] = deactivated
		? ([{ method: "GET", path: "/api/v1/groups/{groupId}/users", params: { groupId: group }, query: { limit: 200 } }, "okta.groups.read", account] as const)
		: ([{ method: "GET", path: "/api/v1/users/{userId}/groups", params: { userId: account } }, "okta.users.read", group] as const);
	const found = await wholeList(connection, request, scope);
	if (found === null) throw new ActionError(`Okta denies the list of memberships (${request.path})`);
	const ids = found.items.map(idOf);
	if (ids.includes(null)) throw new ActionError("an entry in the list of memberships has no id");
	return { is: ids.includes(wanted), request: found.request };
}

/** Why a change by hand would not last: active rules that fill the group, save those that leave this account out. */
async function ruled(connection: OktaConnection, group: string, account: string, adds: boolean): Promise<string | null> {
	const found = await wholeList(connection, { method: "GET", path: "/api/v1/groups/rules", query: { limit: 200 } }, "okta.groups.read");
	if (found === null) throw new ActionError("Okta denies the list of group rules, and one may fill this group");
	const rules = found.items.map((item) => {
		const rule = decodeGroupRule(item);
		if ("bad" in rule) throw new ActionError(`a group rule can't be read, and it may fill this group: ${rule.bad}`);
		return rule.ok;
	});
	const names = rules.filter((rule) => rule.active && rule.groups.includes(group) && !rule.excludedAccounts.includes(account)).map((rule) => rule.name);
	if (names.length === 0) return null;
	const who = names.length === 1 ? `rule ${names[0]}` : `rules ${names.join(", ")}`;
	return adds ? `${who} ${names.length === 1 ? "fills" : "fill"} this group: change the rule` : `${who} would put the member back: change the rule`;
}
