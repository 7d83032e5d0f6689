import type { VendorRisk } from "../../src/model/account.js";
import type { Millis } from "../../src/model/known.js";
import type { ReadContext } from "../../src/provider/provider.js";
import type { OktaConnection } from "./connection.js";
import { eventsBetween, type LogPoint, lateness, retention } from "./log-events.js";
import { decodeRiskEvent, heldSince, type RiskEvent } from "./schema-risk.js";

/** https://developer.okta.com/docs/reference/api/itp-et/ */
const riskEvents = { filter: 'eventType eq "user.risk.change" or eventType eq "user.risk.detect"', mostPages: 20 };

/** What the System Log tells of users' risk. */
export interface RiskHistory {
	/** Users whose risk moved since a point. */
	changedSince(point: LogPoint): { has(user: string): boolean };
	/** `known`: what an earlier scan knew of the same level. */
	heldSince(user: string, level: VendorRisk["level"], known: Millis | undefined): Millis | undefined;
}

/** All that the log keeps, so that a level without an event is older than the log; where that is too much, what came since `last`. Null where neither can be read. */
export async function riskHistory(connection: OktaConnection, context: ReadContext, last: LogPoint | null, now: LogPoint): Promise<RiskHistory | null> {
	const begin = now.until - retention;
	const whole = await byUser(connection, context, { at: 0, until: begin }, now);
	const events = whole ?? (last && (await byUser(connection, context, last, now)));
	if (!events) return null;
	const of = (user: string): RiskEvent[] => events.get(user) ?? [];
	return {
		changedSince: (point) => ({ has: (user) => of(user).some((event) => event.at >= point.until - lateness) }),
		heldSince: (user, level, known) => heldSince(level, of(user), known ?? (whole ? begin : undefined)),
	};
}

async function byUser(connection: OktaConnection, context: ReadContext, from: LogPoint, to: LogPoint): Promise<Map<string, RiskEvent[]> | null> {
	const found = new Map<string, RiskEvent[]>();
	for await (const events of eventsBetween(connection, from, to, riskEvents, context.signal)) {
		if (!events) return null;
		for (const event of events) {
			const risk = decodeRiskEvent(event);
			if (!risk) return null;
			const before = found.get(risk.user);
			if (before) before.push(risk);
			else found.set(risk.user, [risk]);
		}
	}
	return found;
}
