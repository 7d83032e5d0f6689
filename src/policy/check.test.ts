import { describe, expect, test } from "vitest";
import { listOf, types } from "./cel-type.js";
import { checkCondition } from "./check.js";

const params = { days: types.int, names: listOf(types.string) };

function mistakes(text: string, subject: "account" | "setting" | "credential" | "system" = "account"): string[] {
	return checkCondition(text, { subject, params }).errors.map((e) => `${text.slice(e.at, e.end)} | ${e.message} | ${e.hint ?? ""}`);
}

describe("the checker", () => {
	test.each([
		["account.enabled && account.kind == 'human'"],
		["account.roles.exists(r, r.level == 'top' && r.ends == null)"],
		["account.lastActivity != null && account.lastActivity < now - days(params.days)"],
		["account.lastActivity == null || account.lastActivity < now - days(params.days)"],
		["!(account.email == null) && account.email.endsWith('@acme.example')"],
		["has(account.email) ? account.email.contains('x') : false"],
		["account.roles.all(r, r.ends == null || r.ends > now)"],
		["account.department in ['IT', 'HR'] && account.department.startsWith('I')"],
		["account.login == account.email && account.email.startsWith('a')"],
		["account.login in params.names || account.login.matches(r'^\\d+$')"],
		["account.created != null && account.lastActivity != null && account.lastActivity - account.created > hours(1)"],
		["account.profile.employeeStatus == 'gone'"],
		["size(account.roles.filter(r, r.assignment == 'active')) > params.days * 2 - 1"],
		["account.lastActivity != null && account.lastActivity != null"],
	])("accepts %s", (text) => {
		expect(mistakes(text)).toEqual([]);
	});

	test.each([
		["acount.enabled", "acount | unknown name acount | did you mean account?"],
		["enabled", "enabled | unknown name enabled | did you mean account.enabled?"],
		["account.enabeld", "enabeld | unknown field account.enabeld | did you mean account.enabled?"],
		["account.roles.exists(r, r.levle == 'top')", "levle | unknown field r.levle | did you mean r.level?"],
		["account.roles.exist(r, true)", "exist | unknown function exist | did you mean exists?"],
		["account.kind == 'humna'", "'humna' | 'humna' never occurs here | did you mean 'human'?"],
		["account.kind in ['human', 'bot']", "['human', 'bot'] | 'bot' never occurs here | there are 'human', 'service', 'shared', 'agent', 'unknown'"],
		["account.enabled == 'true'", "== | a bool is never equal to a string | "],
		[
			"account.enabled == null",
			"account.enabled | this value is never null: it is known, or unknown | leave the comparison out; an unknown value makes the outcome unknown by itself",
		],
		["account.created > 90", "> | a timestamp or null cannot be ordered with an int | "],
		["account.roles", "account.roles | a condition must be true or false, this is a list of role | is it `size(…) > 0` that is meant?"],
		["account.roles.level == 'top'", "level | a list of role has no fields | for a list write `.exists(x, x.level …)` or `.all(x, …)`"],
		["account.login in 'abc'", "in | `in` needs a list on its right, this is a string | for a part of a string write `text.contains('part')`"],
		["now - 90 > now", "- | `-` does not work on a timestamp and an int | a span of time is written days(90), hours(12) or minutes(30)"],
		["params.day > 1", "day | unknown parameter day | did you mean params.days?"],
		["account.login.matches('(')", "'(' | the pattern is not valid: missing closing ): `(` | patterns are RE2: https://github.com/google/re2/wiki/Syntax"],
		["now > timestamp('2026-13-01')", "'2026-13-01' | '2026-13-01' is no timestamp | write it as '2026-01-01T00:00:00Z'"],
		["now - duration('90d') > now", "'90d' | '90d' is no duration | units are h, m, s, ms; for days write days(90)"],
		["account.login.size > 3", "size | a string has no fields | "],
		["has(account)", "has(account) | has() takes one field | as in has(account.manager)"],
		["account.roles.exists(account, true)", "account | account already has a meaning here | choose another name"],
		["startsWith(account.login, 'a')", "startsWith | startsWith is written otherwise | as in account.login.startsWith('svc-')"],
		["[1, 'a'] == [1]", "'a' | the elements of a list must be alike: string after int | "],
		["account.roles[0] == account.roles[1]", "== | objects are not compared | compare a field of theirs"],
	])("explains %s", (text, expected) => {
		expect(mistakes(text)[0]).toBe(expected);
	});

	test("null must be guarded before it is ordered, calculated with, or asked", () => {
		const hint = "guard it first: `account.lastActivity != null && …`, or `account.lastActivity == null || …` when none should count as true";
		expect(mistakes("account.lastActivity < now")).toEqual([`account.lastActivity | account.lastActivity can be null, and null cannot be ordered | ${hint}`]);
		expect(mistakes("now - account.lastActivity > days(1)")[0]).toContain("calculated with");
		expect(mistakes("account.email.startsWith('a')")[0]).toContain("given to startsWith");
		expect(mistakes("account.lastActivity != null || account.lastActivity < now")).toHaveLength(1);
		expect(mistakes("account.lastActivity == null && account.lastActivity < now")).toHaveLength(1);
		expect(mistakes("account.created != null && account.lastActivity < now")).toHaveLength(1);
		expect(mistakes("credential.expires == null || credential.name", "credential")[0]).toContain("a condition must be");
		expect(mistakes("setting.session != null && setting.session.persistentCookie", "setting")[0]).toContain(
			"compare it: `setting.session.persistentCookie == true`",
		);
		expect(mistakes("setting.values.a <= 3", "setting")[0]).toContain("setting.values.a can be null");
		expect(mistakes("has(setting.values.a) && setting.values.a <= 3", "setting")).toEqual([]);
		expect(mistakes("setting.values['a-b'] != null && setting.values['a-b'] <= 3", "setting")).toEqual([]);
	});

	test("a guard inside a loop does not reach outside, nor another element", () => {
		expect(mistakes("account.roles.exists(r, r.ends != null) && account.roles.all(r, r.ends > now)")).toHaveLength(1);
	});

	test("one mistake is one error", () => {
		expect(mistakes("account.nope.further.still > 3 && size(account.nope) > 1")).toHaveLength(2);
	});
});
