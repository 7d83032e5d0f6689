import type { GroupRule } from "@okta/okta-sdk-nodejs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makeGroup, makeUser } from "./emulator/build.js";
import type { Wire } from "./emulator/state.js";
import { type Acting, acting, actionOf, carryOut, takeBack } from "./test-act.js";

let org: Acting;
let account: string;

beforeEach(async () => {
	org = await acting();
	account = makeUser(org.state, "ana@acme.example", { profile: { department: "Sales" } });
});
afterEach(() => org.close());

const inspect = (group: string, kind: "add-group-member" | "remove-group-member" = "remove-group-member") =>
	actionOf(kind).inspect(org.connection, { account, group });

function rule(name: string, group: string, more: object = {}): void {
	const expression = { value: 'user.department=="Sales"', type: "urn:okta:expression:1.0" };
	const body = { id: `0pr${name}`, name, status: "ACTIVE", conditions: { expression }, actions: { assignUserToGroups: { groupIds: [group] } }, ...more };
	org.state.groupRules.set(body.id, body as unknown as Wire<GroupRule>);
}

it("takes a member out and puts it back", async () => {
	const group = makeGroup(org.state, "Admins", [account]);
	const done = await carryOut(org, "remove-group-member", { account, group });
	expect([org.state.members.get(group)?.size, done.verification.holds]).toEqual([0, true]);
	expect(await inspect(group)).toMatchObject({ exists: true, done: true, facts: { member: false, groupType: "OKTA_GROUP" } });
	await takeBack(org, done);
	expect(org.state.members.get(group)).toEqual(new Set([account]));
	expect(await inspect(group, "add-group-member")).toMatchObject({ done: true });
});

it("refuses groups that others fill, and names who", async () => {
	const app = makeGroup(org.state, "Directory", [account], "APP_GROUP");
	const builtIn = makeGroup(org.state, "Everyone", [], "BUILT_IN");
	expect((await inspect(app)).refused).toContain("an app or a directory fills this group");
	expect((await inspect(builtIn)).refused).toBe("Okta fills this group itself");
	expect(await inspect("00gNone")).toMatchObject({ exists: false, refused: "Okta has no such group" });
});

it("refuses where an active rule would put the member back, and names the rules", async () => {
	const group = makeGroup(org.state, "Sales", [account]);
	rule("Off", group, { status: "INACTIVE" });
	rule("Elsewhere", "00gOther");
	expect((await inspect(group)).refused).toBeNull();
	rule("Sales by department", group);
	expect((await inspect(group)).refused).toBe("rule Sales by department would put the member back: change the rule");
	rule("Second", group);
	expect((await inspect(group)).refused).toContain("rules Sales by department, Second would");
});

it("takes out whom every rule leaves out", async () => {
	const group = makeGroup(org.state, "Sales", [account]);
	rule("Sales", group, { conditions: { people: { users: { exclude: [account] } } } });
	const done = await carryOut(org, "remove-group-member", { account, group });
	await takeBack(org, done);
	expect(org.state.members.get(group)).toEqual(new Set([account]));
});

it("does not go on when the rules can't be read, or one of them", async () => {
	const group = makeGroup(org.state, "Sales", [account]);
	rule("Broken", group, { actions: { assignUserToGroups: { groupIds: "all" } } });
	await expect(inspect(group)).rejects.toThrow("it may fill this group");
	org.emulator.knobs.faults = [{ do: "status", status: 403, path: /groups\/rules/, body: { errorCode: "E0000006", errorSummary: "no" } }];
	await expect(inspect(group)).rejects.toMatchObject({ status: 403 });
});

it("takes out a deactivated account, and adds none", async () => {
	org.state.users.set(account, { ...org.state.users.get(account), status: "DEPROVISIONED" } as never);
	const group = makeGroup(org.state, "Admins", [account]);
	const other = makeGroup(org.state, "Other");
	expect((await inspect(other, "add-group-member")).refused).toBe("the account is deactivated");
	expect((await carryOut(org, "remove-group-member", { account, group })).verification.holds).toBe(true);
	expect(org.state.members.get(group)?.size).toBe(0);
});
