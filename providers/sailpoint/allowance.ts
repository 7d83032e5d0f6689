import type { ReadContext } from "../../src/provider/provider.js";
import type { SailPointConnection } from "./connection.js";

const spending = new WeakMap<SailPointConnection, { scanStarted: number; requests: number }>();

/** Takes one request for a single identity out of the user's budget; false = it is used up. Who is to be rechecked is always read. */
export function spend(connection: SailPointConnection, context: ReadContext, identity: string): boolean {
	const before = spending.get(connection);
	const spent = before?.scanStarted === context.scanStarted ? before.requests : 0;
	const { perAccountRequests, recheck } = context.budget;
	if (perAccountRequests !== null && spent >= perAccountRequests && !recheck?.has(identity)) return false;
	spending.set(connection, { scanStarted: context.scanStarted, requests: spent + 1 });
	return true;
}
