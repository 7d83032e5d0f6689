import { expect, test } from "vitest";
import { sealPlan } from "../plan/digest.js";
import type { Plan } from "../plan/plan.js";
import { renderReport } from "./apply.js";
import { renderPlan } from "./plan-text.js";

const hostile = "eve\u001b[2K\u202e::error::x\n";

function hostilePlan(): Plan {
	return sealPlan({
		schema: "keelson.dev/plan/v1",
		tenant: hostile,
		created: 0,
		basis: { scans: {}, stack: "", policies: "" },
		score: { before: 10, after: 20, accounts: [{ key: "okta/1", label: hostile, before: 90, after: 10 }] },
		blast: { accounts: 1, privilegedAccounts: 0, bySystem: { [hostile]: { accounts: 1, enabledAccounts: null } }, byKind: {}, irreversible: 0 },
		actions: [
			{
				id: "a",
				system: "okta",
				kind: "suspend-account",
				target: { account: "1" },
				label: hostile,
				findings: [{ id: "f", policy: "p", message: hostile, evidence: [] }],
				precondition: {},
				effect: hostile,
				reversible: true,
				inverse: null,
				after: [],
			},
		],
		notPlanned: [{ finding: "f", policy: "p", label: hostile, why: hostile }],
	});
}

test("nothing of a tenant reaches the terminal unseen", () => {
	const plan = hostilePlan();
	const [action] = plan.actions;
	if (!action) throw new Error("no action");
	const proofs = [
		{
			system: hostile,
			needed: 1,
			holds: true,
			witnesses: [{ account: "1", label: hostile, breakGlass: false, role: hostile, authenticator: hostile, rules: [hostile], from: hostile }],
			countedOut: [{ account: "2", label: hostile, why: hostile }],
			caveats: [hostile],
		},
	];
	const refusals = [{ guardrail: "people" as const, message: hostile }];
	const texts = [
		renderPlan(plan, { file: "plans/x.yaml", refusals, proofs, color: false }),
		renderReport(
			{
				plan: plan.digest,
				tenant: hostile,
				outcome: "partial",
				refusals,
				proofs,
				actions: [{ action, outcome: "failed", detail: hostile, proof: null, requestId: hostile }],
				stopped: hostile,
				calls: 1,
				warnings: [hostile],
			},
			false,
		),
	];
	for (const text of texts) {
		expect(text).not.toMatch(/[\u001b\u202e]/);
		expect(text).not.toMatch(/^\s*::/m);
		expect(text).toContain("⟨U+202E⟩");
	}
});
