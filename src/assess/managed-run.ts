import { waysOut } from "../drift/certain.js";
import type { Problem } from "../model/assessment.js";
import type { CompiledPolicy } from "../policy/compile.js";
import type { Exemptions } from "./exemptions.js";
import { type Judge, judge } from "./judge.js";
import { type ManagedInput, managedObjects } from "./managed.js";
import { plainWeight } from "./tally.js";

export interface ManagedRunInput extends ManagedInput {
	policies: CompiledPolicy[];
	book: Judge;
	exempt: Exemptions;
}

/** Judges every declared object of one system. Returns what keeps one from being compared. */
export async function judgeManaged(input: ManagedRunInput): Promise<Problem[]> {
	const { policies, book, exempt, now, snapshot } = input;
	if (policies.length === 0) return [];
	const { subjects, problems } = await managedObjects(input);
	for (const { subject, ref, request } of subjects)
		for (const policy of policies) {
			const fromVendor = (source: string, field: string) => (source === "stack" || field === "managed.reach" ? null : request);
			const { finding } = judge(book, policy, { subject, ref, system: snapshot.scan.system, weight: plainWeight, request: fromVendor }, exempt, now);
			if (finding && subject.differs) finding.remediation.push(...waysOut(subject.key, subject.mode));
		}
	return problems;
}
