import type { AccountRisk, Assessment } from "../model/assessment.js";
import type { Finding, PolicyCounts } from "../model/finding.js";
import type { Plan } from "../plan/plan.js";
import type { PlanReport } from "./plan-report.js";

/** Gives the text of a field, by the field's name and a number. */
export type Texts = (field: string, number: number) => string;

export const at = Date.UTC(2026, 10, 25, 13, 11, 55);
const day = 86_400_000;
const severity = ["critical", "high", "medium", "low", "info"] as const;

/** Plain texts that look like a small company's. */
export const plainTexts: Texts = (field, number) =>
	field === "id" ? `f_${String(number).padStart(20, "0")}` : field === "policy" ? `policy-${number}` : `${field} number ${number}`;

/** A small assessment with something in every part that a report shows, every text of the tenant's or an author's from `texts`. */
export function testAssessment(texts: Texts = plainTexts): Assessment {
	const states = ["new", "open", "reopened", "fixed", "open"] as const;
	const outcomes = ["fail", "fail", "review", "fail", "excepted"] as const;
	const findings = severity.flatMap((_, policy) =>
		[0, 1, 2, 3, 4].map((index) => finding(texts, policy, index, states[index] ?? "open", outcomes[index] ?? "fail")),
	);
	return {
		tenant: texts("tenant", 0),
		at,
		policyDigest: texts("digest", 0),
		posture: { posture: 53.7, postureMax: 60, coverage: 0.82, cappedBy: texts("policy", 0) },
		bands: { critical: 1, high: 1, medium: 1, low: 1200, unknown: 1 },
		trend: [
			{ at: at - 21 * day, posture: 41, comparable: false },
			{ at: at - 14 * day, posture: null, comparable: true },
			{ at: at - 7 * day, posture: 51.2, comparable: true },
			{ at, posture: 53.7, comparable: true },
		],
		systems: [0, 1].map((number) => ({
			system: texts("system", number),
			provider: texts("provider", number),
			scan: number,
			started: at - 9000,
			finished: number === 0 ? at : null,
			interrupted: number === 1,
			requests: 259,
			accounts: 1204,
			enabledAccounts: 1180,
			coverage: [
				{ collection: "accounts", state: "complete", reasons: [], known: 1204, eligible: null, unseen: [], requests: 7 },
				{
					collection: "settings",
					state: "partial",
					reasons: [0, 1].map((index) => ({
						cause: "scope",
						detail: texts("detail", index),
						scope: texts("scope", index),
						requestId: texts("request", index),
					})),
					known: 44,
					eligible: null,
					unseen: ["a", "b"],
					requests: 3,
				},
				{
					collection: "authenticators",
					state: "partial",
					reasons: [{ cause: "budget", detail: texts("detail", 2) }],
					known: 40,
					eligible: 9800,
					unseen: [],
					requests: 40,
				},
				{ collection: "apps", state: "unreadable", reasons: [], known: 0, eligible: null, unseen: [], requests: 1 },
			],
		})),
		policies: [
			...severity.map((_, number) => counts(texts, number)),
			{ ...counts(texts, 5), fail: 0, review: 0, excepted: 0, pass: 0, unknown: 7 },
			{ ...counts(texts, 6), fail: 0, review: 0, excepted: 0, unknown: 0 },
			{ ...counts(texts, 7), pass: 0, fail: 0, review: 0, excepted: 0, unknown: 0 },
		],
		findings,
		accounts: [account(texts, 0, 99, "critical"), account(texts, 1, 60, "high"), account(texts, 2, null, "unknown"), account(texts, 3, 0, "low")],
		problems: [
			{ path: texts("path", 0), line: 15, message: texts("problem", 0), blocksWrites: true },
			{ path: texts("path", 1), line: null, message: texts("problem", 1), blocksWrites: false },
		],
	};
}

function finding(texts: Texts, policy: number, index: number, state: Finding["state"], outcome: Finding["outcome"]): Finding {
	const number = policy * 10 + index;
	return {
		id: texts("id", number),
		policy: texts("policy", policy),
		title: texts("title", policy),
		severity: severity[policy] ?? "info",
		cause: texts("cause", policy),
		outcome,
		system: texts("system", 0),
		subject: { kind: "account", key: texts("key", index), label: texts("login", index) },
		message: texts("message", number),
		evidence: [
			{
				field: texts("field", 0),
				value: { [texts("member", 0)]: [texts("value", number), 1, null], at: 7 },
				observedAt: at - day,
				call: texts("call", 0),
				requestId: texts("request", number),
			},
			{ field: texts("field", 1), unknown: true, observedAt: null, call: texts("call", 1), requestId: null },
		],
		remediation: [texts("remediation", policy)],
		controls: [texts("control", 0), texts("control", 1)],
		state,
		firstSeen: at - 30 * day,
		lastSeen: at,
		...(outcome === "excepted"
			? { exemption: { owner: texts("owner", policy), reason: texts("reason", policy), ticket: texts("ticket", policy), expires: texts("expires", policy) } }
			: {}),
	};
}

function counts(texts: Texts, number: number): PolicyCounts {
	return {
		policy: texts("policy", number),
		title: texts("title", number),
		severity: severity[number] ?? "low",
		cause: texts("cause", number),
		why: texts("why", number),
		pass: 1200,
		fail: 2,
		unknown: number === 1 ? 3 : 0,
		review: 1,
		excepted: 1,
		notApplicable: 9,
		weight: { pass: 1300, fail: 3, unknown: 3, excepted: 1 },
		unknownFields: { [texts("field", 2)]: 3, [texts("field", 3)]: 1 },
	};
}

function account(texts: Texts, number: number, score: number | null, band: AccountRisk["risk"]["band"]): AccountRisk {
	return {
		key: texts("key", number),
		label: texts("login", number),
		kind: number === 0 ? "human" : texts("kind", number),
		privileged: number === 0 ? true : null,
		...(number === 0 ? { breakGlass: true as const } : {}),
		risk: {
			score,
			scoreMax: 100,
			band,
			bandMax: "critical",
			contributions: [
				{ source: "finding", id: texts("id", number), label: texts("title", 0), points: score ?? 0 },
				{ source: "exposure", id: "privilege", label: texts("exposure", 0), points: 0 },
			],
			unknownPolicies: 1,
			evaluatedPolicies: 4,
		},
		exposure: { topPrivilege: true, privilege: undefined, external: false, reachableAnywhere: undefined, dormant: true },
		findings: [texts("id", number)],
		unknownPolicies: [texts("policy", 1)],
		advice: texts("advice", number),
	};
}

export function testPlan(texts: Texts = plainTexts): Plan {
	return {
		schema: "keelson.dev/plan/v1",
		tenant: texts("tenant", 0),
		created: at,
		digest: texts("digest", 1),
		basis: { scans: {}, stack: "", policies: "" },
		score: { before: 53.7, after: 61.2, accounts: [] },
		blast: {
			accounts: 2,
			privilegedAccounts: 1,
			bySystem: { [texts("system", 0)]: { accounts: 2, enabledAccounts: null } },
			byKind: { "remove-role": 2 },
			irreversible: 1,
		},
		actions: [0, 1].map((number) => ({
			id: texts("action", number),
			system: texts("system", 0),
			kind: "remove-role",
			target: {},
			label: texts("login", number),
			findings: [{ id: texts("id", number), policy: texts("policy", 0), message: texts("message", number), evidence: [] }],
			precondition: {},
			effect: texts("effect", number),
			reversible: number === 0,
			inverse: null,
			after: [],
		})),
		notPlanned: [{ finding: texts("id", 3), policy: texts("policy", 1), label: texts("login", 3), why: texts("why", 3) }],
	};
}

export function testPlanReport(texts: Texts = plainTexts): PlanReport {
	const plan = testPlan(texts);
	plan.score.accounts = [{ key: texts("key", 0), label: texts("login", 0), before: 99, after: 12 }];
	plan.actions = plan.actions.map((action, index) => ({ ...action, after: index === 1 ? [plan.actions[0]?.id ?? ""] : [] }));
	return {
		plan,
		untrue: [],
		mismatches: [texts("mismatch", 0)],
		refusals: [{ guardrail: "budget", message: texts("refusal", 0) }],
		dropped: new Map([[plan.actions[1]?.id ?? "", texts("dropped", 0)]]),
		proofs: [{ system: texts("system", 0), needed: 2, holds: false, witnesses: [{ label: texts("login", 1) }] }],
	};
}
