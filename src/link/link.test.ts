import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { LinkAccount, LinkWorker } from "./candidates.js";
import { type LinkInput, linkPersons } from "./link.js";

const day = 86_400_000;
const now = Date.UTC(2026, 0, 1);

function account(key: string, change: Partial<LinkAccount> = {}): LinkAccount {
	const [system = "", id = ""] = key.split("/");
	return { key, system, provider: system, id, login: id, employeeId: null, created: now - 100 * day, enabled: true, impersonal: false, ...change };
}
function worker(id: string, change: Partial<LinkWorker> = {}): LinkWorker {
	return { key: `hr/${id}`, system: "hr", id, email: null, status: "active", started: now - 400 * day, ended: null, ...change };
}
function persons(input: Partial<LinkInput>): string[][] {
	const linked = linkPersons({ accounts: [], workers: [], manual: [], ...input });
	return linked.persons.map((one) => [...one.accounts, ...(one.worker ? [one.worker] : [])].sort()).sort();
}
const mail = "ana@acme.example";

describe("evidence that joins", () => {
	test.each<[string, Partial<LinkInput>]>([
		["a personnel number", { accounts: [account("okta/1", { employeeId: "7" }), account("entra/2", { employeeId: "7 " })] }],
		[
			"a source anchor",
			{ accounts: ["okta/1", "entra/2"].map((key) => account(key, { links: [{ kind: "source-anchor", field: "onPremisesImmutableId", value: "abc" }] })) },
		],
		[
			"the id of an account elsewhere",
			{ accounts: [account("okta/1"), account("sailpoint/2", { links: [{ kind: "account", field: "nativeIdentity", value: "1", provider: "okta" }] })] },
		],
		["an address", { accounts: [account("okta/1", { email: mail }), account("google/2", { aliases: ["ANA@acme.example"] })] }],
		[
			"the stack file",
			{
				accounts: [account("okta/1"), account("google/2")],
				manual: [{ accounts: ["okta/1", "google/2"], apart: false, reason: "same desk", path: "people.links.0" }],
			},
		],
	])("%s", (_, input) => {
		expect(persons(input)).toHaveLength(1);
	});

	it("reaches the worker by number, else by work mail, and says how sure it is", () => {
		const accounts = [account("okta/1", { employeeId: "7" }), account("google/2", { email: mail, emailVerified: true }), account("slack/3", { email: mail })];
		const linked = linkPersons({ accounts, workers: [worker("7", { email: mail })], manual: [] });
		expect(linked.persons).toHaveLength(1);
		expect(["okta/1", "google/2", "slack/3"].map((key) => linked.confidenceOf.get(key))).toEqual([0.99, 0.9, 0.8]);
		expect(linked.conflicts.size).toBe(0);
	});
});

describe("what must not join", () => {
	it("one name, or one id in another vendor's system", () => {
		const accounts = [
			account("okta/1", { login: "olga novak" }),
			account("google/2", { login: "olga novak" }),
			account("entra/3", { links: [{ kind: "account", field: "x", value: "1", provider: "google" }] }),
		];
		expect(persons({ accounts })).toHaveLength(3);
	});

	it("a shared mailbox, and an address that the vendor says nobody has shown to be theirs", () => {
		const accounts = [
			account("okta/1", { email: mail, impersonal: true }),
			account("entra/2", { email: mail }),
			account("google/3", { email: mail, emailVerified: false }),
		];
		expect(persons({ accounts })).toHaveLength(3);
	});

	it("two personnel numbers, whatever the address says: that is a conflict", () => {
		const accounts = [account("okta/1", { employeeId: "7", email: mail }), account("google/2", { employeeId: "8", email: mail })];
		const linked = linkPersons({ accounts, workers: [], manual: [] });
		expect(linked.persons).toHaveLength(2);
		expect(linked.conflicts.get("google/2")).toEqual([`both carry ${mail}, but that would make one person of the personnel numbers 7 and 8`]);
	});

	it("an account that two equally good reasons pull to two people: neither gets it", () => {
		const accounts = [account("google/1", { employeeId: "1", email: mail }), account("entra/2", { email: mail })];
		const linked = linkPersons({ accounts, workers: [worker("3", { email: mail })], manual: [] });
		expect(linked.personOf.get("entra/2")?.accounts).toEqual(["entra/2"]);
		expect(linked.conflicts.get("entra/2")?.join()).toMatch(/one person of the personnel numbers 1 and 3/);
	});

	it("accounts that the stack file keeps apart, by any way round", () => {
		const accounts = [account("okta/1", { email: mail }), account("google/2", { email: mail }), account("entra/3", { email: mail })];
		const manual = [{ accounts: ["okta/1", "google/2"], apart: true, reason: "father and son", path: "people.links.0" }];
		const linked = linkPersons({ accounts, workers: [], manual });
		expect(linked.personOf.get("okta/1")).not.toBe(linked.personOf.get("google/2"));
		expect([...linked.conflicts.values()].flat().join()).toMatch(/the stack file keeps them apart/);
	});
});

describe("an address that was given on", () => {
	const leaver = worker("1", { email: mail, status: "terminated", ended: now - 60 * day });
	const successor = worker("2", { email: mail, started: now - 30 * day });

	it("belongs to whoever was there when the account was made", () => {
		const accounts = [account("google/new", { email: mail, created: now - 30 * day })];
		expect(persons({ accounts, workers: [leaver, successor] })).toEqual([["google/new", "hr/2"], ["hr/1"]]);
		const older = [account("google/old", { email: mail, created: now - 300 * day })];
		expect(persons({ accounts: older, workers: [leaver, successor] })).toEqual([["google/old", "hr/1"], ["hr/2"]]);
	});

	it("is a conflict where times can't tell", () => {
		const accounts = [account("google/x", { email: mail, created: null })];
		const linked = linkPersons({ accounts, workers: [leaver, successor], manual: [] });
		expect(linked.confidenceOf.get("google/x")).toBeUndefined();
		expect(linked.conflicts.get("google/x")?.[0]).toMatch(/work mail of the workers 1 and 2/);
	});

	it("never makes a leaver of somebody who came after", () => {
		const accounts = [account("google/new", { email: mail, created: now - 30 * day })];
		expect(persons({ accounts, workers: [leaver] })).toEqual([["google/new"], ["hr/1"]]);
	});

	it("does not join an account that had ended before the other was made", () => {
		const accounts = [
			account("okta/1", { email: mail, enabled: false, statusChanged: now - 60 * day }),
			account("google/2", { email: mail, created: now - 30 * day }),
		];
		const linked = linkPersons({ accounts, workers: [], manual: [] });
		expect(linked.persons).toHaveLength(2);
		expect(linked.conflicts.get("okta/1")?.[0]).toMatch(/may have been given on/);
	});
});

const numbers = fc.option(fc.constantFrom("1", "2", "3"), { nil: null });
const addresses = fc.option(fc.constantFrom("a@x.example", "b@x.example", "c@x.example"), { nil: null });
const world = fc.record({
	accounts: fc.uniqueArray(
		fc.record({
			key: fc.tuple(fc.constantFrom("okta", "entra", "google"), fc.constantFrom("1", "2", "3", "4")).map((parts) => parts.join("/")),
			employeeId: numbers,
			email: addresses,
		}),
		{
			selector: ({ key }) => key,
			maxLength: 9,
		},
	),
	workers: fc.uniqueArray(fc.record({ id: fc.constantFrom("1", "2", "3"), email: addresses }), { selector: ({ id }) => id }),
});

it("holds for any tenant: every account in one person, never two numbers in one, the same whatever the order", () => {
	fc.assert(
		fc.property(world, (drawn) => {
			const accounts = drawn.accounts.map(({ key, ...change }) => account(key, change));
			const workers = drawn.workers.map(({ id, email }) => worker(id, { email }));
			const linked = linkPersons({ accounts, workers, manual: [] });
			expect(linked.persons.flatMap((one) => one.accounts).sort()).toEqual(accounts.map(({ key }) => key).sort());
			for (const one of linked.persons) {
				const held = new Set(one.accounts.flatMap((key) => accounts.find((other) => other.key === key)?.employeeId ?? []));
				if (one.worker) held.add(one.worker.slice(3));
				expect(held.size).toBeLessThanOrEqual(1);
			}
			expect(persons({ accounts: [...accounts].reverse(), workers: [...workers].reverse() })).toEqual(persons({ accounts, workers }));
		}),
	);
});
