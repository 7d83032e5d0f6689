import { storedGroup, storedRole, storedSetting } from "../assess/managed-live.js";
import { indexRoles } from "../assess/roles.js";
import { DriftError, membershipDrift, settingDrift, vendorsEnds } from "../drift/drift.js";
import type { LiveMembership } from "../drift/live.js";
import { type Mend, mendMembership, mendSetting } from "../drift/mend.js";
import { actionId, plainJson } from "../plan/digest.js";
import type { SystemFacts } from "../plan/facts.js";
import { settingSpec } from "../plan/specs.js";
import type { Provider } from "../provider/provider.js";
import type { DesiredMembership, Stack } from "../stack/stack.js";
import type { Store } from "../store/store.js";

interface DeclaredInput {
	stack: Stack;
	store: Store;
	providers: Record<string, Provider>;
	now: number;
}

/**
 * Ids of the actions that the stack file's declarations ask for now, by the scan that the facts are from. An object that was not read whole
 * asks for nothing.
 */
export async function askedFor(input: DeclaredInput, { system, snapshot }: SystemFacts): Promise<Set<string>> {
	const { stack, store, providers, now } = input;
	const changes: Mend[] = [];
	const stored = await storedSetting(snapshot);
	for (const [key, desired] of Object.entries(stack.settings)) {
		const spec = desired.system === system ? settingSpec(providers[system]?.settings ?? [], desired.setting)?.spec : undefined;
		const live = spec && stored(desired.setting, spec.kind, spec);
		if (live) changes.push(...mendSetting(settingDrift(key, desired, live.setting), desired, live.setting).changes);
	}
	const declared = Object.entries(stack.memberships).filter(([, desired]) => desired.system === system);
	const roles = declared.length > 0 ? await indexRoles(snapshot) : null;
	for (const [key, desired] of declared) {
		if (!roles) break;
		const { membership, whole } =
			desired.kind === "group" ? await storedGroup(store, snapshot, roles, desired.target) : await storedRole(store, snapshot, desired.target);
		if (!membership || !whole) continue;
		try {
			const drift = membershipDrift(key, desired, membership, now);
			changes.push(...mendMembership(drift, desired, membership).changes, ...timed(desired, membership, now));
		} catch (error) {
			if (!(error instanceof DriftError)) throw error;
		}
	}
	return new Set(changes.map(({ kind, target }) => actionId(system, kind, plainJson(target))));
}

/** Scans do not know when a vendor ends a membership: what the declaration says of its end is asked for, and no call is made where it holds. */
function timed(desired: DesiredMembership, membership: LiveMembership, now: number): Mend[] {
	if (desired.mode === "observe" || !membership.exists) return [];
	const ends = vendorsEnds(desired, now).map(({ id, until }) => ({ id, desired: until, live: null }));
	const drift = { ...membershipDrift("", { ...desired, name: null }, membership, now), missing: [], extra: [], ends };
	return mendMembership(drift, desired, membership).changes;
}
