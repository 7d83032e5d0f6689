import { expect, it } from "vitest";
import type { ActionKind, ActionTarget } from "../../src/provider/action.js";
import { actions, actScopes } from "./actions.js";
import { makeGroup, makeRole, makeUser } from "./emulator/build.js";
import { acting, actionOf, carryOut } from "./test-act.js";

it("writes nothing with the reading credential", async () => {
	const org = await acting({ purpose: "read" });
	const account = makeUser(org.state, "ana@acme.example");
	const group = makeGroup(org.state, "G");
	for (const { kind, perform } of actions) {
		const target = { account, group, credential: "00T1", role: "ORG_ADMIN", setting: "policy/PASSWORD/00p1", values: {} };
		await expect(perform(org.connection, target), kind).rejects.toThrow("systems.okta.auth only reads");
	}
	expect(org.writes()).toEqual([]);
	await org.close();
});

it("looks without writing, whatever the action", async () => {
	const org = await acting();
	const account = makeUser(org.state, "ana@acme.example");
	const group = makeGroup(org.state, "G", [account]);
	const targets: Partial<Record<ActionKind, ActionTarget>> = {
		"remove-group-member": { account, group },
		"add-group-member": { account, group },
		"revoke-credential": { credential: "00T1" },
	};
	for (const { kind, inspect } of actions.filter(({ kind }) => kind !== "update-setting")) {
		const seen = await inspect(org.connection, targets[kind] ?? { account, role: "ORG_ADMIN" });
		expect(JSON.stringify(seen), kind).not.toMatch(/secret|token=|Bearer/i);
	}
	expect(org.writes()).toEqual([]);
	await org.close();
});

it("asks for no scope that no action needs, and every action works with its own scopes alone", async () => {
	const all = new Set(actions.flatMap(({ scopes }) => scopes));
	expect([...all].sort()).toEqual(actScopes);
	const cases: [ActionKind, (org: Awaited<ReturnType<typeof acting>>, account: string) => ActionTarget][] = [
		["suspend-account", (_, account) => ({ account })],
		["end-sessions", (_, account) => ({ account })],
		["expire-password", (_, account) => ({ account })],
		["deactivate-account", (_, account) => ({ account })],
		["remove-role", (org, account) => ({ account, assignment: makeRole(org.state, "user", account, "HELP_DESK_ADMIN"), role: "HELP_DESK_ADMIN" })],
		["add-role", (_, account) => ({ account, role: "HELP_DESK_ADMIN" })],
		["add-role", (org) => ({ group: makeGroup(org.state, "G"), role: "ORG_ADMIN" })],
		["remove-group-member", (org, account) => ({ account, group: makeGroup(org.state, "G", [account]) })],
		[
			"revoke-credential",
			(org, account) => {
				org.state.apiTokens.set("00T1", { id: "00T1", name: "t", userId: account });
				return { credential: "00T1" };
			},
		],
	];
	for (const [kind, make] of cases) {
		const org = await acting({ scopes: actionOf(kind).scopes });
		const account = makeUser(org.state, "ana@acme.example");
		const { verification } = await carryOut(org, kind, make(org, account));
		expect([kind, verification.holds, verification.proof === "accepted"]).toEqual([kind, true, false]);
		await org.close();
	}
});

it("says which scope or role is missing, and that is a refusal, not a doubt", async () => {
	const without = await acting({ scopes: ["okta.users.read"] });
	const account = makeUser(without.state, "ana@acme.example");
	await expect(actionOf("suspend-account").perform(without.connection, { account })).rejects.toMatchObject({
		status: 403,
		scope: "okta.users.manage",
		ambiguous: false,
	});
	await without.close();
	const weak = await acting({ roles: ["READ_ONLY_ADMIN"] });
	const other = makeUser(weak.state, "ana@acme.example");
	await expect(actionOf("suspend-account").perform(weak.connection, { account: other })).rejects.toMatchObject({
		status: 403,
		cause: "role",
		ambiguous: false,
	});
	await weak.close();
});
