import type { EntraConnection } from "./connection.js";
import { whole } from "./read.js";
import { at, word } from "./schema.js";

/** Who Keelson is to this tenant. */
export interface EntraSelf {
	accounts: string[];
	/** Ids of credential records of the own app; any id that begins like one is its own too. */
	credentials: string[];
	/** Client id, service principal id and application object id of the app in use. */
	clients: string[];
	/** Its service principal in this tenant; null where there is none. */
	principal: string | null;
}

/** @throws HttpError when the own service principal can't be looked up */
export async function ownIdentity(connection: EntraConnection): Promise<EntraSelf> {
	const { clientId } = connection.http;
	const clients = [clientId];
	const credentials: string[] = [];
	let principal: string | null = null;
	for (const kind of ["servicePrincipals", "applications"] as const) {
		const query = { $filter: `appId eq '${clientId.replaceAll("'", "''")}'`, $select: "id,appId,passwordCredentials,keyCredentials" };
		const { items, end } = await whole(connection, { method: "GET", path: `/v1.0/${kind}`, query }, connection.config.signal);
		// The registration may stand in another tenant, and then there is none here; a refusal of the look-up is something else.
		if (end.error) throw end.error;
		for (const item of items) {
			const id = word(at(item, "id"));
			if (id === undefined || word(at(item, "appId"))?.toLowerCase() !== clientId.toLowerCase()) continue;
			clients.push(id);
			if (kind === "servicePrincipals") principal = id;
			for (const list of ["passwordCredentials", "keyCredentials"]) {
				const held = at(item, list);
				for (const one of Array.isArray(held) ? held : []) credentials.push(`${kind}/${id}/${list}/${String(at(one, "keyId"))}`);
			}
		}
	}
	return { accounts: [], credentials, clients, principal };
}
