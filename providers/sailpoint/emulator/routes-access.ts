import type { Fields } from "./filter.js";
import { answerList, type Collection } from "./page.js";
import { renderAccessProfile, renderEntitlement, renderRole } from "./render-access.js";
import { all, everywhere, named, notBeta, notV3, routes, yearly } from "./route.js";
import type { AccessProfile, Assignment, Entitlement, Role, SailRoute, Tenant } from "./state.js";

const moments = "gt lt ge le";

const entitlementFields: Fields<Entitlement> = {
	id: { ops: "eq in", get: (entitlement) => entitlement.id },
	name: { ops: "eq in sw", get: (entitlement) => entitlement.name },
	type: { ops: "eq in", get: () => "group" },
	attribute: { ops: "eq in", get: (entitlement) => entitlement.attribute },
	value: { ops: "eq in sw", get: (entitlement) => entitlement.value },
	"source.id": { ops: "eq in", get: (entitlement) => entitlement.sourceId },
	requestable: { ops: "eq", get: (entitlement) => entitlement.requestable },
	created: { ops: moments, get: (entitlement) => entitlement.created },
	modified: { ops: moments, get: (entitlement) => entitlement.modified },
	"owner.id": { ops: "eq in", get: (entitlement) => entitlement.owner },
};
const entitlementSorters: Collection<Entitlement>["sorters"] = {
	...Object.fromEntries(["id", "name", "created", "modified", "type", "attribute", "value", "source.id", "requestable"].map((name) => [name, getter(name)])),
};
function getter(name: string): (entitlement: Entitlement) => unknown {
	return entitlementFields[name]?.get ?? (() => undefined);
}
const entitlements: Collection<Entitlement> = { fields: entitlementFields, sorters: entitlementSorters };
const entitlementsNow: Collection<Entitlement> = {
	...entitlements,
	fields: { ...entitlementFields, "privilegeLevel.direct": { ops: "eq", get: (entitlement) => entitlement.level } },
};

const common = {
	id: { ops: "eq in", get: (item: AccessProfile | Role) => item.id },
	name: { ops: "eq sw", get: (item: AccessProfile | Role) => item.name },
	created: { ops: "gt ge le", get: (item: AccessProfile | Role) => item.created },
	modified: { ops: moments, get: (item: AccessProfile | Role) => item.modified },
	"owner.id": { ops: "eq in", get: (item: AccessProfile | Role) => item.owner },
	requestable: { ops: "eq", get: (item: AccessProfile | Role) => item.requestable },
};
const commonSorters = {
	name: (item: AccessProfile | Role) => item.name,
	created: (item: AccessProfile | Role) => item.created,
	modified: (item: AccessProfile | Role) => item.modified,
};
const profiles: Collection<AccessProfile> = {
	fields: { ...common, "source.id": { ops: "eq in", get: (profile) => profile.sourceId } },
	sorters: commonSorters,
};
const roles: Collection<Role> = { fields: { ...common, dimensional: { ops: "eq", get: () => false } }, sorters: commonSorters, most: 50 };

/** What can be held: entitlements, access profiles, roles and who has them. */
export function accessRoutes(tenant: Tenant): SailRoute[] {
	const { world } = tenant;
	const entitled = { scopes: "entitlement:read entitlement:manage" };
	const sourceAdmins = "ORG_ADMIN SOURCE_ADMIN SOURCE_SUBADMIN";
	const profiled = { scopes: "access-profile:read access-profile:manage", levels: `${sourceAdmins} ROLE_ADMIN ROLE_SUBADMIN` };
	const roleScopes = "role-checked:manage role-checked:read role-unchecked:manage role-unchecked:read";
	const roleReads = { scopes: roleScopes, levels: "ORG_ADMIN ROLE_ADMIN ROLE_SUBADMIN" };
	const profileList = { ...profiled, scopes: "access-profile:read" };
	return [
		...routes(notV3, "GET /entitlements", entitled, (version) => (call) => {
			const accountId = version === "v2026" ? null : call.query.get("account-id");
			const of = accountId === null ? undefined : new Set(tenant.accounts.get(accountId)?.entitlements ?? []);
			const shown = all(world, tenant.entitlements).filter(({ id }) => !of || of.has(id));
			const after = version === "v2026" ? call.query.get("searchAfter") : null;
			const rest = after === null ? shown : shown.slice(shown.findIndex(({ id }) => id === after) + 1);
			return answerList(call, rest, version === "v2026" ? entitlementsNow : entitlements, (item) => renderEntitlement(tenant, item, version));
		}),
		...routes(notV3, "GET /entitlements/{id}", { ...entitled, levels: "ORG_ADMIN SOURCE_ADMIN" }, (version) => (call) => ({
			status: 200,
			body: renderEntitlement(tenant, named(world, call, tenant.entitlements), version),
		})),
		...routes(notV3, "GET /entitlements/{id}/children", { ...entitled, levels: "ORG_ADMIN" }, (version) => (call) => {
			const { id } = named(world, call, tenant.entitlements);
			const children = all(world, tenant.entitlements).filter(({ parent }) => parent === id);
			return answerList(call, children, entitlements, (item) => renderEntitlement(tenant, item, version));
		}),
		...routes(notV3, "GET /entitlements/{id}/parents", { ...entitled, levels: "ORG_ADMIN" }, (version) => (call) => {
			const parent = tenant.entitlements.get(named(world, call, tenant.entitlements).parent ?? "");
			return answerList(call, parent ? [parent] : [], entitlements, (item) => renderEntitlement(tenant, item, version));
		}),
		...routes(yearly, "GET /entitlements/identities/{id}/entitlements", { scopes: "entitlement:read" }, () => (call) => {
			const { id } = named(world, call, tenant.identities);
			const held = new Set(all(world, tenant.accounts).flatMap((account) => (account.identityId === id ? account.entitlements : [])));
			return answerList(call, held, {}, (one) => ({ objectRef: { type: "ENTITLEMENT", id: one, name: tenant.entitlements.get(one)?.name ?? null }, tags: [] }));
		}),
		...routes(
			everywhere,
			"GET /access-profiles",
			profileList,
			() => (call) => answerList(call, all(world, tenant.accessProfiles), profiles, (profile) => renderAccessProfile(tenant, profile)),
		),
		...routes(everywhere, "GET /access-profiles/{id}", profiled, () => (call) => ({
			status: 200,
			body: renderAccessProfile(tenant, named(world, call, tenant.accessProfiles)),
		})),
		...routes(everywhere, "GET /access-profiles/{id}/entitlements", { ...profiled, levels: sourceAdmins }, (version) => (call) => {
			const held = named(world, call, tenant.accessProfiles).entitlements.flatMap((id) => tenant.entitlements.get(id) ?? []);
			return answerList(call, held, entitlements, (item) => renderEntitlement(tenant, item, version === "v2026" ? "v2025" : version));
		}),
		...routes(everywhere, "GET /roles", roleReads, () => (call) => answerList(call, all(world, tenant.roles), roles, (role) => renderRole(tenant, role))),
		...routes(everywhere, "GET /roles/{id}", roleReads, () => (call) => ({ status: 200, body: renderRole(tenant, named(world, call, tenant.roles)) })),
		...routes(everywhere, "GET /roles/{id}/assigned-identities", { scopes: roleScopes }, () => (call) => {
			const { id } = named(world, call, tenant.roles);
			const held = all(world, tenant.assignments).filter(({ roleId }) => roleId === id);
			return answerList(call, held, holders(tenant), (assignment) => holder(tenant, assignment));
		}),
		...lifecycleRoutes(tenant),
	];
}

function holders(tenant: Tenant): Collection<Assignment> {
	const of = (assignment: Assignment) => tenant.identities.get(assignment.identityId);
	const get: Record<string, (assignment: Assignment) => unknown> = {
		id: (assignment) => assignment.identityId,
		name: (assignment) => of(assignment)?.name,
		aliasName: (assignment) => of(assignment)?.alias,
		email: (assignment) => of(assignment)?.email,
	};
	const ops: Record<string, string> = { id: "eq in", aliasName: "eq sw", email: "eq sw", name: "eq sw co" };
	return { fields: Object.fromEntries(Object.entries(get).map(([name, read]) => [name, { ops: ops[name] ?? "eq", get: read }])), sorters: get };
}

function holder(tenant: Tenant, { identityId, automatic }: Assignment): Record<string, unknown> {
	const identity = tenant.identities.get(identityId);
	const { alias, name, email } = identity ?? { alias: "", name: "", email: null };
	return {
		id: identityId,
		aliasName: alias,
		name,
		...(email !== null && { email }),
		roleAssignmentSource: automatic ? "ROLE_MEMBERSHIP" : "ACCESS_REQUEST",
	};
}

function lifecycleRoutes(tenant: Tenant): SailRoute[] {
	const { world } = tenant;
	const rights = { scopes: "identity-profile-lifecycle-state:read identity-profile-lifecycle-state:manage", levels: "ORG_ADMIN" };
	const render = (state: ReturnType<typeof find>) => ({
		...state,
		created: new Date(world.now() - 900 * 86_400_000).toISOString(),
		modified: new Date(world.now() - 90 * 86_400_000).toISOString(),
		description: null,
		identityCount: [...tenant.identities.values()].filter(({ lifecycle }) => lifecycle === state.technicalName).length,
		emailNotificationOption: { notifyManagers: false, notifyAllAdmins: false, notifySpecificUsers: false, emailAddressList: [] },
		accountActions: state.identityState === "ACTIVE" ? [] : [{ action: "DISABLE", sourceIds: [...tenant.sources.keys()] }],
		accessProfileIds: [],
	});
	const find = (call: Parameters<SailRoute["handler"]>[0]) => named(world, call, tenant.lifecycleStates, "stateId");
	const path = "/identity-profiles/{profileId}/lifecycle-states";
	return [
		...routes(
			notBeta,
			`GET ${path}`,
			rights,
			() => (call) =>
				answerList(
					call,
					tenant.profileId === call.params.profileId ? all(world, tenant.lifecycleStates) : [],
					{ sorters: { name: (state) => state.name, priority: (state) => state.priority } },
					render,
				),
		),
		...routes(everywhere, `GET ${path}/{stateId}`, rights, () => (call) => ({ status: 200, body: render(find(call)) })),
	];
}
