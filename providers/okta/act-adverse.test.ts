import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ActionKind, ActionTarget } from "../../src/provider/action.js";
import { makeCustomRole, makeGroup, makeRole, makeUser } from "./emulator/build.js";
import { type Acting, acting, actionOf, carryOut } from "./test-act.js";

let org: Acting;
let account: string;
let targets: [ActionKind, ActionTarget][];

beforeEach(async () => {
	org = await acting();
	account = makeUser(org.state, "ana@acme.example");
	const { role, resourceSet } = makeCustomRole(org.state, "Desk", []);
	makeRole(org.state, "user", account, "CUSTOM", { role, resourceSet });
	makeRole(org.state, "user", account, "ORG_ADMIN");
	org.state.userGrants.set(account, [{ id: "oag1", clientId: "0oa1", scopeId: "openid" }]);
	org.state.apiTokens.set("00T1", { id: "00T1", name: "t", userId: account });
	targets = [
		["end-sessions", { account }],
		["revoke-credential", { credential: "00T1" }],
		["revoke-grants", { account }],
		["remove-role", { account, role: "ORG_ADMIN" }],
		["remove-role", { account, role, scope: resourceSet }],
		["add-role", { account, role: "APP_ADMIN" }],
		["remove-group-member", { account, group: makeGroup(org.state, "In", [account]) }],
		["add-group-member", { account, group: makeGroup(org.state, "Out") }],
		["suspend-account", { account }],
		["unsuspend-account", { account }],
		["expire-password", { account }],
		["deactivate-account", { account }],
	];
});
afterEach(() => org.close());

const write = /lifecycle|sessions|api-tokens|grants|roles|bindings|groups\/.*\/users/;

describe("an answer that never came", () => {
	it("is told apart by looking: the change holds, and was made once", async () => {
		for (const [kind, target] of targets) {
			const action = actionOf(kind);
			const before = await action.inspect(org.connection, target);
			expect([kind, before.done, before.refused]).toEqual([kind, false, null]);
			for (const method of ["POST", "PUT", "DELETE"]) org.emulator.knobs.faults.push({ do: "cut", at: "after-write", method, path: write, times: 1 });
			const failed = await action.perform(org.connection, target).then(
				() => null,
				(error) => error,
			);
			// A call that may be repeated was; a POST is left in doubt.
			if (failed) expect([kind, failed.ambiguous]).toEqual([kind, true]);
			org.emulator.knobs.faults = [];
			expect([kind, org.writes().filter((line) => line.endsWith(" 0")).length]).toEqual([kind, 1]);
			org.emulator.requests.length = 0;
			expect([kind, (await action.verify(org.connection, target, before)).holds]).toEqual([kind, true]);
			if (kind !== "end-sessions") expect([kind, (await action.inspect(org.connection, target)).done]).toEqual([kind, true]);
		}
	});

	it("of a request that never arrived does not make it hold", async () => {
		const before = await actionOf("suspend-account").inspect(org.connection, { account });
		org.emulator.knobs.faults = [{ do: "cut", at: "before-headers", method: "POST", path: write }];
		await expect(actionOf("suspend-account").perform(org.connection, { account })).rejects.toMatchObject({ ambiguous: true });
		org.emulator.knobs.faults = [];
		expect(await actionOf("suspend-account").verify(org.connection, { account }, before)).toMatchObject({ holds: false, detail: "its status is ACTIVE" });
	});

	it("is no success for being 202: what counts is what is read back", async () => {
		org.emulator.knobs.faults = [{ do: "status", status: 202, method: "POST", path: /suspend/, body: {} }];
		const { verification } = await carryOut(org, "suspend-account", { account });
		expect(verification.holds).toBe(false);
		org.emulator.knobs.faults = [{ do: "status", status: 202, method: "POST", path: /suspend/, body: {}, perform: true }];
		expect((await carryOut(org, "suspend-account", { account })).verification.holds).toBe(true);
	});
});

it("a list that Okta denies is no empty one", async () => {
	const body = { errorCode: "E0000007", errorSummary: "Not found" };
	const group = makeGroup(org.state, "Of", [account]);
	makeRole(org.state, "user", account, "APP_ADMIN");
	const role = await actionOf("remove-role").inspect(org.connection, { account, role: "APP_ADMIN" });
	expect(actionOf("remove-role").inverse({ account, role: "APP_ADMIN" }, role)).not.toBeNull();
	org.emulator.knobs.faults = [{ do: "status", status: 404, method: "GET", path: /\/(groups|factors|grants|catalog\/apps)(\?|$)/, body }];
	const denied: [ActionKind, ActionTarget][] = [
		["remove-group-member", { account, group }],
		["reset-authenticators", { account }],
		["revoke-grants", { account }],
	];
	for (const [kind, target] of denied) await expect(actionOf(kind).inspect(org.connection, target), kind).rejects.toThrow("Okta denies");
	// Without its targets the role would come back for the whole org.
	const unseen = await actionOf("remove-role").inspect(org.connection, { account, role: "APP_ADMIN" });
	expect(actionOf("remove-role").inverse({ account, role: "APP_ADMIN" }, unseen)).toBeNull();
});

describe("reads that lag behind writes", () => {
	it("are waited for", async () => {
		Object.assign(org.emulator.knobs, { statusLagMs: 8_000, membersLagMs: 8_000, rolesLagMs: 8_000 });
		for (const [kind, target] of targets) {
			expect([kind, (await carryOut(org, kind, target)).verification.holds]).toEqual([kind, true]);
			org.emulator.advance(10_000);
		}
	});

	it("that lag longer than the budget leave the change unproven", async () => {
		org.emulator.knobs.membersLagMs = 120_000;
		const group = makeGroup(org.state, "Late", [account]);
		expect((await carryOut(org, "remove-group-member", { account, group })).verification).toMatchObject({
			holds: false,
			detail: "the account is a member of the group",
		});
	});

	it("of a repeat do not turn a change that was made into a failure", async () => {
		org.emulator.knobs.statusLagMs = 3_000;
		await actionOf("suspend-account").perform(org.connection, { account });
		await actionOf("suspend-account").perform(org.connection, { account });
		expect(org.state.users.get(account)?.status).toBe("SUSPENDED");
	});
});

it("waits where Okta says that there are too many requests", async () => {
	org.emulator.knobs.faults = [{ do: "throttle", retryAfterSeconds: 5, path: /suspend/, times: 1 }];
	expect((await carryOut(org, "suspend-account", { account })).verification.holds).toBe(true);
	expect(org.writes().map((line) => line.slice(-3))).toEqual(["429", "200"]);
});

it("waits for an asynchronous deactivation to end", async () => {
	const before = await actionOf("deactivate-account").inspect(org.connection, { account });
	const { client } = org.connection.http;
	await client.send({ method: "POST", path: "/api/v1/users/{userId}/lifecycle/deactivate", params: { userId: account }, headers: { prefer: "respond-async" } });
	expect(await actionOf("deactivate-account").inspect(org.connection, { account })).toMatchObject({
		done: false,
		refused: expect.stringContaining("still changing"),
	});
	expect(await actionOf("deactivate-account").verify(org.connection, { account }, before)).toMatchObject({
		holds: true,
		detail: "its status is DEPROVISIONED",
	});
});
