import type { Account } from "../model/account.js";
import type { SubjectRef } from "../model/finding.js";
import type { KnownList } from "../model/known.js";
import type { App, AppRecord, Credential, CredentialRecord, Group, GroupRecord, MembershipRecord, Setting, SettingRecord } from "../model/objects.js";
import type { CollectionName, RequestRef } from "../model/snapshot.js";
import { effectiveMembers } from "./nesting.js";
import { holds, type RoleIndex, rolesOf } from "./roles.js";
import type { Snapshot } from "./snapshot.js";

/** One subject with what evidence needs. */
export interface JudgedObject<T> {
	subject: T;
	ref: SubjectRef;
	request: RequestRef;
}

/** Owners of credentials and devices, kept while the accounts stream by: only those that one names. */
export type Owners = Map<string, Account>;

/** What every subject of a system carries. */
export function base(snapshot: Snapshot, id: string) {
	const { system, provider } = snapshot.scan;
	return { key: `${system}/${id}`, system, provider };
}

/** Every record of a collection as a subject. `unseen`: nothing but its name is believed. */
export async function each<R, T extends { key: string; name: string }>(
	snapshot: Snapshot,
	collection: CollectionName,
	kind: SubjectRef["kind"],
	make: (id: string, body: R, unseen: boolean) => T,
): Promise<JudgedObject<T>[]> {
	const unseen = snapshot.unseen(collection);
	const judged: JudgedObject<T>[] = [];
	for await (const batch of snapshot.records<R>(collection))
		for (const { id, body, request } of batch) {
			const subject = make(id, body, unseen.has(id));
			judged.push({ subject, ref: { kind, key: subject.key, label: subject.name }, request });
		}
	return judged;
}

export function settings(snapshot: Snapshot): Promise<JudgedObject<Setting>[]> {
	return each<SettingRecord, Setting>(snapshot, "settings", "setting", (id, body, unseen) => ({
		// Where no verdict was ever given of it, none is: only a posture product has any.
		...("verdict" in body ? {} : { verdict: null }),
		...(unseen ? { id, kind: body.kind, name: body.name, active: undefined, builtIn: body.builtIn } : body),
		...base(snapshot, id),
	}));
}

export async function groups(snapshot: Snapshot, roles: RoleIndex, counted: boolean): Promise<JudgedObject<Group>[]> {
	const counts = new Map<string, number>();
	const nesting = new Set<string>();
	if (counted && snapshot.complete("memberships"))
		for await (const batch of snapshot.records<MembershipRecord>("memberships"))
			for (const { body } of batch)
				if (body.memberType === "group") nesting.add(body.group);
				else counts.set(body.group, (counts.get(body.group) ?? 0) + 1);
	for (const group of nesting) counts.set(group, (await effectiveMembers(snapshot, group)).length);
	const known = counted && snapshot.complete("memberships");
	const rolesPartial = !snapshot.complete("roleAssignments");
	return each<GroupRecord, Group>(snapshot, "groups", "group", (id, body, unseen) => {
		if (unseen) return { ...base(snapshot, id), id, name: body.name, type: body.type, source: "unknown" };
		const held = rolesOf(roles.ofGroup, id, rolesPartial);
		return {
			...body,
			...base(snapshot, id),
			...(known ? { memberCount: counts.get(id) ?? 0 } : {}),
			roles: labels(held),
			privileged: holds(held, ["top", "privileged"]),
		};
	});
}

export function credentials(snapshot: Snapshot, owners: Owners): Promise<JudgedObject<Credential>[]> {
	return each<CredentialRecord, Credential>(snapshot, "credentials", "credential", (id, body, unseen) => {
		if (unseen) return { ...base(snapshot, id), id, kind: body.kind, name: body.name };
		const owner = body.owner ? owners.get(body.owner) : undefined;
		return {
			...body,
			...base(snapshot, id),
			...(owner
				? {
						ownerLogin: owner.login ?? null,
						ownerEnabled: owner.enabled,
						ownerKind: owner.kind,
						ownerPrivileged: owner.privileged,
						ownerTopPrivileged: owner.topPrivileged,
					}
				: body.owner === null
					? { ownerLogin: null }
					: {}),
		};
	});
}

export async function apps(snapshot: Snapshot, roles: RoleIndex): Promise<JudgedObject<App>[]> {
	const scopes = new Map<string, KnownList<string>>();
	const unseenGrants = snapshot.unseen("credentials");
	for await (const batch of snapshot.records<CredentialRecord>("credentials"))
		for (const { id, body } of batch) {
			const app = body.app ?? body.owner;
			if (body.kind !== "oauth-grant" || !app || body.active === false || unseenGrants.has(id)) continue;
			const granted = scopes.get(app) ?? [];
			// A grant that may be over gives no scope for certain, and one whose scope was not told may be of any.
			if (body.active === undefined || body.scopes === undefined || body.scopes.partial) granted.partial = true;
			if (body.active) granted.push(...(body.scopes ?? []));
			scopes.set(app, granted);
		}
	const rolesPartial = !snapshot.complete("roleAssignments");
	const scopesPartial = !snapshot.complete("credentials");
	return each<AppRecord, App>(snapshot, "apps", "app", (id, body, unseen) => {
		if (unseen) return { ...base(snapshot, id), id, name: body.name, type: body.type, active: body.active, nonHuman: body.nonHuman };
		const held = rolesOf(roles.ofClient, body.clientId ?? id, rolesPartial);
		const granted = scopes.get(id) ?? [];
		if (scopesPartial) granted.partial = true;
		return { ...body, ...base(snapshot, id), roles: labels(held), topPrivileged: holds(held, ["top"]), scopes: granted };
	});
}

function labels(held: ReturnType<typeof rolesOf>) {
	return Object.assign([...new Set(held.map((role) => role.label))], held.partial ? { partial: true as const } : {});
}
