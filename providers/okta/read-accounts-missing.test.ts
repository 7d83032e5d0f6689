import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { everyone, group, memoryStore, noScope, type PathServer, scanOrg, servePaths, user } from "./test-scan.js";

const only = ["accounts" as const];
let org: PathServer;
beforeEach(async () => {
	org = await servePaths({
		"/api/v1/users": [user("00u1"), user("00u2")],
		"/api/v1/iam/assignees/users": { value: [{ id: "00u1" }, { id: "00u9" }] },
		"/api/v1/users/00u9": user("00u9"),
	});
});
afterEach(() => org.close());

describe("a list of users", () => {
	it("that lacks an administrator who is still there is not whole", async () => {
		const { coverage } = await scanOrg(org, await memoryStore(), { only });
		expect(coverage.accounts).toMatchObject({
			state: "partial",
			known: 2,
			reasons: [{ cause: "floor", detail: expect.stringContaining("00u9 is still there") }],
		});
	});

	it("that lacks an administrator who was deleted is whole, and so is one of an org that does not show its administrators", async () => {
		delete org.answers["/api/v1/users/00u9"];
		expect((await scanOrg(org, await memoryStore(), { only })).coverage.accounts).toMatchObject({ state: "complete", reasons: [] });
		org.answers["/api/v1/iam/assignees/users"] = () => noScope;
		expect((await scanOrg(org, await memoryStore(), { only })).coverage.accounts).toMatchObject({ state: "complete", reasons: [] });
	});

	it("that lacks an account which the last scan had and which is still there is not whole; nothing is said of the account, and it is not gone", async () => {
		const store = await memoryStore();
		org.answers["/api/v1/iam/assignees/users"] = { value: [{ id: "00u1" }] };
		await scanOrg(org, store, { only });
		org.answers["/api/v1/users"] = [user("00u1")];
		org.answers["/api/v1/users/00u2"] = user("00u2");
		const short = await scanOrg(org, store, { only });
		expect(short.coverage.accounts).toMatchObject({
			state: "partial",
			unseen: ["00u2"],
			reasons: [{ detail: expect.stringContaining("the last scan had one account") }],
		});
		delete org.answers["/api/v1/users/00u2"];
		expect((await scanOrg(org, store, { only })).coverage.accounts).toMatchObject({ state: "complete", known: 1 });
	});

	it("that lacks a group's member who is still there and is older than the scan makes memberships partial and names him", async () => {
		Object.assign(org.answers, {
			"/api/v1/iam/assignees/users": { value: [] },
			"/api/v1/groups": [group("00g1"), everyone],
			"/api/v1/groups/rules": [],
			"/api/v1/groups/00g1/users": [user("00u1"), user("00u9")],
		});
		const read = async () => (await scanOrg(org, await memoryStore(), { only: ["accounts", "groups", "groupRules", "memberships"] })).coverage.memberships;
		expect(await read()).toMatchObject({ state: "partial", reasons: [{ cause: "floor", detail: expect.stringContaining("00u9 is still there") }] });
		org.answers["/api/v1/users/00u9"] = user("00u9", { created: "2026-01-01T00:00:01.000Z" });
		expect(await read()).toMatchObject({ state: "complete" });
		delete org.answers["/api/v1/users/00u9"];
		expect(await read()).toMatchObject({ state: "complete" });
	});

	it("is looked through with a few requests, however many it lacks", async () => {
		const store = await memoryStore();
		org.answers["/api/v1/iam/assignees/users"] = { value: [] };
		org.answers["/api/v1/users"] = Array.from({ length: 40 }, (_, index) => user(`00u${index}`));
		await scanOrg(org, store, { only });
		org.reset();
		org.answers["/api/v1/users"] = Array.from({ length: 25 }, (_, index) => user(`00u${index}`));
		const { coverage } = await scanOrg(org, store, { only });
		expect(coverage.accounts?.state).toBe("complete");
		expect(org.asked.filter((path) => /\/users\/00u/.test(path))).toHaveLength(5);
	});
});
