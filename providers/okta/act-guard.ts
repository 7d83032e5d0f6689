import type { ActionSpec, ActionTarget } from "../../src/provider/action.js";
import type { OktaConnection } from "./connection.js";

export type OktaAction = ActionSpec<OktaConnection>;

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
export function guarded(spec: OktaAction): OktaAction {
	return {
		...spec,
		async inspect(connection, target, interrupted) {
			const own = await ownTarget(connection, target);
			const seen = await spec.inspect(connection, target, interrupted);
			return own === null ? seen : { ...seen, refused: own };
		},
		async perform(connection, target, before) {
			assertWriting(connection);
			const own = await ownTarget(connection, target);
			if (own !== null) throw new ActionError(own);
			return spec.perform(connection, target, before);
		},
	};
}

/** @throws ActionError for a connection made with the reading credential */
export function assertWriting({ config }: OktaConnection): void {
	if (config.purpose !== "act") throw new ActionError(`systems.${config.system}.auth only reads: changes need the credential under act`);
}

async function ownTarget(connection: OktaConnection, { account, credential }: ActionTarget): Promise<string | null> {
	const { accounts, clients, credentials } = await connection.self();
	if (account !== undefined && clients.includes(account)) return `${account} is the app that Keelson itself signs in as: it is never changed here`;
	if (account !== undefined && accounts.includes(account)) return `${account} owns the API token that Keelson itself uses: it is never changed here`;
	if (credential !== undefined && credentials.includes(credential))
		return `${credential} may be the API token that Keelson itself uses: it is never revoked here`;
	return null;
}

/** The part of a target that an action can't do without. @throws ActionError naming it */
export function needed<K extends keyof ActionTarget>(target: ActionTarget, key: K): NonNullable<ActionTarget[K]> {
	const value = target[key];
	if (value === undefined || value === null || value === "") throw new ActionError(`the action names no ${key}`);
	return value;
}
