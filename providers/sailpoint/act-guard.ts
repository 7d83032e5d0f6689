import type { ActionSpec, ActionTarget } from "../../src/provider/action.js";
import type { SailPointConnection } from "./connection.js";

export type SailPointAction = ActionSpec<SailPointConnection>;

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

/** Holds every action to two rules: only the writing credential performs, and nothing is done to Keelson's own identity. */
export function guarded(spec: SailPointAction): SailPointAction {
	return {
		...spec,
		async inspect(connection, target, interrupted) {
			const own = await ownTarget(connection, target);
			const seen = await spec.inspect(connection, target, interrupted);
			return own === null ? seen : { ...seen, refused: own };
		},
		async perform(connection, target, before) {
			const { config } = connection;
			if (config.purpose !== "act") throw new ActionError(`systems.${config.system}.auth only reads: changes need the credential under act`);
			const own = await ownTarget(connection, target);
			if (own !== null) throw new ActionError(own);
			return spec.perform(connection, target, before);
		},
	};
}

async function ownTarget(connection: SailPointConnection, { account }: ActionTarget): Promise<string | null> {
	const { accounts } = await connection.self();
	return account !== undefined && accounts.includes(account) ? `${account} is the identity whose token Keelson itself uses: it is never changed here` : null;
}

/** The part of a target that an action can't do without. @throws ActionError naming it */
export function needed<K extends keyof ActionTarget>(target: ActionTarget, key: K): NonNullable<ActionTarget[K]> {
	const value = target[key];
	if (value === undefined || value === null || value === "") throw new ActionError(`the action names no ${key}`);
	return value;
}
