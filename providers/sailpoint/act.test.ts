import { afterEach, describe, expect, it } from "vitest";
import type { EmulatedTenant } from "../../src/emulate/contract.js";
import type { SailPointConnection } from "./connection.js";
import { one as ask, list } from "./read.js";
import { at, word } from "./schema.js";
import { actionOf, carryOut, startTenant, type TestTenant } from "./test-tenant.js";

let one: TestTenant;
afterEach(() => one.close());

async function accountsOf(connection: SailPointConnection, filters: string) {
	const found: { id: string; identityId: string; sourceId: string; disabled: boolean; locked: boolean; authoritative: boolean }[] = [];
	for await (const page of list(connection, { path: "/v2026/accounts", query: { filters } })) found.push(...(page.items as typeof found));
	return found;
}
const writes = (tenant: EmulatedTenant) => tenant.requests.filter(({ method, path }) => method !== "GET" && !path.endsWith("/token"));

/** Somebody who has several accounts that are enabled, some of which can't be disabled. */
async function somebody(connection: SailPointConnection): Promise<string> {
	const own = (await connection.self()).accounts;
	for (const { id } of one.tenant.truth().accounts.filter((account) => !own.includes(account.id))) {
		const held = await accountsOf(connection, `identityId eq "${id}"`);
		if (held.filter(({ disabled, authoritative }) => !disabled && !authoritative).length >= 2) return id;
	}
	throw new Error("nobody has two accounts");
}

describe("accounts of sources", () => {
	it("are disabled, save those of the authoritative source; and just these are enabled again", async () => {
		one = await startTenant({ users: 60 });
		const act = await one.connect("act");
		const account = await somebody(act);
		const before = await accountsOf(act, `identityId eq "${account}"`);
		const { inverse, verified, before: seen } = await carryOut(act, "suspend-account", { account });
		expect(verified).toMatchObject({ holds: true, proof: "read-back" });
		const after = await accountsOf(act, `identityId eq "${account}"`);
		expect(after.filter(({ authoritative }) => authoritative).every(({ disabled }) => !disabled)).toBe(true);
		expect(after.filter(({ id }) => (seen.facts.accounts as string[]).includes(id)).every(({ disabled }) => disabled)).toBe(true);
		if (!inverse) throw new Error("it can't be taken back");
		await carryOut(act, inverse.kind, inverse.target);
		expect(await accountsOf(act, `identityId eq "${account}"`)).toEqual(before.map((held) => ({ ...held, modified: expect.any(String) })));
	});

	it("of one source only, where it is named; not of the authoritative one, nor of a stranger", async () => {
		one = await startTenant({ users: 60 });
		const act = await one.connect("act");
		const account = await somebody(act);
		const held = await accountsOf(act, `identityId eq "${account}"`);
		const suspend = actionOf("suspend-account");
		const hr = held.find(({ authoritative }) => authoritative);
		expect((await suspend.inspect(act, { account, app: hr?.sourceId ?? "" })).refused).toContain("authoritative");
		expect((await suspend.inspect(act, { account, credential: "nobodys" })).refused).toContain("no account nobodys");
		const [chosen] = held.filter(({ authoritative, disabled }) => !authoritative && !disabled);
		const seen = await suspend.inspect(act, { account, credential: chosen?.id ?? "" });
		if (seen.refused === null) expect(seen.facts.accounts).toEqual([chosen?.id]);
		else expect(seen.refused).toContain("connector");
	});

	it("task that fails is an action that failed, in the vendor's words", async () => {
		one = await startTenant({ users: 60 });
		const act = await one.connect("act");
		const account = await somebody(act);
		const suspend = actionOf("suspend-account");
		const before = await suspend.inspect(act, { account });
		const failed = {
			id: "t",
			completionStatus: "ERROR",
			messages: [{ type: "ERROR", localizedText: { locale: "en", message: "The connector is down" }, key: "k" }],
		};
		one.tenant.faults.push({ do: "status", status: 200, body: failed, method: "GET", path: /task-status/ });
		await expect(suspend.perform(act, { account }, before)).rejects.toThrow("The connector is down");
	});

	it("refused after another one was changed: it is not said that nothing was done, and what was is known", async () => {
		one = await startTenant({ users: 60 });
		const act = await one.connect("act");
		const account = await somebody(act);
		const suspend = actionOf("suspend-account");
		const before = await suspend.inspect(act, { account });
		const ids = before.facts.accounts as string[];
		one.tenant.faults.push({ do: "status", status: 403, body: { detailCode: "403 Forbidden" }, method: "POST", path: new RegExp(String(ids[1])) });
		await expect(suspend.perform(act, { account }, before)).rejects.toMatchObject({
			ambiguous: true,
			message: expect.stringContaining("1 of 2 accounts was"),
		});
		expect(await suspend.verify(act, { account }, before)).toMatchObject({ holds: false });
	});

	it("half of which an interrupted run had changed: the rest is finished, and all of it can be taken back", async () => {
		one = await startTenant({ users: 60 });
		const act = await one.connect("act");
		const account = await somebody(act);
		const suspend = actionOf("suspend-account");
		const before = await suspend.inspect(act, { account });
		const ids = before.facts.accounts as string[];
		one.tenant.faults.push({ do: "status", status: 403, body: {}, method: "POST", path: new RegExp(String(ids[1])), times: 1 });
		await expect(suspend.perform(act, { account }, before)).rejects.toThrow();
		expect((await suspend.inspect(act, { account })).halfDone).toBeUndefined();
		const seen = await suspend.inspect(act, { account }, before.facts);
		expect(seen).toMatchObject({ done: false, halfDone: true, refused: null });
		await suspend.perform(act, { account }, seen);
		expect(await suspend.verify(act, { account }, seen)).toMatchObject({ holds: true });
		expect(suspend.inverse({ account }, seen)?.target.credential?.split(",").sort()).toEqual([...ids].sort());
	});

	it("refused at the first: nothing was done, and that is said", async () => {
		one = await startTenant({ users: 60 });
		const act = await one.connect("act");
		const account = await somebody(act);
		const suspend = actionOf("suspend-account");
		const before = await suspend.inspect(act, { account });
		one.tenant.faults.push({ do: "status", status: 403, body: { detailCode: "403 Forbidden" }, method: "POST", path: /disable/ });
		await expect(suspend.perform(act, { account }, before)).rejects.toMatchObject({ ambiguous: false });
	});

	it("changed since it was looked at is looked at again", async () => {
		one = await startTenant({ users: 60 });
		const act = await one.connect("act");
		const account = await somebody(act);
		const suspend = actionOf("suspend-account");
		const before = await suspend.inspect(act, { account });
		await expect(suspend.perform(act, { account }, { ...before, facts: { accounts: [] } })).rejects.toThrow("look again");
		expect(writes(one.tenant)).toEqual([]);
	});
});

describe("an identity", () => {
	it("that owns something, or is protected, is not deleted, also when that came in between", async () => {
		one = await startTenant({ users: 60 });
		const act = await one.connect("act");
		const remove = actionOf("delete-account");
		const refusals = new Map<string, string>();
		let free: string | undefined;
		for (const { id } of one.tenant.truth().accounts) {
			const seen = await remove.inspect(act, { account: id });
			if (seen.refused === null) free ??= id;
			else refusals.set(id, seen.refused);
		}
		const said = [...refusals.values()].join("\n");
		expect(said).toContain("protected");
		expect(said).toContain("still owns");
		expect(said).toContain("token Keelson itself uses");
		const owner = [...refusals].find(([, why]) => why.includes("still owns"))?.[0] ?? "";
		const before = await remove.inspect(act, { account: free ?? "" });
		await expect(remove.perform(act, { account: owner }, before)).rejects.toThrow("still owns");
		expect(writes(one.tenant)).toEqual([]);
		expect((await carryOut(act, "delete-account", { account: free ?? "" })).verified).toMatchObject({ holds: true, proof: "read-back" });
		expect(await remove.inspect(act, { account: free ?? "" })).toMatchObject({ exists: false, done: true });
	});

	it("is not deleted where the vendor does not say whether it is protected", async () => {
		one = await startTenant();
		const act = await one.connect("act");
		one.tenant.faults.push({ do: "status", status: 200, body: "[]", method: "GET", path: /protected/ });
		const account = one.tenant.truth().accounts.at(-1)?.id ?? "";
		await expect(actionOf("delete-account").inspect(act, { account })).rejects.toThrow("does not say whether");
	});

	it("is synchronised once in ten seconds, and waited for", async () => {
		one = await startTenant();
		const act = await one.connect("act");
		const account = one.tenant.truth().accounts.at(-1)?.id ?? "";
		const first = await carryOut(act, "synchronize-account", { account });
		expect(first.verified).toMatchObject({ holds: true, proof: "log-event" });
		const since = one.tenant.now();
		expect((await carryOut(act, "synchronize-account", { account })).verified.holds).toBe(true);
		expect(one.tenant.now() - since).toBeGreaterThan(9000);
		// The vendor's limit is kept, and not run into.
		expect(writes(one.tenant).map(({ status }) => status)).toEqual([202, 202]);
		// Whoever else has done it meanwhile is waited for as well.
		await carryOut(await one.connect("act"), "synchronize-account", { account });
		expect(writes(one.tenant).map(({ status }) => status)).toEqual([202, 202, 429, 202]);
		const other = one.tenant.truth().accounts.at(-2)?.id ?? "";
		const before = one.tenant.now();
		await carryOut(act, "synchronize-account", { account: other });
		expect(one.tenant.now() - before).toBeLessThan(9000);
	});

	it("that is reset has to register again, and has lost its levels", async () => {
		one = await startTenant({ users: 200 });
		const act = await one.connect("act");
		const own = (await act.self()).accounts;
		const account = one.tenant.truth().accounts.find(({ id, privileged }) => privileged && !own.includes(id))?.id ?? "";
		expect((await carryOut(act, "reset-account", { account })).verified.holds).toBe(true);
		const user = await ask(act, { path: "/v2026/auth-users/{id}", params: { id: account } });
		expect("body" in user && at(user.body, "capabilities")).toBeNull();
	});

	it("is invited only while it is unregistered, by both versions of the API", async () => {
		one = await startTenant();
		for (const identities of ["v2026", "beta"]) {
			const act = await one.connect("act", { options: { identities } });
			const people = await ask(act, { path: "/v2026/identities", query: { filters: 'cloudStatus eq "UNREGISTERED"', defaultFilter: "NONE" } });
			const found = "body" in people && Array.isArray(people.body) ? people.body.filter((item) => at(item, "emailAddress") !== null) : [];
			const account = word(at(found[0], "id")) ?? "";
			expect((await carryOut(act, "invite-account", { account })).verified).toMatchObject({ holds: true, proof: "log-event" });
			expect(await actionOf("invite-account").inspect(act, { account })).toMatchObject({ done: true, facts: { status: "PENDING" } });
			one.tenant.reset();
		}
		const act = await one.connect("act");
		const active = one.tenant.truth().accounts[0]?.id ?? "";
		expect((await actionOf("invite-account").inspect(act, { account: active })).refused).toContain("UNREGISTERED");
	});

	it("that is not there is refused, and so is every write with the reading credential", async () => {
		one = await startTenant();
		const [act, read] = [await one.connect("act"), await one.connect("read")];
		const account = one.tenant.truth().accounts.at(-1)?.id ?? "";
		for (const kind of ["suspend-account", "reset-account", "process-account", "send-password-reset"] as const) {
			expect(await actionOf(kind).inspect(act, { account: "gone" })).toMatchObject({ exists: false, refused: "SailPoint has no such identity" });
			await expect(actionOf(kind).perform(read, { account })).rejects.toThrow("auth only reads");
		}
		expect(writes(one.tenant)).toEqual([]);
	});
});
