import fc from "fast-check";
import type { AccountRisk, Assessment } from "../model/assessment.js";
import { type Finding, type PolicyCounts, severities } from "../model/finding.js";
import { collections } from "../model/snapshot.js";
import { hostile } from "./test-hostile.js";

const text = fc.oneof({ weight: 3, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) }, { weight: 1, arbitrary: fc.constantFrom(...hostile) });
const time = fc.integer({ min: 0, max: Date.UTC(2200, 0, 1) });
const count = fc.nat({ max: 5000 });
const share = (max: number) => fc.option(fc.double({ min: 0, max, noNaN: true }), { nil: null });
const known = fc.constantFrom(true, false, undefined);
const band = fc.constantFrom("low", "medium", "high", "critical", "unknown");
const cause = fc.constantFrom(
	"scope",
	"role",
	"licence",
	"throttled",
	"cut-off",
	"budget",
	"floor",
	"quarantine",
	"depends",
	"unsupported",
	"interrupted",
	"error",
);
const coverage = fc.record({
	collection: fc.constantFrom(...collections),
	state: fc.constantFrom("complete", "partial", "unreadable"),
	reasons: fc.array(
		fc.tuple(fc.record({ cause, detail: text }), fc.record({ scope: text, requestId: text }, { requiredKeys: [] })).map(([a, b]) => ({ ...a, ...b })),
		{ maxLength: 3 },
	),
	known: count,
	eligible: fc.option(count, { nil: null }),
	unseen: fc.array(text, { maxLength: 3 }),
	requests: count,
});

const evidence = fc
	.tuple(
		fc.record({ field: text, observedAt: fc.option(time, { nil: null }), call: text, requestId: fc.option(text, { nil: null }) }),
		fc.oneof(
			fc.jsonValue().map((value) => ({ value })),
			fc.constant({ unknown: true as const }),
		),
	)
	.map(([a, b]) => ({ ...a, ...b }));

const finding = fc.record<Finding>({
	id: text,
	policy: text,
	title: text,
	severity: fc.constantFrom(...severities),
	cause: text,
	outcome: fc.constantFrom("fail", "review", "excepted"),
	system: text,
	subject: fc.record({ kind: fc.constantFrom("account", "setting", "credential", "system", "managed"), key: text, label: text }),
	message: text,
	evidence: fc.array(evidence, { maxLength: 3 }),
	remediation: fc.array(text, { maxLength: 2 }),
	controls: fc.array(text, { maxLength: 2 }),
	state: fc.constantFrom("new", "open", "fixed", "reopened"),
	firstSeen: time,
	lastSeen: time,
});

const counts = fc.record<PolicyCounts>({
	policy: text,
	title: text,
	severity: fc.constantFrom(...severities),
	cause: text,
	pass: count,
	fail: count,
	unknown: count,
	review: count,
	excepted: count,
	notApplicable: count,
	weight: fc.record({ pass: count, fail: count, unknown: count, excepted: count }),
	unknownFields: fc.dictionary(text, count, { maxKeys: 3 }),
});

const account = fc.record<AccountRisk>({
	key: text,
	label: text,
	kind: text,
	privileged: fc.constantFrom(true, false, null),
	risk: fc.record({
		score: fc.option(fc.integer({ min: 0, max: 100 }), { nil: null }),
		scoreMax: fc.integer({ min: 0, max: 100 }),
		band,
		bandMax: band,
		contributions: fc.array(fc.record({ source: fc.constantFrom("finding", "exposure"), id: text, label: text, points: fc.nat({ max: 100 }) }), {
			maxLength: 12,
		}),
		unknownPolicies: count,
		evaluatedPolicies: count,
	}),
	exposure: fc.record({ topPrivilege: known, privilege: known, external: known, reachableAnywhere: known, dormant: known }),
	findings: fc.array(text, { maxLength: 2 }),
	unknownPolicies: fc.array(text, { maxLength: 2 }),
	advice: text,
});

const posture = fc.record({ posture: share(100), postureMax: share(100), coverage: share(1), cappedBy: fc.option(text, { nil: null }) });

/** Any assessment that the model's types allow, times up to the year 2200. */
export const anyAssessment = fc.record<Assessment>({
	tenant: text,
	at: time,
	systems: fc.array(
		fc.record({
			system: text,
			provider: text,
			scan: count,
			started: time,
			finished: fc.option(time, { nil: null }),
			interrupted: fc.boolean(),
			requests: count,
			accounts: count,
			enabledAccounts: count,
			coverage: fc.array(coverage, { maxLength: 4 }),
		}),
		{ maxLength: 2 },
	),
	policyDigest: text,
	posture,
	policies: fc.array(counts, { maxLength: 6 }),
	findings: fc.array(finding, { maxLength: 12 }),
	accounts: fc.array(account, { maxLength: 8 }),
	bands: fc.record({ low: count, medium: count, high: count, critical: count, unknown: count }),
	problems: fc.array(fc.record({ path: text, line: fc.option(count, { nil: null }), message: text, blocksWrites: fc.boolean() }), { maxLength: 3 }),
	trend: fc.array(fc.record({ at: time, posture: share(100), comparable: fc.boolean() }), { maxLength: 5 }),
});
