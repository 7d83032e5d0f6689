import type { Account, Authenticator, RoleHeld } from "../model/account.js";
import type { Millis } from "../model/known.js";
import type { SettingRecord } from "../model/objects.js";
import { day } from "../model/time.js";
import type { Provider } from "../provider/provider.js";
import type { SystemFacts } from "./facts.js";
import type { PlannedAction } from "./plan.js";
import { admission, rulesAt, type SignInRule } from "./sign-in.js";
import { settingSpec } from "./specs.js";

/** Why one administrator provably still gets in. */
export interface Witness {
	account: string;
	label: string;
	breakGlass: boolean;
	/** The top role, and the group it comes through. */
	role: string;
	authenticator: string;
	/** The rules that admit it, one for every door: the session, then the administrators' console. */
	rules: string[];
}

export interface LockOutProof {
	system: string;
	needed: number;
	witnesses: Witness[];
	countedOut: { account: string; label: string; why: string }[];
	/** Administrators enough get in. */
	holds: boolean;
}

export interface LockOutInput {
	facts: SystemFacts;
	provider: Provider;
	/** Every action still to be made in this system. */
	actions: PlannedAction[];
	keepAdmins: number;
	now: Millis;
}

/** Whoever is the target of one of these is not counted on afterwards. */
const takesAway: PlannedAction["kind"][] = ["suspend-account", "deactivate-account", "reset-authenticators", "expire-password", "add-group-member"];

/** A role that ends within this time is not counted on. */
const lasting = day;

/** True when the action could keep an administrator out, so that the plan needs the proof. */
export function lockOutCapable(action: PlannedAction, facts: SystemFacts, provider: Provider): boolean {
	if (takesAway.includes(action.kind)) return true;
	if (action.kind === "update-setting") return settingSpec(provider.settings, action.target.setting ?? "")?.spec.lockOutCapable ?? true;
	if (action.kind !== "remove-role" && action.kind !== "remove-group-member") return false;
	// Nobody who is known to hold no top role can lose the last one.
	return facts.accounts.get(action.target.account ?? "")?.topPrivileged !== false;
}

/**
 * Shows from one snapshot which administrators still get in when every action holds, relying on nothing that the actions change.
 * An unknown anywhere means: not counted on. Null: no action can lock anybody out.
 */
export function proveLockOut(input: LockOutInput): LockOutProof | null {
	const { facts, provider, actions } = input;
	if (!actions.some((action) => lockOutCapable(action, facts, provider))) return null;
	const doors = openDoors(input);
	const proof: LockOutProof = { system: facts.system, needed: input.keepAdmins, witnesses: [], countedOut: [], holds: false };
	for (const account of facts.accounts.values()) {
		if (account.topPrivileged === false || account.enabled === false) continue;
		const label = account.login ?? account.id;
		const found = "why" in doors ? doors : witness(account, doors.doors, input);
		if ("why" in found) proof.countedOut.push({ account: account.id, label, why: found.why });
		else proof.witnesses.push(found);
	}
	proof.holds = proof.witnesses.length >= input.keepAdmins;
	return proof;
}

function witness(account: Account, doors: SignInRule[][], { actions, now, provider }: LockOutInput): Witness | { why: string } {
	const own = actions.filter((action) => action.target.account === account.id);
	const taken = own.find(({ kind }) => takesAway.includes(kind));
	if (taken) return { why: `the plan changes it (${taken.kind})` };
	if (account.enabled !== true) return { why: "it can't be said whether it can sign in" };
	if (provider.readyStatuses && !provider.readyStatuses.includes(account.status ?? ""))
		return { why: `its status is ${account.status}: it does not get in as it is` };
	if (!account.breakGlass && account.kind !== "human" && account.kind !== "shared")
		return { why: account.kind === "unknown" ? "it can't be said that a person stands behind it" : `it is a ${account.kind} account` };
	if (account.credentialProvider === undefined) return { why: "it can't be said where it proves who it is" };
	if (account.credentialProvider === "federated" || account.credentialProvider === "social" || account.credentialProvider === "unknown")
		return { why: "it signs in at another identity provider, which is not seen here" };
	const role = lastingRole(account, actions, now);
	if (!role) return { why: lastingRole(account, [], now) ? "the plan takes its top role" : "no top role of it is surely active and lasting" };
	if (account.authenticators === undefined) return { why: "its authenticators are not known" };
	const factors = account.authenticators.filter((factor) => !factor.recoveryOnly && factor.strength !== "unknown");
	const [factor] = [...factors].sort(strongestFirst);
	if (!factor) return { why: "it has no authenticator beyond recovery" };
	const left = own.flatMap((action) => (action.kind === "remove-group-member" ? (action.target.group ?? []) : []));
	const groups = account.groups?.filter(({ id }) => !left.includes(id));
	const after: Account = { ...account, ...(groups && { groups: account.groups?.partial ? Object.assign(groups, { partial: true as const }) : groups }) };
	const rules: string[] = [];
	for (const door of doors) {
		const admitted = admission(door, after, factors);
		if ("why" in admitted) return admitted;
		rules.push(`${admitted.rule.record.name} (policy ${admitted.rule.policy})`);
	}
	const path = role.via === "group" ? `${role.label} through group ${account.groups?.find(({ id }) => id === role.path[0])?.name ?? role.path[0]}` : role.label;
	return { account: account.id, label: account.login ?? account.id, breakGlass: account.breakGlass, role: path, authenticator: factor.type, rules };
}

function lastingRole(account: Account, actions: PlannedAction[], now: Millis): RoleHeld | undefined {
	return account.roles?.find(
		(role) =>
			role.level === "top" &&
			role.scope == null &&
			role.assignment === "active" &&
			(role.ends == null || role.ends > now + lasting) &&
			!actions.some((action) => takesRole(action, account, role)),
	);
}

/** The action takes this role from its holder, or the membership through which an account holds it. */
function takesRole({ kind, target }: PlannedAction, account: Account, role: RoleHeld): boolean {
	const holder = role.via === "direct" ? target.account === account.id && target.group === undefined : role.path.includes(target.group ?? "");
	if (kind === "remove-group-member") return role.via === "group" && holder && target.account === account.id;
	if (kind !== "remove-role" || !holder) return false;
	// An assignment that is named in no other way may be any of the holder's.
	return (target.assignment ?? role.assignmentId) === role.assignmentId || target.role === role.role;
}

/** The rules at every door, as the plan would leave them. */
function openDoors({ facts, provider, actions }: LockOutInput): { doors: SignInRule[][] } | { why: string } {
	if (facts.settingsPartial) return { why: "sign-in rules were not read to the end" };
	let settings: SettingRecord[] = facts.settings;
	for (const action of actions) {
		const id = action.target.setting;
		const found = id === undefined ? null : settingSpec(provider.settings, id);
		if (action.kind !== "update-setting" || found?.spec.lockOutCapable === false) continue;
		const live = settings.find((record) => record.id === id);
		const after = live ? (found?.spec.predict?.(live, action.target.values ?? {}) ?? null) : null;
		if (!after) return { why: `the plan changes ${live?.name ?? id}, and what that asks of a sign-in can't be said` };
		settings = settings.map((record) => (record.id === id ? after : record));
	}
	const doors: SignInRule[][] = [];
	for (const app of [null, ...(provider.adminApps ?? [])]) {
		const rules = rulesAt(settings, app);
		if (rules === null) return { why: "the order of the sign-in rules can't be said" };
		// Without rules of its own, an app is behind the session's.
		if (app === null || rules.length > 0) doors.push(rules);
	}
	return { doors };
}

function strongestFirst(a: Authenticator, b: Authenticator): number {
	const rank = ["phishing-resistant", "strong", "weak", "unknown"];
	return rank.indexOf(a.strength) - rank.indexOf(b.strength);
}
