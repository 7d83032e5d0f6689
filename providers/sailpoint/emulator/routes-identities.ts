import { badContent, illegalValue } from "./errors.js";
import type { Fields } from "./filter.js";
import { answerList, type Collection, flag } from "./page.js";
import { identityRef, identityState, renderIdentity } from "./render.js";
import { renderAssignment, renderAssignmentRef } from "./render-access.js";
import { all, named, notBeta, notV3, routes, yearly } from "./route.js";
import type { Identity, SailRoute, Tenant } from "./state.js";

const text = (identity: Identity, name: string): unknown => identity.attributes[name];

const fields: Fields<Identity> = {
	id: { ops: "eq in", get: (identity) => identity.id },
	name: { ops: "eq sw", get: (identity) => identity.name },
	alias: { ops: "eq sw", get: (identity) => identity.alias },
	firstname: { ops: "eq sw", get: (identity) => text(identity, "firstname") },
	lastname: { ops: "eq sw", get: (identity) => text(identity, "lastname") },
	email: { ops: "eq sw", get: (identity) => identity.email },
	cloudStatus: { ops: "eq", get: (identity) => identity.status },
	processingState: { ops: "eq", get: (identity) => identity.processingState },
	correlated: { ops: "eq", get: (identity) => identity.correlated },
	protected: { ops: "eq", get: (identity) => identity.protected },
};

const listing: Collection<Identity> = {
	fields,
	sorters: { name: (identity) => identity.name, alias: (identity) => identity.alias, cloudStatus: (identity) => identity.status },
	strictEnd: true,
};

const { id, alias, email, firstname, lastname } = fields as Record<string, Fields<Identity>[string]>;
const publicListing: Collection<Identity> = {
	fields: { id, alias, email, firstname, lastname } as Fields<Identity>,
	sorters: { name: (identity) => identity.name },
};

/** Reads of identities and of what they hold. */
export function identityRoutes(tenant: Tenant): SailRoute[] {
	const { world } = tenant;
	const read = { scopes: "identity:read identity:manage" };
	const roles = { scopes: "identity:read identity:manage identity-direct-report:read" };
	const assignmentsOf = (identityId: string) => all(world, tenant.assignments).filter((assignment) => assignment.identityId === identityId);
	return [
		...routes(notV3, "GET /identities", read, () => (call) => {
			const which = call.query.get("defaultFilter") ?? "CORRELATED_ONLY";
			if (which !== "CORRELATED_ONLY" && which !== "NONE") throw illegalValue(call, "defaultFilter");
			const everybody = all(world, tenant.identities);
			const shown = which === "NONE" ? everybody : everybody.filter((identity) => identity.correlated);
			return answerList(call, shown, listing, (identity) => renderIdentity(tenant, identity));
		}),
		...routes(notV3, "GET /identities/{id}", read, () => (call) => ({
			status: 200,
			body: renderIdentity(tenant, named(world, call, tenant.identities)),
		})),
		...routes(notV3, "GET /identities/{id}/ownership", { scopes: "identity:read" }, () => (call) => ({
			status: 200,
			body: { associationDetails: ownership(tenant, named(world, call, tenant.identities).id) },
		})),
		...routes(notV3, "GET /identities/{id}/role-assignments", roles, () => (call) => {
			const identity = named(world, call, tenant.identities);
			const [roleId, roleName] = [call.query.get("roleId"), call.query.get("roleName")];
			if (roleId !== null && !tenant.roles.has(roleId)) throw badContent(call, `Role with id ${roleId} was not found.`);
			const held = assignmentsOf(identity.id).filter(
				(assignment) => (roleId === null || assignment.roleId === roleId) && (roleName === null || tenant.roles.get(assignment.roleId)?.name === roleName),
			);
			const full = roleId !== null || roleName !== null;
			return { status: 200, body: held.map((assignment) => (full ? renderAssignment : renderAssignmentRef)(tenant, assignment)) };
		}),
		...routes(notV3, "GET /identities/{id}/role-assignments/{assignmentId}", roles, () => (call) => {
			const identity = named(world, call, tenant.identities);
			const assignment = named(world, call, tenant.assignments, "assignmentId");
			if (assignment.identityId !== identity.id) throw badContent(call, "The role assignment is another identity's.");
			return { status: 200, body: renderAssignment(tenant, assignment) };
		}),
		...routes(notBeta, "GET /public-identities", { scopes: "sp:scopes:default" }, () => (call) => {
			const everybody = all(world, tenant.identities);
			const core = flag(call, "add-core-filters");
			const shown = core ? everybody.filter((identity) => identity.correlated && identity.status !== "ERROR") : everybody;
			return answerList(call, shown, publicListing, (identity) => publicIdentity(tenant, identity));
		}),
		...routes(yearly, "GET /auth-users/{id}", { scopes: "sp:auth-user:read" }, () => (call) => ({
			status: 200,
			body: authUser(tenant, named(world, call, tenant.identities)),
		})),
	];
}

/** What keeps an identity from being deleted, by kind. */
export function ownership(tenant: Tenant, identityId: string): { associationType: string; entities: unknown[] }[] {
	const kinds: [string, string, Iterable<{ id: string; name: string; owner: string | null }>][] = [
		["SOURCE_OWNER", "SOURCE", tenant.sources.values()],
		["ACCESS_PROFILE_OWNER", "ACCESS_PROFILE", tenant.accessProfiles.values()],
		["ROLE_OWNER", "ROLE", tenant.roles.values()],
		["ENTITLEMENT_OWNER", "ENTITLEMENT", tenant.entitlements.values()],
	];
	return kinds.flatMap(([associationType, type, objects]) => {
		const owned = [...objects].filter(({ owner }) => owner === identityId);
		return owned.length === 0 ? [] : [{ associationType, entities: owned.map(({ id, name }) => ({ identityEntity: { id, name, type } })) }];
	});
}

function publicIdentity(tenant: Tenant, identity: Identity): Record<string, unknown> {
	const shown = ["department", "title"].map((key) => ({ key, name: key, value: (identity.attributes[key] ?? null) as unknown }));
	return {
		id: identity.id,
		name: identity.name,
		alias: identity.alias,
		email: identity.email,
		status: identity.status,
		identityState: identityState(tenant, identity),
		manager: identityRef(tenant, identity.manager),
		attributes: shown,
	};
}

function authUser(tenant: Tenant, identity: Identity): Record<string, unknown> {
	const { id, alias, name, email, attributes, lastLogin } = identity;
	return {
		tenant: tenant.name,
		id,
		uid: alias,
		profile: tenant.profileId,
		identificationNumber: attributes.identificationNumber ?? null,
		email,
		phone: null,
		workPhone: attributes.workPhone ?? null,
		personalEmail: null,
		firstname: attributes.firstname ?? null,
		lastname: attributes.lastname ?? null,
		displayName: name,
		alias,
		lastPasswordChangeDate: null,
		...(lastLogin !== null && { lastLoginTimestamp: lastLogin, currentLoginTimestamp: lastLogin }),
		lastUnlockTimestamp: null,
		capabilities: identity.capabilities.length > 0 ? identity.capabilities : null,
	};
}
