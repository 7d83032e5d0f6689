import type { Mend } from "../drift/mend.js";
import type { Millis } from "../model/known.js";
import { declaredPlan } from "../plan/declared-plan.js";
import type { Plan } from "../plan/plan.js";
import { RefusedError } from "./errors.js";
import type { SessionParts } from "./session.js";

export interface DesiredInput extends SessionParts {
	changes: Mend[];
	now(): Millis;
}

/**
 * The plan whose actions bring live objects to what the stack file declares. What an interrupted mend had begun is found out by `applyPlan`
 * before the next one writes: each mend is a plan of its own.
 * @throws RefusedError naming every change that may not be made
 */
export async function desiredPlan(input: DesiredInput): Promise<Plan> {
	const { plan, refused } = await declaredPlan(input);
	if (refused.length > 0) throw new RefusedError(refused);
	return plan;
}
