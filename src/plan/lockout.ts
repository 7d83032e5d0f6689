import type { Millis } from "../model/known.js";
import type { SettingRecord } from "../model/objects.js";
import type { Provider } from "../provider/provider.js";
import type { SystemFacts } from "./facts.js";
import { placesOf } from "./networks.js";
import type { PlannedAction } from "./plan.js";
import { isGuarded, rulesAt, type SignInRule } from "./sign-in.js";
import { settingSpec } from "./specs.js";
import { takesAway, type WaysIn, type Witness, witness } from "./witness.js";

export interface LockOutProof {
	system: string;
	needed: number;
	witnesses: Witness[];
	countedOut: { account: string; label: string; why: string }[];
	/** What the proof can't rule out, and what people will be asked for: a sentence each. */
	caveats: string[];
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

/** True when the action could keep an administrator out, so that the plan needs the proof. */
export function lockOutCapable(action: PlannedAction, facts: SystemFacts, provider: Provider): boolean {
	if (takesAway.includes(action.kind)) return !provider.signInElsewhere || facts.accounts.get(action.target.account ?? "")?.topPrivileged !== false;
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
	const ways = waysIn(input);
	const caveats = "why" in ways ? [] : caveatsOf(ways);
	const proof: LockOutProof = { system: facts.system, needed: input.keepAdmins, witnesses: [], countedOut: [], caveats, holds: false };
	for (const account of facts.accounts.values()) {
		if (account.topPrivileged === false || account.enabled === false) continue;
		const label = account.login ?? account.id;
		const found = "why" in ways ? ways : witness(account, ways, input);
		if ("why" in found) proof.countedOut.push({ account: account.id, label, why: found.why });
		else proof.witnesses.push(found);
	}
	proof.holds = proof.witnesses.length >= input.keepAdmins;
	return proof;
}

/** The rules at every door and what stands before them, as the plan would leave them. */
function waysIn({ facts, provider, actions }: LockOutInput): WaysIn | { why: string } {
	if (facts.settingsPartial) return { why: "sign-in rules were not read to the end" };
	const touched = new Set<string>();
	let settings: SettingRecord[] = facts.settings;
	for (const action of actions) {
		const id = action.target.setting;
		const found = id === undefined ? null : settingSpec(provider.settings, id);
		if (action.kind !== "update-setting" || found?.spec.lockOutCapable === false) continue;
		const live = settings.find((record) => record.id === id);
		const after = live ? (found?.spec.predict?.(live, action.target.values ?? {}) ?? null) : null;
		if (!after) return { why: `the plan changes ${live?.name ?? id}, and what that asks of a sign-in can't be said` };
		touched.add(after.id);
		const others = found?.spec.arrange ? found.spec.arrange(after, settings) : settings;
		if (!others) return { why: `the plan changes ${after.name}, and what that asks of a sign-in can't be said` };
		settings = others.map((record) => (record.id === id ? after : record));
	}
	const doors: SignInRule[][] = [];
	for (const app of provider.admission ? [] : [null, ...(provider.adminApps ?? [])]) {
		const rules = rulesAt(settings, app);
		if (rules === null) return { why: "the order of the sign-in rules can't be said" };
		// Without rules of its own, an app is behind the session's.
		if (app === null || isGuarded(settings, app)) doors.push(rules);
	}
	const admitted = provider.admission?.(settings);
	if (!provider.surroundings) return { doors, places: [{ network: null }], view: null, ...(admitted && { admitted }) };
	const view = { before: provider.surroundings(facts.settings), after: provider.surroundings(settings), touched };
	return view.after.unknown === null ? { doors, places: placesOf(view), view, ...(admitted && { admitted }) } : { why: view.after.unknown };
}

/** What the vendor can't rule out, and the authenticators that people are asked for from now on. */
function caveatsOf({ view }: WaysIn): string[] {
	if (!view) return [];
	const asked = view.after.enrolments.flatMap(({ record, asks }) => {
		const before = view.before.enrolments.find((one) => one.record.id === record.id)?.asks.map(({ name }) => name) ?? [];
		const more = asks.map(({ name }) => name).filter((name) => !before.includes(name));
		return more.length === 0 ? [] : [`whoever policy ${record.name} is for is asked to set up ${more.join(", ")} at the next sign-in`];
	});
	return [...view.after.caveats, ...asked];
}
