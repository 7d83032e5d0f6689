import type { ApplyReport } from "../apply/report.js";
import type { Millis } from "../model/known.js";
import type { Happening } from "./announce.js";
import { draft } from "./message.js";
import { line, type Span } from "./text.js";

const titles: Partial<Record<ApplyReport["outcome"], string>> = {
	applied: "A plan was applied",
	partial: "A plan was applied in part",
	refused: "A plan was refused: nothing was written",
};

/** What a run changed, and what it could not. A run that had nothing to do is no news. */
export function applyHappening(report: ApplyReport, at: Millis): Happening<ApplyReport> {
	const { plan, tenant, outcome, actions, refusals, stopped } = report;
	const results = actions.map((one) => `${one.action.id} ${one.outcome}`);
	const key = [plan, outcome, ...results, ...refusals.map(({ guardrail }) => guardrail)].join(" ");
	return {
		event: "apply",
		items: outcome === "nothing-to-do" ? [] : [report],
		keyOf: () => key,
		message: (_, { names }) =>
			draft(
				{
					event: "apply",
					tenant,
					at,
					title: [titles[outcome] ?? outcome],
					opening: [line`plan ${plan.slice(0, 8)}: ${counts(report)}`, ...(stopped === null || !names ? [] : [line`stopped: ${stopped}`])],
					items: [
						...[...new Set(refusals.map((one) => (names ? `${one.guardrail}: ${one.message}` : one.guardrail)))].map((text) => line`refused: ${text}`),
						...actions.filter((one) => outcome !== "refused" || one.outcome !== "not-reached").map((one) => resultLine(one, names)),
					],
					closing: [],
					data: actions.map(({ action, outcome: became, detail }) => ({
						action: action.id,
						system: action.system,
						kind: action.kind,
						target: Object.fromEntries(Object.entries(action.target).filter(([name]) => name !== "values")),
						outcome: became,
						...(names ? { label: action.label, detail } : {}),
					})),
					facts: { plan, outcome, refusals: refusals.map((one) => (names ? one : { guardrail: one.guardrail })) },
				},
				[key],
			),
		whole: false,
	};
}

function counts({ actions }: ApplyReport): string {
	const words = [...new Set(actions.map(({ outcome }) => outcome))];
	return words.map((word) => `${actions.filter(({ outcome }) => outcome === word).length} ${word}`).join(", ");
}

function resultLine({ action, outcome, detail }: ApplyReport["actions"][number], names: boolean): Span[] {
	const { account, group, credential, setting, app } = action.target;
	const what = names ? action.label : `${action.kind} ${[action.system, account ?? credential ?? setting ?? app, group].filter(Boolean).join("/")}`;
	return [...line`${outcome}: ${what}`, ...(names && detail !== "" && outcome !== "verified" ? line` (${detail})` : [])];
}
