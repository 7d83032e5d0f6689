import type { Authenticator } from "../../src/model/account.js";
import type { AuthenticatorsBody } from "../../src/model/snapshot.js";
import type { ReadContext, Reader, ReadPage } from "../../src/provider/provider.js";
import { type AccountPlan, batches, planAccounts } from "./account-plan.js";
import { administrators } from "./administrators.js";
import { allowance } from "./allowance.js";
import type { OktaConnection } from "./connection.js";
import { changedSince, keptJson, type LogPoint, type LogQuery, logPoint } from "./log-events.js";
import { concurrently } from "./pool.js";
import { one } from "./read.js";
import { type Tally, tally } from "./read-tally.js";
import { decodeFactors } from "./schema-factor.js";

const scope = "okta.users.read";
const path = "/api/v1/users/{userId}/factors";
const cursor = "okta.authenticators";

const factorEvents: LogQuery = { filter: 'eventType sw "user.mfa.factor"', entities: ["User"] };

/** This many refusals in a row, and none answered: the role does not reach any, and asking for the rest would only cost. */
const hopeless = 20;

interface Progress {
	stop: boolean;
	answered: number;
	refusedInARow: number;
	vanished: number;
}

/**
 * Enrolled factors, one request per account: administrators first, then those longest unread, within the budget.
 * Where the System Log says that nothing changed since, the stored list is confirmed. An account not asked stays unknown.
 * What Okta lists depends on the user's enrolment policy as seen from where this runs: a factor the policy forbids is not listed.
 */
export const authenticators: Reader<OktaConnection> = {
	collection: "authenticators",
	after: ["accounts", "memberships", "roleAssignments"],
	scopes: [scope, "okta.logs.read"],
	async *read(connection, context) {
		const now = logPoint(connection, context);
		const last = (await context.previousCount("authenticators")) === 0 || context.full ? null : await keptJson<LogPoint>(context, cursor);
		const changed = last && (await changedSince(connection, last, now, factorEvents, context.signal));
		const people = await administrators(context);
		const plan = await planAccounts(context, {
			collection: "authenticators",
			administrators: people,
			last,
			changed,
			allowed: allowance(connection, context),
		});
		for (const ids of batches(plan.confirmed, 5000)) yield { records: [], request: null, confirmed: ids };
		for (const ids of batches(plan.gone, 5000)) yield { records: [], request: null, gone: ids };

		const failures = tally();
		const state: Progress = { stop: false, answered: 0, refusedInARow: 0, vanished: 0 };
		let done = 0;
		for await (const page of concurrently(plan.read, 20, (id) => factorsOf(connection, context, id, failures, state))) {
			if (page) yield page;
			context.progress(plan.confirmed.length + ++done, plan.eligible);
		}
		// What was neither read nor confirmed since this point is read next time.
		await context.setCursor(cursor, JSON.stringify(now));
		yield { records: [], request: null, end: endOf({ ...plan, eligible: plan.eligible - state.vanished }, failures, context) };
	},
};

function endOf(plan: AccountPlan, failures: Tally, context: ReadContext): NonNullable<ReadPage["end"]> {
	const reasons = failures.reasons("accounts' factors");
	if (plan.left > 0) {
		const budget = context.budget.perAccountRequests;
		reasons.push({ cause: "budget", detail: `${plan.left} accounts are left for later scans: this one was allowed ${budget} requests for single accounts` });
	}
	const whole = context.coverage("accounts")?.state === "complete";
	if (!whole) reasons.push({ cause: "depends", detail: "accounts were not read to the end" });
	return { closed: failures.failed() === 0 && plan.left === 0 && whole, reasons, eligible: plan.eligible };
}

async function factorsOf(connection: OktaConnection, context: ReadContext, id: string, failures: Tally, state: Progress): Promise<ReadPage | null> {
	if (state.stop) return null;
	const answer = await one(connection, { method: "GET", path, params: { userId: id } }, context.signal);
	if ("error" in answer) {
		// Deleted or deactivated since the accounts were read: 404, not an empty list (okta/okta-sdk-java#646).
		if (answer.error.status === 404) {
			state.vanished += 1;
			return { records: [], request: answer.error.request, gone: [id] };
		}
		failures.add(answer.error, scope);
		state.refusedInARow += 1;
		if (answer.error.cause === "scope" || (state.answered === 0 && state.refusedInARow >= hopeless)) state.stop = true;
		return null;
	}
	state.answered += 1;
	const decoded = decodeFactors(answer.body);
	if ("bad" in decoded) return { records: [], request: answer.request, quarantined: [{ id, why: decoded.bad }] };
	return { records: [{ id, body: { items: sorted(decoded.ok) } satisfies AuthenticatorsBody }], request: answer.request };
}

/** By id, so that another order in the answer is no change. */
function sorted(items: Authenticator[]): Authenticator[] {
	return items.sort((a, b) => (a.id < b.id ? -1 : 1));
}
