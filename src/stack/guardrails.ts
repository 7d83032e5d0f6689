import type { Guardrails } from "./stack.js";

const hour = 3_600_000;

/** What holds where a stack file says nothing of a guardrail: on, and small. */
export const defaultGuardrails: Guardrails = {
	maxAccounts: 5,
	maxPercent: 2,
	maxSettings: 3,
	window: 24 * hour,
	keepAdmins: 2,
	protect: [],
	maxPlanAge: 7 * 24 * hour,
	maxSnapshotAge: hour / 4,
	approvals: 0,
	freeze: [],
};
