import { expect, it } from "vitest";
import { assess } from "../assess/assess.js";
import { account, role, scanned, stackOf, world } from "../assess/test-tenant.js";
import type { Finding } from "../model/finding.js";
import { loadFacts } from "./facts.js";
import { partsOf } from "./parts.js";

it("takes what a shut account still holds: its own role, and the membership that carries one, suspended or deactivated alike", async () => {
	const stack = stackOf();
	const input = await world(stack);
	const shut = (status: string) => ({ status, enabled: false });
	const scan = await scanned(input.store, {
		records: {
			accounts: { ana: account("ana", shut("SUSPENDED")), ben: account("ben", shut("DEPROVISIONED")), new: account("new", shut("STAGED")) },
			groups: { g: { id: "g", name: "Admins", type: "OKTA_GROUP", source: "direct" } },
			memberships: { "g/ben": { group: "g", account: "ben", source: "direct" } },
			roleAssignments: { r1: role("r1", "ana"), r2: role("r2", "g", { principalType: "group" }), r3: role("r3", "new") },
		},
	});
	const judged = await assess(input);
	const findings = (judged?.findings ?? []).filter(({ policy }) => policy === "disabled-account-keeps-access");
	const facts = await loadFacts({ ...input, scan, wanted: new Set(["ana", "ben", "new"]) });
	const planned = findings.map((finding: Finding) => [
		finding.subject.label,
		partsOf(finding, facts, stack).map((part) => ("kind" in part ? part.kind : part.why)),
	]);
	expect(planned.sort()).toEqual([
		["ana@acme.example", ["remove-role"]],
		["ben@acme.example", ["remove-group-member"]],
	]);
	await input.store.close();
});
