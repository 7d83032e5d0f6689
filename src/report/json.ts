import type { AccountRisk, AssessedSystem, Assessment } from "../model/assessment.js";
import type { Evidence, Finding, PolicyCounts } from "../model/finding.js";
import type { KnownList, Millis } from "../model/known.js";
import type { Coverage } from "../model/snapshot.js";

export const assessmentFormat = "keelson.dev/assessment/v1";

/**
 * The assessment as JSON, in the form of `schema/assessment.json`: times as RFC 3339, `unseen` ids as their number, partial
 * lists as `{ "$partial": [ … ] }`. The same assessment gives the same bytes, whatever order its keys came in. Characters
 * that hide or reorder text are written as `\u` escapes, so that the text can be shown and loses nothing.
 */
export function renderJson(assessment: Assessment): string {
	return [...jsonParts(assessment)].join("");
}

/** The text of `renderJson` in pieces of some kilobytes: that of a million accounts is hundreds of MB, and need not be held whole. */
export function* jsonParts(assessment: Assessment): Iterable<string> {
	const { accounts, findings, ...rest } = assessmentJson(assessment);
	let before = "{";
	for (const [key, value] of Object.entries(rest)) {
		yield `${before}\n  ${JSON.stringify(key)}: ${piece(value, 1)}`;
		before = ",";
	}
	yield* listParts("accounts", accounts, accountJson);
	if (accounts.length < assessment.accounts.length) yield `,\n  "accountsLeftOut": ${assessment.accounts.length - accounts.length}`;
	yield* listParts("findings", findings, findingJson);
	yield "\n}\n";
}

function* listParts<T>(key: string, items: readonly T[], json: (item: T) => object): Iterable<string> {
	yield `,\n  "${key}": [`;
	for (const [index, item] of items.entries()) yield `${index === 0 ? "" : ","}\n    ${piece(json(item), 2)}`;
	yield items.length === 0 ? "]" : "\n  ]";
}

/** A part of the whole as it stands `depth` levels in; JSON has no line break inside a string. */
function piece(value: unknown, depth: number): string {
	return escaped(JSON.stringify(value, null, 2)).replaceAll("\n", `\n${"  ".repeat(depth)}`);
}

/** Format, bidi and zero-width characters, C1 controls, separators; those of ASCII are escaped by JSON itself, or part of its layout. */
const hidden = /[\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u007f-\u009f\u2800]/gu;

function escaped(json: string): string {
	return json.replace(hidden, (char) => [...Array(char.length).keys()].map((unit) => `\\u${char.charCodeAt(unit).toString(16).padStart(4, "0")}`).join(""));
}

function assessmentJson(assessment: Assessment) {
	const { tenant, at, policyDigest, posture, bands, baseline } = assessment;
	return {
		schema: assessmentFormat,
		tenant,
		at: time(at),
		policyDigest,
		posture: { posture: posture.posture, postureMax: posture.postureMax, coverage: posture.coverage, cappedBy: posture.cappedBy },
		bands: { critical: bands.critical, high: bands.high, medium: bands.medium, low: bands.low, unknown: bands.unknown },
		trend: assessment.trend.map((past) => ({ at: time(past.at), posture: past.posture, comparable: past.comparable })),
		...(baseline && { baseline: { accepted: baseline.accepted, ended: baseline.ended, fixed: baseline.fixed.length, unknown: baseline.unknown } }),
		systems: assessment.systems.map(systemJson),
		problems: assessment.problems.map(({ path, line, message, blocksWrites }) => ({ path, line, message, blocksWrites })),
		policies: assessment.policies.map(policyJson),
		accounts: listedAccounts(assessment.accounts),
		findings: assessment.findings,
	};
}

/** Accounts without a finding that are listed at most: where one check lacks its data everywhere, every account has an unknown one. */
const withoutFinding = 10_000;

/** All with a finding, and the worst of the others. */
function listedAccounts(accounts: AccountRisk[]): AccountRisk[] {
	if (accounts.length <= withoutFinding) return accounts;
	let others = 0;
	return accounts.filter(({ findings }) => findings.length > 0 || others++ < withoutFinding);
}

function systemJson(system: AssessedSystem) {
	return {
		system: system.system,
		provider: system.provider,
		scan: system.scan,
		started: time(system.started),
		finished: time(system.finished),
		interrupted: system.interrupted,
		requests: system.requests,
		accounts: system.accounts,
		enabledAccounts: system.enabledAccounts,
		coverage: system.coverage.map(coverageJson),
	};
}

function coverageJson(coverage: Coverage) {
	return {
		collection: coverage.collection,
		state: coverage.state,
		known: coverage.known,
		eligible: coverage.eligible,
		unseen: coverage.unseen.length,
		requests: coverage.requests,
		reasons: coverage.reasons.map(({ cause, detail, scope, requestId }) => ({ cause, detail, scope, requestId })),
	};
}

function policyJson(counts: PolicyCounts) {
	const { weight } = counts;
	return {
		policy: counts.policy,
		title: counts.title,
		severity: counts.severity,
		cause: counts.cause,
		why: counts.why,
		pass: counts.pass,
		fail: counts.fail,
		unknown: counts.unknown,
		review: counts.review,
		excepted: counts.excepted,
		notApplicable: counts.notApplicable,
		weight: { pass: weight.pass, fail: weight.fail, unknown: weight.unknown, excepted: weight.excepted },
		unknownFields: canonical(counts.unknownFields),
	};
}

function accountJson(account: AccountRisk) {
	const { risk, exposure } = account;
	return {
		key: account.key,
		label: account.label,
		kind: account.kind,
		privileged: account.privileged,
		breakGlass: account.breakGlass,
		advice: account.advice,
		risk: {
			score: risk.score,
			scoreMax: risk.scoreMax,
			band: risk.band,
			bandMax: risk.bandMax,
			contributions: risk.contributions.map(({ source, id, label, points }) => ({ source, id, label, points })),
			unknownPolicies: risk.unknownPolicies,
			evaluatedPolicies: risk.evaluatedPolicies,
		},
		exposure: {
			topPrivilege: exposure.topPrivilege,
			privilege: exposure.privilege,
			external: exposure.external,
			reachableAnywhere: exposure.reachableAnywhere,
			dormant: exposure.dormant,
		},
		findings: account.findings,
		unknownPolicies: account.unknownPolicies,
	};
}

function findingJson(finding: Finding) {
	const { subject, exemption, withheld } = finding;
	return {
		id: finding.id,
		policy: finding.policy,
		title: finding.title,
		severity: finding.severity,
		cause: finding.cause,
		outcome: finding.outcome,
		state: finding.state,
		system: finding.system,
		subject: { kind: subject.kind, key: subject.key, label: subject.label },
		message: finding.message,
		firstSeen: time(finding.firstSeen),
		lastSeen: time(finding.lastSeen),
		...(exemption
			? {
					exemption: {
						owner: exemption.owner,
						reason: exemption.reason,
						ticket: exemption.ticket,
						expires: exemption.expires,
						source: exemption.source ?? "stack",
						compensatedBy: exemption.compensatedBy,
					},
				}
			: {}),
		...(withheld && { withheld: { compensatedBy: withheld.compensatedBy, outcome: withheld.outcome, expires: withheld.expires } }),
		remediation: finding.remediation,
		controls: finding.controls,
		evidence: finding.evidence.map(evidenceJson),
	};
}

function evidenceJson(fact: Evidence) {
	return {
		field: fact.field,
		...(fact.value === undefined ? {} : { value: canonical(fact.value) }),
		unknown: fact.unknown,
		observedAt: time(fact.observedAt),
		call: fact.call,
		requestId: fact.requestId,
	};
}

function time(at: Millis): string;
function time(at: Millis | null): string | null;
function time(at: Millis | null): string | null {
	return at === null ? null : new Date(at).toISOString();
}

/** The value with its keys in order. */
export function canonical(value: unknown): unknown {
	if (Array.isArray(value)) {
		const items = value.map(canonical);
		return (value as KnownList<unknown>).partial ? { $partial: items } : items;
	}
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(
		Object.entries(value)
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([key, held]) => [key, canonical(held)]),
	);
}
