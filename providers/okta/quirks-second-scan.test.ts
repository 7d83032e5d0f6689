import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AccountRecord } from "../../src/model/account.js";
import type { AuthenticatorsBody, CollectionName } from "../../src/model/snapshot.js";
import { openStore } from "../../src/store/open.js";
import type { Store } from "../../src/store/store.js";
import { generateTenant, mutateTenant } from "./emulator/generator.js";
import { closeQuirkOrgs, type QuirkOrg, quirkNow, quirkOrg, type Read } from "./test-quirks.js";

const day = 24 * 3600_000;
/** What grows with the number of people. Roles, settings and credentials are read whole every time. */
const large: CollectionName[] = ["accounts", "groups", "groupRules", "memberships", "apps", "appAssignments", "authenticators"];

let org: QuirkOrg;
let store: Store;
let first: Read;
let second: Read;
let changed: ReturnType<typeof mutateTenant>;
let before: Map<CollectionName, Map<string, string>>;
let after: typeof before;

const bodies = async (read: Read): Promise<typeof before> =>
	new Map(await Promise.all(large.map(async (name) => [name, new Map((await read.records(name)).map(({ id, body }) => [id, JSON.stringify(body)]))] as const)));

/** Ids whose record came, went or changed between the two scans. */
function differing(collection: CollectionName): string[] {
	const [old, now] = [before.get(collection), after.get(collection)];
	const ids = new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])]);
	return [...ids].filter((id) => old?.get(id) !== now?.get(id));
}

const requests = (read: Read): number => large.reduce((sum, name) => sum + read.coverage(name).requests, 0);

beforeAll(async () => {
	const state = generateTenant({ seed: 3, users: 600, now: quirkNow });
	org = await quirkOrg({ state });
	store = await openStore("sqlite::memory:");
	first = await org.scan({ store });
	before = await bodies(first);
	org.forget();
	org.pass(day);
	changed = mutateTenant(state, { seed: 10, share: 0.01, now: org.now() - 60_000 });
	second = await org.scan({ store });
	after = await bodies(second);
});
afterAll(async () => {
	await closeQuirkOrgs();
	await store.close();
});

describe("a second scan, after 1 % of 600 users changed", () => {
	it("has something of each kind to find", () => {
		expect(changed.users.size).toBeGreaterThan(0);
		expect(changed.groups.size).toBeGreaterThan(0);
		expect(changed.factors.size).toBeGreaterThan(0);
		for (const coverage of second.scan.coverage) expect(coverage, coverage.collection).toMatchObject({ state: "complete", reasons: [] });
	});

	it("finds exactly the users that changed, and of the others at most a later sign-in", () => {
		const facts = (collection: typeof before, id: string): AccountRecord => JSON.parse(collection.get("accounts")?.get(id) ?? "{}");
		const ids = differing("accounts");
		const updated = ids.filter((id) => facts(before, id).updated !== facts(after, id).updated);
		expect(updated.toSorted()).toEqual([...changed.users].toSorted());
		for (const id of ids.filter((one) => !changed.users.has(one)))
			expect({ ...facts(after, id), lastActivity: 0 }).toEqual({ ...facts(before, id), lastActivity: 0 });
	});

	it("finds exactly the memberships that changed, and asks for no other group's members", () => {
		const touched = new Set(differing("memberships").map((id) => id.split("/")[0]));
		expect([...touched].toSorted()).toEqual([...changed.groups].toSorted());
		expect(
			org
				.calls(/\/groups\/[^/]+\/users/)
				.map(({ url }) => url.split("/")[4])
				.toSorted(),
		).toEqual([...changed.groups].toSorted());
		for (const id of changed.groups) {
			const found = [...(after.get("memberships")?.keys() ?? [])].filter((key) => key.startsWith(`${id}/`)).map((key) => key.split("/")[1]);
			expect(found.toSorted()).toEqual([...(org.state.members.get(id) ?? [])].toSorted());
		}
	});

	it("finds exactly the factors that changed, and asks for no other user's", () => {
		expect(
			org
				.calls(/\/factors$/)
				.map(({ url }) => url.split("/")[4])
				.toSorted(),
		).toEqual([...changed.factors].toSorted());
		const gone = [...(before.get("authenticators")?.keys() ?? [])].filter((id) => !after.get("authenticators")?.has(id));
		expect(gone.every((id) => changed.users.has(id) && org.state.users.get(id)?.status === "SUSPENDED")).toBe(true);
		const others = differing("authenticators").filter((id) => !gone.includes(id) && !changed.factors.has(id));
		expect(others).toEqual([]);
		for (const id of changed.factors) {
			const { items } = JSON.parse(after.get("authenticators")?.get(id) ?? "null") as AuthenticatorsBody;
			const active = (org.state.factors.get(id) ?? []).filter((factor) => String(factor.status) === "ACTIVE");
			expect(items.map((item) => item.id).toSorted()).toEqual(active.map((factor) => String(factor.id)).toSorted());
		}
	});

	it("costs at most 5 % of the first scan's requests for all that grows with the number of people", () => {
		expect(requests(first)).toBeGreaterThan(500);
		expect(requests(second)).toBeLessThanOrEqual(0.05 * requests(first));
	});
});
