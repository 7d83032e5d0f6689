import { describe, expect, it } from "vitest";
import { decodeDoing } from "./schema-activity.js";

const now = Date.parse("2026-01-01T00:00:00Z");
const accounts = new Map<string, string | null>([
	["a1", "a1"],
	["provider-1", "a1"],
	["ana@company.example", "a1"],
	["twice@company.example", null],
]);
const row = { id: "r", userId: "a1", activityType: "FILE_SHARED", clientIP: "192.0.2.1", activityDateTime: "2025-12-31T10:00:00+00:00" };
const signalOf = (more: Record<string, unknown>) => {
	const doing = decodeDoing({ ...row, ...more }, accounts, now);
	return "ok" in doing ? doing.ok.signal : doing.bad;
};

describe("a row of an app's log", () => {
	it.each([
		[{}, "saas_activity FILE_SHARED"],
		[{ activityType: "LOGIN", summary: "Login succeeded" }, "saas_activity LOGIN"],
		[{ activityType: "UserLoggedIn" }, "saas_activity UserLoggedIn"],
		[{ activityType: "user.session.start", rawData: '{"outcome":{"result":"SUCCESS"}}' }, "saas_activity user.session.start"],
		[{ activityType: "Ana shared a file with somebody" }, "saas_activity"],
		[{ activityType: undefined }, "saas_activity"],
		[{ rawData: { errorCode: 0, failureReason: "Other." } }, "saas_activity FILE_SHARED"],
	])("%j shows that the account is used", (more, signal) => expect(signalOf(more)).toBe(signal));

	it.each([
		{ activityType: "LOGIN" },
		{ activityType: "UserLoginFailed" },
		{ activityType: "login_failure" },
		{ activityType: "user.session.start", rawData: '{"outcome":{"result":"FAILURE"}}' },
		{ activityType: "LOGIN", rawData: '{"success": false}' },
		{ activityType: "LOGIN", rawData: '{"Status":"Invalid Password","success":1}' },
		{ activityType: "suspicious_login", summary: "success" },
		{ summary: "Access was denied" },
		{ clientIP: null },
		{ clientIP: undefined },
	])("%j shows nothing", (more) => expect(signalOf(more)).toBe(null));

	it.each([
		["provider-1", "a1"],
		["Ana@Company.example", "a1"],
		["twice@company.example", null],
		["A1", null],
		["", null],
		[undefined, null],
	])("by %s is the account %s", (userId, account) => expect(decodeDoing({ ...row, userId }, accounts, now)).toMatchObject({ ok: { account } }));

	it("of a time to come is of now, and one without a time is none", () => {
		expect(decodeDoing({ ...row, activityDateTime: "2026-02-01T00:00:00Z" }, accounts, now)).toMatchObject({ ok: { when: now } });
		expect(decodeDoing({ ...row, activityDateTime: "yesterday" }, accounts, now)).toEqual({ bad: "an activity has no time", id: null });
		expect(decodeDoing(null, accounts, now)).toEqual({ bad: expect.stringMatching(/is null/), id: null });
	});
});
