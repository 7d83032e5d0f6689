import type { VendorRisk } from "../../src/model/account.js";
import type { Millis } from "../../src/model/known.js";
import type { CoverageReason } from "../../src/model/snapshot.js";
import type { ReadContext, ReadEnd, Reader, ReadPage } from "../../src/provider/provider.js";
import { type AccountPlan, batches, planAccounts } from "./account-plan.js";
import { administrators } from "./administrators.js";
import { allowance, spend } from "./allowance.js";
import type { OktaConnection } from "./connection.js";
import { keptJson, type LogPoint, logPoint } from "./log-events.js";
import { concurrently } from "./pool.js";
import { one } from "./read.js";
import { scoped, tally } from "./read-tally.js";
import { riskHistory } from "./risk-history.js";
import { decodeRisk } from "./schema-risk.js";

const scope = "okta.userRisk.read";
const path = "/api/v1/users/{userId}/risk";
const cursor = "okta.risks";

/** Part of the requests for single accounts, those for administrators' factors apart, that may go here: factors need most of them. */
const share = 0.25;

/**
 * Okta's verdict on each account that can sign in (Identity Threat Protection): one request per account, administrators first, within a share of the budget, which leaves room for their factors.
 * The System Log tells whose risk changed, and since when it holds; others are confirmed. Without the licence it costs one request, and every risk is unknown.
 */
export const risks: Reader<OktaConnection> = {
	collection: "risks",
	after: ["accounts", "memberships", "roleAssignments"],
	scopes: [scope, "okta.logs.read"],
	async *read(connection, context) {
		const now = logPoint(connection, context);
		const first = context.full || (await context.previousCount("risks")) === 0;
		const last = first ? null : await keptJson<LogPoint>(context, cursor);
		const people = await administrators(context);
		const limit = allowance(connection, context);
		const plan = async (changed: { has(id: string): boolean } | null): Promise<AccountPlan> =>
			planAccounts(context, {
				collection: "risks",
				administrators: people,
				last,
				changed,
				allowed: limit === null ? null : Math.floor(Math.max(0, limit - people.size) * share),
			});
		let history = first ? null : await riskHistory(connection, context, last, now);
		const due = await plan(last ? (history?.changedSince(last) ?? null) : null);
		for (const ids of batches(due.confirmed, 5000)) yield { records: [], request: null, confirmed: ids };
		for (const ids of batches(due.gone, 5000)) yield { records: [], request: null, gone: ids };

		const [probe, ...others] = due.read;
		if (probe === undefined) {
			await context.setCursor(cursor, JSON.stringify(now));
			return yield { records: [], request: null, end: endOf(due, [], context) };
		}
		const answer = await one(connection, { method: "GET", path, params: { userId: probe } }, context.signal);
		const refusal = "error" in answer ? refused(answer.error) : null;
		if (refusal) return yield { records: [], request: null, end: refusal };

		history ??= await riskHistory(connection, context, last, now);
		const before = await previousRisks(context);
		const record = (id: string, body: unknown): Pick<ReadPage, "records" | "quarantined"> => {
			const decoded = decodeRisk(body, id);
			if ("bad" in decoded) return { records: [], quarantined: [{ id, why: decoded.bad }] };
			const risk = decoded.ok;
			const old = before.get(id);
			const since = history?.heldSince(id, risk.level, old?.level === risk.level ? old.since : undefined);
			return { records: [{ id, body: { ...risk, ...(since !== undefined && { since }) } satisfies VendorRisk }] };
		};
		const failures = tally();
		let vanished = 0;
		let done = due.confirmed.length;
		spend(connection, context, due.read.length);
		if ("body" in answer) yield { ...record(probe, answer.body), request: answer.request };
		for await (const { id, found } of concurrently(others, 20, async (id) => ({
			id,
			found: await one(connection, { method: "GET", path, params: { userId: id } }, context.signal),
		}))) {
			context.progress(++done, due.eligible);
			if ("body" in found) yield { ...record(id, found.body), request: found.request };
			else if (found.error.status === 404) {
				vanished += 1;
				yield { records: [], request: found.error.request, gone: [id] };
			} else failures.add(found.error, scope);
		}
		await context.setCursor(cursor, JSON.stringify(now));
		const eligible = due.eligible - vanished;
		yield { records: [], request: null, end: endOf({ ...due, eligible }, failures.reasons("accounts' risks"), context, failures.failed()) };
	},
};

/** What the first answer says of all others. */
function refused(error: Parameters<typeof scoped>[0]): ReadEnd {
	const reason = scoped(error, scope);
	const absent = error.cause === "licence" || error.status === 404 || error.status === 405;
	if (!absent) return { closed: false, reasons: [reason] };
	const detail = `Okta tells no risk of users here: the licence for Identity Threat Protection is missing (${reason.detail})`;
	// Nothing is missing that the org has: no gap, and every account's risk stays unknown.
	return { closed: true, reasons: [{ cause: "licence", detail }] };
}

function endOf(plan: AccountPlan, failed: CoverageReason[], context: ReadContext, failures = 0): ReadEnd {
	const reasons = [...failed];
	if (plan.left > 0) reasons.push({ cause: "budget", detail: `the risk of ${plan.left} accounts is left for later scans` });
	const whole = context.coverage("accounts")?.state === "complete";
	if (!whole) reasons.push({ cause: "depends", detail: "accounts were not read to the end" });
	return { closed: failures === 0 && plan.left === 0 && whole, reasons, eligible: plan.eligible };
}

async function previousRisks(context: ReadContext): Promise<Map<string, { level: VendorRisk["level"]; since: Millis | undefined }>> {
	const found = new Map<string, { level: VendorRisk["level"]; since: Millis | undefined }>();
	for await (const { id, body } of context.previous("risks")) {
		const { level, since } = body as VendorRisk;
		found.set(id, { level, since });
	}
	return found;
}
