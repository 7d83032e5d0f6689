import type { ReadContext } from "../../src/provider/provider.js";
import type { OktaConnection } from "./connection.js";

const spending = new WeakMap<OktaConnection, { scanStarted: number; requests: number }>();

/** Notes requests that this scan spent on single accounts. */
export function spend(connection: OktaConnection, context: ReadContext, requests: number): void {
	spending.set(connection, { scanStarted: context.scanStarted, requests: spent(connection, context) + requests });
}

/** What is left of the user's limit of requests for single accounts; null = no limit. */
export function allowance(connection: OktaConnection, context: ReadContext): number | null {
	const { perAccountRequests } = context.budget;
	return perAccountRequests === null ? null : Math.max(0, perAccountRequests - spent(connection, context));
}

function spent(connection: OktaConnection, context: ReadContext): number {
	const before = spending.get(connection);
	return before?.scanStarted === context.scanStarted ? before.requests : 0;
}
