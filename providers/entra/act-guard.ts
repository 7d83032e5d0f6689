import type { ActionSpec, ActionTarget } from "../../src/provider/action.js";
import type { EntraConnection } from "./connection.js";

export type EntraAction = ActionSpec<EntraConnection>;

/** A change that was not made, or a look that can't be trusted. One sentence, without secrets. */
export class ActionError extends Error {
	override readonly name = "ActionError";
	/** Nothing was changed at the vendor. */
	readonly ambiguous = false;
}

/** Holds every action to two rules: only the writing credential performs, and nothing is done to Keelson's own app. */
export function guarded(spec: EntraAction): EntraAction {
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
export function assertWriting({ config }: EntraConnection): void {
	if (config.purpose !== "act") throw new ActionError(`systems.${config.system}.auth only reads: changes need the credential under act`);
}

async function ownTarget(connection: EntraConnection, { account, app, credential, assignment }: ActionTarget): Promise<string | null> {
	const { clients, credentials } = await connection.self();
	const named = [account, app].find((id) => id !== undefined && clients.includes(id));
	if (named !== undefined) return `${named} is the app that Keelson itself signs in as: it is never changed here`;
	const parts = (credential ?? "").split("/");
	if (credential !== undefined && (credentials.includes(credential) || parts.some((part) => clients.includes(part))))
		return "the credential belongs to the app that Keelson itself signs in as: it is never revoked here";
	return assignment?.split(/[/:]/).some((part) => clients.includes(part)) ? "the role is that of Keelson's own app" : null;
}

/** The part of a target that an action can't do without. @throws ActionError naming it */
export function needed<K extends keyof ActionTarget>(target: ActionTarget, key: K): NonNullable<ActionTarget[K]> {
	const value = target[key];
	if (value === undefined || value === null || value === "") throw new ActionError(`the action names no ${key}`);
	return value;
}
