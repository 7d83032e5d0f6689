import { setTimeout as timersSleep } from "node:timers/promises";
import type { Millis } from "../../src/model/known.js";
import type { RequestRef } from "../../src/model/snapshot.js";
import type { Verification } from "../../src/provider/action.js";
import type { HttpAnswer } from "../../src/provider/http.js";
import { HttpError } from "../../src/provider/http-error.js";
import type { OktaConnection } from "./connection.js";

/** One look at the target. */
export interface Look {
	holds: boolean;
	detail: string;
	request: RequestRef | null;
	proof?: Verification["proof"];
}

export interface ReadBackOptions {
	/** Looks in a row that must agree: lists of members and roles are eventually consistent (okta/terraform-provider-okta#1686, #2936). */
	times?: number;
	/** Milliseconds in which it must show. */
	budget?: Millis;
}

/** The `Date` header, by which the two clocks are compared, has whole seconds. */
export const clockGrain: Millis = 2_000;

/** Now by Okta's clock. */
export function serverNow({ config, http }: OktaConnection): Millis {
	return config.now() + (http.clockSkew() ?? 0);
}

const budget: Millis = 30_000;
const firstWait: Millis = 250;
const longestWait: Millis = 5_000;

/** Looks until the change shows or the budget ends. Throws what `look` throws. */
export async function readBack(connection: OktaConnection, look: () => Promise<Look>, options: ReadBackOptions = {}): Promise<Verification> {
	const { now, signal } = connection.config;
	const times = options.times ?? 1;
	const until = now() + (options.budget ?? budget);
	let wait = firstWait;
	let inRow = 0;
	for (;;) {
		const seen = await look();
		inRow = seen.holds ? inRow + 1 : 0;
		const shown = { proof: seen.proof ?? "read-back", at: now(), request: seen.request } as const;
		if (inRow >= times) return { holds: true, detail: seen.detail, ...shown };
		if (now() + wait > until) return { holds: false, detail: seen.holds ? `${seen.detail}, but not steadily` : seen.detail, ...shown };
		await pause(connection, wait, signal);
		wait = Math.min(wait * 2, longestWait);
	}
}

async function pause({ config }: OktaConnection, ms: Millis, signal: AbortSignal | undefined): Promise<void> {
	if (config.sleep) await config.sleep(ms, signal);
	else await timersSleep(ms, undefined, { signal });
}

/** Okta knows the path and has no such object. A 404 of any other kind (a proxy's, a wrong path) proves nothing. */
export function isGone(error: unknown): boolean {
	return error instanceof HttpError && error.status === 404 && error.code === "E0000007";
}

/**
 * What Okta answers when the target is not in the state that the call starts from: wrong status, not active, already active,
 * not found, role held already. https://developer.okta.com/docs/reference/error-codes/
 */
const wrongState = new Set(["E0000001", "E0000038", "E0000016", "E0000007", "E0000090"]);
const settleBudget: Millis = 5_000;

/**
 * Sends a change. Where Okta refuses because of the target's state, the change may hold already, by a repeat or another hand: then it is no failure.
 * @throws HttpError as the client does; one that is ambiguous is left to the caller's read-back
 */
export async function sendOnce(connection: OktaConnection, send: () => Promise<HttpAnswer>, look: () => Promise<Look>): Promise<RequestRef> {
	try {
		return (await send()).request;
	} catch (error) {
		if (!(error instanceof HttpError) || !wrongState.has(error.code ?? "")) throw error;
		const { holds } = await readBack(connection, look, { budget: settleBudget });
		if (holds) return error.request;
		throw error;
	}
}
