import type { Group, User } from "@okta/okta-sdk-nodejs";
import type { Call } from "./call.js";
import type { Raw } from "./kinds.js";
import { changeUser, finishDeactivation } from "./lifecycle.js";
import type { Wire } from "./state.js";
import { logEvent, target, userTarget } from "./syslog.js";
import { drop, iso, newId, put, setMember, type Tenant } from "./tenant.js";
import { idByLogin, noteLogin } from "./users-find.js";

/** What one load brought: which of the vendor's six, and its entries. */
export interface Load {
	kind: "bulk-upsert" | "bulk-delete" | "bulk-groups-upsert" | "bulk-groups-delete" | "bulk-group-memberships-upsert" | "bulk-group-memberships-delete";
	entries: Raw[];
}

/** Users of one source by the source's own ids. */
export function sourceUsers(tenant: Tenant, sourceId: string): Map<string, Raw> {
	tenant.state.sourceUsers ??= new Map();
	const kept = tenant.state.sourceUsers.get(sourceId);
	if (kept) return kept;
	const fresh = new Map<string, Raw>();
	put(tenant, tenant.state.sourceUsers, sourceId, fresh);
	return fresh;
}

/** A source's profile in Okta's words. */
function profileOf(source: Raw): Raw {
	const { userName, homeAddress, ...same } = source;
	return { ...same, login: userName, ...(homeAddress === undefined ? {} : { streetAddress: homeAddress }) };
}

/** Creates or changes the Okta user behind one entry of a source. A new one is staged until somebody activates it. */
export function upsertUser(tenant: Tenant, call: Call, sourceId: string, externalId: string, given: Raw): Raw {
	const users = sourceUsers(tenant, sourceId);
	const before = users.get(externalId);
	const now = iso(tenant.now());
	const profile = { ...(before?.profile as Raw | undefined), ...given };
	const oktaId = String(before?.id ?? idByLogin(tenant, String(profile.userName ?? "")) ?? newId("00u"));
	const old = tenant.state.users.get(oktaId);
	if (old) {
		const changed = changeUser(tenant, { ...old, id: oktaId }, { profile: { ...old.profile, ...profileOf(profile) } } as Partial<Wire<User>>);
		noteLogin(tenant, oktaId, old, changed);
	} else {
		const base = { id: oktaId, status: "STAGED", created: now, activated: null, statusChanged: null, lastLogin: null, lastUpdated: now, passwordChanged: null };
		const type = [...tenant.state.users.values()][0]?.type ?? { id: "otyEmulatorDefault00" };
		const user = { ...base, type, profile: profileOf(profile), credentials: { provider: { type: "IMPORT", name: "IMPORT" } } } as unknown as Wire<User>;
		put(tenant, tenant.state.users, oktaId, user, `user:${oktaId}`);
		noteLogin(tenant, oktaId, undefined, user);
	}
	const entry = { id: oktaId, externalId, created: before?.created ?? now, lastUpdated: now, profile };
	put(tenant, users, externalId, entry);
	logEvent(tenant, call, `system.identity_sources.user.${before ? "update" : "create"}`, "Identity source user", [userTarget(tenant, oktaId)]);
	return entry;
}

/** An entry that goes deactivates its user. */
export function removeUser(tenant: Tenant, call: Call, sourceId: string, externalId: string): boolean {
	const users = sourceUsers(tenant, sourceId);
	const entry = users.get(externalId);
	if (!entry) return false;
	drop(tenant, users, externalId);
	finishDeactivation(tenant, call, String(entry.id));
	logEvent(tenant, call, "system.identity_sources.user.delete", "Identity source user", [userTarget(tenant, String(entry.id))]);
	return true;
}

function groupOf(tenant: Tenant, sourceId: string, externalId: string): (Wire<Group> & { id: string }) | undefined {
	for (const [id, group] of tenant.state.groups) {
		const { source, profile } = group as unknown as { source?: { id?: string }; profile?: { externalId?: string } };
		if (source?.id === sourceId && profile?.externalId === externalId) return { ...group, id };
	}
	return undefined;
}

function upsertGroup(tenant: Tenant, sourceId: string, entry: Raw): void {
	const externalId = String(entry.externalId);
	const { displayName, ...rest } = (entry.profile ?? {}) as Raw;
	const before = groupOf(tenant, sourceId, externalId);
	const now = iso(tenant.now());
	const profile = { name: displayName ?? externalId, ...rest, externalId };
	const id = before?.id ?? newId("00g");
	const base = before ?? { created: now, lastMembershipUpdated: now, type: "APP_GROUP", objectClass: ["okta:user_group"], source: { id: sourceId } };
	put(tenant, tenant.state.groups, id, { ...base, id, profile, lastUpdated: now } as unknown as Wire<Group>, `group:${id}`);
}

function members(tenant: Tenant, sourceId: string, entry: Raw, member: boolean): void {
	const group = groupOf(tenant, sourceId, String(entry.groupExternalId));
	const users = sourceUsers(tenant, sourceId);
	for (const externalId of Array.isArray(entry.memberExternalIds) ? entry.memberExternalIds : []) {
		const id = users.get(String(externalId))?.id;
		if (group && typeof id === "string") setMember(tenant, group.id, id, member);
	}
}

/** Does what a session's loads ask for, in their order. */
export function runImport(tenant: Tenant, call: Call, sourceId: string, loads: readonly Load[]): void {
	for (const { kind, entries } of loads) {
		for (const entry of entries) {
			if (kind === "bulk-upsert") upsertUser(tenant, call, sourceId, String(entry.externalId), (entry.profile ?? {}) as Raw);
			else if (kind === "bulk-delete") removeUser(tenant, call, sourceId, String(entry.externalId));
			else if (kind === "bulk-groups-upsert") upsertGroup(tenant, sourceId, entry);
			else if (kind === "bulk-groups-delete") {
				const group = groupOf(tenant, sourceId, String(entry.externalId));
				if (group) drop(tenant, tenant.state.groups, group.id, `group:${group.id}`);
			} else members(tenant, sourceId, entry, kind === "bulk-group-memberships-upsert");
		}
	}
	logEvent(tenant, call, "system.import.complete", "Import complete", [target(sourceId, "AppInstance", tenant.state.apps.get(sourceId)?.label)]);
}
