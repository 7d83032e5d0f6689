import { day } from "../../../src/emulate/random.js";
import { idOf } from "./build.js";
import type { AccessProfile, Account, Assignment, Entitlement, Identity, Role, State } from "./state.js";

export function addProfile(state: State, name: string, owner: string, entitlements: Entitlement[], now: number): AccessProfile {
	const id = idOf(`${state.name}/access-profile`, name);
	const ids = entitlements.map((entitlement) => entitlement.id);
	const profile: AccessProfile = {
		id,
		name,
		description: entitlements.length === 0 ? null : `${name}: ${entitlements.map((entitlement) => entitlement.name).join(", ")}`,
		owner,
		sourceId: entitlements[0]?.sourceId ?? [...state.sources.keys()][0] ?? "",
		entitlements: ids,
		enabled: true,
		requestable: true,
		created: now - 600 * day,
		modified: now - 30 * day,
	};
	state.accessProfiles.set(id, profile);
	return profile;
}

export function addRole(state: State, name: string, owner: string | null, profiles: AccessProfile[], now: number, over: Partial<Role> = {}): Role {
	const id = idOf(`${state.name}/role`, name);
	const role: Role = {
		id,
		name,
		description: null,
		owner,
		accessProfiles: profiles.map((profile) => profile.id),
		entitlements: [],
		criteria: null,
		enabled: true,
		requestable: false,
		created: now - 500 * day,
		modified: now - 25 * day,
		...over,
	};
	state.roles.set(id, role);
	return role;
}

export function assign(state: State, role: Role, identity: Identity, now: number, over: Partial<Assignment> = {}): void {
	const id = idOf(`${state.name}/assignment`, `${role.id}/${identity.id}`);
	const { name } = state;
	const assignment: Assignment = {
		id: idOf(name, id),
		roleId: role.id,
		identityId: identity.id,
		automatic: role.criteria !== null,
		assigner: null,
		added: now - 90 * day,
		start: null,
		remove: null,
		...over,
	};
	state.assignments.set(assignment.id, assignment);
}

/** Gives an account an entitlement, in its attributes as well. */
export function grant(account: Account, entitlement: Entitlement): void {
	if (account.entitlements.includes(entitlement.id)) return;
	account.entitlements.push(entitlement.id);
	const held = account.attributes[entitlement.attribute];
	account.attributes[entitlement.attribute] = [...(Array.isArray(held) ? held : []), entitlement.value];
}

/** A campaign of managers with one certification for each of them; the first is decided in part. */
export function addCampaign(state: State, name: string, phase: "STAGED" | "ACTIVE" | "SIGNED", reviewers: Identity[], now: number, most = 12): void {
	const id = idOf(`${state.name}/campaign`, name);
	const begun = now - (phase === "SIGNED" ? 200 : 12) * day;
	// Past its end and still open: nobody has decided.
	const deadline = phase === "ACTIVE" ? now - 2 * day : begun + 30 * day;
	const status = phase === "STAGED" ? "STAGED" : phase === "ACTIVE" ? "ACTIVE" : "COMPLETED";
	state.campaigns.set(id, { id, name, description: `${name} of all managers`, type: "MANAGER", status, created: begun, deadline });
	const reports = new Map<string, Account[]>();
	for (const account of state.accounts.values()) {
		const manager = state.identities.get(account.identityId ?? "")?.manager;
		if (manager == null || account.entitlements.length === 0) continue;
		const list = reports.get(manager) ?? [];
		reports.set(manager, list);
		if (list.length < most) list.push(account);
	}
	reviewers.forEach((reviewer, at) => {
		const items = (reports.get(reviewer.id) ?? []).flatMap((account) =>
			account.entitlements.map((entitlementId, index) => {
				const decided = phase === "SIGNED" || (phase === "ACTIVE" && at === 0 && index === 0);
				return {
					id: idOf("review-item", `${id}/${account.id}/${entitlementId}`),
					identityId: account.identityId ?? "",
					entitlementId,
					accountId: account.id,
					decision: decided ? ("APPROVE" as const) : null,
					comments: null,
				};
			}),
		);
		const certification = {
			id: idOf("certification", `${id}/${reviewer.id}`),
			name: `${name} for ${reviewer.name}`,
			campaignId: id,
			reviewer: reviewer.id,
			phase,
			created: begun,
			modified: begun + day,
			due: deadline,
			signed: phase === "SIGNED" ? begun + 20 * day : null,
			items,
			error: null,
		};
		if (items.length > 0) state.certifications.set(certification.id, certification);
	});
}
