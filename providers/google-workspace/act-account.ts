import type { RequestRef } from "../../src/model/snapshot.js";
import type { Inspection } from "../../src/provider/action.js";
import { ActionError } from "../../src/provider/action-error.js";
import { at, flag, word } from "../../src/provider/decode.js";
import type { HttpAnswer } from "../../src/provider/http.js";
import { HttpError } from "../../src/provider/http-error.js";
import { type Look, readBack } from "../../src/provider/read-back.js";
import type { GoogleConnection } from "./connection.js";
import { isGone, one } from "./read.js";
import { decodeUser, userFields } from "./schema-account.js";

/** An account as Google has it now, read by id. */
export interface LiveAccount {
	id: string;
	status: string | undefined;
	/** Why it is suspended, Google's own word. */
	reason: string | undefined;
	enrolled: boolean | undefined;
	enforced: boolean | undefined;
	mustChangePassword: boolean | undefined;
	orgUnitPath: string | undefined;
	isAdmin: boolean | undefined;
	request: RequestRef;
}

/** @throws HttpError, and ActionError when the id is a login or an alias: ids only */
export async function liveAccount(connection: GoogleConnection, id: string): Promise<LiveAccount | null> {
	const request = {
		method: "GET" as const,
		path: "/admin/directory/v1/users/{userKey}",
		params: { userKey: id },
		query: { projection: "full", fields: userFields },
	};
	const answer = await one(connection, request, connection.config.signal);
	if ("error" in answer) {
		if (isGone(answer.error)) return null;
		throw answer.error;
	}
	const { body } = answer;
	if (at(body, "id") !== id) throw new ActionError(`Google answers to ${id} with the account ${String(at(body, "id"))}: an action must name the account's id`);
	const decoded = decodeUser(body, word(at(body, "deletionTime")) !== undefined);
	return {
		id,
		status: "ok" in decoded ? decoded.ok.status : undefined,
		reason: word(at(body, "suspensionReason")),
		enrolled: flag(at(body, "isEnrolledIn2Sv")),
		enforced: flag(at(body, "isEnforcedIn2Sv")),
		mustChangePassword: flag(at(body, "changePasswordAtNextLogin")),
		orgUnitPath: word(at(body, "orgUnitPath")),
		isAdmin: flag(at(body, "isAdmin")),
		request: answer.request,
	};
}

export function accountFacts({ status }: LiveAccount): Record<string, unknown> {
	return status === undefined ? {} : { status };
}

/** The account is not there: nothing can be done to it. */
export const absent: Inspection = { exists: false, done: false, refused: "Google has no such account", facts: {}, request: null };

/** What Google answers when the target is not in the state that the call starts from: gone, there already, not possible as it is. */
const wrongState = new Set([400, 404, 409, 412]);

/**
 * Sends a change. Where Google refuses because of the target's state, the change may hold already, by a repeat or another hand: then it is no failure.
 * @throws HttpError as the client does; one that is ambiguous is left to the caller's read-back
 */
export async function sendOnce(connection: GoogleConnection, send: () => Promise<HttpAnswer>, look: () => Promise<Look>): Promise<RequestRef> {
	try {
		return (await send()).request;
	} catch (error) {
		if (!(error instanceof HttpError) || !wrongState.has(error.status)) throw error;
		const { holds } = await readBack(connection.config, look, 5_000);
		if (holds) return error.request;
		throw error;
	}
}
