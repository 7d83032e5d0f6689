import { createHash } from "node:crypto";
import { day, hash } from "../../../src/emulate/random.js";
import type { Account, Entitlement, Identity, LifecycleState, Source, State } from "./state.js";

/** Id of an object, by its kind and a key that is unique within the kind: the same at every start. */
export function idOf(kind: string, key: string | number): string {
	return createHash("md5").update(`${kind}/${key}`).digest("hex");
}

export function emptyState(name: string): State {
	return {
		name,
		profileId: idOf("profile", name),
		identities: new Map(),
		accounts: new Map(),
		sources: new Map(),
		entitlements: new Map(),
		accessProfiles: new Map(),
		roles: new Map(),
		assignments: new Map(),
		lifecycleStates: lifecycleStates(name),
		campaigns: new Map(),
		certifications: new Map(),
		tasks: new Map(),
		activities: new Map(),
	};
}

function lifecycleStates(tenant: string): Map<string, LifecycleState> {
	const rows: [string, string, LifecycleState["identityState"]][] = [
		["Active", "active", "ACTIVE"],
		["Pre-hire", "prehire", "INACTIVE_SHORT_TERM"],
		["Leave", "leave", "INACTIVE_SHORT_TERM"],
		["Inactive", "inactive", "INACTIVE_LONG_TERM"],
	];
	return new Map(
		rows.map(([name, technicalName, identityState], at) => {
			const id = idOf(`${tenant}/lifecycle`, technicalName);
			return [id, { id, name, technicalName, enabled: true, identityState, priority: at * 10 + 10 }];
		}),
	);
}

/** An identity with what most have; the rest by `over`. `key` is its alias. */
export function makeIdentity(key: string, now: number, over: Partial<Identity> & Pick<Identity, "name">): Identity {
	const created = over.created ?? now - 400 * day;
	return {
		id: idOf("identity", key),
		alias: key,
		email: null,
		status: "ACTIVE",
		processingState: null,
		manager: null,
		isManager: false,
		created,
		modified: Math.max(created, now - (1 + (hash(key, 3) % 30)) * day),
		lastRefresh: now - (hash(key, 5) % 12) * 3_600_000,
		correlated: true,
		protected: false,
		lifecycle: "active",
		lifecycleByHand: false,
		attributes: {},
		capabilities: [],
		syncedAt: null,
		lastLogin: null,
		...over,
	};
}

/** An account of an identity on a source, or of nobody. */
export function makeAccount(source: Source, nativeIdentity: string, now: number, over: Partial<Account> = {}): Account {
	const created = over.created ?? now - 300 * day;
	return {
		id: idOf("account", `${source.id}/${nativeIdentity}`),
		name: nativeIdentity,
		nativeIdentity,
		sourceId: source.id,
		identityId: null,
		disabled: false,
		locked: false,
		created,
		modified: Math.max(created, now - (hash(nativeIdentity, 9) % 20) * day),
		uuid: null,
		description: null,
		attributes: {},
		entitlements: [],
		manuallyCorrelated: false,
		origin: "AGGREGATED",
		machine: false,
		...over,
	};
}

const CONNECTORS: Record<string, [connector: string, type: string, connectionType: string, features: string[]]> = {
	file: ["delimited-file-angularsc", "DelimitedFile", "file", ["DIRECT_PERMISSIONS", "NO_RANDOM_ACCESS", "DISCOVER_SCHEMA"]],
	direct: ["workday-rest", "Workday", "direct", ["AUTHENTICATE", "ENABLE", "PROVISIONING", "DISCOVER_SCHEMA"]],
	okta: ["okta", "Okta", "direct", ["ENABLE", "UNLOCK", "PROVISIONING", "PASSWORD", "DISCOVER_SCHEMA"]],
	entra: ["azure-active-directory", "Azure Active Directory", "direct", ["ENABLE", "PROVISIONING", "PASSWORD", "DISCOVER_SCHEMA"]],
	google: ["google-workspace", "GoogleApps", "direct", ["ENABLE", "PROVISIONING", "PASSWORD", "DISCOVER_SCHEMA"]],
	directory: ["active-directory", "Active Directory - Direct", "direct", ["AUTHENTICATE", "ENABLE", "UNLOCK", "PROVISIONING", "PASSWORD"]],
	cloud: ["salesforce", "Salesforce - Direct", "direct", ["ENABLE", "PROVISIONING", "DISCOVER_SCHEMA"]],
};

/** Adds a source; `kind` is a word of the table above. `owner`: id of an identity. */
export function addSource(state: State, name: string, kind: keyof typeof CONNECTORS, owner: string, now: number, over: Partial<Source> = {}): Source {
	const [connector, type, connectionType, features] = CONNECTORS[kind] ?? ["web-services", "Web Services", "direct", []];
	const id = idOf(`${state.name}/source`, name);
	const about = { id, name, description: `${name} of ${state.name}`, owner, connector, connectorName: type, type, connectionType, features };
	const source: Source = {
		...about,
		authoritative: false,
		healthy: true,
		created: now - 900 * day,
		modified: now - 20 * day,
		usage: false,
		...over,
	};
	state.sources.set(id, source);
	return source;
}

export function addEntitlement(state: State, source: Source, name: string, now: number, over: Partial<Entitlement> = {}): Entitlement {
	const id = idOf(`${state.name}/entitlement`, `${source.name}/${name}`);
	const value = name.toLowerCase().replaceAll(" ", "-");
	const entitlement: Entitlement = {
		id,
		name,
		description: null,
		attribute: "groups",
		value,
		sourceId: source.id,
		level: "NONE",
		requestable: true,
		owner: null,
		parent: null,
		created: now - 700 * day,
		modified: now - 40 * day,
		...over,
	};
	state.entitlements.set(id, entitlement);
	return entitlement;
}
