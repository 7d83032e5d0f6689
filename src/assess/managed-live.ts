import type { LiveMember, LiveMembership, LiveSetting } from "../drift/live.js";
import type { GroupRecord, MembershipRecord, RoleAssignmentRecord, SettingRecord } from "../model/objects.js";
import type { RequestRef } from "../model/snapshot.js";
import type { SettingSpec } from "../provider/setting.js";
import type { Store } from "../store/store.js";
import { effectiveMembers } from "./nesting.js";
import { holds, isPrivileged, type RoleIndex, rolesOf } from "./roles.js";
import type { Snapshot } from "./snapshot.js";

/** A group or role as the snapshot holds it. */
export interface StoredMembership {
	/** Null: it can't be said whether there is such an object. */
	membership: LiveMembership | null;
	/** Every member was read. */
	whole: boolean;
	privileged: boolean | undefined;
	request: RequestRef | null;
}

export type StoredSettingLookup = (
	id: string,
	kind: string,
	spec: Pick<SettingSpec, "canonical" | "update" | "valuesSchema" | "explain">,
) => { setting: LiveSetting; request: RequestRef | null } | null;

/**
 * Settings of the snapshot by id. Null: not read, or not known to be gone. One is gone only where the list was read to its
 * end and holds others of its kind: a kind that the scan does not read at all has no others.
 */
export async function storedSetting(snapshot: Snapshot): Promise<StoredSettingLookup> {
	const records = await snapshot.all<SettingRecord>("settings");
	const unseen = snapshot.unseen("settings");
	const kinds = new Set([...records.values()].map(({ body }) => body.kind));
	return (id, kind, { canonical, update, valuesSchema: schema, explain }) => {
		const form = { canonical, schema, writable: update !== null, ...(explain && { explain }) };
		const record = records.get(id);
		if (record) {
			const { name, values } = record.body;
			return unseen.has(id) || values === undefined ? null : { setting: { exists: true, name, values, ...form }, request: record.request };
		}
		if (!snapshot.complete("settings") || !kinds.has(kind)) return null;
		return { setting: { exists: false, name: null, values: {}, ...form }, request: null };
	};
}

export async function storedGroup(store: Store, snapshot: Snapshot, roles: RoleIndex, id: string): Promise<StoredMembership> {
	const group = await groupOf(store, snapshot, id);
	const privileged = holds(rolesOf(roles.ofGroup, id, !snapshot.complete("roleAssignments")), ["top", "privileged"]);
	if (!group) {
		const gone = snapshot.complete("groups");
		return { membership: gone ? { exists: false, name: null, members: new Map() } : null, whole: gone, privileged, request: null };
	}
	const { members, request } = await membersOf(snapshot, id);
	const held = new Map([...members].map(([account, { source }]): [string, LiveMember] => [account, { source }]));
	const membership = { exists: true, name: group.body.name, members: held };
	return { membership, whole: snapshot.complete("memberships"), privileged, request: request ?? group.request };
}

/** Holders of a role now, by themselves or through a group. */
export async function storedRole(store: Store, snapshot: Snapshot, role: string): Promise<StoredMembership> {
	const members = new Map<string, LiveMember>();
	const unseen = snapshot.unseen("roleAssignments");
	const member = (id: string): LiveMember => {
		const held = members.get(id) ?? { assignments: [], through: [] };
		members.set(id, held);
		return held;
	};
	let whole = snapshot.complete("roleAssignments");
	let name: string | null = null;
	let privileged: boolean | undefined;
	let request: RequestRef | null = null;
	for await (const batch of snapshot.records<RoleAssignmentRecord>("roleAssignments"))
		for (const { id, body, request: from } of batch) {
			if (unseen.has(id) || body.role !== role) continue;
			if (body.level !== "unknown") privileged = isPrivileged(body);
			if (body.assignment !== "active") continue;
			name ??= body.label;
			request ??= from;
			if (body.principalType === "account") member(body.principal).assignments?.push({ id: body.id, scope: body.scope ?? null });
			if (body.principalType !== "group") continue;
			whole &&= snapshot.complete("memberships");
			const group = await groupOf(store, snapshot, body.principal);
			for (const { account } of await effectiveMembers(snapshot, body.principal)) member(account).through?.push(group?.body.name ?? body.principal);
		}
	return { membership: { exists: true, name, members }, whole, privileged, request };
}

async function membersOf(snapshot: Snapshot, group: string): Promise<{ members: Map<string, MembershipRecord>; request: RequestRef | null }> {
	const unseen = snapshot.unseen("memberships");
	const members = new Map<string, MembershipRecord>();
	let request: RequestRef | null = null;
	for await (const batch of snapshot.records<MembershipRecord>("memberships", `${group}/`))
		for (const { id, body, request: from } of batch) {
			if (unseen.has(id)) continue;
			members.set(body.account, body);
			if (request === null || from.at > request.at) request = from;
		}
	return { members, request };
}

async function groupOf(store: Store, snapshot: Snapshot, id: string) {
	if (snapshot.unseen("groups").has(id)) return null;
	const record = await store.record(snapshot.scan, "groups", id);
	return record && { request: record.request, body: record.body as GroupRecord };
}
