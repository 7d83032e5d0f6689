import type { RequestRef } from "../../src/model/snapshot.js";
import type { HttpError } from "../../src/provider/http-error.js";
import type { ReadContext } from "../../src/provider/provider.js";
import { identities } from "./address.js";
import { spend } from "./allowance.js";
import type { SailPointConnection } from "./connection.js";
import { one } from "./read.js";
import { at, date, word } from "./schema.js";

/** Whether an assignment of a role is in force. */
export type Held = "now" | "later" | "ended" | "unknown";

export type Details = { roles: Map<string, Held>; request: RequestRef } | { error: HttpError } | { budget: true } | { odd: string };

/**
 * The role assignments of one identity, with their dates: `GET /identities/{id}/role-assignments`, one request. Where that short list leaves a
 * date of a wanted role out, as the API's older versions do, the assignment itself is asked for, by another request.
 */
export async function heldBy(connection: SailPointConnection, context: ReadContext, identity: string, wanted: readonly string[]): Promise<Details> {
	if (!spend(connection, context, identity)) return { budget: true };
	const path = identities(connection, "/{id}/role-assignments");
	const answer = await one(connection, { path, params: { id: identity } }, context.signal);
	if ("error" in answer) return answer;
	if (!Array.isArray(answer.body)) return { odd: `GET ${path}: the answer is not a list` };
	const roles = new Map<string, Held>();
	for (const item of answer.body) {
		const role = word(at(item, "role", "id"));
		if (role === undefined) return { odd: `GET ${path}: an assignment names no role` };
		// One of several assignments of a role is enough.
		if (!wanted.includes(role) || roles.get(role) === "now") continue;
		const short = dates.some((name) => at(item, name) === undefined);
		const whole = short ? await detailsOf(connection, context, identity, item) : item;
		const held = whole === null ? "unknown" : heldNow(whole, context.scanStarted);
		if (held === "now" || roles.get(role) !== "unknown") roles.set(role, held);
	}
	return { roles, request: answer.request };
}

const dates = ["startDate", "removeDate"];

/** `GET /identities/{id}/role-assignments/{assignmentId}`; null where it can't be read or is not that one. */
async function detailsOf(connection: SailPointConnection, context: ReadContext, identity: string, item: unknown): Promise<unknown> {
	const assignment = word(at(item, "id"));
	if (assignment === undefined || !spend(connection, context, identity)) return null;
	const path = identities(connection, "/{id}/role-assignments/{assignmentId}");
	const answer = await one(connection, { path, params: { id: identity, assignmentId: assignment } }, context.signal);
	if ("error" in answer) return null;
	const same = at(answer.body, "id") === assignment && at(answer.body, "role", "id") === at(item, "role", "id");
	return same ? answer.body : null;
}

function heldNow(item: unknown, now: number): Held {
	const [starts, ends] = [dated(at(item, "startDate")), dated(at(item, "removeDate"))];
	if (ends !== undefined && ends !== null && ends <= now) return "ended";
	if (starts === undefined || ends === undefined) return "unknown";
	return starts !== null && starts > now ? "later" : "now";
}

/** Of an assignment with all that is told of it, a date that is left out is one that there is not. */
function dated(value: unknown): number | null | undefined {
	return value === undefined ? null : date(value);
}
