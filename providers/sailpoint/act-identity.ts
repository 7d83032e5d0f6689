import type { RequestRef } from "../../src/model/snapshot.js";
import type { Inspection } from "../../src/provider/action.js";
import { ActionError } from "./act-guard.js";
import { identities } from "./address.js";
import type { SailPointConnection } from "./connection.js";
import { isGone, one } from "./read.js";
import { at, date, type Json, object, word } from "./schema.js";

/** An identity as the vendor has it now, read by id. */
export interface LiveIdentity {
	id: string;
	/** The vendor's word; undefined = not said. */
	status: string | undefined;
	email: string | null | undefined;
	lastRefresh: number | null | undefined;
	/** Of the lifecycle state; null = none. */
	lifecycle: string | null | undefined;
	request: RequestRef;
}

/** Reads one identity by its id; null where there is none. @throws HttpError, and ActionError when another one is answered */
export async function liveIdentity(connection: SailPointConnection, id: string): Promise<LiveIdentity | null> {
	const answer = await one(connection, { path: identities(connection, "/{id}"), params: { id } }, connection.config.signal);
	if ("error" in answer) {
		if (isGone(answer.error)) return null;
		throw answer.error;
	}
	const raw: Json = object(answer.body) ?? {};
	if (raw.id !== id) throw new ActionError(`SailPoint answers to ${id} with another object: an action must name the identity's id`);
	const email = raw.emailAddress;
	return {
		id,
		status: word(raw.identityStatus),
		email: email === null || typeof email === "string" ? email : undefined,
		lastRefresh: date(raw.lastRefresh),
		lifecycle: raw.lifecycleState === null ? null : word(at(raw.lifecycleState, "stateName")),
		request: answer.request,
	};
}

/** What every inspection of an identity says of it. */
export function identityFacts({ status, lifecycle }: LiveIdentity): Record<string, unknown> {
	return { ...(status !== undefined && { status }), ...(lifecycle !== undefined && { lifecycleState: lifecycle }) };
}

/** The identity is not there: nothing can be done to it. */
export const absent: Inspection = { exists: false, done: false, refused: "SailPoint has no such identity", facts: {}, request: null };

/** Marks operations that the vendor calls experimental: without it they answer 400 (developer.sailpoint.com#866). */
export const experimental = { "x-sailpoint-experimental": "true" };
