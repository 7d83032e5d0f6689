import { loginsOf } from "../drift/logins.js";
import { labelOf } from "../plan/nameless.js";
import type { Plan, PlannedAction } from "../plan/plan.js";
import type { Stack } from "../stack/stack.js";
import type { Store } from "../store/store.js";

/** The actions of a plan file without names, for showing: accounts by the login they have now. What has a label of its own keeps it. */
export async function withLogins<T extends PlannedAction>(actions: readonly T[], { stack, store }: { stack: Stack; store: Store }): Promise<T[]> {
	const bare = actions.filter((action) => action.label === labelOf(action));
	const logins = new Map<string, Map<string, string>>();
	for (const system of new Set(bare.map((action) => action.system))) {
		const ids = bare.flatMap((action) => (action.system === system && action.target.account !== undefined ? [action.target.account] : []));
		logins.set(system, await loginsOf(stack, store, system, [...new Set(ids)]));
	}
	return actions.map((action) => {
		const login = action.label === labelOf(action) ? logins.get(action.system)?.get(action.target.account ?? "") : undefined;
		return login === undefined ? action : { ...action, label: action.label.replace(`/${action.target.account}`, `/${login}`) };
	});
}

/** As `withLogins`, of a whole plan. It is for showing only: its digest is the file's. */
export async function shownPlan(plan: Plan, world: { stack: Stack; store: Store }): Promise<Plan> {
	return { ...plan, actions: await withLogins(plan.actions, world) };
}
