import { iso } from "../../../src/emulate/random.js";
import { identityRef, when } from "./render.js";
import type { Version } from "./route.js";
import type { AccessProfile, Assignment, Entitlement, Role, Tenant } from "./state.js";

type Json = Record<string, unknown>;

export function isPrivileged(entitlement: Entitlement): boolean {
	return entitlement.level === "HIGH";
}

/** An entitlement; since v2026 with a level of privilege instead of a yes or no. */
export function renderEntitlement(tenant: Tenant, entitlement: Entitlement, version: Version): Json {
	const { id, name, attribute, value, level } = entitlement;
	const source = tenant.sources.get(entitlement.sourceId);
	const privilege =
		version === "v2026"
			? { privilegeLevel: { direct: level, setBy: "emulated", setByType: "CONNECTOR_CRITERIA", inherited: "NONE", effective: level }, tags: null }
			: { privileged: isPrivileged(entitlement), additionalOwners: null };
	return {
		id,
		name,
		attribute,
		value,
		sourceSchemaObjectType: "group",
		description: entitlement.description,
		...privilege,
		cloudGoverned: false,
		requestable: entitlement.requestable,
		owner: identityRef(tenant, entitlement.owner),
		manuallyUpdatedFields: null,
		accessModelMetadata: { attributes: [] },
		created: iso(entitlement.created),
		modified: iso(entitlement.modified),
		source: { id: entitlement.sourceId, type: "SOURCE", name: source?.name ?? "" },
		attributes: { [attribute]: value },
		segments: [],
		directPermissions: [],
	};
}

export function renderAccessProfile(tenant: Tenant, profile: AccessProfile): Json {
	const source = tenant.sources.get(profile.sourceId);
	return {
		id: profile.id,
		name: profile.name,
		description: profile.description,
		created: iso(profile.created),
		modified: iso(profile.modified),
		enabled: profile.enabled,
		owner: identityRef(tenant, profile.owner),
		source: { id: profile.sourceId, type: "SOURCE", name: source?.name ?? "" },
		entitlements: profile.entitlements.map((id) => ({ type: "ENTITLEMENT", id, name: tenant.entitlements.get(id)?.name ?? null })),
		requestable: profile.requestable,
		accessRequestConfig: { commentsRequired: false, denialCommentsRequired: false, approvalSchemes: [{ approverType: "MANAGER", approverId: null }] },
		revocationRequestConfig: { approvalSchemes: [] },
		segments: null,
		provisioningCriteria: null,
		additionalOwners: null,
	};
}

export function renderRole(tenant: Tenant, role: Role): Json {
	const { criteria } = role;
	const key = criteria && { type: "IDENTITY", property: `attribute.${criteria.attribute}`, sourceId: null };
	return {
		id: role.id,
		name: role.name,
		created: iso(role.created),
		modified: iso(role.modified),
		description: role.description,
		owner: identityRef(tenant, role.owner),
		additionalOwners: null,
		accessProfiles: role.accessProfiles.map((id) => ({ id, type: "ACCESS_PROFILE", name: tenant.accessProfiles.get(id)?.name ?? "" })),
		entitlements: role.entitlements.map((id) => ({ type: "ENTITLEMENT", id, name: tenant.entitlements.get(id)?.name ?? null })),
		membership: criteria && {
			type: "STANDARD",
			// `values` is missing from the schema and there in live answers (developer.sailpoint.com issue 966).
			criteria: { operation: criteria.operation, key, stringValue: criteria.value, values: null, children: null },
			identities: null,
		},
		legacyMembershipInfo: null,
		enabled: role.enabled,
		requestable: role.requestable,
		accessRequestConfig: {
			commentsRequired: false,
			denialCommentsRequired: false,
			reauthorizationRequired: false,
			approvalSchemes: [{ approverType: "OWNER", approverId: null }],
		},
		revocationRequestConfig: { commentsRequired: false, denialCommentsRequired: false, approvalSchemes: [] },
		segments: null,
		dimensional: false,
		dimensionRefs: null,
		accessModelMetadata: { attributes: [] },
		privilegeLevel: null,
	};
}

/** The short form of a role assignment. */
export function renderAssignmentRef(tenant: Tenant, assignment: Assignment): Json {
	const { id, roleId } = assignment;
	return {
		id,
		role: { type: "ROLE", id: roleId, name: tenant.roles.get(roleId)?.name ?? "" },
		addedDate: iso(assignment.added),
		startDate: when(assignment.start),
		removeDate: when(assignment.remove),
	};
}

export function renderAssignment(tenant: Tenant, assignment: Assignment): Json {
	const role = tenant.roles.get(assignment.roleId);
	const assigner = identityRef(tenant, assignment.assigner);
	const sources = (role?.accessProfiles ?? []).flatMap((id) => tenant.accessProfiles.get(id)?.sourceId ?? []);
	const targets = [...tenant.accounts.values()].filter((account) => account.identityId === assignment.identityId && sources.includes(account.sourceId));
	return {
		...renderAssignmentRef(tenant, assignment),
		comments: null,
		assignmentSource: assignment.automatic ? "Rule" : "UI",
		assigner: assigner ?? { type: "UNKNOWN", id: "system", name: null },
		assignedDimensions: [],
		assignmentContext: null,
		accountTargets: targets.map(({ sourceId, nativeIdentity, name, uuid }) => ({
			source: { type: "SOURCE", id: sourceId, name: tenant.sources.get(sourceId)?.name ?? "" },
			accountInfo: { nativeIdentity, displayName: name, uuid: uuid ?? "" },
			role: { type: "ROLE", id: assignment.roleId, name: role?.name ?? "" },
		})),
	};
}
