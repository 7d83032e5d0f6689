import type { RequestRef } from "../../src/model/snapshot.js";
import { wholeList } from "./act-account.js";
import { ActionError } from "./act-guard.js";
import type { Holder, LiveRole } from "./act-role-holder.js";
import type { OktaConnection } from "./connection.js";
import { at, idOf, object, texts, word } from "./schema.js";

/** What narrows a standard role: group ids, and apps as `<catalog name>` or `<catalog name>/<app id>`. Both empty = the whole org. */
export interface RoleTargets {
	groups: string[];
	apps: string[];
}

/** https://developer.okta.com/docs/api/openapi/okta-management/management/tag/RoleBTargetBGroup/ and …/RoleBTargetClient/ */
const byGroups = new Set(["USER_ADMIN", "HELP_DESK_ADMIN", "GROUP_MEMBERSHIP_ADMIN"]);
const byApps = new Set(["APP_ADMIN"]);

export const noTargets: RoleTargets = { groups: [], apps: [] };

/**
 * The targets of one assignment.
 * @throws HttpError, and ActionError where a target can't be read
 */
export async function readTargets(connection: OktaConnection, holder: Holder, { id, role, scope }: LiveRole): Promise<RoleTargets> {
	if (scope !== null) return noTargets;
	const list = async (part: string): Promise<unknown[]> => {
		const path = `${holder.path}/{roleAssignmentId}/targets/${part}`;
		const found = await wholeList(
			connection,
			{ method: "GET", path, params: { ...holder.params, roleAssignmentId: id }, query: { limit: 200 } },
			"okta.roles.read",
		);
		// No list is not an empty one, which would be a role for the whole org.
		if (found === null) throw new ActionError(`Okta denies the targets of a role of ${holder.id}`);
		return found.items;
	};
	const groups = byGroups.has(role) ? (await list("groups")).map(idOf) : [];
	const apps = byApps.has(role) ? (await list("catalog/apps")).map(appTarget) : [];
	return { groups: readable(groups, holder), apps: readable(apps, holder) };
}

function readable(ids: (string | null)[], holder: Holder): string[] {
	return ids
		.map((id) => {
			if (id === null) throw new ActionError(`a target of a role of ${holder.id} can't be read`);
			return id;
		})
		.sort();
}

/** An app of the catalog stands for all its instances; with an id it is one instance. */
function appTarget(item: unknown): string | null {
	const name = word(at(item, "name"));
	const id = idOf(item);
	return name === undefined ? null : id === null ? name : `${name}/${id}`;
}

/** Narrows a fresh assignment, and does no harm to targets that it has already. @throws HttpError at the first target that Okta refuses */
export async function addTargets(connection: OktaConnection, holder: Holder, assignment: string, { groups, apps }: RoleTargets): Promise<RequestRef> {
	let last: RequestRef | null = null;
	const put = async (part: string, params: Record<string, string>): Promise<void> => {
		const { request } = await connection.http.client.send({
			method: "PUT",
			path: `${holder.path}/{roleAssignmentId}/targets/${part}`,
			params: { ...holder.params, roleAssignmentId: assignment, ...params },
		});
		last = request;
	};
	for (const targetGroupId of groups) await put("groups/{targetGroupId}", { targetGroupId });
	for (const app of apps) {
		const [appName = app, appId] = app.split("/");
		if (appId === undefined) await put("catalog/apps/{appName}", { appName });
		else await put("catalog/apps/{appName}/{appId}", { appName, appId });
	}
	if (last === null) throw new ActionError("there are no targets to narrow the role to");
	return last;
}

/** The targets that an action asks for in `values.targets`; none asked for = the whole org. @throws ActionError for anything else there */
export function askedTargets(values: Record<string, unknown> | undefined): RoleTargets {
	const asked = values?.targets;
	if (asked === undefined || asked === null) return noTargets;
	const groups = texts(at(asked, "groups"));
	const apps = texts(at(asked, "apps"));
	if (!object(asked) || !groups || !apps) throw new ActionError("the role's targets are not lists of ids");
	return { groups: [...groups].sort(), apps: [...apps].sort() };
}

export function sameTargets(a: RoleTargets, b: RoleTargets): boolean {
	return a.groups.join() === b.groups.join() && a.apps.join() === b.apps.join();
}

/** Some of the wanted targets are there, or none yet, and nothing else. */
export function isHalfOf(now: RoleTargets, wanted: RoleTargets): boolean {
	const within = now.groups.every((id) => wanted.groups.includes(id)) && now.apps.every((id) => wanted.apps.includes(id));
	return within && isNarrowed(wanted) && !sameTargets(now, wanted);
}

export function isNarrowed({ groups, apps }: RoleTargets): boolean {
	return groups.length + apps.length > 0;
}
