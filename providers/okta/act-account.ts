import type { RequestRef } from "../../src/model/snapshot.js";
import type { Inspection } from "../../src/provider/action.js";
import type { HttpRequest } from "../../src/provider/http.js";
import { ActionError } from "./act-guard.js";
import { isGone } from "./act-read-back.js";
import type { OktaConnection } from "./connection.js";
import { list, one } from "./read.js";
import { at, text, word } from "./schema.js";

/** An account as Okta has it now, read by id. */
export interface LiveAccount {
	/** The vendor's word; undefined = not said. */
	status: string | undefined;
	/** The status that asynchronous work is leading to; null = none under way; undefined = not readable. */
	transitioning: string | null | undefined;
	/** Where the password lives: `OKTA`, `ACTIVE_DIRECTORY`, `FEDERATION`, … */
	provider: string | undefined;
	request: RequestRef;
}

/**
 * Reads one account by its id; null where Okta has none.
 * @throws HttpError, and ActionError when the id is a login or another name: ids only
 */
export async function liveAccount(connection: OktaConnection, id: string): Promise<LiveAccount | null> {
	const answer = await one(connection, { method: "GET", path: "/api/v1/users/{userId}", params: { userId: id } }, connection.config.signal);
	if ("error" in answer) {
		if (isGone(answer.error)) return null;
		throw answer.error;
	}
	const { body, request } = answer;
	if (at(body, "id") !== id) throw new ActionError(`Okta answers to ${id} with the account ${String(at(body, "id"))}: an action must name the account's id`);
	return {
		status: word(at(body, "status")),
		transitioning: text(at(body, "transitioningToStatus")),
		provider: word(at(body, "credentials", "provider", "type")),
		request,
	};
}

/** What every inspection of an account says of it. */
export function accountFacts(account: LiveAccount): Record<string, unknown> {
	return {
		...(account.status !== undefined && { status: account.status }),
		...(account.transitioning !== undefined && { transitioningToStatus: account.transitioning }),
	};
}

/** The account is not there: nothing can be done to it. */
export const absent: Inspection = { exists: false, done: false, refused: "Okta has no such account", facts: {}, request: null };

/** Why an account can't be changed just now; null = nothing is under way. */
export function underWay({ status, transitioning }: LiveAccount): string | null {
	if (status === undefined || transitioning === undefined) return "Okta does not say what state the account is in";
	return transitioning === null ? null : `Okta is still changing the account from ${status} to ${transitioning}: try again when that has ended`;
}

/**
 * A list of one object's parts, whole; null where Okta has no such object.
 * @throws HttpError, and ActionError when the list does not end: nothing is concluded from a part of it
 */
export async function wholeList(connection: OktaConnection, request: HttpRequest, scope: string): Promise<{ items: unknown[]; request: RequestRef } | null> {
	const items: unknown[] = [];
	for await (const page of list(connection, request, { scope, signal: connection.config.signal })) {
		items.push(...page.items, ...page.quarantined.map(() => null));
		if (page.end?.error && isGone(page.end.error)) return null;
		if (page.end?.error) throw page.end.error;
		if (page.end?.closed) return { items, request: page.request };
	}
	throw new ActionError(`${request.method} ${request.path}: the list could not be read to its end`);
}
