import type { Finding } from "../model/finding.js";
import { type NotifyRole, personalChannel } from "../stack/notify.js";
import type { Stack } from "../stack/stack.js";
import { actionId } from "./digest.js";
import type { SystemFacts } from "./facts.js";
import type { Plan, PlannedAction } from "./plan.js";

/** It changes nothing anywhere: somebody is told of what the plan is about to change. */
export function isNotice({ kind }: Pick<PlannedAction, "kind">): boolean {
	return kind === "notify";
}

/** In an incident nobody is warned: whoever holds the account may be the one who took it. */
const incident = "threat";

/**
 * Who is told before the planned changes: for each account with a change whose policy's remediation has `notify`, one notice for each of
 * the stack's `notify.who` whom the change has. The plan holds the account's id; an address is looked up when it is sent.
 */
export function noticesFor(
	planned: Iterable<PlannedAction>,
	findings: readonly Finding[],
	facts: Map<string, SystemFacts>,
	stack: Stack,
): { notices: PlannedAction[]; notPlanned: Plan["notPlanned"] } {
	const byId = new Map(findings.map((finding) => [finding.id, finding]));
	const notices = new Map<string, PlannedAction>();
	const notPlanned: Plan["notPlanned"] = [];
	const all = [...planned];
	const underAttack = new Set(all.filter(({ findings: own }) => own.some(({ id }) => byId.get(id)?.cause === incident)).map(unit));
	for (const action of all) {
		const asking = action.findings.filter(({ id }) => byId.get(id)?.remediation.includes("notify"));
		const { account } = action.target;
		if (asking.length === 0 || account === undefined || underAttack.has(unit(action))) continue;
		const known = facts.get(action.system)?.accounts.get(account);
		const label = known?.login ?? account;
		if (known && ["service", "shared", "agent"].includes(known.kind)) {
			for (const { id, policy } of asking)
				notPlanned.push({ finding: id, policy, label, why: `nobody is told beforehand: it is a ${known.kind} account, and no one person's` });
			continue;
		}
		for (const tell of stack.notify.who.filter((role) => (role === "owner") === (action.target.credential !== undefined) || role === "manager")) {
			const notice = noticeOf(action.system, account, tell, label);
			const held = notices.get(notice.id) ?? notice;
			held.findings.push(...asking.filter(({ id }) => !held.findings.some((one) => one.id === id)));
			notices.set(notice.id, held);
		}
	}
	if (notices.size === 0 || personalChannel(stack.notify) !== null) return { notices: [...notices.values()], notPlanned: unique(notPlanned) };
	const why = "nobody is told before these changes: the stack file has no mail channel with the event notify";
	return { notices: [], notPlanned: [{ finding: "", policy: "", label: "notify", why }, ...unique(notPlanned)] };
}

const people: Record<NotifyRole, (label: string) => string> = {
	person: (label) => `tell whoever ${label} belongs to`,
	manager: (label) => `tell the manager of whoever ${label} belongs to`,
	owner: (label) => `tell the owner, ${label}, of a credential`,
};

function noticeOf(system: string, account: string, tell: NotifyRole, label: string): PlannedAction {
	const target = { account, tell };
	return {
		id: actionId(system, "notify", target),
		system,
		kind: "notify",
		target,
		label: people[tell](label),
		findings: [],
		precondition: {},
		effect: "A mail says what is about to be changed, and why. It changes nothing.",
		reversible: true,
		inverse: null,
		after: [],
	};
}

function unit({ system, target }: PlannedAction): string {
	return `${system}/${target.account ?? ""}`;
}

function unique(entries: Plan["notPlanned"]): Plan["notPlanned"] {
	const seen = new Set<string>();
	return entries.filter(({ finding }) => !seen.has(finding) && seen.add(finding));
}
