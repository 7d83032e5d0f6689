import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile } from "./emulator/search.js";
import { decodeSignIn, signInFilter } from "./log-sign-in.js";
import { testNow } from "./test-scan.js";

const ana = { id: "00uAna", type: "User" };
const app = { id: "0oaApp", type: "PublicClientApp" };
const base = {
	uuid: "e1",
	eventType: "user.authentication.sso",
	published: "2025-12-31T08:00:00.000Z",
	actor: ana,
	target: null,
	outcome: { result: "SUCCESS" },
};
const grant = (grantType: unknown, more: object = {}) => ({
	...base,
	eventType: "app.oauth2.as.token.grant.access_token",
	actor: app,
	target: [{ id: "at", type: "access_token" }, ana],
	debugContext: { debugData: { grantType } },
	...more,
});
const at = Date.parse(base.published);

describe("a System Log event is a sign-in", () => {
	it.each(["user.session.start", "user.authentication.sso", "user.authentication.auth_via_mfa"])("when its user did %s", (eventType) => {
		expect(decodeSignIn({ ...base, eventType }, testNow)).toEqual({ ok: { account: "00uAna", at, signal: eventType } });
	});

	it("when an app got a token from the user who was there, by whichever server, whoever is the actor", () => {
		expect(decodeSignIn(grant("authorization_code"), testNow)).toEqual({ ok: { account: "00uAna", at, signal: "app.oauth2.as.token.grant.access_token" } });
		expect(decodeSignIn(grant("authorization_code", { eventType: "app.oauth2.token.grant.access_token", actor: ana, target: [app] }), testNow)).toMatchObject({
			ok: { account: "00uAna" },
		});
	});

	it.each([
		["a renewal by the app alone", grant("refresh_token")],
		["an agent that trades a token on", grant("urn:ietf:params:oauth:grant-type:jwt-bearer")],
		["an app's own token", grant("client_credentials", { target: [] })],
		["a grant of unknown kind", grant(undefined)],
		["a failure", { ...base, outcome: { result: "FAILURE" } }],
		["a challenge", { ...base, eventType: "user.authentication.auth_via_mfa", outcome: { result: "CHALLENGE" } }],
		["without an outcome", { ...base, outcome: null }],
		["of the system's own making", { ...base, actor: { id: "okta.system", type: "SystemPrincipal" }, target: [ana] }],
		["of another kind", { ...base, eventType: "user.lifecycle.suspend" }],
		["nothing", null],
	])("but not %s", (_, event) => {
		expect(decodeSignIn(event, testNow)).toEqual({ ok: null });
	});

	it.each([
		["no time", { ...base, published: undefined }],
		["a time that is none", { ...base, published: "yesterday" }],
		["a time to come", { ...base, published: "2027-01-01T00:00:00.000Z" }],
	])("and is set aside with %s", (_, event) => {
		expect(decodeSignIn(event, testNow)).toMatchObject({ bad: expect.stringContaining("user.authentication.sso"), id: "e1" });
	});
});

it("is what the filter asks for, and nothing else is", () => {
	const word = <T>(...words: T[]) => fc.constantFrom(...words);
	const event = fc.record({
		uuid: fc.constant("e"),
		eventType: word(
			"user.session.start",
			"user.authentication.sso",
			"user.session.end",
			"app.oauth2.token.grant.access_token",
			"app.oauth2.as.token.grant.access_token",
		),
		published: fc.constant(base.published),
		actor: fc.constant(ana),
		outcome: fc.record({ result: word("SUCCESS", "FAILURE", "CHALLENGE") }),
		debugContext: fc.record({ debugData: fc.record({ grantType: word("authorization_code", "refresh_token", "password", "client_credentials") }) }),
	});
	const asked = compile(signInFilter, {
		operators: ["eq"],
		attributes: ["eventType", "outcome.", "debugContext."],
		code: "E0000053",
	});
	fc.assert(
		fc.property(event, (one) => {
			const decoded = decodeSignIn(one, testNow);
			expect("ok" in decoded && decoded.ok !== null).toBe(asked?.(one));
		}),
	);
});
