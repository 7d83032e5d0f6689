import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AccountRecord } from "../../src/model/account.js";
import type { SspmConnection } from "./connection.js";
import { actionOf, answer, carryOut, startTenant, type TestTenant } from "./test-tenant.js";

let one: TestTenant;
let act: SspmConnection;
const kind = "end-sessions";
const path = /accounts\/logout/;
beforeEach(async () => {
	one = await startTenant({ acme: true });
	act = await one.connect("act");
});
afterEach(() => one.close());

async function accountOf(fits: (account: AccountRecord) => boolean): Promise<{ account: string }> {
	const found = (await (await one.scan({ only: ["accounts"] })).bodies<AccountRecord>("accounts")).find(fits);
	return { account: String(found?.id) };
}
const ana = () => accountOf(({ email }) => email === "ana.lopez@acme.example");
const posts = () => one.tenant.requests.filter((request) => request.method === "POST" && path.test(request.path));

describe("a log-out", () => {
	it.each(["batch_id", "batchId", "text"] as const)("is followed to its end, where its id comes as %s", async (batchAnswer) => {
		one.tenant.choices.batchAnswer = batchAnswer;
		const { before, verified, inverse } = await carryOut(act, kind, await ana());
		expect(before.facts.login).toBe("ana.lopez@acme.example");
		expect(verified).toMatchObject({ holds: true, proof: "log-event" });
		expect(inverse).toBe(null);
		expect(posts()).toHaveLength(1);
	});

	it("may be asked for again", async () => {
		const target = await ana();
		await carryOut(act, kind, target);
		expect((await carryOut(act, kind, target)).verified.holds).toBe(true);
	});

	it("that was interrupted is told from the last batch, and proves nothing for certain", async () => {
		const target = await ana();
		const before = await actionOf(kind).inspect(act, target);
		await actionOf(kind).perform(act, target, before);
		const later = await one.connect("act");
		expect(await actionOf(kind).verify(later, target, before)).toMatchObject({ holds: true, proof: "accepted" });
	});

	it("of somebody else is not taken for theirs", async () => {
		const target = await ana();
		const before = await actionOf(kind).inspect(act, target);
		await carryOut(act, kind, await accountOf(({ email }) => email === "leo.fischer@acme.example"));
		const later = await one.connect("act");
		expect((await actionOf(kind).verify(later, target, before)).holds).toBe(false);
	});

	it("that the identity provider refuses is told", async () => {
		const target = await ana();
		const before = await actionOf(kind).inspect(act, target);
		await actionOf(kind).perform(act, target, before);
		one.tenant.faults.push(answer(path, { status: "COMPLETED_WITH_ERRORS", users: [] }));
		expect(await actionOf(kind).verify(act, target, before)).toMatchObject({ holds: false });
		one.tenant.faults.splice(0, 1, answer(path, { status: "IN_PROGRESS" }));
		expect(await actionOf(kind).verify(act, target, before)).toMatchObject({ holds: false, detail: expect.stringMatching(/under way/) });
	});

	it("whose connection was cut is not sent again by itself", async () => {
		const target = await ana();
		one.tenant.faults.push({ do: "cut", at: "after-write", method: "POST", path });
		await expect(actionOf(kind).perform(act, target)).rejects.toMatchObject({ ambiguous: true });
		expect(posts()).toHaveLength(1);
	});
});

describe("nobody is logged out", () => {
	it("who has no address, or was never seen, or is not there", async () => {
		const inspect = async (target: { account: string }) => actionOf(kind).inspect(act, target);
		expect((await inspect(await accountOf(({ email }) => email === undefined || email === null))).refused).toMatch(/no mail address/);
		expect((await inspect(await accountOf(({ email }) => email === "carl.berg@acme.example"))).refused).toMatch(/seen this person/);
		expect(await inspect({ account: "none" })).toMatchObject({ exists: false });
	});

	it("where the product has no log-out with any identity provider", async () => {
		const target = await ana();
		one.tenant.faults.push(answer(/feature_state/, {}, 404));
		expect((await actionOf(kind).inspect(act, target)).refused).toMatch(/can log people out of/);
	});

	it("where two users of the identity provider have had the address", async () => {
		const target = await ana();
		const rows = ["u-old", "u-new"].map((userId, at) => ({ id: String(at), userId, email: "ana.lopez@acme.example" }));
		one.tenant.faults.push(answer(/mfa_activity/, { total: 2, offset: 0, limit: 100, items: rows }));
		await expect(actionOf(kind).perform(act, target)).rejects.toThrow(/several users .*u-old, u-new.* whose sessions are meant/);
		expect(posts()).toEqual([]);
	});

	it("where the lists are not whole", async () => {
		one.tenant.faults.push(answer(/saas_instances$/, { total: 9, items: [] }));
		await expect(actionOf(kind).inspect(act, { account: "none" })).rejects.toThrow(/not be read whole/);
	});

	it("by the credential that reads", async () => {
		await expect(actionOf(kind).perform(await one.connect("read"), await ana())).rejects.toThrow(/auth only reads/);
		expect(posts()).toEqual([]);
	});
});
