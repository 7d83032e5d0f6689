import type { Millis } from "../model/known.js";
import type { CollectionName } from "../model/snapshot.js";
import type { Baseline } from "./baseline.js";
import type { Notify } from "./notify.js";

/** A stack file after validation: what should be. Secrets are still references; durations are milliseconds; paths are absolute. */
export interface Stack {
	name: string;
	file: string;
	/** `sqlite:<absolute path>` or `postgres://…`, or where one of them is found. */
	store: string | SecretRef;
	/** sha-256 of the stack file's bytes. */
	digest: string;
	systems: Record<string, StackSystem>;
	people: {
		breakGlass: PinnedLogin[];
		service: KindRule[];
		shared: KindRule[];
		agent: KindRule[];
		external: KindRule[];
		leavers: KindRule[];
		links: PersonLink[];
	};
	policies: { use: string[]; dirs: string[]; set: Record<string, PolicySetting> };
	exemptions: Exemption[];
	/** Only where the stack file names one. */
	baseline?: Baseline;
	settings: Record<string, DesiredSetting>;
	memberships: Record<string, DesiredMembership>;
	resources: Record<string, StackResource>;
	remediation: {
		plans: string;
		/** Folder of the receipts of what was applied. */
		receipts: string;
		/** Plan files hold names beside ids. */
		names: boolean;
		guardrails: Guardrails;
	};
	/** How long what is no longer true is kept, by collection; what is not named is kept. */
	retention: Retention;
	notify: Notify;
	/** Where each declared thing stands, by path (`exemptions.0.subject`), for later errors. */
	positions: Map<string, Position>;
}

export type Retention = Partial<Record<CollectionName | "findings", Millis>>;

export interface Position {
	line: number;
	column: number;
}

export interface StackSystem {
	provider: string;
	url: string;
	/** Values may be secret references (`SecretRef`), at any depth. */
	auth: Record<string, unknown>;
	act: Record<string, unknown> | null;
	options: Record<string, unknown>;
	/** Collection → least coverage (0–1) that is as expected. */
	expect: Record<string, { coverage: number }>;
	/** Requests per scan for reads that cost one per account; null = no limit. */
	budget: { perAccountRequests: number | null; perAccountMaxAge: Millis };
}

/** `${env:NAME}` or `${file:path}`: resolved only inside the process that makes the call. */
export interface SecretRef {
	secret: "env" | "file";
	name: string;
}

/** `login` is written `<system>/<login>`; `id` is the vendor's immutable id, null until `keelson pin`. */
export interface PinnedLogin {
	system: string;
	login: string;
	id: string | null;
	path: string;
}

/** Accounts of a kind, by CEL over `account`, or by name. */
export interface KindRule {
	where: string | null;
	login: PinnedLogin | null;
	reason: string;
	path: string;
}

/** Accounts of one person, or (`apart`) of different ones, by hand. */
export interface PersonLink {
	accounts: PinnedLogin[];
	apart: boolean;
	reason: string;
	path: string;
}

export interface PolicySetting {
	enabled: boolean;
	severity: string | null;
	params: Record<string, unknown>;
}

export interface Exemption {
	policy: string;
	subject: PinnedLogin | { key: string; path: string };
	owner: string;
	reason: string;
	ticket: string | null;
	/** End of that day, UTC. */
	expires: Millis;
	expiresText: string;
	/** Policy that must pass for the same subject; while it does not, the exemption does not hold. */
	compensatedBy?: string;
	path: string;
}

export type OwnershipMode = "authoritative" | "additive" | "observe";

/** Key in the stack: `<system>/<setting record id>`. */
export interface DesiredSetting {
	system: string;
	setting: string;
	name: string | null;
	mode: OwnershipMode;
	values: Record<string, unknown>;
	adopt: string | null;
	path: string;
}

/** Key in the stack: `<system>/group/<id>` or `<system>/role/<role>`. */
export interface DesiredMembership {
	system: string;
	kind: "group" | "role";
	target: string;
	name: string | null;
	mode: OwnershipMode;
	members: DesiredMember[];
	adopt: string | null;
	path: string;
}

export interface DesiredMember {
	login: string;
	id: string | null;
	/** The access ends then; null = never. */
	until: Millis | null;
	/** Who ends it: `vendor` only, `keelson` (`keelson expire`) only; missing: the vendor where it can, else `keelson expire`. */
	endBy?: "vendor" | "keelson";
	reason: string | null;
	path: string;
}

/** An object whose whole life Pulumi manages. Texts in `properties`, `options` and `get` are as written: `${name.prop}` is a reference, `$${` stands for `${`. */
export interface StackResource {
	/** Its name in Pulumi's state. */
	name: string;
	/** `okta:policy/signon:Signon`, whatever form is written. */
	type: string;
	/** The system it belongs to; null where none of the stack's is of that vendor, or it names a provider of its own. */
	system: string | null;
	properties: Record<string, unknown>;
	options: Record<string, unknown>;
	get: { id: string; state: Record<string, unknown> } | null;
	defaultProvider: boolean;
	/** Resources that must be there before: by a reference, or by an option. */
	after: string[];
	path: string;
}

/** Limits enforced where the write happens. Defaults in brackets. */
export interface Guardrails {
	/** Accounts touched in a rolling window [5]. */
	maxAccounts: number;
	/** Share of the system's enabled accounts, percent [2]; at least one account is always allowed by it. */
	maxPercent: number;
	/** Settings changed in the rolling window [3]. */
	maxSettings: number;
	/** The rolling window [24 h]. */
	window: Millis;
	/** Administrators who must provably still get in [2]. */
	keepAdmins: number;
	protect: PinnedLogin[];
	/** [7 d] */
	maxPlanAge: Millis;
	/** [15 min] */
	maxSnapshotAge: Millis;
	/** People who must have approved a plan file, its author not among them [0]. */
	approvals: number;
	freeze: { from: Millis; to: Millis; reason: string | null }[];
}
