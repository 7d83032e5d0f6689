import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeFactor, makeUser } from "./emulator/build.js";
import { type Acting, acting, actionOf, carryOut, takeBack } from "./test-act.js";

let org: Acting;
let account: string;

beforeEach(async () => {
	org = await acting();
	account = makeUser(org.state, "ana@acme.example");
});
afterEach(() => org.close());

const status = () => org.state.users.get(account)?.status;
const setStatus = (to: string, more: object = {}) => org.state.users.set(account, { ...org.state.users.get(account), status: to, ...more } as never);
const inspect = (kind: Parameters<typeof actionOf>[0], id = account) => actionOf(kind).inspect(org.connection, { account: id });

describe("suspend and unsuspend", () => {
	it("undo each other, and each is read back", async () => {
		const done = await carryOut(org, "suspend-account", { account });
		expect(done.verification).toMatchObject({ holds: true, proof: "read-back", detail: "its status is SUSPENDED" });
		expect(done.verification.request?.requestId).toBeTruthy();
		expect(done.before.facts).toEqual({ status: "ACTIVE", transitioningToStatus: null });
		expect(status()).toBe("SUSPENDED");
		await takeBack(org, done);
		expect(status()).toBe("ACTIVE");
	});

	it("have nothing to do where it holds already, and a repeat does no harm", async () => {
		await carryOut(org, "suspend-account", { account });
		expect(await inspect("suspend-account")).toMatchObject({ done: true, refused: null });
		const { call } = await actionOf("suspend-account").perform(org.connection, { account });
		expect(call).toBe("POST /api/v1/users/{userId}/lifecycle/suspend");
		expect(org.writes().map((write) => write.slice(-3))).toEqual(["200", "400"]);
		expect(status()).toBe("SUSPENDED");
	});

	it.each([
		["LOCKED_OUT", {}, "Okta suspends ACTIVE accounts only, and this one is LOCKED_OUT"],
		["DEPROVISIONED", {}, "Okta suspends ACTIVE accounts only, and this one is DEPROVISIONED"],
		["ACTIVE", { transitioningToStatus: "DEPROVISIONED" }, "Okta is still changing the account from ACTIVE to DEPROVISIONED: try again when that has ended"],
	])("refuse %s %j", async (word, more, why) => {
		setStatus(word, more);
		expect(await inspect("suspend-account")).toMatchObject({ exists: true, done: false, refused: why });
		expect(org.writes()).toEqual([]);
	});

	it("are known beforehand to be refused by a status", () => {
		const words = ["ACTIVE", "LOCKED_OUT", "PASSWORD_EXPIRED", "RECOVERY", "SUSPENDED", "constructor"];
		const refused = (kind: Parameters<typeof actionOf>[0]) => words.filter((word) => (actionOf(kind).refusesStatus?.(word) ?? null) !== null);
		expect(refused("suspend-account")).toEqual(["LOCKED_OUT", "PASSWORD_EXPIRED", "RECOVERY", "constructor"]);
		expect(refused("expire-password")).toEqual(["LOCKED_OUT", "RECOVERY", "SUSPENDED", "constructor"]);
		expect(refused("unsuspend-account")).toEqual(["LOCKED_OUT", "PASSWORD_EXPIRED", "RECOVERY", "constructor"]);
		expect(refused("deactivate-account")).toEqual([]);
	});

	it("pass on what Okta refuses for another reason", async () => {
		setStatus("LOCKED_OUT");
		await expect(actionOf("suspend-account").perform(org.connection, { account })).rejects.toMatchObject({ status: 400, ambiguous: false });
	});
});

describe("an account that is not there, or not named by its id", () => {
	it("is said to be absent", async () => {
		expect(await inspect("suspend-account", "00uNobody00000000000")).toMatchObject({ exists: false, done: false, refused: "Okta has no such account" });
		// A credential that doesn't see an account has not ended its sessions.
		expect(await inspect("end-sessions", "00uNobody00000000000")).toMatchObject({ exists: false, done: false, refused: "Okta has no such account" });
	});

	it("is not looked up by its login", async () => {
		await expect(inspect("suspend-account", "ana@acme.example")).rejects.toThrow("an action must name the account's id");
	});

	it("is not believed absent for a 404 that is not Okta's own", async () => {
		org.emulator.knobs.faults = [{ do: "status", status: 404, body: "<html>not here</html>", contentType: "text/html" }];
		await expect(inspect("deactivate-account")).rejects.toMatchObject({ status: 404 });
	});
});

describe("expire the password", () => {
	it("is for passwords that Okta keeps", async () => {
		const { verification, inverse } = await carryOut(org, "expire-password", { account });
		expect([status(), verification.holds, inverse]).toEqual(["PASSWORD_EXPIRED", true, null]);
		expect(await inspect("expire-password")).toMatchObject({ done: true });
	});

	it.each([
		["ACTIVE_DIRECTORY", "kept in Active Directory"],
		["LDAP", "kept in LDAP"],
		["FEDERATION", "through another identity provider (FEDERATION)"],
		["SOCIAL", "through another identity provider (SOCIAL)"],
		[undefined, "does not say where"],
	])("is refused where the provider is %s", async (type, why) => {
		setStatus("ACTIVE", { credentials: type === undefined ? {} : { provider: { type, name: "x" } } });
		expect((await inspect("expire-password")).refused).toContain(why);
	});
});

describe("end sessions", () => {
	it("ends sessions and tokens, and takes our own log event for proof", async () => {
		org.state.sessions.set(account, [{ id: "s", created: "2025-01-01T00:00:00.000Z" }]);
		org.state.refreshTokens = new Map([[account, [{ id: "r" }]]]);
		const { verification } = await carryOut(org, "end-sessions", { account });
		expect(verification).toMatchObject({ holds: true, proof: "log-event" });
		expect([org.state.sessions.has(account), org.state.refreshTokens.has(account)]).toEqual([false, false]);
		expect(await inspect("end-sessions")).toMatchObject({ done: false });
	});

	it("waits for a late event, and for one later than the budget says only that Okta accepted it", async () => {
		org.emulator.knobs.logDelayMs = 10_000;
		expect((await carryOut(org, "end-sessions", { account })).verification.proof).toBe("log-event");
		org.emulator.knobs.logDelayMs = 600_000;
		expect((await carryOut(org, "end-sessions", { account })).verification).toMatchObject({ holds: true, proof: "accepted" });
	});

	it("believes neither an earlier event nor another administrator's", async () => {
		await carryOut(org, "end-sessions", { account });
		org.emulator.advance(60_000);
		const before = await inspect("end-sessions");
		const earlier = org.state.log.at(-1);
		org.state.log.push({ ...earlier, uuid: "other", published: new Date(org.emulator.now()).toISOString(), actor: { id: "00uOther", type: "User" } } as never);
		expect(await actionOf("end-sessions").verify(org.connection, { account }, before)).toMatchObject({ proof: "accepted" });
	});

	it("says so where the log can't be read", async () => {
		org.emulator.knobs.faults = [{ do: "status", status: 403, path: /\/logs/, body: { errorCode: "E0000006", errorSummary: "no" } }];
		expect((await carryOut(org, "end-sessions", { account })).verification).toMatchObject({ holds: true, proof: "accepted" });
	});

	it("has nothing to do for a deactivated account", async () => {
		setStatus("DEPROVISIONED");
		expect(await inspect("end-sessions")).toMatchObject({ exists: true, done: true });
	});
});

describe("what only an operator does", () => {
	it("deactivates for good", async () => {
		const { verification, inverse } = await carryOut(org, "deactivate-account", { account });
		expect([status(), verification.holds, inverse]).toEqual(["DEPROVISIONED", true, null]);
		expect(await inspect("deactivate-account")).toMatchObject({ done: true });
		expect(actionOf("deactivate-account")).toMatchObject({ operatorOnly: true, reversible: false });
	});

	it("resets authenticators, and none is left but e-mail", async () => {
		makeFactor(org.state, account, "push");
		makeFactor(org.state, account, "webauthn");
		const { before, verification } = await carryOut(org, "reset-authenticators", { account });
		expect([before.facts.authenticators, verification.holds]).toEqual([["push", "webauthn"], true]);
		makeFactor(org.state, account, "email");
		expect(await inspect("reset-authenticators")).toMatchObject({ done: true, facts: { authenticators: [] } });
		expect(actionOf("reset-authenticators")).toMatchObject({ operatorOnly: true, reversible: false });
	});
});
