import { pseudonym, withPseudonyms } from "./pseudonyms.js";
import { planWithPseudonyms } from "./pseudonyms-plan.js";
import type { Review } from "./review.js";
import type { RuleChange } from "./rules.js";

/** A review without personal data, as `withPseudonyms` makes an assessment. */
export function reviewWithPseudonyms(review: Review): Review {
	const { proposed, base, rules, declared, plans, failOn, objections } = review;
	return {
		proposed: withPseudonyms(proposed),
		base: base && { name: base.name, assessment: withPseudonyms(base.assessment) },
		rules: rules.map(ruleOf),
		// Messages are of settings, groups and apps; their names may still be somebody's.
		declared: declared.map((verdict) => ({ ...verdict, message: verdict.policy })),
		plans: plans.map(({ file, report }) => ({ file, report: planWithPseudonyms(report) })),
		failOn,
		objections,
	};
}

/** Values that hold what somebody wrote: reasons, owners, logins. */
const written = /^((people|exemptions|baseline|notify|guardrails\.(protect|freeze))\.|systems\..*\.(auth|act|options)$|declared\..*\.values\.)/;
const leftOut = "left out";

function ruleOf({ rule, before, after, looser }: RuleChange): RuleChange {
	const side = (text: string | undefined) => (text !== undefined && written.test(rule) ? leftOut : text);
	const [was, is] = [side(before), side(after)];
	return {
		// A login that is not pinned, or a condition that names one.
		rule: rule.replace(/[^\s"'(),]*@[^\s"'(),]*/g, (name) => pseudonym(name)),
		...(was === undefined ? {} : { before: was }),
		...(is === undefined ? {} : { after: is }),
		looser,
	};
}
