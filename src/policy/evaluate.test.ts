import { describe, expect, test } from "vitest";
import type { KnownList } from "../model/known.js";
import { compileAll, compilePolicy } from "./compile.js";
import { evaluate, evaluateAccounts, explainUnknown } from "./evaluate.js";
import { renderMessage } from "./message.js";
import { policyOf } from "./test-policy.js";

const now = Date.UTC(2026, 0, 1);
const one = { where: "account.enabled", pass: "account.external", review: "account.leaver" };

describe("outcomes", () => {
	test.each([
		[{ enabled: false }, "not-applicable"],
		[{ enabled: false, external: true }, "not-applicable"],
		[{ enabled: true, external: true }, "pass"],
		[{ external: true }, "pass"],
		[{ external: false, leaver: false }, "unknown"],
		[{ enabled: true }, "unknown"],
		[{ enabled: true, external: false, leaver: false }, "fail"],
		[{ enabled: true, external: false, leaver: true }, "review"],
		[{ enabled: true, external: false }, "unknown"],
	])("%j is %s", (account, outcome) => {
		expect(compilePolicy(policyOf(one)).judge(account, now)).toBe(outcome);
	});

	test("declared emergency accounts are skipped unless included; others are not, nor those of which it is not said", () => {
		const skip = compilePolicy(policyOf({ pass: "account.external" }));
		const include = compilePolicy(policyOf({ pass: "account.external", rest: "breakGlass: include" }));
		expect(skip.judge({ breakGlass: true, external: false }, now)).toBe("not-applicable");
		expect(include.judge({ breakGlass: true, external: false }, now)).toBe("fail");
		expect(skip.judge({ breakGlass: false, external: false }, now)).toBe("fail");
		expect(skip.judge({ external: false }, now)).toBe("fail");
	});

	test("a policy without where is for every subject", () => {
		expect(compilePolicy(policyOf({ pass: "account.external" })).judge({ external: false }, now)).toBe("fail");
	});

	test("unknown fields are named, each once, and only those that matter", () => {
		const compiled = compilePolicy(
			policyOf({ where: "account.enabled", pass: "account.external || account.authenticators.exists(a, a.strength == 'strong' && !a.recoveryOnly)" }),
		);
		const authenticators: KnownList<object> = [{ strength: "strong" }, { strength: "weak" }];
		expect(evaluate(compiled, { enabled: true, external: false, authenticators }, now)).toEqual({
			outcome: "unknown",
			unknownFields: ["account.authenticators.recoveryOnly"],
		});
		authenticators.partial = true;
		expect(explainUnknown(compiled, { enabled: true, external: false, authenticators }, now)).toEqual([
			"account.authenticators",
			"account.authenticators.recoveryOnly",
		]);
		expect(explainUnknown(compiled, {}, now)).toEqual(["account.authenticators", "account.enabled", "account.external"]);
		expect(explainUnknown(compiled, { enabled: true, external: true }, now)).toEqual([]);
	});

	test("a runtime error is unknown and tells where", () => {
		const compiled = compilePolicy(policyOf({ pass: "setting.values.max != null && setting.values.max <= 5", for: "setting" }));
		expect(evaluate(compiled, { values: { max: "many" } }, now)).toEqual({
			outcome: "unknown",
			unknownFields: [],
			defect: { part: "pass", offset: 30, reason: "a string cannot be ordered with a number" },
		});
		expect(evaluate(compiled, { values: { max: 3 } }, now)).toEqual({ outcome: "pass", unknownFields: [] });
	});
});

describe("parameters", () => {
	const policy = policyOf({
		pass: "account.login in params.names || size(account.login) > params.length",
		rest: "params:\n  names: { type: array, default: [], description: d }\n  length: { type: integer, default: 5, maximum: 9, description: d }",
	});

	test("have defaults, and are set per policy", () => {
		expect(compilePolicy(policy).judge({ login: "abcdef" }, now)).toBe("pass");
		expect(compilePolicy(policy, { length: 8 }).judge({ login: "abcdef" }, now)).toBe("fail");
		const [set] = compileAll([policy], { example: { names: ["a", '"];throw 1;//'], length: 8 } });
		expect(set?.judge({ login: '"];throw 1;//' }, now)).toBe("pass");
		expect(compileAll([policy], { other: { length: 1 } })[0]?.params.length).toBe(5);
	});

	test.each([
		[{ lenght: 3 }, "policy example: unknown parameter lenght (did you mean length?)"],
		[{ length: 10 }, "policy example: length must be at most 9"],
		[{ length: 1.5 }, "policy example: length must be an integer"],
		[{ names: "a" }, "policy example: names must be a list of strings"],
		[JSON.parse('{"__proto__": 3}'), "policy example: unknown parameter __proto__ (there are names, length)"],
	])("%j is refused", (params, message) => {
		expect(() => compilePolicy(policy, params)).toThrow(message);
	});
});

describe("a batch", () => {
	test("gives every policy's outcome for every subject, as one by one, over more than one block", () => {
		const policies = compileAll([
			policyOf(one),
			policyOf({ pass: "account.kind != 'service'" }),
			policyOf({ where: "!account.enabled", pass: "account.lastActivity == null" }),
		]);
		const subjects = Array.from({ length: 1300 }, (_, i) => ({
			...(i % 2 ? { enabled: i % 3 === 0 } : {}),
			...(i % 5 ? { external: i % 7 === 0, leaver: i % 11 === 0 } : {}),
			kind: i % 13 ? "human" : "service",
			...(i % 17 ? { lastActivity: i % 19 ? i : null } : {}),
		}));
		const seen = policies.map(() => new Map<number, string>());
		evaluateAccounts(policies, subjects, now, { outcome: (p, i, outcome) => seen[p]?.set(i, outcome) });
		for (const [p, policy] of policies.entries()) {
			expect(subjects.map((_, i) => seen[p]?.get(i))).toEqual(subjects.map((s) => policy.judge(s, now)));
		}
	});

	test("reports runtime errors with their subject", () => {
		const policies = compileAll([policyOf({ pass: "account.external" }), policyOf({ pass: "account.privilegedRoles[1] == 'a'" })]);
		const found: unknown[] = [];
		const subjects = [{ privilegedRoles: ["b", "a"] }, { privilegedRoles: [] }, {}];
		evaluateAccounts(policies, subjects, now, { outcome: () => {}, defect: (p, i, d) => found.push([p, i, d.reason]) });
		expect(found).toEqual([[1, 1, "there is no element 1 in a list of 0"]]);
	});

	test("is for one kind of subject", () => {
		const policies = compileAll([policyOf({ pass: "account.external" }), policyOf({ pass: "group.privileged", for: "group" })]);
		expect(() => evaluateAccounts(policies, [{}], now, { outcome: () => {} })).toThrow("one kind");
	});
});

describe("messages", () => {
	const roles: KnownList<string> = ["Admin", "Billing"];
	roles.partial = true;
	const account = {
		login: "a\u001b[31m\nb",
		privilegedRoles: roles,
		lastActivity: Date.UTC(2025, 8, 1, 12),
		created: null,
		department: null,
		authenticators: [{ type: "sms" }, {}],
	};
	test.each([
		["{account.login}", "a [31m b"],
		["{account.privilegedRoles}", "Admin, Billing, ?"],
		["{account.email}", "?"],
		["{account.department}", "none"],
		["{account.lastActivity}", "2025-09-01"],
		["{account.created}", "never"],
		["{account.lastActivity == null ? 'never' : 'yes'}", "yes"],
		["{size(account.authenticators)} factors: {account.authenticators.map(a, a.type)}", "2 factors: sms, ?"],
		["{{literal}} {'}'}", "{literal} }"],
		["{account.authenticators.filter(a, a.type == 'x')}", "?"],
		["{days(3)} {hours(5)} {minutes(1)}", "3 days 5 hours 1 minute"],
		["no braces", "no braces"],
	])("%s", (message, text) => {
		expect(renderMessage(compilePolicy(policyOf({ pass: "account.external", message })), account, now)).toBe(text);
	});

	test("may use what where has guarded", () => {
		const compiled = compilePolicy(
			policyOf({ where: "account.lastActivity != null", pass: "account.external", message: "idle for {now - account.lastActivity}" }),
		);
		expect(renderMessage(compiled, account, now)).toBe("idle for 121 days");
	});
});
