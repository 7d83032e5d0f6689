import { afterEach, expect, it } from "vitest";
import type { ActionKind, ActionTarget } from "../../src/provider/action.js";
import { actions } from "./actions.js";
import { connect, type GoogleConnection } from "./connection.js";
import { type EmulatedWorkspace, startGoogleWorkspace } from "./emulator.js";
import { grantEnds } from "./grant-ends.js";

const hour = 3_600_000;
let tenant: EmulatedWorkspace;
let act: GoogleConnection;
let read: GoogleConnection;
afterEach(async () => {
	await act.close();
	await read.close();
	await tenant.close();
});

async function started(edition: "enterprise" | "business" = "enterprise") {
	tenant = await startGoogleWorkspace({ users: 0, seed: 1, acme: true, now: Date.UTC(2026, 0, 1), limits: "off", choices: { edition } });
	const open = async (purpose: "read" | "act") =>
		(await connect({
			...{ system: "google", url: tenant.system.url, options: tenant.system.options ?? {}, purpose, now: tenant.now, log() {} },
			credential: purpose === "act" ? tenant.system.act : tenant.system.auth,
			sleep: async (ms: number) => tenant.advance(ms),
		})) as GoogleConnection;
	act = await open("act");
	read = await open("read");
	const account = tenant.truth().accounts.find(({ login }) => login === "leo.fischer@acme.example")?.id ?? "";
	const group = [...tenant.state.groups.values()].find(({ body }) => body.name === "Agency")?.id ?? "";
	return { account, group, held: () => tenant.truth().memberships.includes(`${group}/${account}`) };
}

async function carryOut(kind: ActionKind, target: ActionTarget) {
	const action = actions.find((one) => one.kind === kind);
	if (!action) throw new Error(`there is no ${kind}`);
	const before = await action.inspect(act, target);
	if (before.done || before.refused !== null) throw new Error(`${kind} is not to be made: ${before.done ? "done" : before.refused}`);
	await action.perform(act, target, before);
	return { verification: await action.verify(act, target, before), inverse: action.inverse(target, before) };
}

const iso = (at: number) => new Date(at).toISOString();
/** Vendors keep whole seconds. */
const soon = (ms: number) => Math.floor((tenant.now() + ms) / 1000) * 1000;

it("a membership is given with an end, moved, made lasting, and gone by itself at its end", async () => {
	const { account, group, held } = await started();
	const give = (until: string | null) => carryOut("add-group-member", { account, group, values: { until } });
	const end = async () => (await grantEnds(read, { kind: "group", id: group }))?.ends.get(account);
	const first = soon(4 * hour);
	expect((await give(iso(first))).verification).toMatchObject({ holds: true });
	expect(await end()).toBe(first);
	const moved = await give(iso(first + hour));
	expect(moved.inverse?.target.values).toEqual({ until: iso(first) });
	expect(await end()).toBe(first + hour);
	const lasting = await give(null);
	expect(lasting.verification).toMatchObject({ holds: true, detail: "the membership has no end" });
	expect(await end()).toBe(null);
	tenant.advance(24 * hour);
	expect([held(), await end()]).toEqual([true, null]);
	// What takes it back gives the end again that it had.
	expect(lasting.inverse?.target.values).toEqual({ until: iso(first + hour) });
	const again = soon(hour);
	await give(iso(again));
	tenant.advance(hour - 60_000);
	expect([held(), await end()]).toEqual([true, again]);
	tenant.advance(2 * 60_000);
	expect([held(), await end()]).toEqual([false, undefined]);
});

it("in an edition without ends nothing is given for good instead: it is refused with who ends it", async () => {
	const { account, group, held } = await started("business");
	const found = await grantEnds(read, { kind: "group", id: group });
	expect([found?.refused, found?.ends.size]).toEqual([expect.stringMatching(/needs Enterprise Standard/), 0]);
	await expect(carryOut("add-group-member", { account, group, values: { until: iso(soon(hour)) } })).rejects.toThrow(/endBy: keelson/);
	expect(held()).toBe(false);
});

it("a list that is not read to its end tells no ends, and roles have none", async () => {
	const { group } = await started();
	expect(await grantEnds(read, { kind: "role", id: "r1" })).toBe(null);
	tenant.faults.push({ do: "status", status: 500, path: /\/memberships\?/ });
	await expect(grantEnds(read, { kind: "group", id: group })).rejects.toThrow();
});
