import type { AccountRisk, AssessedSystem, Assessment, Problem } from "../model/assessment.js";
import { type Finding, severities } from "../model/finding.js";
import type { Scan } from "../model/snapshot.js";
import type { CompiledPolicy } from "../policy/compile.js";
import type { SettingSpec } from "../provider/setting.js";
import { tenantPosture } from "../score/posture.js";
import type { Stack } from "../stack/stack.js";
import type { Store, TrendPoint } from "../store/store.js";
import { baselineCounts, baselineProblems } from "./baseline.js";
import { exemptionProblems, exemptionUses } from "./exemption-use.js";
import { exemptions } from "./exemptions.js";
import { newJudge, unknownIds, type Watch } from "./judge.js";
import { linkSystems } from "./link-systems.js";
import type { Condition } from "./people.js";
import { gatherPersons, judgePersons, peopleSystem } from "./persons.js";
import { assessSystem, type SystemRun } from "./system-run.js";

export interface AssessInput {
	store: Store;
	stack: Stack;
	policies: CompiledPolicy[];
	policyDigest: string;
	/** Compiles a condition of `people` over `account`. */
	compile(text: string): Condition;
	/** Kinds of setting by system, for the comparison of declared settings with the snapshot [none: whether they differ is unknown]. */
	settingKinds?: ReadonlyMap<string, SettingSpec[]>;
	/** Judge the newest scans that had finished by then. Findings and trend are written only without it. */
	asOf?: number;
	/** Judge without writing findings and trend. */
	dryRun?: boolean;
	/** Told of every subject and what each policy says of it. */
	watch?: Watch;
}

/** Runs shown in a trend. */
const trendLength = 30;

/**
 * Judges the newest finished scan of every system of a stack, from the store alone.
 * @returns null when no system was scanned yet
 */
export async function assess(input: AssessInput): Promise<Assessment | null> {
	const { store, stack } = input;
	const scans: Scan[] = [];
	for (const system of Object.keys(stack.systems)) {
		const [scan] = await store.scans({ system, limit: 1, ...(input.asOf === undefined ? {} : { asOf: input.asOf }) });
		if (scan) scans.push(scan);
	}
	if (scans.length === 0) return null;
	const at = Math.max(...scans.map((scan) => scan.finished ?? scan.started));
	const book = newJudge(input.policies, input.watch);
	const exempt = exemptions(stack, at, input.policies);
	const runs: SystemRun[] = [];
	const links = await linkSystems({ ...input, scans });
	const forPersons = input.policies.filter(({ policy }) => policy.for === "person");
	const gathering = links && forPersons.length > 0 ? gatherPersons(links) : null;
	for (const scan of scans) runs.push(await assessSystem({ ...input, scan, book, exempt, links, ...(gathering && { met: gathering.met }) }));
	if (gathering) judgePersons(gathering.persons(), { policies: forPersons, book, exempt, at });

	const writes = !input.dryRun && input.asOf === undefined;
	const names = [...scans.map((scan) => scan.system), ...(gathering ? [peopleSystem] : [])];
	const findings = writes
		? await store.saveFindings(at, names, book.findings, unknownIds(book))
		: book.findings.map((draft): Finding => ({ ...draft, state: "open", firstSeen: at, lastSeen: at }));
	const bands: Assessment["bands"] = { low: 0, medium: 0, high: 0, critical: 0, unknown: 0 };
	for (const { accounts } of runs) for (const band of Object.keys(bands) as (keyof typeof bands)[]) bands[band] += accounts.bands[band];
	const posture = tenantPosture([...book.counts.values()]);
	const point: TrendPoint = {
		tenant: stack.name,
		at,
		posture: posture.posture,
		postureMax: posture.postureMax,
		coverage: posture.coverage,
		counts: countBySeverity(findings),
		bands,
		policyDigest: input.policyDigest,
	};
	if (writes) await store.saveTrend(point);
	// The runs up to that time may all be older than the newest ones.
	const all = await store.trend(stack.name, input.asOf === undefined ? trendLength : undefined);
	const trend = input.asOf === undefined ? all : all.filter((past) => past.at <= at).slice(-trendLength);
	const snapshots = runs.map(({ snapshot }) => snapshot);
	const baseline = stack.baseline && (await baselineCounts(stack.baseline, { ...input, book, snapshots, at }));
	const uses = await exemptionUses(exempt, { ...input, snapshots, at });
	return {
		tenant: stack.name,
		at,
		systems: runs.map(summary),
		policyDigest: input.policyDigest,
		posture,
		policies: [...book.counts.values()].sort((a, b) => (a.policy < b.policy ? -1 : 1)),
		findings: findings.sort(worstFirst),
		accounts: runs.flatMap(({ accounts }) => accounts.risks).sort(riskiestFirst),
		bands,
		problems: [
			...runs.flatMap(({ problems }) => problems),
			...exemptionProblems(stack, uses, input.policies),
			...(baseline ? baselineProblems(stack, baseline, input.policies, at) : []),
			...defectProblems(book.defects),
		],
		...(baseline && { baseline }),
		...(uses.length > 0 && { exemptions: uses }),
		trend: trend.map((past) => ({ at: past.at, posture: past.posture, comparable: past.policyDigest === input.policyDigest })),
	};
}

function summary({ scan, accounts }: SystemRun): AssessedSystem {
	return {
		system: scan.system,
		provider: scan.provider,
		scan: scan.id,
		started: scan.started,
		finished: scan.finished,
		interrupted: scan.interrupted,
		requests: scan.requests,
		accounts: accounts.accounts,
		enabledAccounts: accounts.enabled,
		coverage: scan.coverage,
	};
}

function countBySeverity(findings: Finding[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const finding of findings) if (finding.state !== "fixed" && finding.outcome === "fail") counts[finding.severity] = (counts[finding.severity] ?? 0) + 1;
	return counts;
}

function worstFirst(a: Finding, b: Finding): number {
	return (
		severities.indexOf(b.severity) - severities.indexOf(a.severity) ||
		compare(a.policy, b.policy) ||
		compare(a.subject.label, b.subject.label) ||
		compare(a.id, b.id)
	);
}

function riskiestFirst(a: AccountRisk, b: AccountRisk): number {
	return (b.risk.score ?? -1) - (a.risk.score ?? -1) || b.risk.scoreMax - a.risk.scoreMax || compare(a.key, b.key);
}

function compare(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}

function defectProblems(defects: Map<string, string>): Problem[] {
	return [...defects].map(([policy, what]) => ({
		path: "policies",
		line: null,
		message: `policy ${policy}: ${what}; its outcome is unknown there`,
		blocksWrites: false,
	}));
}
