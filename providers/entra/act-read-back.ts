import type { Millis } from "../../src/model/known.js";
import type { RequestRef } from "../../src/model/snapshot.js";
import type { Verification } from "../../src/provider/action.js";
import type { HttpRequest } from "../../src/provider/http.js";
import { HttpError } from "../../src/provider/http-error.js";
import type { EntraConnection } from "./connection.js";

/** One look at the target. */
export interface Look {
	holds: boolean;
	detail: string;
	request: RequestRef | null;
}

/** Reads come from replicas: a change shows within seconds to minutes, and may be gone again from the next answer. */
const budget: Millis = 120_000;
const firstWait: Millis = 500;
/** From the first look that shows it to the one that confirms it. */
const secondLook: Millis = 1_000;
const longestWait: Millis = 10_000;

/** Looks until the change shows twice in a row or the budget ends. Throws what `look` throws. */
export async function readBack(connection: EntraConnection, look: () => Promise<Look>, within: Millis = budget): Promise<Verification> {
	const { now, signal } = connection.config;
	const until = now() + within;
	let wait = firstWait;
	let inRow = 0;
	for (;;) {
		const seen = await look();
		inRow = seen.holds ? inRow + 1 : 0;
		const shown = { proof: "read-back" as const, at: now(), request: seen.request };
		if (inRow >= 2) return { holds: true, detail: seen.detail, ...shown };
		const pause = seen.holds ? Math.min(wait, secondLook) : wait;
		if (now() + pause > until) return { holds: false, detail: seen.holds ? `${seen.detail}, but not steadily` : seen.detail, ...shown };
		await connection.http.sleep(pause, signal);
		if (!seen.holds) wait = Math.min(wait * 2, longestWait);
	}
}

/**
 * Sends a change. Where the vendor refuses because of what the target is, the change may hold already, by a repeat or another hand: then it is no failure.
 * @throws HttpError as the client does; one that is ambiguous is left to the caller's read-back
 */
export async function sendOnce(connection: EntraConnection, request: HttpRequest, look: () => Promise<Look>): Promise<RequestRef> {
	try {
		return (await connection.http.client.send(request)).request;
	} catch (error) {
		if (!(error instanceof HttpError) || ![400, 404, 409].includes(error.status)) throw error;
		const { holds } = await readBack(connection, look, saysItHolds(request, error) ? 60_000 : 5_000);
		if (holds) return error.request;
		throw error;
	}
}

/** The vendor refuses a repeat in these words, before its own reads show the change. */
function saysItHolds({ method }: HttpRequest, { status, message }: HttpError): boolean {
	return (status === 404 && method === "DELETE") || /already exist|conflicting object|no password credential found|RoleAssignmentDoesNotExist/i.test(message);
}
