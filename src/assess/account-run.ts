import type { Account } from "../model/account.js";
import type { AccountRisk } from "../model/assessment.js";
import type { Exposure, PolicyCounts } from "../model/finding.js";
import type { RequestRef } from "../model/snapshot.js";
import type { CompiledPolicy } from "../policy/compile.js";
import { outcomesOf } from "../policy/evaluate.js";
import type { PolicyOutcome } from "../policy/source.js";
import { exposureWeight } from "../score/exposure.js";
import { type JudgedAccount, joinAccounts } from "./accounts.js";
import type { Exemptions } from "./exemptions.js";
import { exposureOf, reachable } from "./exposure.js";
import { bookOutcome, type Case, type Judge } from "./judge.js";
import type { Links } from "./link-systems.js";
import type { Owners } from "./objects.js";
import type { PeopleRules } from "./people.js";
import type { RoleIndex } from "./roles.js";
import { type AccountGaps, type SharedResult, sharedResults } from "./shared-results.js";
import type { Snapshot } from "./snapshot.js";
import { tally } from "./tally.js";

export interface AccountRunInput {
	snapshot: Snapshot;
	roles: RoleIndex;
	people: PeopleRules;
	links: Links | null;
	/** Is told of every account once it is joined. */
	met?(account: Account): void;
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
	const results = sharedResults();
	const booked: Booked[] = policies.map((policy) => ({ policy, counts: book.counts.get(policy.policy.id) as PolicyCounts }));
	const outcomes: PolicyOutcome[] = [];
	for await (const batch of joinAccounts({ ...input, withGroups })) {
		outcomesOf(
			policies,
			batch.map(({ account }) => account),
			now,
			outcomes,
		);
		for (const [place, judged] of batch.entries()) {
			note(run, judged, input.wanted);
			input.met?.(judged.account);
			const exposure = results.exposure(exposureOf(judged.account, reachableAnywhere, now));
			const gaps = gapsOf(judged, exposureWeight(exposure), booked, outcomes, place * policies.length, book, exempt, now);
			const result = results.of(gaps, exposure);
			run.bands[result.risk.band]++;
			const findings = gaps.failed.length > 0 ? gaps.failed.map(({ id }) => id) : noFindings;
			if (gaps.failed.length > 0 || gaps.unknown.length > 0) run.risks.push(accountRisk(judged.account, exposure, result, findings));
		}
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

interface Booked {
	policy: CompiledPolicy;
	counts: PolicyCounts;
}

/** Books the outcomes of one account, which stand in `outcomes` from `first` on, and returns what is open. What passes costs a count. */
function gapsOf(
	judged: JudgedAccount,
	weight: number,
	booked: readonly Booked[],
	outcomes: readonly PolicyOutcome[],
	first: number,
	book: Judge,
	exempt: Exemptions,
	now: number,
): AccountGaps {
	const gaps: AccountGaps = { failed: [], unknown: [], evaluated: 0 };
	let one: Case | null = null;
	for (let index = 0; index < booked.length; index++) {
		const { policy, counts } = booked[index] as Booked;
		const raw = outcomes[first + index] as PolicyOutcome;
		if (raw !== "not-applicable") gaps.evaluated++;
		if (raw === "pass" || raw === "not-applicable") {
			tally(counts, raw, weight);
			if (book.watch) {
				one ??= caseOf(judged, weight);
				book.watch(policy, raw, one, now);
			}
			continue;
		}
		one ??= caseOf(judged, weight);
		const { outcome, finding } = bookOutcome(book, policy, raw, one, exempt, now);
		const { id, title, severity, cause } = policy.policy;
		if (outcome === "fail" && finding) gaps.failed.push({ id: finding.id, label: title, severity, cause });
		else if (outcome === "unknown") gaps.unknown.push({ policy: id, label: title, severity, cause });
	}
	return gaps;
}

function caseOf(judged: JudgedAccount, weight: number): Case {
	const { account } = judged;
	return {
		subject: account,
		ref: { kind: "account", key: account.key, label: account.login ?? account.id },
		system: account.system,
		login: account.login,
		weight,
		request: (source, field) => requestOf(judged, source, field),
	};
}

function accountRisk(account: Account, exposure: Exposure, { risk, unknownPolicies, advice }: SharedResult, findings: string[]): AccountRisk {
	return {
		key: account.key,
		label: account.login ?? account.id,
		kind: account.kind,
		privileged: account.privileged ?? null,
		...(account.breakGlass ? { breakGlass: true as const } : {}),
		risk,
		exposure,
		findings,
		unknownPolicies,
		advice,
	};
}

/** Shared by all without a failure. */
const noFindings: string[] = [];
Object.freeze(noFindings);

/** Fields that the log may have decided. */
const ofActivity = new Set(["account.lastActivity", "account.activitySignal"]);

/** The request that delivered a field of an account, which is of this collection. */
export function requestOf(judged: JudgedAccount, source: string, field: string): RequestRef | null {
	const { requests } = judged;
	if (ofActivity.has(field) && requests.activity) return requests.activity;
	return source === "accounts" || source === "authenticators" || source === "roleAssignments" || source === "risks" ? requests[source] : null;
}
