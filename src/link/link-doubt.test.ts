import { describe, expect, it, test } from "vitest";
import type { LinkAccount, LinkWorker } from "./candidates.js";
import { type Linked, type LinkInput, linkPersons } from "./link.js";

const day = 86_400_000;
const now = Date.UTC(2026, 0, 1);
const mail = "ana@acme.example";

function account(key: string, change: Partial<LinkAccount> = {}): LinkAccount {
	const [system = "", id = ""] = key.split("/");
	return { key, system, provider: system, id, login: id, employeeId: null, created: now - 100 * day, enabled: true, impersonal: false, ...change };
}
function worker(key: string, change: Partial<LinkWorker> = {}): LinkWorker {
	const [system = "", id = ""] = key.split("/");
	return { key, system, id, email: null, status: "active", started: now - 400 * day, ended: null, ...change };
}
function link(input: Partial<LinkInput>): Linked {
	return linkPersons({ accounts: [], workers: [], manual: [], ...input });
}

describe("a personnel number", () => {
	it("that pulls against another still keeps its account from a third person's address", () => {
		const accounts = [
			account("okta/a", { employeeId: "7", email: mail, emailVerified: true }),
			account("google/b", { employeeId: "7", links: [{ kind: "worker", field: "custom", value: "8" }] }),
		];
		const workers = [worker("hr/7"), worker("hr/8"), worker("hr/9", { email: mail, status: "terminated", ended: now - 10 * day })];
		const linked = link({ accounts, workers });
		expect(linked.personOf.get("okta/a")?.worker).not.toBe("hr/9");
		expect(linked.conflicts.get("okta/a")?.join()).toMatch(/personnel numbers 7 and/);
	});

	test.each(["N/A", "-", "none", "0", "0000", "TBD"])("written as %s is none", (employeeId) => {
		expect(link({ accounts: [account("okta/a", { employeeId }), account("google/b", { employeeId })] }).persons).toHaveLength(2);
	});

	it("that two personnel systems give to two people names neither", () => {
		const accounts = [account("okta/a", { employeeId: "7" })];
		const workers = [worker("hr/7", { email: "x@acme.example", status: "terminated" }), worker("contractors/7", { email: "y@acme.example" })];
		const linked = link({ accounts, workers });
		expect(linked.persons.filter((one) => one.worker !== null)).toHaveLength(2);
		expect(linked.personOf.get("okta/a")?.worker).toBeNull();
		expect(linked.conflicts.get("okta/a")?.join()).toMatch(/7 is a worker of hr and of contractors/);
	});

	test.each([
		["007", "7"],
		["e7", "E7"],
		["'007", "007"],
	])("%s where the file has %s is a conflict, not somebody unknown", (employeeId, id) => {
		const linked = link({ accounts: [account("okta/a", { employeeId })], workers: [worker(`hr/${id}`)] });
		expect(linked.personOf.get("okta/a")?.worker).toBeNull();
		expect(linked.conflicts.get("okta/a")?.join()).toContain(`the personnel file has ${id}`);
	});

	it("that is on more accounts of one system than a person has, and no worker's, is a filler", () => {
		const accounts = ["1", "2", "3", "4", "5"].map((id) => account(`okta/${id}`, { employeeId: "99999" }));
		const linked = link({ accounts });
		expect(linked.persons).toHaveLength(5);
		expect(linked.conflicts.get("okta/1")?.join()).toMatch(/5 accounts of one system carry/);
		expect(link({ accounts, workers: [worker("hr/99999")] }).persons).toHaveLength(1);
	});

	it("that two personnel systems give to one person leaves them present while one of them says so", () => {
		const workers = [worker("hr/7", { email: mail, status: "terminated", ended: now - day }), worker("outside/7", { email: mail })];
		expect(link({ accounts: [account("okta/a", { employeeId: "7" })], workers }).personOf.get("okta/a")?.worker).toBe("outside/7");
	});

	it("belongs to its worker, even where the stack file puts two workers into one", () => {
		const manual = [{ accounts: ["hr/7", "hr/8"], apart: false, reason: "rehired", path: "people.links.0" }];
		const linked = link({ accounts: [account("okta/a", { employeeId: "8" })], workers: [worker("hr/7", { status: "terminated" }), worker("hr/8")], manual });
		expect(linked.personOf.get("okta/a")?.worker).toBe("hr/8");
	});
});

describe("an address", () => {
	const leaver = (change: Partial<LinkWorker> = {}) => worker("hr/1", { email: mail, status: "terminated", ended: now - 60 * day, ...change });

	it("of a leaver does not reach an account made later by way of the leaver's own account", () => {
		const accounts = [
			account("okta/old", { employeeId: "1", email: mail, emailVerified: true, enabled: false, created: now - 900 * day }),
			account("google/new", { email: mail, emailVerified: true, created: now - 30 * day }),
		];
		const linked = link({ accounts, workers: [leaver()] });
		expect(linked.confidenceOf.get("okta/old")).toBe(0.99);
		expect(linked.personOf.get("google/new")?.worker).toBeNull();
		expect(linked.conflicts.get("google/new")?.join()).toMatch(/given on/);
	});

	it("that is a present worker's too makes nobody surely a leaver", () => {
		const accounts = [account("google/old", { email: mail, emailVerified: true, created: now - 300 * day })];
		const workers = [leaver(), worker("hr/2", { email: mail, started: now - 30 * day })];
		expect(link({ accounts, workers }).confidenceOf.get("google/old") ?? 0).toBeLessThan(0.9);
	});

	it("of somebody who came back under another number is a conflict, whatever number the account still carries", () => {
		const accounts = [account("okta/a", { employeeId: "1", email: mail, created: now - 900 * day })];
		const linked = link({ accounts, workers: [leaver(), worker("hr/2", { email: mail, started: now - 10 * day })] });
		expect(linked.confidenceOf.get("okta/a")).toBeLessThan(0.9);
		expect(linked.conflicts.get("okta/a")?.join()).toMatch(/worker 1 has left, but ana@acme.example is the work mail of worker 2/);
	});

	test.each<[string, Partial<LinkWorker>, Partial<LinkAccount>]>([
		["no day of departure is known", { ended: null }, {}],
		["it is not known when the account was made", {}, { created: null }],
	])("tells a leaver surely only by times: %s", (_, ended, made) => {
		const accounts = [account("google/g", { email: mail, emailVerified: true, ...made })];
		expect(link({ accounts, workers: [leaver(ended)] }).confidenceOf.get("google/g") ?? 0).toBeLessThan(0.9);
	});

	it("is the same in either Unicode form and in any case", () => {
		const accounts = [account("okta/a", { email: "ZOE\u0301@acme.example" })];
		expect(link({ accounts, workers: [worker("hr/1", { email: "zo\u00e9@acme.example" })] }).personOf.get("okta/a")?.worker).toBe("hr/1");
	});

	it("that came to an account as an alias makes nobody surely a leaver", () => {
		const accounts = [account("google/sales", { email: "sales@acme.example", aliases: [mail], emailVerified: true, created: now - 900 * day })];
		expect(link({ accounts, workers: [leaver()] }).confidenceOf.get("google/sales") ?? 0).toBeLessThan(0.9);
	});

	it("with a plus is another one", () => {
		const accounts = [account("okta/a", { email: "ana+test@acme.example" })];
		expect(link({ accounts, workers: [worker("hr/1", { email: mail })] }).personOf.get("okta/a")?.worker).toBeNull();
	});
});

it("a short id of a vendor that is not named is no account's elsewhere", () => {
	const pair = (id: string) => [account(`okta/${id}`), account("sailpoint/x", { links: [{ kind: "account", field: "nativeIdentity", value: id }] })];
	expect(link({ accounts: pair("1001") }).persons).toHaveLength(2);
	expect(link({ accounts: pair("00u1a2b3c4d5e6f7g8h9") }).persons).toHaveLength(1);
});

describe("an id that is anybody's", () => {
	const anchored = (key: string, change: Partial<LinkAccount> = {}) =>
		account(key, { links: [{ kind: "source-anchor", field: "onPremisesImmutableId", value: "AAAA" }], ...change });

	it("an anchor that two enabled accounts of one system share joins nobody, and is a conflict", () => {
		const linked = link({ accounts: [anchored("entra/1"), anchored("entra/2"), anchored("other/3")] });
		expect(linked.persons).toHaveLength(3);
		expect(linked.conflicts.get("entra/1")?.join()).toMatch(/onPremisesImmutableId AAAA is on 2 accounts of entra/);
		expect(linked.conflicts.has("other/3")).toBe(true);
	});

	it("but not one that a deleted account left to the one that was made anew", () => {
		expect(link({ accounts: [anchored("entra/1", { enabled: false }), anchored("entra/2"), anchored("other/3")] }).persons).toHaveLength(1);
	});

	it("an account that two of one system call theirs is neither's", () => {
		const of = (key: string, change: Partial<LinkAccount> = {}) =>
			account(key, { links: [{ kind: "account", field: "nativeIdentity", value: "9", provider: "okta" }], ...change });
		const linked = link({ accounts: [account("okta/9"), of("isc/a"), of("isc/b")] });
		expect(linked.persons).toHaveLength(3);
		expect(linked.conflicts.get("okta/9")?.join()).toMatch(/2 accounts of isc call 9 of okta theirs/);
		expect(link({ accounts: [account("okta/9"), of("isc/a"), of("isc/b", { enabled: false })] }).persons).toHaveLength(1);
		const two = [
			account("okta/9"),
			account("okta/8"),
			account("isc/a", { links: [...(of("isc/a").links ?? []), { kind: "account", field: "nativeIdentity", value: "8", provider: "okta" }] }),
		];
		expect(link({ accounts: two }).persons).toHaveLength(1);
	});
});

describe("a personnel number on more accounts than a person has", () => {
	it("makes nobody a leaver, though a worker has it", () => {
		const accounts = ["1", "2", "3", "4", "5"].map((id) => account(`okta/${id}`, { employeeId: "99999" }));
		const linked = link({ accounts, workers: [worker("hr/99999", { status: "terminated", ended: now - day })] });
		expect(linked.confidenceOf.get("okta/1") ?? 0).toBeLessThan(0.9);
		expect(linked.conflicts.get("okta/1")?.join()).toMatch(/5 accounts of one system carry the personnel number 99999/);
	});
});

describe("what the stack file says", () => {
	it("of an account that is gone joins nothing else", () => {
		const manual = [{ accounts: ["okta/gone", "google/b"], apart: false, reason: "same", path: "people.links.0" }];
		const linked = link({ accounts: [account("google/b")], workers: [worker("hr/1")], manual });
		expect(linked.personOf.get("google/b")).toMatchObject({ accounts: ["google/b"], worker: null });
	});

	it("by a login does not hold for whoever got the login after they had left", () => {
		const manual = [{ accounts: ["okta/old", "google/new"], apart: false, reason: "same", path: "people.links.0" }];
		const accounts = [account("okta/old", { employeeId: "1", created: now - 900 * day }), account("google/new", { created: now - 10 * day })];
		const linked = link({ accounts, workers: [worker("hr/1", { status: "terminated", ended: now - 60 * day })], manual });
		expect(linked.confidenceOf.get("okta/old")).toBe(0.99);
		expect(linked.confidenceOf.get("google/new")).toBeLessThan(0.9);
		expect(linked.conflicts.get("google/new")?.join()).toMatch(/had left before the account was made/);
	});

	it("against the account's own number leaves the contradiction to be seen", () => {
		const manual = [{ accounts: ["okta/a", "hr/8"], apart: false, reason: "same", path: "people.links.0" }];
		const linked = link({ accounts: [account("okta/a", { employeeId: "7" })], workers: [worker("hr/7"), worker("hr/8")], manual });
		expect(linked.conflicts.get("okta/a")?.join()).toMatch(/personnel numbers 7 and 8/);
	});
});
