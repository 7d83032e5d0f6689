import { minute } from "../model/time.js";
import { beforehand } from "../notify/beforehand.js";
import { digest } from "../notify/message.js";
import { openRecipients, type Recipient } from "../notify/recipients.js";
import { isNotice } from "../plan/notices.js";
import type { PlannedAction } from "../plan/plan.js";
import { progressOf } from "./journal.js";
import { doubtful, durable, end, type Recording } from "./record.js";
import { type ActionResult, result } from "./report.js";
import type { Run } from "./run.js";

/**
 * Sends one notice: journaled before and after, so that nobody is told twice of one plan. A notice that can't be sent is a warning;
 * what may have been sent before a crash is not sent again. Changes of `remaining` on accounts of the same person stand in one mail.
 * @throws StopRun when the journal can't be written
 */
export async function tell(run: Run, action: PlannedAction, remaining: readonly PlannedAction[]): Promise<ActionResult> {
	const { input, journal } = run;
	const recording: Recording = { action, journal, redact: (text) => text };
	const before = run.progress.get(action.id);
	if (before?.state === "performed") return end(recording, "recovered", "an interrupted run had sent it", { request: null, proof: "accepted" });
	if (before?.state === "intent") return warned(run, result(action, "unverified", "an interrupted run may have sent it, and nobody is told twice of one plan"));
	const skipped = async (why: string): Promise<ActionResult> => {
		await durable(recording, "skipped", { detail: why });
		return result(action, "skipped", why);
	};
	if (!remaining.some((other) => !isNotice(other) && sameAccount(other, action))) return skipped("nothing is changed on this account any more");
	if (!input.notifier?.personal) return warned(run, await skipped("no mail channel has the event notify"));
	const found = await recipient(run, action);
	if ("why" in found) return warned(run, await skipped(found.why));

	const who = recipientKey(run, action, found.address);
	if (await toldBefore(run, who)) return end(recording, "verified", "told already, with another of their accounts", { request: null, proof: "accepted" });
	const together = await notices(run, action, found.address, remaining);
	const changes = remaining.filter((other) => !isNotice(other) && together.some((notice) => sameAccount(other, notice)));
	const message = beforehand({ plan: input.plan, role: action.target.tell ?? "person", changes, before: input.stack.notify.before, now: input.now() }, who);
	const { system, kind, target, label } = action;
	// The address is a person's, and the journal is kept for good: what stands there only tells one receiver from another, in this plan.
	await durable(recording, "intent", { system, kind, target, label, inverse: null, recipient: who, findings: action.findings.map(({ id }) => id) });
	const delivery = await input.notifier.tell(found.address, message);
	if (!delivery.sent) return warned(run, await end(recording, "failed", delivery.why, delivery.doubtful ? doubtful : undefined));
	await durable(recording, "performed", { request: null });
	return end(recording, "verified", delivery.detail, { request: null, proof: "accepted" });
}

/** Why a change may not be made yet: a notice of it was sent too short a time ago (`notify.before`); null = it may. */
export async function tooEarly({ input }: Run, action: PlannedAction): Promise<string | null> {
	const { stack, store, plan, now } = input;
	const { before } = stack.notify;
	if (before === null || isNotice(action)) return null;
	const own = new Set(plan.actions.filter((other) => isNotice(other) && sameAccount(other, action)).map(({ id }) => id));
	if (own.size === 0) return null;
	const entries = await store.journal({ tenant: stack.name, plan: plan.digest });
	const progress = progressOf(entries);
	const sent = entries.filter((entry) => entry.action !== null && own.has(entry.action) && (progress.get(entry.action)?.state ?? "untouched") !== "untouched");
	const last = Math.max(...[...own].flatMap((id) => sent.find((entry) => entry.action === id && ["intent", "verified"].includes(entry.event))?.at ?? []));
	const from = Math.ceil((last + before) / minute) * minute;
	return Number.isFinite(from) && now() < last + before
		? `its notice, and is made from ${new Date(from).toISOString().slice(0, 16)}Z on: run it again then`
		: null;
}

async function recipient(run: Run, { system, target }: PlannedAction): Promise<Recipient> {
	run.people ??= openRecipients(run.input);
	return (await run.people).of(system, target.account ?? "", target.tell ?? "person");
}

function recipientKey({ input }: Run, { target }: PlannedAction, address: string): string {
	return digest([input.plan.digest, target.tell ?? "person", address.toLowerCase()]);
}

async function toldBefore({ input }: Run, who: string): Promise<boolean> {
	const entries = await input.store.journal({ tenant: input.stack.name, plan: input.plan.digest });
	const progress = progressOf(entries);
	return entries.some(({ action, data }) => data.recipient === who && (progress.get(action ?? "")?.state ?? "untouched") !== "untouched");
}

/** The plan's notices that go to the same person in the same capacity. */
async function notices(run: Run, action: PlannedAction, address: string, remaining: readonly PlannedAction[]): Promise<PlannedAction[]> {
	const found: PlannedAction[] = [];
	for (const other of remaining) {
		if (!isNotice(other) || other.target.tell !== action.target.tell) continue;
		const to = other === action ? { address } : await recipient(run, other);
		if ("address" in to && to.address.toLowerCase() === address.toLowerCase()) found.push(other);
	}
	return found;
}

function sameAccount(a: PlannedAction, b: PlannedAction): boolean {
	return a.system === b.system && a.target.account === b.target.account;
}

function warned(run: Run, told: ActionResult): ActionResult {
	run.warnings.push(`${told.action.label}: not sent: ${told.detail}`);
	return told;
}
