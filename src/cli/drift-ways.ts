import type { Drift, LiveState } from "../drift/drift.js";
import { driftDigest } from "../drift/drift.js";
import { type Mend, type Mending, mendMembership, mendSetting } from "../drift/mend.js";
import type { Plan } from "../plan/plan.js";
import type { WaysOut } from "../report/markdown-drift.js";
import type { Stack } from "../stack/stack.js";
import { adoptionOf } from "./adopt-edit.js";

/** What restores a drift, and what of it no plan can. */
export function mendingOf(drift: Drift, stack: Stack, live: LiveState): Mending {
	const [membership, members] = [stack.memberships[drift.key], live.memberships.get(drift.key)];
	if (membership && members) return mendMembership(drift, membership, members);
	const [setting, values] = [stack.settings[drift.key], live.settings.get(drift.key)];
	return setting && values ? mendSetting(drift, setting, values) : { changes: [], notHere: [] };
}

/** Both ways out of each drift. `login`: a member's, by id. */
export async function waysOutOf(
	found: Drift[],
	stack: Stack,
	live: LiveState,
	logins: (system: string) => ReadonlyMap<string, string>,
	now: number,
): Promise<WaysOut[]> {
	const ways: WaysOut[] = [];
	for (const drift of found) {
		const known = logins(drift.system);
		const name = (id: string | undefined) => (id === undefined ? "" : (known.get(id) ?? drift.outside[id] ?? id));
		const adoption = await adoptionOf(stack, drift, live, known, now);
		const { changes, notHere } = mendingOf(drift, stack, live);
		ways.push({
			key: drift.key,
			adopt: "why" in adoption ? adoption : { command: `keelson drift --adopt ${drift.key}`, lines: adoption.lines },
			revert: changes.map((change) => changeWords(change, drift, name)),
			notHere: drift.mode === "observe" ? ["its mode is observe, in which Keelson changes nothing"] : notHere.map(({ id, why }) => `${name(id)}: ${why}`),
		});
	}
	return ways;
}

function changeWords({ kind, target, note }: Mend, drift: Drift, name: (id: string | undefined) => string): string {
	const what = target.account === undefined ? drift.changed.map(({ path }) => path).join(", ") : name(target.account);
	return `${kind} ${what}${note === undefined ? "" : ` ${note}`}`;
}

/** What a plan does not mend, as the plan says it. */
export function leftOut(found: Drift[], stack: Stack, live: LiveState): Plan["notPlanned"] {
	return found.flatMap((drift) => {
		const { notHere } = mendingOf(drift, stack, live);
		const whys = drift.mode === "observe" ? [{ id: drift.key, why: "its mode is observe, in which Keelson changes nothing" }] : notHere;
		return whys.map(({ id, why }) => ({
			finding: driftDigest(drift),
			policy: "drift",
			label: `${drift.name ?? drift.key} ${id === drift.key ? "" : id}`.trim(),
			why,
		}));
	});
}
