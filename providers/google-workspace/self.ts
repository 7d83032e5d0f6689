import { at, word } from "../../src/provider/decode.js";
import type { GoogleConnection } from "./connection.js";
import { one } from "./read.js";

/** Who Keelson is to this tenant. */
export interface GoogleSelf {
	/** The administrator that is acted as. */
	accounts: string[];
	credentials: string[];
	/** The service account: its unique id where the key file tells it, and its address. */
	clients: string[];
}

/** @throws HttpError when the administrator that is acted as can't be read: then nothing is known to be anybody else */
export async function ownIdentity(connection: GoogleConnection): Promise<GoogleSelf> {
	const { signer } = connection.http;
	const request = { method: "GET" as const, path: "/admin/directory/v1/users/{userKey}", params: { userKey: signer.subject }, query: { fields: "id" } };
	const me = await one(connection, request, connection.config.signal);
	if ("error" in me) throw me.error;
	const id = word(at(me.body, "id"));
	return { accounts: id ? [id] : [], credentials: [], clients: [signer.email, ...(signer.clientId ? [signer.clientId] : [])] };
}
