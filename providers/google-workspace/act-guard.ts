import type { ActionSpec, ActionTarget } from "../../src/provider/action.js";
import { ActionError } from "../../src/provider/action-error.js";
import type { GoogleConnection } from "./connection.js";
import { credentialName } from "./schema-credential.js";

export type GoogleAction = ActionSpec<GoogleConnection>;

/** Holds every action to two rules: only the writing credential performs, and nothing is done to Keelson's own identity. */
export function guarded(spec: GoogleAction): GoogleAction {
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
export function assertWriting({ config }: GoogleConnection): void {
	if (config.purpose !== "act") throw new ActionError(`systems.${config.system}.auth only reads: changes need the credential under act`);
}

async function ownTarget(connection: GoogleConnection, { account, credential }: ActionTarget): Promise<string | null> {
	const { accounts, clients } = await connection.self();
	const owner = credential === undefined ? null : credentialName(credential)?.user;
	if ((account && accounts.includes(account)) || (owner && accounts.includes(owner)))
		return `${accounts[0]} is the administrator that Keelson itself acts as: it is never changed here`;
	if (account && clients.includes(account)) return `${account} is the service account that Keelson itself signs in with: it is never changed here`;
	return null;
}
