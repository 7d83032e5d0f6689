import type { RoleHeld } from "../model/account.js";
import type { KnownList } from "../model/known.js";
import type { RoleAssignmentRecord } from "../model/objects.js";
import type { RequestRef } from "../model/snapshot.js";
import { effectiveMembers } from "./nesting.js";
import type { Snapshot } from "./snapshot.js";

/** Every role of every principal of one system, groups resolved. */
export interface RoleIndex {
	/** Account id → roles held, directly and through groups. */
	ofAccount: Map<string, RoleHeld[]>;
	/** Group id → role labels. */
	ofGroup: Map<string, RoleHeld[]>;
	/** OAuth client id → roles. */
	ofClient: Map<string, RoleHeld[]>;
	/** Roles may be missing from a list above. */
	partial: boolean;
	/** Account id → the request that told of its first role: what evidence points at. */
	request: Map<string, RequestRef>;
}

/** Joins role assignments with memberships, groups inside groups among them. */
export async function indexRoles(snapshot: Snapshot): Promise<RoleIndex> {
	const index: RoleIndex = {
		ofAccount: new Map(),
		ofGroup: new Map(),
		ofClient: new Map(),
		partial: !snapshot.complete("roleAssignments"),
		request: new Map(),
	};
	const unseen = snapshot.unseen("roleAssignments");
	for await (const batch of snapshot.records<RoleAssignmentRecord>("roleAssignments"))
		for (const { id, body, request } of batch) {
			if (unseen.has(id)) continue;
			const held = roleHeld(body, []);
			if (body.principalType === "account") {
				push(index.ofAccount, body.principal, held);
				index.request.set(body.principal, request);
			} else push(body.principalType === "group" ? index.ofGroup : index.ofClient, body.principal, held);
		}
	if (index.ofGroup.size === 0) return index;
	if (!snapshot.complete("memberships")) index.partial = true;
	for (const [group, roles] of index.ofGroup)
		for (const { account, path, request } of await effectiveMembers(snapshot, group)) {
			for (const role of roles) push(index.ofAccount, account, { ...role, via: "group", path });
			if (!index.request.has(account)) index.request.set(account, request);
		}
	return index;
}

/** The roles of one principal as a list that says whether it may lack some. */
export function rolesOf(map: Map<string, RoleHeld[]>, id: string, partial: boolean): KnownList<RoleHeld> {
	if (!partial && !map.has(id)) return none;
	const list: KnownList<RoleHeld> = [...(map.get(id) ?? [])];
	if (partial) list.partial = true;
	return list;
}

/** Shared by all that hold no role: nearly everybody. */
const none: KnownList<RoleHeld> = Object.freeze([]) as never[];

/** True when a held role is of one of these levels; unknown when the list may lack one, or holds a role of unknown reach. */
export function holds(roles: KnownList<RoleHeld>, levels: RoleHeld["level"][]): boolean | undefined {
	if (roles.some((role) => levels.includes(role.level))) return true;
	return roles.partial || roles.some((role) => role.level === "unknown") ? undefined : false;
}

/** A role that is known to be a privileged one. */
export function isPrivileged(role: Pick<RoleHeld, "level">): boolean {
	return role.level === "top" || role.level === "privileged";
}

function roleHeld(body: RoleAssignmentRecord, path: string[]): RoleHeld {
	return {
		assignmentId: body.id,
		role: body.role,
		label: body.label,
		level: body.level,
		assignment: body.assignment,
		via: "direct",
		path,
		...(body.scope === undefined ? {} : { scope: body.scope }),
		...(body.ends === undefined ? {} : { ends: body.ends }),
		...(body.governed === undefined ? {} : { governed: body.governed }),
	};
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
	const list = map.get(key);
	if (list) list.push(value);
	else map.set(key, [value]);
}
