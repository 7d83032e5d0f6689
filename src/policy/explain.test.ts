import { describe, expect, test } from "vitest";
import { compilePolicy } from "./compile.js";
import { type ExplainNode, evidenceOf, explainTree } from "./explain.js";
import { policyOf } from "./test-policy.js";

const now = Date.UTC(2026, 0, 1);

function wanted(node: ExplainNode): string[] {
	const below = node.parts.flatMap(wanted);
	if (node.wanted === undefined) return below;
	return below.length > 0 ? below : [`${node.element ? `${node.element}: ` : ""}${node.text} => ${node.wanted}`];
}

describe("evidence", () => {
	test("is the fields that where and pass use, with times in RFC 3339 and partial lists marked", () => {
		const compiled = compilePolicy(
			policyOf({
				where: "account.enabled",
				pass: "account.roles.all(r, r.ends == null || r.ends > now) && account.created == null && account.external && account.profile.status == 'x'",
			}),
		);
		const roles = Object.assign([{ role: "R", ends: now }], { partial: true });
		expect(evidenceOf(compiled, { enabled: true, roles, created: now + 1, profile: {} })).toEqual([
			{ field: "account.created", value: "2026-01-01T00:00:00.001Z", source: "accounts" },
			{ field: "account.enabled", value: true, source: "accounts" },
			{ field: "account.external", unknown: true, source: "accounts" },
			{ field: "account.profile.status", value: null, source: "accounts" },
			{ field: "account.roles", value: { $partial: [{ role: "R", ends: "2026-01-01T00:00:00Z" }] }, source: "roleAssignments" },
		]);
	});

	test("is what the policy names, when it names any", () => {
		const compiled = compilePolicy(policyOf({ pass: "account.enabled", rest: "evidence: [account.login, account.lastActivity]" }));
		expect(evidenceOf(compiled, { login: "ana", lastActivity: null })).toEqual([
			{ field: "account.login", value: "ana", source: "accounts" },
			{ field: "account.lastActivity", value: null, source: "accounts" },
		]);
	});
});

describe("the explanation", () => {
	const pass = "account.external || (account.enabled && !account.leaver && account.authenticators.exists(a, a.strength == 'strong'))";

	test("names the parts that would have to change, down to the element", () => {
		const compiled = compilePolicy(policyOf({ where: "account.kind == 'human'", pass }));
		const account = { kind: "human", external: false, enabled: true, leaver: true, authenticators: [{ type: "sms", strength: "weak" }] };
		const explanation = explainTree(compiled, account, now);
		expect(explanation.outcome).toBe("fail");
		expect(explanation.where).toMatchObject({ text: "account.kind == 'human'", value: true });
		expect(explanation.pass).toMatchObject({ text: pass, value: false, join: "any", wanted: true });
		expect(wanted(explanation.pass)).toEqual(["account.external => true", "account.leaver => false", "sms: a.strength == 'strong' => true"]);
	});

	test("asks nothing of a condition that holds, and names what is unknown", () => {
		const compiled = compilePolicy(policyOf({ pass }));
		expect(wanted(explainTree(compiled, { external: true }, now).pass)).toEqual([]);
		const explanation = explainTree(compiled, { external: false, enabled: true, leaver: false }, now);
		expect(explanation.outcome).toBe("unknown");
		expect(explanation.pass.unknownFields).toEqual(["account.authenticators"]);
	});

	test("shows values as people read them", () => {
		const compiled = compilePolicy(policyOf({ pass: "account.created != null && account.created > now - days(30)" }));
		const { pass: tree } = explainTree(compiled, { created: Date.UTC(2025, 5, 1) }, now);
		const comparison = tree.parts[1];
		expect(comparison?.parts.map((part) => `${part.text} is ${part.shown}`)).toEqual(["account.created is 2025-06-01", "now - days(30) is 2025-12-02"]);
	});
});
