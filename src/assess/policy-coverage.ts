import type { Assessment } from "../model/assessment.js";
import type { PolicyCounts, Severity, SubjectKind } from "../model/finding.js";
import type { Coverage } from "../model/snapshot.js";
import type { FieldSource } from "../policy/cel-type.js";
import type { CompiledPolicy } from "../policy/compile.js";
import { catalogue } from "../policy/types.js";
import { type AssessInput, assess } from "./assess.js";
import { fieldsOf, lacks, type Watch } from "./judge.js";

/**
 * What one system gives of one field. `delivered`: all that were asked have it, or, where nobody was asked, its list was read whole;
 * `partial`: some lack it; `missing`: all do; `not-offered`: the system has no such list; `not-asked`: nobody was asked, and no list
 * of the system tells.
 */
export type Delivered = "delivered" | "partial" | "missing" | "not-offered" | "not-asked";

export interface SystemDelivery {
	system: string;
	state: Delivered;
	/** Subjects of that system that the policy applies to, and how many of them lack the field. */
	asked: number;
	lacking: number;
	/** Of the list that the field comes from; null: it comes from none, or the system has none. */
	coverage: Coverage["state"] | null;
}

export interface FieldNeed {
	/** `account.lastActivity`. */
	field: string;
	source: FieldSource;
	systems: SystemDelivery[];
}

export interface PolicyNeeds {
	policy: string;
	title: string;
	severity: Severity;
	for: SubjectKind;
	fields: FieldNeed[];
	pass: number;
	fail: number;
	unknown: number;
	review: number;
	excepted: number;
	notApplicable: number;
	/** Subjects that it applies to, or may apply to. */
	evaluated: number;
	/** Share of them, 0–1, of which it is known whether they pass. Null: there is none, and nothing can be said. */
	decided: number | null;
	/** Why nothing is evaluated; missing where something is. */
	nothing?: "none-met" | "all-apart";
}

export interface PolicyCoverage {
	at: number;
	systems: { system: string; scanned: boolean }[];
	policies: PolicyNeeds[];
}

interface Tally {
	asked: number;
	lacking: number[];
}

/** What each policy in force needs, and what the newest scans give of it. Writes nothing. @returns null when nothing is stored */
export async function policyCoverage(input: Omit<AssessInput, "watch" | "dryRun">): Promise<{ coverage: PolicyCoverage; assessment: Assessment } | null> {
	const fields = new Map(input.policies.map((policy) => [policy.policy.id, fieldsOf(policy)]));
	const tallies = new Map<string, Map<string, Tally>>(input.policies.map(({ policy }) => [policy.id, new Map()]));
	const watch: Watch = ({ policy }, outcome, { subject, system }) => {
		if (outcome === "not-applicable") return;
		const names = fields.get(policy.id) as string[];
		const bySystem = tallies.get(policy.id) as Map<string, Tally>;
		const tally: Tally = bySystem.get(system) ?? { asked: 0, lacking: names.map(() => 0) };
		bySystem.set(system, tally);
		tally.asked++;
		for (const [index, name] of names.entries()) if (lacks(subject, name)) tally.lacking[index] = (tally.lacking[index] ?? 0) + 1;
	};
	const assessment = await assess({ ...input, dryRun: true, watch });
	if (!assessment) return null;
	const counts = new Map(assessment.policies.map((one) => [one.policy, one]));
	const scanned = new Set(assessment.systems.map(({ system }) => system));
	return {
		assessment,
		coverage: {
			at: assessment.at,
			systems: Object.keys(input.stack.systems).map((system) => ({ system, scanned: scanned.has(system) })),
			policies: input.policies
				.map((policy) =>
					needsOf(
						policy,
						counts.get(policy.policy.id) as PolicyCounts,
						fields.get(policy.policy.id) ?? [],
						tallies.get(policy.policy.id) ?? new Map(),
						assessment,
					),
				)
				.sort((a, b) => (a.policy < b.policy ? -1 : 1)),
		},
	};
}

function needsOf(
	{ policy }: CompiledPolicy,
	counts: PolicyCounts,
	names: readonly string[],
	tallies: ReadonlyMap<string, Tally>,
	{ systems }: Assessment,
): PolicyNeeds {
	const { pass, fail, unknown, review, excepted, notApplicable } = counts;
	const evaluated = pass + fail + unknown + review + excepted;
	const all = [...systems, ...[...tallies.keys()].filter((name) => !systems.some(({ system }) => system === name)).map((system) => ({ system, coverage: [] }))];
	return {
		...{ policy: policy.id, title: policy.title, severity: policy.severity, for: policy.for },
		fields: names.map((name, index) => {
			const source = sourceOf(policy.for, name);
			return {
				field: `${policy.for}.${name}`,
				source,
				systems: all.map(({ system, coverage }) => deliveryOf(system, source, coverage, tallies.get(system), index)),
			};
		}),
		...{ pass, fail, unknown, review, excepted, notApplicable, evaluated },
		// To be looked at is no answer yet, as in the posture.
		decided: evaluated === 0 ? null : (pass + fail + excepted) / evaluated,
		...(evaluated === 0 && { nothing: notApplicable > 0 ? ("all-apart" as const) : ("none-met" as const) }),
	};
}

function deliveryOf(system: string, source: FieldSource, coverage: readonly Coverage[], tally: Tally | undefined, index: number): SystemDelivery {
	const list = coverage.find(({ collection }) => collection === source);
	const asked = tally?.asked ?? 0;
	const lacking = tally?.lacking[index] ?? 0;
	return { system, state: stateOf(source, list, asked, lacking), asked, lacking, coverage: list && offered(list) ? list.state : null };
}

function stateOf(source: FieldSource, list: Coverage | undefined, asked: number, lacking: number): Delivered {
	if (asked > 0) return lacking === 0 ? "delivered" : lacking === asked ? "missing" : "partial";
	if (source === "stack" || source === "derived") return "not-asked";
	if (!list || !offered(list)) return "not-offered";
	return ({ complete: "delivered", partial: "partial", unreadable: "missing" } as const)[list.state];
}

function offered({ state, reasons }: Coverage): boolean {
	return state === "complete" || reasons.length === 0 || reasons.some(({ cause }) => cause !== "unsupported");
}

function sourceOf(kind: SubjectKind, name: string): FieldSource {
	const fields: Readonly<Record<string, { source: FieldSource } | undefined>> | undefined = catalogue[kind].fields;
	return fields?.[name]?.source ?? "derived";
}
