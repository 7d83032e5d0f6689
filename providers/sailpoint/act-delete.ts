import type { RequestRef } from "../../src/model/snapshot.js";
import { cleanText, HttpError } from "../../src/provider/http-error.js";
import { ActionError, needed, type SailPointAction } from "./act-guard.js";
import { identityFacts, liveIdentity } from "./act-identity.js";
import { type Look, readBack } from "./act-read-back.js";
import { identities } from "./address.js";
import type { SailPointConnection } from "./connection.js";
import { isGone, one } from "./read.js";
import { at, idOf, object, word } from "./schema.js";

interface Checked {
	/** Why it must not be deleted; null = nothing stands against it. */
	refused: string | null;
	request: RequestRef | null;
}

/** Both of the vendor's own obstacles, read live. @throws HttpError, ActionError when they can't be understood */
async function obstacles(connection: SailPointConnection, id: string): Promise<Checked> {
	const kept = await isProtected(connection, id);
	if (kept) return { refused: "the identity is protected: SailPoint does not let it be deleted", request: null };
	const path = identities(connection, "/{id}/ownership");
	const answer = await one(connection, { path, params: { id } }, connection.config.signal);
	if ("error" in answer) throw answer.error;
	const owned = ownedBy(answer.body);
	if (owned === null) throw new ActionError("what the identity owns can't be understood, and any of it would be in the way");
	if (owned.length === 0) return { refused: null, request: answer.request };
	const names = owned.slice(0, 5).join(", ");
	return {
		refused: `the identity still owns ${owned.length > 5 ? `${owned.length} objects, among them ${names}` : names}: give them to somebody else first`,
		request: answer.request,
	};
}

/** The flag stands in no answer, and can only be asked for. Asked both ways, so that a filter that is passed over isn't believed. */
async function isProtected(connection: SailPointConnection, id: string): Promise<boolean> {
	const ask = async (value: boolean): Promise<boolean> => {
		const query = { filters: `id eq ${JSON.stringify(id)} and protected eq ${value}`, defaultFilter: "NONE", limit: 2 };
		const answer = await one(connection, { path: identities(connection), query }, connection.config.signal);
		if ("error" in answer) throw answer.error;
		if (!Array.isArray(answer.body)) throw new ActionError("SailPoint does not say whether the identity is protected");
		return answer.body.some((item) => idOf(item) === id);
	};
	const [yes, no] = [await ask(true), await ask(false)];
	if (yes === no) throw new ActionError("SailPoint does not say whether the identity is protected");
	return yes;
}

/** Specification, example and live answers differ: a list of kinds or one kind, entities bare or wrapped (api-specs#39). Null = not understood. */
export function ownedBy(body: unknown): string[] | null {
	const details = Array.isArray(body) ? body : at(body, "associationDetails");
	if (details === null) return [];
	const kinds = Array.isArray(details) ? details : object(details) ? [details] : null;
	if (!kinds) return null;
	const owned: string[] = [];
	for (const kind of kinds) {
		const one = object(kind);
		if (!one) return null;
		if (Object.keys(one).length === 0) continue;
		// A kind of ownership without its objects is one of which it isn't said what there is.
		const { entities } = one;
		if (!Array.isArray(entities) || entities.some((entity) => object(entity) === null)) return null;
		for (const entity of entities) {
			const inner = at(entity, "identityEntity") ?? entity;
			owned.push(cleanText(`${word(at(inner, "type")) ?? word(one.associationType) ?? "object"} ${word(at(inner, "name")) ?? idOf(inner) ?? "?"}`));
		}
	}
	return owned;
}

const gone = (connection: SailPointConnection, id: string) => async (): Promise<Look> => {
	const identity = await liveIdentity(connection, id);
	return {
		holds: identity === null,
		detail: identity ? `it is still there, with status ${identity.status}` : "SailPoint has no such identity any more",
		request: identity?.request ?? null,
	};
};

export const deleteIdentity: SailPointAction = {
	kind: "delete-account",
	scopes: ["idn:identity:manage", "idn:identity:read"],
	reversible: false,
	operatorOnly: true,
	effect:
		"The identity is deleted with its history of access; its accounts in sources stay, uncorrelated. One whose account is still in an authoritative source is made again, with another id, when that source is read the next time.",
	async inspect(connection, target) {
		const id = needed(target, "account");
		const identity = await liveIdentity(connection, id);
		if (!identity) return { exists: false, done: true, refused: null, facts: {}, request: null };
		const { refused, request } = await obstacles(connection, id);
		return { exists: true, done: false, refused, facts: identityFacts(identity), request: request ?? identity.request };
	},
	async perform(connection, target) {
		const id = needed(target, "account");
		const nothing: RequestRef = { call: `GET ${identities(connection, "/{id}")}`, requestId: null, at: connection.config.now() };
		if (!(await liveIdentity(connection, id))) return nothing;
		// Once more, right before: somebody may have given it something to own since it was looked at.
		const { refused } = await obstacles(connection, id);
		if (refused !== null) throw new ActionError(refused);
		try {
			return (await connection.http.client.send({ method: "DELETE", path: identities(connection, "/{id}"), params: { id } })).request;
		} catch (error) {
			if (error instanceof HttpError && isGone(error)) return error.request;
			throw error;
		}
	},
	verify: (connection, target) => readBack(connection, gone(connection, needed(target, "account"))),
	inverse: () => null,
};
