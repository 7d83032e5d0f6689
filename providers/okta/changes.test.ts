import { afterEach, describe, expect, it } from "vitest";
import { acmeStory, acmeTenant, changeBehindYourBack } from "./emulator/acme.js";
import { provider } from "./index.js";
import { readScopes } from "./readers.js";
import { type Acting, acting, carryOut } from "./test-act.js";

const hour = 3600_000;
const { people, groups, policies, rules } = acmeStory;
const superAdmins = { kind: "group" as const, id: groups.superAdmins, name: "Super Admins" };
const jonas = { id: people.jonas.id, login: people.jonas.login };

let org: Acting;
afterEach(() => org.close());

async function start(options: Parameters<typeof acting>[0] = {}): Promise<number> {
	const now = Date.now();
	org = await acting({ state: acmeTenant(now), roles: ["SUPER_ADMIN"], ...options });
	return now;
}

const ask = (query: Partial<Parameters<NonNullable<typeof provider.changes>>[1]>) =>
	provider.changes?.(org.connection, {
		...superAdmins,
		members: [jonas],
		since: org.emulator.now() - hour,
		until: org.emulator.now() + 1,
		...query,
	}) as ReturnType<NonNullable<typeof provider.changes>>;

describe("who changed what, by the System Log", () => {
	it("names who put a member in, from where", async () => {
		const now = await start();
		changeBehindYourBack(org.state, now);
		const { events, reasons } = await ask({});
		expect(reasons).toEqual([]);
		expect(events[0]).toMatchObject({
			type: "group.user_membership.add",
			what: "added",
			member: people.jonas.id,
			actor: { type: "account", id: people.leo.id, login: people.leo.login },
			ip: "203.0.113.66",
			country: "Singapore",
			at: now - 2 * 60_000,
		});
		expect(events[0]?.id).toMatch(/^[0-9a-f-]{36}$/);
	});

	it("names who changed a rule, and what of it", async () => {
		const now = await start();
		changeBehindYourBack(org.state, now);
		const { events } = await ask({ kind: "setting", id: `rule/OKTA_SIGN_ON/${policies.administrators}/${rules.administrators}`, members: [] });
		expect(events.map(({ what, at }) => [what, at])).toEqual([["changed", now - 60_000]]);
		expect(events[0]?.properties).toContain("maxSessionLifetimeMinutes");
	});

	it("names an app by its client, with the request that the change was made by; the last first", async () => {
		await start();
		const done = await carryOut(org, "add-group-member", { account: people.jonas.id, group: groups.superAdmins });
		await carryOut(org, "remove-group-member", { account: people.jonas.id, group: groups.superAdmins });
		org.emulator.advance(1000);
		const { events } = await ask({});
		expect(events.map(({ what }) => what).sort()).toEqual(["added", "removed"]);
		expect(events.map(({ actor }) => actor.type)).toEqual(["app", "app"]);
		expect(events[0]?.actor.id).toBe("0oaACTOR000000000001");
		expect(done.verification.holds).toBe(true);
		expect(events.every(({ requests }) => requests.length > 0)).toBe(true);
	});

	it("tells a role by its name in the log, and not by another's", async () => {
		await start();
		await carryOut(org, "add-role", { account: people.jonas.id, role: "REPORT_ADMIN" });
		org.emulator.advance(1000);
		const of = (role: string, name: string | null) => ask({ kind: "role", id: role, name });
		expect((await of("REPORT_ADMIN", null)).events).toMatchObject([{ what: "added", member: people.jonas.id }]);
		expect((await of("SUPER_ADMIN", "Super Administrator")).events).toEqual([]);
	});

	it("reads a role out of words where the log has it so", async () => {
		const now = await start();
		const day = 24 * hour;
		const ravi = [...org.state.users.values()].find(({ profile }) => profile?.login === "ravi.ito@partner.example");
		const { events } = await ask({ kind: "role", id: "HELP_DESK_ADMIN", name: null, members: [{ id: ravi?.id ?? "", login: null }], since: now - 89 * day });
		expect(events).toMatchObject([{ type: "user.account.privilege.grant", what: "added", member: ravi?.id }]);
	});

	it("goes back no further than the log is kept, and says from where on it was read", async () => {
		const now = await start();
		const { from } = await ask({ since: 0 });
		expect(from).toBeGreaterThan(now - 90 * 24 * hour);
	});

	it("without the scope nothing is known, and the scope is named", async () => {
		const now = await start({ scopes: readScopes.filter((scope) => scope !== "okta.logs.read"), purpose: "read" });
		changeBehindYourBack(org.state, now);
		const { events, reasons } = await ask({});
		expect(events).toEqual([]);
		expect(reasons).toMatchObject([{ scope: "okta.logs.read" }]);
	});

	it("an event of which the log holds no time is no evidence", async () => {
		const now = await start();
		changeBehindYourBack(org.state, now);
		for (const event of org.state.log) if (event.eventType === "group.user_membership.add") Object.assign(event, { uuid: "" });
		const { events, reasons } = await ask({});
		expect(events).toEqual([]);
		expect(reasons.map(({ cause }) => cause)).toContain("quarantine");
	});
});
