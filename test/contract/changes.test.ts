import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ActionSpec, ActionTarget } from "../../src/provider/action.js";
import type { ChangeLog } from "../../src/provider/changes.js";
import { loadProvider } from "../../src/provider/load.js";
import type { Connection } from "../../src/provider/provider.js";
import { faults } from "./test-outcomes.js";
import { targetsFor } from "./test-targets.js";
import { type ContractTenant, contracted, openTenant, testNow } from "./test-tenant.js";

const logged: string[] = [];
for (const name of contracted) if ((await loadProvider(name, import.meta.dirname)).changes) logged.push(name);

/** Somebody puts a member into a group; then the log is asked who. */
describe.each(logged)("who changed it, by %s", (name) => {
	let one: ContractTenant;
	let read: Connection;
	let target: ActionTarget;
	let login: string;

	beforeEach(async () => {
		one = await openTenant(name, { users: 60 });
		const seen = await one.scan({ only: ["accounts", "groups", "groupRules", "memberships", "roleAssignments"] });
		const act = await one.connect("act");
		const add = one.provider.actions.find(({ kind }) => kind === "add-group-member") as ActionSpec;
		for (const found of (await targetsFor("add-group-member", seen)).slice(0, 80)) {
			const before = await add.inspect(act, found);
			if (!before.exists && before.refused !== null) continue;
			if (before.done || before.refused !== null) continue;
			await add.perform(act, found, before);
			target = found;
			break;
		}
		await act.close();
		login = (await seen.accounts()).get(target.account ?? "")?.login ?? "";
		one.tenant.advance(1000);
		read = await one.connect("read");
	});
	afterEach(async () => {
		await read.close();
		await one.close();
	});

	async function asked(connection = read): Promise<ChangeLog> {
		const members = [{ id: target.account ?? "", login }];
		const query = { kind: "group" as const, id: target.group ?? "", name: null, members, since: testNow - 3600_000, until: one.tenant.now() };
		const log = await one.provider.changes?.(connection, query);
		if (!log) throw new Error("there is no log");
		return log;
	}

	it("names who it was, when, and by which event", async () => {
		const { events, reasons, from, lateness } = await asked();
		expect(reasons).toEqual([]);
		expect(events[0]).toMatchObject({ what: "added", member: target.account });
		expect(events[0]?.id).not.toBe("");
		expect(events[0]?.actor.id ?? events[0]?.actor.login).toBeTruthy();
		expect(Math.abs((events[0]?.at ?? 0) - one.tenant.now())).toBeLessThan(3600_000);
		expect(from).toBeLessThanOrEqual(testNow);
		expect(lateness).toBeGreaterThan(0);
	});

	it("under any fault it names nobody else, and says that events may be missing where one is", async () => {
		const truth = await asked();
		for (const [fault, what] of Object.entries(faults)) {
			// A word that nobody knows is another event than the one that was looked for.
			if (fault === "words nobody knows") continue;
			const fresh = await one.connect("read");
			one.tenant.faults.splice(0, one.tenant.faults.length, { ...what });
			const { events, reasons } = await asked(fresh);
			one.tenant.faults.length = 0;
			await fresh.close();
			for (const event of events)
				if (event.what === "added" && event.member === target.account)
					expect(
						truth.events.some(({ id, actor }) => id === event.id && (event.actor.id === undefined || event.actor.id === actor.id)),
						`${fault}: ${event.id}`,
					).toBe(true);
			if (events.length < truth.events.length) expect(reasons.length, fault).toBeGreaterThan(0);
		}
	});

	it("sends reads only", async () => {
		const before = one.tenant.requests.length;
		await asked();
		expect(one.tenant.requests.slice(before).filter(({ method, path }) => method !== "GET" && !/token/i.test(path))).toEqual([]);
	});
});
