import type { ActionTarget } from "./action.js";

/** A change that was not made, or a look that can't be trusted. One sentence, without secrets. */
export class ActionError extends Error {
	override readonly name = "ActionError";
	/** False: nothing was changed at the vendor. */
	readonly ambiguous: boolean;

	constructor(message: string, ambiguous = false) {
		super(message);
		this.ambiguous = ambiguous;
	}
}

/** The part of a target that an action can't do without. @throws ActionError naming it */
export function needed<K extends keyof ActionTarget>(target: ActionTarget, key: K): NonNullable<ActionTarget[K]> {
	const value = target[key];
	if (value === undefined || value === null || value === "") throw new ActionError(`the action names no ${key}`);
	return value;
}
