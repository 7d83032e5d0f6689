import { RE2JS } from "re2js";
import { afterEach, describe, expect, test } from "vitest";
import type { KnownList } from "../model/known.js";
import { type Condition, compileCondition } from "./compile.js";
import { defect } from "./runtime.js";
import { catalogue, type PolicySubject, policySubjects } from "./types.js";

const now = Date.UTC(2026, 0, 1);
const day = 86_400_000;

function condition(text: string, subject: PolicySubject = "account"): Condition {
	const made = compileCondition(text, subject);
	if (!made.condition) throw new Error(made.errors.map((e) => e.message).join());
	return made.condition;
}

function value(text: string, account: object, subject: PolicySubject = "account"): boolean | undefined {
	return condition(text, subject)(account, now);
}

function partial<T>(...items: T[]): KnownList<T> {
	const list: KnownList<T> = items;
	list.partial = true;
	return list;
}

afterEach(() => {
	defect.reason = null;
});

describe("unknown", () => {
	test.each([
		["account.enabled && account.external", { enabled: false }, false],
		["account.external && account.enabled", { enabled: false }, false],
		["account.enabled && account.external", { enabled: true }, undefined],
		["account.enabled || account.external", { enabled: true }, true],
		["account.enabled || account.external", { enabled: false }, undefined],
		["!account.enabled", {}, undefined],
		["account.enabled == account.external", { enabled: true }, undefined],
		["account.enabled ? true : false", {}, undefined],
		["account.login == 'a'", {}, undefined],
		["account.login in ['a', 'b']", {}, undefined],
		["account.login in []", {}, false],
		["account.department == null", {}, undefined],
		["account.department == null", { department: null }, true],
		["has(account.department)", {}, undefined],
		["has(account.department)", { department: null }, false],
		["has(account.department)", { department: "" }, true],
		["has(account.authenticators)", { authenticators: partial() }, true],
	])("%s of %j is %s", (text, account, expected) => {
		expect(value(text, account)).toBe(expected);
	});
});

describe("lists not read to the end", () => {
	const some = { privilegedRoles: partial("A", "B") };
	const none = { privilegedRoles: partial<string>() };
	test.each([
		["account.privilegedRoles.exists(r, r == 'A')", some, true],
		["account.privilegedRoles.exists(r, r == 'C')", some, undefined],
		["!account.privilegedRoles.exists(r, r == 'C')", some, undefined],
		["account.privilegedRoles.all(r, r == 'A')", some, false],
		["account.privilegedRoles.all(r, r != 'C')", some, undefined],
		["account.privilegedRoles.all(r, r != 'C')", none, undefined],
		["size(account.privilegedRoles) == 2", some, undefined],
		["account.privilegedRoles == []", none, undefined],
		["account.privilegedRoles != []", none, undefined],
		["account.privilegedRoles == []", some, false],
		["'A' in account.privilegedRoles", some, true],
		["'C' in account.privilegedRoles", some, undefined],
		["account.privilegedRoles.filter(r, r == 'A').exists(r, true)", some, true],
		["account.privilegedRoles.filter(r, r == 'C').exists(r, true)", some, undefined],
		["size(account.privilegedRoles.filter(r, r == 'A')) == 1", some, undefined],
		["account.privilegedRoles[0] == 'A'", some, undefined],
	])("%s of %j is %s", (text, account, expected) => {
		expect(value(text, account)).toBe(expected);
	});

	test("an unknown predicate leaves a filtered list open", () => {
		const account = { authenticators: [{ type: "a", recoveryOnly: true }, { type: "b" }] };
		expect(value("account.authenticators.filter(a, a.recoveryOnly).exists(a, a.type == 'a')", account)).toBe(true);
		expect(value("account.authenticators.filter(a, a.recoveryOnly).exists(a, a.type == 'b')", account)).toBeUndefined();
		expect(value("account.authenticators.filter(a, a.recoveryOnly).size() == 1", account)).toBeUndefined();
	});
});

describe("the vendor's own objects", () => {
	const setting = { values: { people: { users: ["u1"] }, max: 5, odd: "x", "a-b": true, none: null } };
	test.each([
		["setting.values.missing == null", true],
		["setting.values.missing.deeper == null", true],
		["has(setting.values.missing)", false],
		["has(setting.values.none)", false],
		["has(setting.values.max) && setting.values.max <= 5", true],
		["setting.values['a-b'] == true", true],
		["setting.values.people.users != null && setting.values.people.users.exists(u, u == 'u1')", true],
		["'max' in setting.values", true],
		["'constructor' in setting.values", false],
		["setting.values.constructor == null", true],
		["setting.values.__proto__ == null", true],
		["setting.values['toString'] == null", true],
	])("%s is %s", (text, expected) => {
		expect(value(text, setting, "setting")).toBe(expected);
	});

	test("an unread object is unknown throughout", () => {
		expect(value("setting.values.max == null", {}, "setting")).toBeUndefined();
	});

	test("data of another type is unknown, and a defect", () => {
		expect(value("setting.values.odd != null && setting.values.odd <= 5", setting, "setting")).toBeUndefined();
		expect(defect.reason).toBe("a string cannot be ordered with a number");
	});
});

describe("runtime errors", () => {
	test.each([
		["size(account.privilegedRoles) / (size(account.privilegedRoles) - 1) == 1", { privilegedRoles: ["a"] }, "division by zero"],
		["account.privilegedRoles[3] == 'a'", { privilegedRoles: ["a"] }, "there is no element 3 in a list of 1"],
		["account.login.matches(account.status)", { login: "a", status: "(" }, "the pattern is not valid"],
		["timestamp(account.login) > now", { login: "soon" }, "this is no timestamp"],
		["size(account.privilegedRoles) * 9007199254740991 == 0", { privilegedRoles: ["a", "b"] }, "the integer is too large"],
		// Data that is not of the type its interface has must not slip through JavaScript's conversions.
		["account.created != null && account.created < now", { created: "2020" }, "a string cannot be ordered with a number"],
		["account.roles.exists(r, true)", { roles: "top" }, "a string is no list"],
	])("%s of %j is unknown: %s", (text, account, reason) => {
		expect(value(text, account)).toBeUndefined();
		expect(defect.reason).toBe(reason);
	});

	test("a null that its type excludes never counts as small", () => {
		expect(value("size(account.login) < 5", { login: null })).toBeUndefined();
		expect(value("group.memberCount < 5", { memberCount: null }, "group")).toBeUndefined();
	});

	test("what decides without the error decides", () => {
		expect(value("account.enabled || account.privilegedRoles[3] == 'a'", { enabled: true, privilegedRoles: [] })).toBe(true);
		expect(value("account.privilegedRoles[3] == 'a' || account.enabled", { enabled: true, privilegedRoles: [] })).toBe(true);
	});

	test("a value that is neither true nor false is not taken for true", () => {
		expect(value("account.enabled && account.external", { enabled: "yes", external: true })).toBeUndefined();
		expect(value("!account.enabled", { enabled: "" })).toBeUndefined();
	});
});

describe("arithmetic and time", () => {
	test.each([
		["7 / 2 == 3 && -7 / 2 == -3 && -7 % 2 == -1", true],
		["1 + 2.5 == 3.5", true],
		["1 == 1.0", true],
		["now - days(1) < now && now + hours(1) > now", true],
		["now - timestamp('2025-12-31T00:00:00Z') == days(1)", true],
		["duration('1h30m') == minutes(90)", true],
		["timestamp('2026-01-01T01:00:00+01:00') == now", true],
		["1 - -1 == 2", true],
		["'Ä-ADMIN'.lowerAscii() == 'Ä-admin'", true],
		["size('😀') == 1", true],
	])("%s", (text, expected) => {
		expect(value(text, {})).toBe(expected);
	});

	test("now is what is given", () => {
		expect(condition("account.created != null && account.created < now - days(30)")({ created: 0 }, 31 * day)).toBe(true);
		expect(condition("account.created != null && account.created < now - days(30)")({ created: 0 }, 30 * day)).toBe(false);
	});
});

describe("hostile text", () => {
	const nasty = ["'", '"', "`", "\\", "${process.exit(1)}", "\u2028", "*/", "//", "</script>", "');throw 1;//", "__proto__", "constructor", "\n"];

	test.each(nasty)("the string %j is a string and nothing else", (text) => {
		const literal = JSON.stringify(text).replace(/\u2028/g, "\\u2028");
		expect(value(`account.login == ${literal}`, { login: text })).toBe(true);
		expect(value(`account.login in [${literal}]`, { login: text })).toBe(true);
		expect(value(`account.login in [${literal},'1','2','3','4','5','6','7','8','9']`, { login: text })).toBe(true);
		expect(value(`account.login.matches(${JSON.stringify(RE2JS.quote(text)).replace(/\u2028/g, "\\u2028")})`, { login: `a${text}b` })).toBe(true);
		expect(value(`setting.values[${literal}] == 1`, { values: Object.fromEntries([[text, 1]]) }, "setting")).toBe(true);
	});

	test.each([
		"account.__proto__ == null",
		"account.constructor == null",
		"__proto__",
		"constructor == 1",
		"params.__proto__ == 1",
		"account.login.constructor('x')",
		"toString()",
		"hasOwnProperty('a')",
	])("%s is a load error", (text) => {
		expect(compileCondition(text, "account").errors?.length).toBeGreaterThan(0);
	});

	test("no field's name is one that every object has", () => {
		const names = policySubjects.flatMap((kind) => Object.keys(catalogue[kind].fields ?? {}));
		expect(names.filter((name) => name in {} || !/^[a-zA-Z]+$/.test(name))).toEqual([]);
	});

	test("a pattern that takes a backtracking engine for ever is answered at once, constant or not", () => {
		const login = `${"a".repeat(50_000)}!`;
		expect(value("account.login.matches('^(a+)+$')", { login })).toBe(false);
		expect(value("account.login.matches(account.status)", { login, status: "^(a|a)*$" })).toBe(false);
	});
});
