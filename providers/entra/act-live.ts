import type { RequestRef } from "../../src/model/snapshot.js";
import type { Inspection } from "../../src/provider/action.js";
import { ActionError } from "./act-guard.js";
import type { EntraConnection } from "./connection.js";
import { isGone, one, whole } from "./read.js";
import { levelOf } from "./roles.js";
import { at, flag, type Json, object, word } from "./schema.js";
import { statuses } from "./schema-account.js";

/** An account as Entra has it now, read by id. */
export interface LiveAccount {
	raw: Json;
	enabled: boolean | undefined;
	status: string | undefined;
	/** Mastered by another directory: changes here are refused or undone. */
	synced: boolean;
	guest: boolean;
	request: RequestRef;
}

const properties = "id,userPrincipalName,accountEnabled,userType,externalUserState,onPremisesSyncEnabled,passwordProfile,signInSessionsValidFromDateTime";

/** Reads one account by its id; null where Entra has none. @throws HttpError, and ActionError when the id is a login: ids only */
export async function liveAccount(connection: EntraConnection, id: string): Promise<LiveAccount | null> {
	const request = { method: "GET" as const, path: "/v1.0/users/{userId}", params: { userId: id }, query: { $select: properties } };
	const answer = await one(connection, request, connection.config.signal);
	if ("error" in answer) {
		if (isGone(answer.error)) return null;
		throw answer.error;
	}
	const raw = object(answer.body);
	if (!raw || raw.id !== id) throw new ActionError(`Entra answers to ${id} with another account: an action must name the account's id`);
	const enabled = flag(raw.accountEnabled);
	const must =
		at(raw, "passwordProfile", "forceChangePasswordNextSignIn") === true || at(raw, "passwordProfile", "forceChangePasswordNextSignInWithMfa") === true;
	const able = raw.externalUserState === "PendingAcceptance" ? statuses.pending : must ? statuses.newPassword : statuses.enabled;
	return {
		raw,
		enabled,
		status: enabled === undefined ? undefined : enabled ? able : statuses.disabled,
		synced: raw.onPremisesSyncEnabled === true,
		guest: raw.userType === "Guest" || (word(raw.userPrincipalName) ?? "").includes("#EXT#"),
		request: answer.request,
	};
}

/** What every inspection of an account says of it. */
export function accountFacts({ status }: LiveAccount): Record<string, unknown> {
	return status === undefined ? {} : { status };
}

/** The target is not there: nothing can be done to it. */
export function absent(what = "account"): Inspection {
	return { exists: false, done: false, refused: `Entra has no such ${what}`, facts: {}, request: null };
}

export const syncedAway = "the account is synchronized from another directory, which would undo the change: change it there";

/**
 * Why a change of what an account signs in by would be refused; null = nothing is known against it. Holders of the highest roles and members
 * of groups that can hold roles may be changed only by an app that holds such a role itself.
 * https://learn.microsoft.com/graph/api/resources/users#who-can-perform-sensitive-actions
 */
export async function outranked(connection: EntraConnection, id: string): Promise<string | null> {
	const { signal } = connection.config;
	const query = { $select: "id,displayName,roleTemplateId,isAssignableToRole" };
	const held = await whole(connection, { method: "GET", path: "/v1.0/users/{userId}/transitiveMemberOf", params: { userId: id }, query }, signal);
	if (!held.end.closed) return null;
	const high = held.items.find((item) => at(item, "isAssignableToRole") === true || levelOf(word(at(item, "roleTemplateId")) ?? "", true, undefined) === "top");
	if (high === undefined) return null;
	const { clients } = await connection.self();
	for (const client of clients.slice(1)) {
		const own = { $filter: `principalId eq '${client}'` };
		const roles = await whole(connection, { method: "GET", path: "/v1.0/roleManagement/directory/roleAssignments", query: own }, signal);
		const enough = ["62e90394-69f5-4237-9190-012177145e10", "7be44c8a-adaf-4e2a-84d6-ab2649e08a13"];
		if (roles.items.some((item) => enough.includes(word(at(item, "roleDefinitionId")) ?? "") && at(item, "directoryScopeId") === "/")) return null;
	}
	const what = word(at(high, "displayName")) ?? "a role";
	return `the account is protected by ${what}: the app under act must itself hold the role Privileged Authentication Administrator`;
}
