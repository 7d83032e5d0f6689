import type { ExemptionUse, Problem } from "../model/assessment.js";
import { withheldWords } from "../model/withheld.js";
import type { CompiledPolicy } from "../policy/compile.js";
import type { Exemption, Stack } from "../stack/stack.js";
import { isGone, type Judged } from "./baseline.js";
import type { Exemptions } from "./exemptions.js";

/** What became of every exemption in a run that is over. Nothing is called unused for lack of data. */
export async function exemptionUses(exempt: Exemptions, judged: Omit<Judged, "book">): Promise<ExemptionUse[]> {
	const uses: ExemptionUse[] = [];
	for (const entry of judged.stack.exemptions) {
		const met = exempt.met(entry);
		const state = await stateOf(entry, exempt, judged);
		uses.push({ path: entry.path, state, findings: met?.findings ?? [], ...(state === "withheld" && met?.withheld && { withheld: met.withheld }) });
	}
	return uses;
}

async function stateOf(entry: Exemption, exempt: Exemptions, judged: Omit<Judged, "book">): Promise<ExemptionUse["state"]> {
	if (entry.expires <= judged.at) return "ended";
	const met = exempt.met(entry);
	if (met?.withheld) return "withheld";
	if (met?.used) return "used";
	if (met?.unsure) return "unknown";
	const policy = judged.policies.find((one) => one.policy.id === entry.policy);
	// A policy that is not in force fails nobody, whatever was read.
	if (!policy || met) return "unused";
	const { subject } = entry;
	const key = "key" in subject ? subject.key : `${subject.system}/${subject.id ?? subject.login}`;
	return (await isGone(policy.policy.for, key, judged)) ? "unused" : "unknown";
}

/** What a person should do about exemptions. */
export function exemptionProblems(stack: Stack, uses: ExemptionUse[], policies: CompiledPolicy[]): Problem[] {
	return uses.flatMap((use, index) => {
		const entry = stack.exemptions[index] as Exemption;
		const message = problemOf(use, entry, policies);
		return message === null ? [] : [{ path: entry.path, line: stack.positions.get(entry.path)?.line ?? null, message, blocksWrites: false }];
	});
}

function problemOf({ state, findings, withheld }: ExemptionUse, { policy, expiresText }: Exemption, policies: CompiledPolicy[]): string | null {
	if (state === "ended") {
		const then = findings.length > 0 ? "its finding is open again, unless something else accepts it" : "keelson exempt prune takes it out";
		return `exemption from ${policy} ended on ${expiresText}: ${then}`;
	}
	if (withheld) return `exemption from ${policy}: ${withheldWords(withheld)} for the same subject`;
	if (state !== "unused") return null;
	const inForce = policies.some((one) => one.policy.id === policy);
	return `exemption from ${policy} is not used: ${inForce ? "nothing it names fails that policy" : "that policy is not in force"}`;
}
