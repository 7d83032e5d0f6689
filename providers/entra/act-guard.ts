import type { ActionKind, ActionSpec, ActionTarget } from "../../src/provider/action.js";
import type { EntraConnection } from "./connection.js";
import { whole } from "./read.js";
import { at, word } from "./schema.js";

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
			const own = await ownTarget(connection, spec.kind, target);
			const seen = await spec.inspect(connection, target, interrupted);
			return own === null ? seen : { ...seen, refused: own };
		},
		async perform(connection, target, before) {
			assertWriting(connection);
			const own = await ownTarget(connection, spec.kind, target);
			if (own !== null) throw new ActionError(own);
			return spec.perform(connection, target, before);
		},
	};
}

/** @throws ActionError for a connection made with the reading credential */
export function assertWriting({ config }: EntraConnection): void {
	if (config.purpose !== "act") throw new ActionError(`systems.${config.system}.auth only reads: changes need the credential under act`);
}

async function ownTarget(connection: EntraConnection, kind: ActionKind, target: ActionTarget): Promise<string | null> {
	const { account, app, credential, assignment, group } = target;
	const { clients, credentials } = await connection.self();
	if (kind === "remove-role" && group !== undefined && (await isIn(connection, group)))
		return `Keelson's own app is in the group ${group}: its roles are never taken away here`;
	const named = [account, app].find((id) => id !== undefined && clients.includes(id));
	if (named !== undefined) return `${named} is the app that Keelson itself signs in as: it is never changed here`;
	const parts = (credential ?? "").split("/");
	if (credential !== undefined && (credentials.includes(credential) || parts.some((part) => clients.includes(part))))
		return "the credential belongs to the app that Keelson itself signs in as: it is never revoked here";
	return assignment?.split(/[/:]/).some((part) => clients.includes(part)) ? "the role is that of Keelson's own app" : null;
}

/** Keelson's service principal is in this group, or in one inside it. @throws HttpError, ActionError when that can't be read */
async function isIn(connection: EntraConnection, group: string): Promise<boolean> {
	const { principal } = await connection.self();
	if (principal === null) return false;
	const request = { method: "GET" as const, path: "/v1.0/servicePrincipals/{id}/transitiveMemberOf", params: { id: principal }, query: { $select: "id" } };
	const { items, end } = await whole(connection, request, connection.config.signal);
	if (end.error) throw end.error;
	if (!end.closed) throw new ActionError("the groups of Keelson's own app could not be read to the end");
	return items.some((item) => word(at(item, "id")) === group);
}

/** The part of a target that an action can't do without. @throws ActionError naming it */
export function needed<K extends keyof ActionTarget>(target: ActionTarget, key: K): NonNullable<ActionTarget[K]> {
	const value = target[key];
	if (value === undefined || value === null || value === "") throw new ActionError(`the action names no ${key}`);
	return value;
}
