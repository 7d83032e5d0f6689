import { expect, test } from "vitest";
import type { Assessment } from "../model/assessment.js";
import { blastOf } from "../plan/blast.js";
import type { PlannedAction } from "../plan/plan.js";
import type { ActionKind } from "../provider/action.js";
import { checkBudget } from "./budget.js";

const action = (kind: ActionKind, at: number) =>
	({ id: `a_${at}`, system: "sspm", kind, target: { setting: `config/c${at}` }, label: `${kind} ${at}`, reversible: true }) as unknown as PlannedAction;
const systems: Assessment["systems"] = [];
const refusals = (actions: PlannedAction[], journal: Parameters<typeof checkBudget>[0]["journal"] = []) =>
	checkBudget({
		guardrails: { maxSettings: 3, maxAccounts: 25, maxPercent: 5, window: 86_400_000 } as Parameters<typeof checkBudget>[0]["guardrails"],
		actions,
		journal,
		systems,
		members: () => undefined,
	});
const begun = (kind: ActionKind, at: number) =>
	({ event: "intent", data: { kind, system: "sspm", target: { setting: `config/c${at}` } } }) as unknown as Parameters<
		typeof checkBudget
	>[0]["journal"][number];

test("a ticket about a setting is no change of it, in a plan and in the journal", () => {
	const tickets = [1, 2, 3, 4, 5].map((at) => action("open-ticket", at));
	expect(refusals(tickets)).toEqual([]);
	expect(
		refusals(
			[action("update-setting", 9)],
			[1, 2, 3, 4].map((at) => begun("open-ticket", at)),
		),
	).toEqual([]);
	expect(blastOf(tickets, new Map(), systems)).toMatchObject({ byKind: { "open-ticket": 5 } });
});

test("changes of settings count, those begun earlier too", () => {
	expect(refusals([1, 2, 3, 4].map((at) => action("update-setting", at)))[0]?.message).toMatch(/^4 settings would be changed; 3 are allowed/);
	expect(
		refusals(
			[action("update-setting", 4)],
			[1, 2, 3].map((at) => begun("update-setting", at)),
		)[0]?.message,
	).toMatch(/3 of them changed already/);
});
