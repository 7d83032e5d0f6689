import { fileURLToPath } from "node:url";
import type { AccountRecord, Authenticator } from "../model/account.js";
import type { RoleAssignmentRecord } from "../model/objects.js";
import { type CollectionName, type Coverage, collections, type Scan } from "../model/snapshot.js";
import { type CompiledPolicy, compileAll, compileCondition } from "../policy/compile.js";
import { loadPolicies } from "../policy/load.js";
import { defaultGuardrails } from "../stack/guardrails.js";
import type { Stack } from "../stack/stack.js";
import { openStore } from "../store/open.js";
import type { Store } from "../store/store.js";
import type { AssessInput } from "./assess.js";
import type { Condition } from "./people.js";

export const at = Date.UTC(2026, 0, 1);
export const policiesDir = fileURLToPath(new URL("../../policies/", import.meta.url));

export function stackOf(change: Partial<Stack> = {}): Stack {
	return {
		name: "acme",
		file: "/acme.yaml",
		store: "sqlite::memory:",
		digest: "0",
		systems: {
			okta: {
				provider: "okta",
				url: "https://acme.example",
				auth: {},
				act: null,
				options: {},
				expect: {},
				budget: { perAccountRequests: null, perAccountMaxAge: 0 },
			},
		},
		people: {
			breakGlass: [],
			service: [{ where: "account.login.startsWith('svc-')", login: null, reason: "naming rule", path: "people.service.0" }],
			shared: [],
			agent: [],
			external: [{ where: "!account.login.endsWith('@acme.example')", login: null, reason: "domain", path: "people.external.0" }],
			leavers: [],
			links: [],
		},
		policies: { use: ["recommended"], dirs: [], set: {} },
		exemptions: [],
		settings: {},
		memberships: {},
		resources: {},
		remediation: { plans: "/plans", receipts: "/receipts", names: true, guardrails: { ...defaultGuardrails, protect: [] } },
		retention: {},
		notify: { who: ["person"], before: null, required: false, channels: {} },
		positions: new Map(),
		...change,
	};
}

export function account(id: string, change: Partial<AccountRecord> = {}): AccountRecord {
	return {
		id,
		login: `${id}@acme.example`,
		status: "ACTIVE",
		enabled: true,
		created: at - 400 * 86_400_000,
		activated: at - 400 * 86_400_000,
		lastActivity: at - 86_400_000,
		activitySignal: "lastLogin",
		credentialProvider: "local",
		profile: {},
		...change,
	};
}

export const passkey: Authenticator = {
	id: "k",
	type: "webauthn",
	provider: "FIDO",
	strength: "phishing-resistant",
	source: "local",
	created: at,
	recoveryOnly: false,
};
export const push: Authenticator = { ...passkey, id: "p", type: "push", strength: "strong" };

export function role(id: string, principal: string, change: Partial<RoleAssignmentRecord> = {}): RoleAssignmentRecord {
	return {
		id,
		principalType: "account",
		principal,
		role: "SUPER_ADMIN",
		label: "Super Administrator",
		level: "top",
		assignment: "active",
		custom: false,
		...change,
	};
}

/** What one scan sees: records by collection, and how much of each was read; a collection not named is complete and empty. */
export interface Seen {
	records: Partial<Record<CollectionName, Record<string, object>>>;
	coverage?: Partial<Record<CollectionName, Coverage["state"]>>;
}

export async function scanned(store: Store, seen: Seen, when = at, system = "okta"): Promise<Scan> {
	const scan = await store.beginScan({ system, provider: system, started: when, stackDigest: "0" });
	for (const collection of collections.filter((name) => name !== "workers" || seen.records.workers)) {
		const records = Object.entries(seen.records[collection] ?? {}).map(([id, body]) => ({ id, body }));
		if (records.length > 0) await store.putRecords(scan, collection, records, { call: `GET /${collection}`, requestId: `req-${collection}`, at: when });
		const state = seen.coverage?.[collection] ?? "complete";
		const reasons = state === "complete" ? [] : [{ cause: "scope" as const, detail: "scope missing", scope: `okta.${collection}.read` }];
		await store.finishCollection(scan, { collection, state, reasons, eligible: null, requests: 1 }, { closed: state === "complete", incremental: false });
	}
	return store.finishScan(scan, when, 1);
}

let shipped: CompiledPolicy[] | null = null;

export async function world(stack: Stack = stackOf()): Promise<AssessInput> {
	if (!shipped) {
		const { policies, diagnostics } = await loadPolicies([policiesDir]);
		if (diagnostics.length > 0) throw new Error(diagnostics[0]?.message);
		shipped = compileAll(policies);
	}
	const compile = (text: string): Condition => {
		const { condition, errors } = compileCondition(text, "account");
		if (!condition) throw new Error(errors?.[0]?.message);
		return condition;
	};
	return { store: await openStore("sqlite::memory:"), stack, policies: shipped, policyDigest: "p", compile };
}
