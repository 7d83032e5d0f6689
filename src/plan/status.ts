import type { Provider } from "../provider/provider.js";
import type { ActionContext, Asked } from "./one-action.js";
import type { PlannedAction } from "./plan.js";
import { actionSpecs } from "./specs.js";

/** Why the vendor is sure to refuse an action, as the account was in the scan; null = nothing is known against it. */
export function refusedByStatus({ kind, target }: Omit<Asked, "system">, { provider, facts }: Pick<ActionContext, "provider" | "facts">): string | null {
	const status = target.account === undefined ? undefined : facts.accounts.get(target.account)?.status;
	return status === undefined ? null : (specOf(provider, kind)?.refusesStatus?.(status) ?? null);
}

/** Actions, in their order, that would leave an account so that a later one of the same plan is sure to be refused: id → why. */
export function inTheWay(actions: readonly PlannedAction[], providers: Record<string, Provider>): Map<string, string> {
	const found = new Map<string, string>();
	for (const [index, earlier] of actions.entries()) {
		const provider = providers[earlier.system];
		const words = provider && specOf(provider, earlier.kind)?.leadsTo;
		if (!provider || !words || words.length === 0) continue;
		const hindered = actions
			.slice(index + 1)
			.find(
				(later) =>
					later.system === earlier.system &&
					later.target.account === earlier.target.account &&
					words.every((word) => (specOf(provider, later.kind)?.refusesStatus?.(word) ?? null) !== null),
			);
		if (hindered) found.set(earlier.id, `${provider.title} would then refuse what is planned too: ${hindered.label}`);
	}
	return found;
}

function specOf(provider: Provider, kind: PlannedAction["kind"]) {
	return actionSpecs(provider).find((spec) => spec.kind === kind);
}
