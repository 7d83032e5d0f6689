import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CollectionName } from "../../src/model/snapshot.js";
import { openStore } from "../../src/store/open.js";
import type { Store } from "../../src/store/store.js";
import { makeFactor, makeUser } from "./emulator/build.js";
import { closeQuirkOrgs, type QuirkOrg, quirkOrg, smallTenant } from "./test-quirks.js";

const hour = 3600_000;
const day = 24 * hour;
const only: CollectionName[] = ["accounts", "authenticators"];

let org: QuirkOrg;
let store: Store;
let id: string;

/** A first scan in which the user has one factor. */
beforeEach(async () => {
	const state = smallTenant();
	id = makeUser(state, "eve@corp.example");
	makeFactor(state, id, "push");
	org = await quirkOrg({ state });
	store = await openStore("sqlite::memory:");
	await org.scan({ only, store });
	org.forget();
});
afterEach(async () => {
	await closeQuirkOrgs();
	await store.close();
});

/** The factor goes at that time; the log tells of it, unless `silent`. */
function loseFactor(at: number, told = true): void {
	org.state.factors.set(id, []);
	const event = {
		eventType: "user.mfa.factor.deactivate",
		published: new Date(at).toISOString(),
		uuid: `event-${at}`,
		actor: { id, type: "User" },
		target: [{ id, type: "User" }],
	};
	if (told) org.state.log.push(event as never);
}

const factorsOfEve = async (): Promise<unknown> => {
	const read = await org.scan({ only, store });
	const body = await read.body("authenticators", id);
	return body && "items" in body && Array.isArray(body.items) ? body.items.length : undefined;
};
const asked = (): string[] => org.calls(/\/users\/[^/]+\/factors$/).map(({ url }) => url.split("/")[4] ?? "");

describe("Okta's System Log", () => {
	it("polled without an end always has a next page: it is read to a given end, and then what it names is all that is read again", async () => {
		org.pass(day);
		loseFactor(org.now() - hour);
		expect(await factorsOfEve()).toBe(0);
		expect(asked()).toEqual([id]);
		expect(org.calls(/\/api\/v1\/logs/)).toHaveLength(1);
	});

	it("gives a hundred events a page unless asked for a thousand, and ends after the last of several pages", async () => {
		org.pass(day);
		for (let index = 1; index <= 1500; index++) loseFactor(org.now() - hour - index);
		expect(await factorsOfEve()).toBe(0);
		expect(asked()).toEqual([id]);
		expect(org.calls(/\/api\/v1\/logs/)).toHaveLength(2);
	});

	it.each([
		[120, "answers an older start with what it still has"],
		[200, "refuses a start more than 180 days ago"],
	])("keeps 90 days: after %i days, when it %s, its silence proves nothing and everybody is read", async (days) => {
		org.pass(days * day);
		loseFactor(org.now() - 100 * day);
		expect(await factorsOfEve()).toBe(0);
		expect(asked().length).toBeGreaterThan(20);
		expect(org.calls(/\/api\/v1\/logs/).filter(({ status }) => status === 400)).toEqual([]);
	});

	it("shows events late: one from before the last scan, seen only after it, is still found", async () => {
		org.pass(day);
		const at = org.now() - 60_000;
		loseFactor(at, false);
		await org.scan({ only, store });
		loseFactor(at);
		org.pass(hour);
		expect(await factorsOfEve()).toBe(0);
	});

	it("answers a query that takes too long with 500: the query is tried again", async () => {
		org.pass(day);
		loseFactor(org.now() - hour);
		org.emulator.knobs.faults = [{ do: "status", status: 500, path: /\/api\/v1\/logs/, times: 2 }];
		expect(await factorsOfEve()).toBe(0);
		expect(asked()).toEqual([id]);
		expect(org.calls(/\/api\/v1\/logs/).map(({ status }) => status)).toEqual([500, 500, 200]);
	});

	it("that cannot be read proves nothing: everybody is read", async () => {
		org.pass(day);
		loseFactor(org.now() - hour);
		org.emulator.knobs.faults = [{ do: "status", status: 403, path: /\/api\/v1\/logs/ }];
		expect(await factorsOfEve()).toBe(0);
		expect(asked().length).toBeGreaterThan(20);
	});

	it("is stamped by the org's clock: with ours an hour ahead, a change after the last scan is still found", async () => {
		org.emulator.knobs.clockSkewMs = -hour;
		org.pass(day);
		await org.scan({ only, store });
		org.pass(2 * hour);
		loseFactor(org.emulator.now() - 1.5 * hour);
		org.forget();
		expect(await factorsOfEve()).toBe(0);
		expect(asked()).toEqual([id]);
	});
});
