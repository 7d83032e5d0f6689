import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { parsePolicy } from "./policy-file.js";
import { policySchema } from "./policy-schema.js";
import { readYaml } from "./yaml-document.js";

const good = `# comment
id: dormant-account
title: Accounts are in use
severity: medium
cause: dormancy
for: account
params:
  days: { type: integer, default: 90, minimum: 1, description: idle days }
where: account.enabled
pass: account.lastActivity != null && account.lastActivity > now - days(params.days)
message: "{account.login} was last seen {account.lastActivity}"
why: Nobody notices when it is taken over.
remediation: [suspend-account, { manual: ask the manager }]
controls: ["nist-800-53:ac-2.3"]
tests:
  - { name: used, account: { enabled: true, lastActivity: 2025-12-31 }, expect: pass }
  - name: roles not read to the end
    account:
      enabled: true
      roles: { $partial: [{ level: top }] }
    now: 2026-02-01T12:00:00Z
    expect: unknown
`;

function problems(text: string): string[] {
	return parsePolicy(text, "p.yaml").errors.map((e) => `${e.line}:${e.column} ${e.path}: ${e.message}${e.hint ? ` (${e.hint})` : ""}`);
}

describe("a good file", () => {
	test("is read whole", () => {
		const { policy, errors } = parsePolicy(good, "p.yaml");
		expect(errors).toEqual([]);
		expect(policy).toMatchObject({
			id: "dormant-account",
			breakGlass: "skip",
			review: null,
			evidence: null,
			remediation: ["suspend-account", { manual: "ask the manager" }],
		});
		expect(policy?.tests.map((t) => t.line)).toEqual([16, 17]);
		expect(policy?.tests[0]).toMatchObject({ subject: { enabled: true, lastActivity: Date.UTC(2025, 11, 31) }, now: Date.UTC(2026, 0, 1) });
		expect(policy?.tests[1]?.subject).toEqual({ enabled: true, roles: Object.assign([{ level: "top" }], { partial: true }) });
		expect(policy?.tests[1]?.now).toBe(Date.UTC(2026, 1, 1, 12));
		expect(policy?.digest).toMatch(/^[0-9a-f]{64}$/);
	});
});

describe("mistakes", () => {
	test.each([
		["severity: medium", "severity: mediun", '4:11 severity: "mediun" is not allowed here (did you mean medium?)'],
		["cause: dormancy", "cause: dormancy\nremediate: [x]", "6:1 remediate: unknown key remediate (did you mean remediation?)"],
		["why: Nobody notices when it is taken over.\n", "", "2:1 : why is missing"],
		[
			"id: dormant-account",
			"id: Dormant Account",
			'2:5 id: "Dormant Account" does not have the form wanted here (lower case, digits and hyphens, as in dormant-account)',
		],
		["suspend-account,", "suspend-acount,", '13:15 remediation[0]: "suspend-acount" is no remediation (did you mean suspend-account?)'],
		["default: 90,", "default: 0,", "8:35 params.days.default: the default must be at least 1"],
		["account.enabled\npass", "acount.enabled\npass", "9:8 where: unknown name acount (did you mean account?)"],
		["now - days(params.days)", "now - days(params.day)", "10:80 pass: unknown parameter day (did you mean params.days?)"],
		["{account.login}", "{account.logn}", "11:20 message: unknown field account.logn (did you mean account.login?)"],
		["{account.login}", "{account.login", "11:11 message: this brace is never closed (a brace itself is written {{)"],
		["lastActivity: 2025-12-31", "lastActivty: 2025-12-31", "16:45 tests[0].account.lastActivty: unknown field lastActivty (did you mean lastActivity?)"],
		[
			"lastActivity: 2025-12-31",
			"lastActivity: yesterday",
			"16:59 tests[0].account.lastActivity: this must be a time (write 2026-01-01 or 2026-01-01T09:00:00Z)",
		],
		["{ level: top }", "{ level: tip }", "20:36 tests[1].account.roles.$partial[0].level: 'tip' never occurs here (did you mean 'top'?)"],
		["name: used, account:", "name: used, group:", "16:19 tests[0].group: this policy is for: account (write account: instead of group:)"],
		["expect: pass", "expect: passed", '16:81 tests[0].expect: "passed" is not allowed here (did you mean pass?)'],
		["tests:", "evidence: [account.lastActivty]\ntests:", "15:12 evidence[0]: unknown field account.lastActivty (did you mean lastActivity?)"],
		["title:", "title: a\ntitle:", "4:1 : this key is there twice"],
		["title: Accounts", "title: {Accounts", "4:1 : Flow map"],
	])("%j as %j", (part, wrong, expected) => {
		expect(good).toContain(part);
		expect(problems(good.replace(part, wrong)).filter((p) => p.startsWith(expected)).length > 0 ? [] : problems(good.replace(part, wrong))).toEqual([]);
	});

	test("all of a file's mistakes are told at once, in order", () => {
		const text = good
			.replace("account.enabled\npass", "acount.enabled\npass")
			.replace("account.login", "account.logn")
			.replace("lastActivity: 2025", "lastActivty: 2025");
		expect(problems(text).map((p) => p.split(" ")[0])).toEqual(["9:8", "11:20", "16:45"]);
	});

	test.each(["", "# nothing", "a: 1\n---\nb: 2", "- 1", "just text", "\u0000", "&a [*a]", "key: [\n"])("%j is refused without a crash", (text) => {
		expect(problems(text).length).toBeGreaterThan(0);
	});

	test("every test object may be written with what the schema names", () => {
		expect(Object.keys(policySchema.properties.tests.items.properties).sort()).toEqual([
			"account",
			"app",
			"credential",
			"device",
			"expect",
			"group",
			"managed",
			"message",
			"name",
			"now",
			"params",
			"person",
			"setting",
			"system",
		]);
	});
});

describe("places inside strings", () => {
	const at = (text: string, path: string[], offset: number): string => {
		const d = readYaml(text, "f").inside(path, offset, "m");
		return `${d.line}:${d.column}`;
	};

	test.each([
		["plain", "k: a && X", 5, "1:9"],
		["single quotes", "k: 'a == ''b'' && X'", 12, "1:19"],
		["double quotes", 'k: "a == \\"b\\" && \\u0058X"', 13, "1:25"],
		["a literal block", "k: |\n  a &&\n    b &&\n  X\n", 12, "4:3"],
		["a folded block", "k: >-\n  a &&\n  b &&\n  X\n", 10, "4:3"],
		["a plain value over lines", "k: a &&\n  b &&\n  X", 10, "3:3"],
		["double quotes over lines", 'k: "a &&\n  b && \\\n  X"', 10, "3:3"],
		["nested, after a comment", "k: # note\n  j: |\n    X", 0, "3:5"],
	])("%s", (name, text, offset, place) => {
		const path = name.startsWith("nested") ? ["k", "j"] : ["k"];
		expect(at(text, path, offset)).toBe(place);
	});

	test("in every style, each visible character is found where it stands", () => {
		const word = fc.string({ unit: fc.constantFrom("a", "b", "&", "=", "'", '"', "\\", "(", "é", "😀"), minLength: 1, maxLength: 6 });
		const text = fc
			.array(word, { minLength: 1, maxLength: 8 })
			.chain((words) =>
				fc
					.array(fc.constantFrom(" ", " ", "\n"), { minLength: words.length, maxLength: words.length })
					.map((gaps) => `${words.map((w, i) => w + (gaps[i] ?? "")).join("")}X`),
			);
		fc.assert(
			fc.property(text, fc.constantFrom("PLAIN", "QUOTE_SINGLE", "QUOTE_DOUBLE", "BLOCK_LITERAL", "BLOCK_FOLDED"), fc.boolean(), (value, style, deep) => {
				const object = deep ? { k: { j: value } } : { k: value };
				const file = stringify(object, { defaultStringType: style as "PLAIN", defaultKeyType: "PLAIN", lineWidth: 20 });
				const document = readYaml(file, "f");
				const path = deep ? ["k", "j"] : ["k"];
				// As read: the writer now and then puts a line break in front.
				const read = path.reduce<unknown>((at, key) => Reflect.get(at as object, key), document.value);
				const d = document.inside(path, String(read).lastIndexOf("X"), "m");
				expect({ file, found: file.split("\n")[d.line - 1]?.[d.column - 1] }).toEqual({ file, found: "X" });
			}),
			{ numRuns: 500 },
		);
	});
});
