import type { Account } from "../model/account.js";
import type { AccountRisk } from "../model/assessment.js";
import type { Exposure } from "../model/finding.js";
import type { RequestRef } from "../model/snapshot.js";
import type { CompiledPolicy } from "../policy/compile.js";
import { advise } from "../score/advise.js";
import type { FailedGap } from "../score/contributions.js";
import { exposureWeight } from "../score/exposure.js";
import { riskScore, type UnknownGap } from "../score/risk.js";
import { type JudgedAccount, joinAccounts } from "./accounts.js";
import type { Exemptions } from "./exemptions.js";
import { exposureOf, reachable } from "./exposure.js";
import { type Judge, judge } from "./judge.js";
import type { Owners } from "./objects.js";
import type { PeopleRules } from "./people.js";
import type { RoleIndex } from "./roles.js";
import type { Snapshot } from "./snapshot.js";

export interface AccountRunInput {
	snapshot: Snapshot;
	roles: RoleIndex;
	people: PeopleRules;
	policies: CompiledPolicy[];
	book: Judge;
	exempt: Exemptions;
	now: number;
	/** Accounts that a later join needs: credential owners, and whoever is asked for. */
	wanted: ReadonlySet<string>;
}

export interface AccountRun {
	accounts: number;
	enabled: number;
	/** Accounts with a gap, known or possible. */
	risks: AccountRisk[];
	bands: Record<AccountRisk["risk"]["band"], number>;
	owners: Owners;
	/** Enabled people with top privilege, break-glass apart. */
	topAdmins: Account[];
	breakGlass: JudgedAccount[];
	/** Some account's privilege is unknown: lists of administrators may lack some. */
	adminsPartial: boolean;
}

/** Judges and scores every account of one system in one pass. */
export async function runAccounts(input: AccountRunInput): Promise<AccountRun> {
	const { snapshot, policies, book, exempt, now } = input;
	const reachableAnywhere = await reachable(snapshot);
	const run: AccountRun = {
		accounts: 0,
		enabled: 0,
		risks: [],
		bands: { low: 0, medium: 0, high: 0, critical: 0, unknown: 0 },
		owners: new Map(),
		topAdmins: [],
		breakGlass: [],
		adminsPartial: !snapshot.complete("accounts"),
	};
	const withGroups = policies.some((policy) => book.fields.get(policy.policy.id)?.includes("groups"));
	for await (const batch of joinAccounts({ ...input, withGroups }))
		for (const judged of batch) {
			note(run, judged, input.wanted);
			const exposure = exposureOf(judged.account, reachableAnywhere, now);
			const risk = judgeAccount(judged, exposure, policies, book, exempt, now);
			run.bands[risk.risk.band]++;
			if (risk.findings.length > 0 || risk.unknownPolicies.length > 0) run.risks.push(risk);
		}
	return run;
}

function note(run: AccountRun, judged: JudgedAccount, wanted: ReadonlySet<string>): void {
	const { account } = judged;
	run.accounts++;
	if (account.enabled) run.enabled++;
	if (wanted.has(account.id)) run.owners.set(account.id, account);
	if (account.breakGlass) run.breakGlass.push(judged);
	else if (account.topPrivileged && account.enabled !== false && account.kind !== "service") run.topAdmins.push(account);
	if (account.topPrivileged === undefined) run.adminsPartial = true;
}

function judgeAccount(judged: JudgedAccount, exposure: Exposure, policies: CompiledPolicy[], book: Judge, exempt: Exemptions, now: number): AccountRisk {
	const { account } = judged;
	const ref = { kind: "account", key: account.key, label: account.login ?? account.id } as const;
	const request = (source: string, field: string) => requestOf(judged, source, field);
	const weight = exposureWeight(exposure);
	const failed: FailedGap[] = [];
	const unknown: UnknownGap[] = [];
	let evaluated = 0;
	for (const policy of policies) {
		const { outcome, finding } = judge(book, policy, { subject: account, ref, system: account.system, login: account.login, weight, request }, exempt, now);
		if (outcome === "not-applicable") continue;
		evaluated++;
		const { id, title, severity, cause } = policy.policy;
		if (outcome === "fail" && finding) failed.push({ id: finding.id, label: title, severity, cause });
		else if (outcome === "unknown") unknown.push({ policy: id, label: title, severity, cause });
	}
	const risk = riskScore({ failed, unknown, exposure, known: evaluated - unknown.length, evaluated });
	return {
		key: account.key,
		label: ref.label,
		kind: account.kind,
		privileged: account.privileged ?? null,
		...(account.breakGlass ? { breakGlass: true as const } : {}),
		risk,
		exposure,
		findings: failed.map((gap) => gap.id),
		unknownPolicies: unknown.map((gap) => gap.policy),
		advice: advise(
			risk,
			exposure,
			failed.some((gap) => gap.severity === "critical"),
		),
	};
}

/** Fields that the log may have decided. */
const ofActivity = new Set(["account.lastActivity", "account.activitySignal"]);

/** The request that delivered a field of an account, which is of this collection. */
export function requestOf(judged: JudgedAccount, source: string, field: string): RequestRef | null {
	const { requests } = judged;
	if (ofActivity.has(field) && requests.activity) return requests.activity;
	return source === "accounts" || source === "authenticators" || source === "roleAssignments" ? requests[source] : null;
}
