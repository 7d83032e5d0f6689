import type { AccountRisk } from "../model/assessment.js";
import type { Exposure } from "../model/finding.js";
import { advise } from "../score/advise.js";
import type { FailedGap } from "../score/contributions.js";
import { riskScore, type UnknownGap } from "../score/risk.js";

/** What is open on one account. */
export interface AccountGaps {
	failed: FailedGap[];
	unknown: UnknownGap[];
	/** Policies that apply. */
	evaluated: number;
}

export type SharedResult = Pick<AccountRisk, "risk" | "unknownPolicies" | "advice">;

/** Results of accounts without a failure differ by little but their names: equal ones are one frozen object, for a million accounts some dozens. */
export interface SharedResults {
	/** The one exposure with these facts. */
	exposure(facts: Exposure): Exposure;
	/** `exposure` is one that `exposure()` returned. */
	of(gaps: AccountGaps, exposure: Exposure): SharedResult;
}

export function sharedResults(): SharedResults {
	const exposures = new Map<number, Exposure>();
	const results = new Map<Exposure, Map<string, SharedResult>>();
	return {
		exposure(facts) {
			const key = placeOf(facts);
			const found = exposures.get(key);
			if (found) return found;
			Object.freeze(facts);
			exposures.set(key, facts);
			results.set(facts, new Map());
			return facts;
		},
		of(gaps, exposure) {
			if (gaps.failed.length > 0) return resultOf(gaps, exposure);
			const key = gaps.unknown.reduce((text, { policy }) => `${text} ${policy}`, String(gaps.evaluated));
			const alike = results.get(exposure);
			const found = alike?.get(key);
			if (found) return found;
			const result = resultOf(gaps, exposure);
			for (const part of [result.risk, result.risk.contributions, result.unknownPolicies]) Object.freeze(part);
			alike?.set(key, result);
			return result;
		},
	};
}

function resultOf({ failed, unknown, evaluated }: AccountGaps, exposure: Exposure): SharedResult {
	const risk = riskScore({ failed, unknown, exposure, known: evaluated - unknown.length, evaluated });
	const critical = failed.some((gap) => gap.severity === "critical");
	return { risk, unknownPolicies: unknown.map((gap) => gap.policy), advice: advise(risk, exposure, critical) };
}

/** The five facts as the digits of a number to base three. */
function placeOf({ topPrivilege, privilege, external, reachableAnywhere, dormant }: Exposure): number {
	return (((digit(topPrivilege) * 3 + digit(privilege)) * 3 + digit(external)) * 3 + digit(reachableAnywhere)) * 3 + digit(dormant);
}

function digit(fact: boolean | undefined): number {
	return fact === undefined ? 2 : fact ? 1 : 0;
}
