import { iso } from "../../../src/emulate/random.js";
import type { Account, Identity, Source, Tenant } from "./state.js";

type Json = Record<string, unknown>;

/** A moment, or null. */
export function when(millis: number | null): string | null {
	return millis === null ? null : iso(millis);
}

/** Reference to an identity as other objects carry it; null when it is gone. */
export function identityRef(tenant: Tenant, id: string | null): { type: "IDENTITY"; id: string; name: string } | null {
	const identity = id === null ? undefined : tenant.identities.get(id);
	return identity ? { type: "IDENTITY", id: identity.id, name: identity.name } : null;
}

export function renderIdentity(tenant: Tenant, identity: Identity): Json {
	const { id, name, alias, status, lifecycle } = identity;
	return {
		id,
		name,
		created: iso(identity.created),
		modified: iso(identity.modified),
		alias,
		emailAddress: identity.email,
		processingState: identity.processingState,
		identityStatus: status,
		managerRef: identityRef(tenant, identity.manager),
		isManager: identity.isManager,
		lastRefresh: iso(identity.lastRefresh),
		attributes: identityAttributes(identity),
		lifecycleState: lifecycle === null ? null : { stateName: lifecycle, manuallyUpdated: identity.lifecycleByHand },
	};
}

/** The attributes of an identity's profile; those without a value are missing. */
export function identityAttributes(identity: Identity): Json {
	const { name, alias, email, status, lifecycle } = identity;
	return {
		uid: alias,
		displayName: name,
		...(email !== null && { email }),
		cloudStatus: status,
		internalCloudStatus: status,
		...(lifecycle !== null && { cloudLifecycleState: lifecycle }),
		...identity.attributes,
	};
}

/** State of an identity by its lifecycle state. */
export function identityState(tenant: Tenant, identity: Identity | undefined): string | null {
	if (!identity || identity.lifecycle === null) return null;
	for (const state of tenant.lifecycleStates.values()) if (state.technicalName === identity.lifecycle) return state.identityState;
	return null;
}

/** `slim`: without the account's attributes and what hangs on them. */
export function renderAccount(tenant: Tenant, account: Account, slim = false): Json {
	const source = tenant.sources.get(account.sourceId);
	const identity = account.identityId === null ? undefined : tenant.identities.get(account.identityId);
	const base = {
		id: account.id,
		name: account.name,
		created: iso(account.created),
		modified: iso(account.modified),
		sourceId: account.sourceId,
		sourceName: source?.name ?? null,
		// Null without a person in live answers, although the schema only has text.
		identityId: account.identityId,
		attributes: slim ? null : account.attributes,
		authoritative: source?.authoritative ?? false,
		description: account.description,
		disabled: account.disabled,
		locked: account.locked,
		nativeIdentity: account.nativeIdentity,
		systemAccount: false,
		uncorrelated: account.identityId === null,
		uuid: account.uuid,
		manuallyCorrelated: account.manuallyCorrelated,
		hasEntitlements: account.entitlements.length > 0,
	};
	if (slim) return base;
	return {
		...base,
		cloudLifecycleState: identity?.lifecycle ?? null,
		identityState: identityState(tenant, identity),
		connectionType: source?.connectionType ?? null,
		isMachine: account.machine,
		recommendation: account.machine ? { type: "MACHINE", method: "DISCOVERY" } : null,
		...(identity && { identity: { type: "IDENTITY", id: identity.id, name: identity.name } }),
		sourceOwner: source ? identityRef(tenant, source.owner) : null,
		features: source ? source.features.join(", ") : null,
		origin: account.origin,
	};
}

export function renderSource(tenant: Tenant, source: Source): Json {
	const { id, name } = source;
	return {
		id,
		name,
		description: source.description,
		owner: identityRef(tenant, source.owner),
		cluster: null,
		accountCorrelationConfig: { type: "ACCOUNT_CORRELATION_CONFIG", id: `${id.slice(0, 30)}c0`, name: `${name} [source] Account Correlation` },
		accountCorrelationRule: null,
		managerCorrelationMapping: source.authoritative ? { accountAttributeName: "manager", identityAttributeName: "uid" } : null,
		managerCorrelationRule: null,
		beforeProvisioningRule: null,
		schemas: [{ type: "CONNECTOR_SCHEMA", id: `${id.slice(0, 30)}a0`, name: "account" }],
		passwordPolicies: null,
		features: source.features,
		type: source.type,
		connector: source.connector,
		connectorClass: "sailpoint.connector.OpenConnectorAdapter",
		connectorAttributes: { healthCheckTimeout: 30, cloudDisplayName: name },
		deleteThreshold: 10,
		authoritative: source.authoritative,
		managementWorkgroup: null,
		healthy: source.healthy,
		status: sourceStatus(source),
		since: iso(source.modified),
		connectorId: source.connector,
		connectorName: source.connectorName,
		connectionType: source.connectionType,
		connectorImplementationId: source.connector,
		created: iso(source.created),
		modified: iso(source.modified),
		credentialProviderEnabled: false,
		category: null,
	};
}

export function sourceStatus(source: Source): string {
	return source.healthy ? "SOURCE_STATE_HEALTHY" : "SOURCE_STATE_ERROR_SOURCE";
}
