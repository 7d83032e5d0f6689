import type { Millis } from "../model/known.js";
import type { Plan, PlannedAction } from "../plan/plan.js";
import type { NotifyRole } from "../stack/notify.js";
import { draft, type Message } from "./message.js";
import { line, type Span } from "./text.js";

const titles: Record<NotifyRole, string> = {
	person: "Your access is about to change",
	manager: "Access of people you manage is about to change",
	owner: "A credential of yours is about to be revoked",
};

/** The mail to one person: what a plan is about to change on their accounts, and why. `changes` must be theirs alone. */
export function beforehand(
	{ plan, role, changes, before, now }: { plan: Plan; role: NotifyRole; changes: readonly PlannedAction[]; before: Millis | null; now: Millis },
	who: string,
): Message {
	const when = before === null ? "now" : `from ${new Date(now + before).toISOString().slice(0, 16).replace("T", " ")} UTC on`;
	return draft(
		{
			event: "notify",
			tenant: plan.tenant,
			at: now,
			title: [titles[role]],
			opening: [[`These changes are made ${when}:`]],
			items: changes.map(lineOf),
			closing: [line`If one of them is wrong, tell your administrators. They know it as plan ${plan.digest.slice(0, 8)} of ${plan.tenant}.`],
			data: [],
			facts: {},
		},
		[plan.digest, who],
	);
}

function lineOf({ system, label, findings }: PlannedAction): Span[] {
	const why = findings[0]?.message;
	return [...line`${system}: ${label}`, ...(why === undefined ? [] : line` (${why})`)];
}
