import { afterEach, describe, expect, it } from "vitest";
import type { AccountRecord } from "../../src/model/account.js";
import type { AuthenticatorsBody } from "../../src/model/snapshot.js";
import { type Emulated, emulateAcme } from "./test-emulated.js";
import { memoryStore, scanOrg, testNow } from "./test-scan.js";

let acme: Emulated;
afterEach(() => acme.emulator.close());

const scan = async (store = memoryStore(), options: object = {}) =>
	scanOrg(Object.assign(acme.emulator, { now: testNow }) as never, await store, { credential: acme.credential, ...options });

describe("a whole org, read by a service app bound to its key", () => {
	it("is what the org holds", async () => {
		acme = await emulateAcme(testNow, { roles: ["SUPER_ADMIN"] });
		const { coverage, bodies, records } = await scan();
		for (const one of Object.values(coverage)) expect(one).toMatchObject({ state: "complete" });

		const { state } = acme.emulator;
		const accounts = (await bodies("accounts")) as AccountRecord[];
		expect(new Map(accounts.map((account) => [account.id, account.status]))).toEqual(new Map([...state.users].map(([id, user]) => [id, user.status])));
		for (const account of accounts)
			expect(account.lastActivity).toBe(state.users.get(account.id)?.lastLogin ? Date.parse(String(state.users.get(account.id)?.lastLogin)) : null);

		const members = new Set((await records("memberships")).map((record) => record.id));
		for (const [group, ids] of state.members)
			for (const id of ids) if (state.groups.get(group)?.type !== "BUILT_IN") expect(members).toContain(`${group}/${id}`);

		const held = new Set((await bodies("roleAssignments")).map((body) => ("principal" in body && "role" in body ? `${body.principal} ${body.role}` : "")));
		for (const role of state.roles.filter((one) => one.status === "ACTIVE" && state.users.get(one.principalId)?.status !== "DEPROVISIONED"))
			expect(held).toContain(`${role.principalId} ${role.role ?? role.type}`);

		for (const { id, body } of await records("authenticators")) {
			const active = (state.factors.get(id) ?? []).filter((factor) => String(factor.status) === "ACTIVE");
			expect((body as AuthenticatorsBody).items.map((item) => item.type).sort()).toEqual(active.map((factor) => String(factor.factorType)).sort());
		}
		expect(acme.emulator.requests.every((request) => request.method === "GET" || request.path === "/oauth2/v1/token")).toBe(true);
	});

	it("costs little the second time", async () => {
		acme = await emulateAcme(testNow);
		const store = memoryStore();
		await scan(store);
		acme.emulator.requests.length = 0;
		const second = await scan(store, { now: testNow + 3600_000 });
		expect(second.coverage.memberships).toMatchObject({ state: "complete" });
		expect(second.coverage.authenticators).toMatchObject({ state: "complete" });
		const perObject = acme.emulator.requests.filter((request) => /\/groups\/[^/]+\/users|\/factors/.test(request.path));
		// An account's own moment may fall into the hour.
		expect(perObject.length).toBeLessThan(5);
	});

	it("with one scope missing is unknown in that collection alone, which names it", async () => {
		acme = await emulateAcme(testNow, { without: ["okta.roles.read"] });
		const { coverage } = await scan();
		expect(coverage.roleAssignments).toMatchObject({ state: "unreadable", reasons: [{ cause: "scope", scope: "okta.roles.read" }] });
		for (const collection of ["accounts", "groups", "groupRules", "settings", "apps", "appAssignments", "authenticators"] as const)
			expect(coverage[collection]).toMatchObject({ state: "complete" });
	});

	it("by a role that may not see API tokens has its credentials partial", async () => {
		acme = await emulateAcme(testNow);
		const { coverage } = await scan();
		expect(coverage.credentials).toMatchObject({ state: "partial", reasons: [{ cause: "role" }] });
	});

	it("by a role that sees no users is unreadable, not empty", async () => {
		acme = await emulateAcme(testNow, { knobs: { faults: [{ path: /\/api\/v1\/users\?/, do: "truncate" }] } });
		const { coverage } = await scan(memoryStore(), { only: ["accounts"] });
		expect(coverage.accounts).toMatchObject({ state: "unreadable", reasons: [{ cause: "floor" }] });
	});
});

describe("spoilt answers", () => {
	const only = [
		"accounts" as const,
		"groups" as const,
		"memberships" as const,
		"roleAssignments" as const,
		"settings" as const,
		"apps" as const,
		"credentials" as const,
		"authenticators" as const,
	];

	it.each(["null-item", "missing-id", "bad-date", "string-number", "number-string", "extra-field", "missing-field", "drop-nulls", "duplicate-item"] as const)(
		"with %s give no wrong value",
		async (how) => {
			acme = await emulateAcme(testNow, { roles: ["SUPER_ADMIN"] });
			const clean = await scan(memoryStore(), { only });
			const truth = new Map<string, object>();
			for (const collection of only) for (const record of await clean.records(collection)) truth.set(`${collection} ${record.id}`, record.body);
			acme.emulator.knobs.faults.push({ path: /\/api\/v1\//, do: "spoil", how });
			const spoilt = await scan(memoryStore(), { only });
			for (const collection of only) {
				const found = await spoilt.records(collection);
				for (const record of found) {
					const real = truth.get(`${collection} ${record.id}`);
					if (!real) expect.fail(`${how}: ${collection} ${record.id} does not exist`);
					expect.soft(wrong(record.body, real), `${how}: ${collection} ${record.id}`).toEqual([]);
				}
				const whole = found.length === (await clean.records(collection)).length;
				if (!whole) expect(spoilt.coverage[collection]?.state, `${how}: ${collection}`).not.toBe("complete");
			}
		},
	);
});

/** Raw vendor objects are what the vendor sent; where a name can't be read, its place is taken by the id, for people. */
const notFacts = new Set(["values", "profile", "name", "label"]);

/** Where `found` claims something else than `real`. What is missing is unknown. */
function wrong(found: unknown, real: unknown, path = ""): string[] {
	if (notFacts.has(path) || found === "unknown" || Object.is(found, real)) return [];
	const bothLists = Array.isArray(found) && Array.isArray(real) && found.length === real.length;
	const bothObjects = typeof found === "object" && typeof real === "object" && found !== null && real !== null && !Array.isArray(found) && !Array.isArray(real);
	if (!bothLists && !bothObjects) return [`${path}: ${JSON.stringify(found)?.slice(0, 200)} is not ${JSON.stringify(real)?.slice(0, 200)}`];
	const facts = new Map<string, unknown>(Object.entries(real));
	return Object.entries(found).flatMap(([key, value]) => wrong(value, facts.get(key), path === "" ? key : `${path}.${key}`));
}
