import type { AccountRecord } from "../../src/model/account.js";
import type { RequestRef } from "../../src/model/snapshot.js";
import { ActionError } from "../../src/provider/action-error.js";
import { at, word } from "../../src/provider/decode.js";
import { HttpError } from "../../src/provider/http-error.js";
import type { IdentityConnection } from "./connection.js";
import { type Filters, pages } from "./paging.js";
import { filtersOf } from "./read-accounts.js";
import { decodeIdentity } from "./schema-identity.js";

/** An identity as the API has it now. */
export interface Live {
	account: AccountRecord;
	request: RequestRef;
}

/**
 * Reads one identity: by its own address where the API serves one, which the contract does not promise; else out of the list.
 * Null only where a list that was read to its end lacks it. `like`: what it was before, to shorten the list.
 * @throws HttpError, ActionError
 */
export async function liveIdentity(connection: IdentityConnection, id: string, like?: Filters): Promise<Live | null> {
	const { signal } = connection.config;
	if (connection.byId !== false) {
		try {
			const { body, request } = await connection.client.send({ method: "GET", path: "/v1/identity/{id}", params: { id }, ...(signal && { signal }) });
			const raw = at(body, "data") ?? body;
			if (word(at(raw, "id")) === id) {
				connection.byId = true;
				return decoded(connection, raw, request);
			}
		} catch (error) {
			if (!(error instanceof HttpError) || ![400, 404, 405, 501].includes(error.status)) throw error;
		}
	}
	const found = (like && (await inList(connection, id, like, false))) ?? (await inList(connection, id, {}, true));
	// There, and not by its own address: so that address is not served.
	if (found && connection.byId === undefined) connection.byId = false;
	return found;
}

async function inList(connection: IdentityConnection, id: string, like: Filters, mustEnd: boolean): Promise<Live | null> {
	for await (const { items, twice, request, end } of pages(connection, { ...like, ...filtersOf(connection) }, connection.config.signal)) {
		if (twice.includes(id)) throw new ActionError(`the list holds ${id} twice and says two things of it`);
		const item = items.find((one) => word(at(one, "id")) === id);
		if (item !== undefined) return decoded(connection, item, request);
		if (end?.error && mustEnd) throw end.error;
		if (end && !end.closed && mustEnd) throw new ActionError(`${id} was not met, and the list was not read to its end: ${end.reasons[0]?.detail}`);
	}
	return null;
}

function decoded({ client }: IdentityConnection, raw: unknown, request: RequestRef): Live {
	const found = decodeIdentity(raw, request.at + (client.clockSkew() ?? 0));
	if ("bad" in found) throw new ActionError(`${request.call}: ${found.bad}`);
	return { account: found.ok, request };
}
