import { afterEach, describe, expect, it } from "vitest";
import type { Assessment } from "../model/assessment.js";
import type { CollectionName, Coverage } from "../model/snapshot.js";
import type { Stack } from "../stack/stack.js";
import { type AssessInput, assess } from "./assess.js";
import { account, at, passkey, role, scanned, stackOf, world } from "./test-tenant.js";

const day = 86_400_000;
const open: AssessInput[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.store.close();
});

interface Systems {
	okta: Record<string, object>;
	google?: Record<string, object>;
	workers?: Record<string, object>;
	/** Systems of the stack file that no scan has read. */
	unread?: string[];
	factors?: Partial<Record<"okta" | "google", Record<string, object>>>;
	/** Of okta's apps. */
	assignments?: Record<string, object>;
	/** Of the log. */
	activity?: Partial<Record<"okta" | "google", Record<string, object>>>;
	coverage?: Partial<Record<"okta" | "google" | "hr", Partial<Record<CollectionName, Coverage["state"]>>>>;
	people?: Partial<Stack["people"]>;
}

async function judged({
	okta,
	google,
	workers,
	factors = {},
	activity = {},
	assignments = {},
	unread = [],
	coverage = {},
	people = {},
}: Systems): Promise<Assessment> {
	const base = stackOf();
	const one = base.systems.okta as Stack["systems"][string];
	const never = Object.fromEntries(unread.map((name) => [name, { ...one, provider: "google" }]));
	const systems = { okta: one, ...never, ...(google && { google: { ...one, provider: "google" } }), ...(workers && { hr: { ...one, provider: "hr" } }) };
	const input = await world(stackOf({ systems, people: { ...base.people, ...people } }));
	open.push(input);
	const seen = (name: "okta" | "google", accounts: Record<string, object>) => ({
		records: {
			accounts,
			authenticators: Object.fromEntries(Object.keys(accounts).map((id) => [id, { items: [] }])),
			...(factors[name] && { authenticators: factors[name] }),
			...(activity[name] && { activity: activity[name] }),
			...(name === "okta" && { appAssignments: assignments }),
			...(name === "okta" && okta.root ? { roleAssignments: { "root/r1": role("r1", "root") } } : {}),
		},
		...(coverage[name] && { coverage: coverage[name] }),
	});
	await scanned(input.store, seen("okta", okta), at, "okta");
	if (google) await scanned(input.store, seen("google", google), at, "google");
	if (workers) {
		const scan = await input.store.beginScan({ system: "hr", provider: "hr", started: at, stackDigest: "0" });
		const records = Object.entries(workers).map(([id, body]) => ({ id, body: { id, ...body } }));
		await input.store.putRecords(scan, "workers", records, { call: "file", requestId: null, at });
		const state = coverage.hr?.workers ?? "complete";
		const reasons = state === "complete" ? [] : [{ cause: "floor" as const, detail: "shrank" }];
		await input.store.finishCollection(
			scan,
			{ collection: "workers", state, reasons, eligible: null, requests: 0 },
			{ closed: state === "complete", incremental: false },
		);
		await input.store.finishScan(scan, at, 0);
	}
	const found = await assess(input);
	if (!found) throw new Error("nothing was judged");
	return found;
}

const failing = (found: Assessment, policy: string) =>
	found.findings.filter((one) => one.policy === policy && one.outcome === "fail").map(({ subject }) => subject.key);
const unknowns = (found: Assessment, policy: string) => found.policies.find((one) => one.policy === policy)?.unknown;
const left = { status: "terminated", ended: at - 30 * day };

describe("leavers by the personnel file", () => {
	it("are found in every system, by number and by an address that is vouched for", async () => {
		const found = await judged({
			okta: { a: account("a", { employeeId: "7" }), b: account("b", { employeeId: "8" }) },
			google: { g: account("g", { login: "ana@acme.example", email: "ana@acme.example", emailVerified: true, employeeId: null }) },
			workers: { 7: { ...left, email: "ana@acme.example" }, 8: { status: "active", email: null } },
		});
		expect(failing(found, "leaver-still-enabled").sort()).toEqual(["google/g", "okta/a"]);
		expect(unknowns(found, "leaver-still-enabled")).toBe(0);
	});

	it("are not called so by an address for which nobody vouches: that is unknown", async () => {
		const found = await judged({
			okta: { a: account("a", { login: "ana@acme.example", employeeId: null }) },
			workers: { 7: { ...left, email: "ana@acme.example" } },
		});
		expect(failing(found, "leaver-still-enabled")).toEqual([]);
		expect(unknowns(found, "leaver-still-enabled")).toBe(1);
	});

	it("nor because a feed lacks them", async () => {
		const found = await judged({
			okta: { a: account("a", { employeeId: "7" }) },
			workers: { 8: { status: "active" } },
			coverage: { hr: { workers: "partial" } },
		});
		expect(failing(found, "leaver-still-enabled")).toEqual([]);
		expect(failing(found, "orphaned-account")).toEqual([]);
		expect(unknowns(found, "orphaned-account")).toBe(1);
	});
});

describe("orphans", () => {
	it("are enabled accounts of nobody, where the feed is whole", async () => {
		const found = await judged({
			okta: {
				a: account("a", { employeeId: "7" }),
				b: account("b", { employeeId: null, email: null }),
				c: account("c", { employeeId: null, email: null, enabled: false }),
			},
			workers: { 7: { status: "active" } },
		});
		expect(failing(found, "orphaned-account")).toEqual(["okta/b"]);
	});

	it("can't be told where the account's own number was not read", async () => {
		const found = await judged({ okta: { a: account("a", { email: null }) }, workers: { 7: { status: "active" } } });
		expect(failing(found, "orphaned-account")).toEqual([]);
		expect(unknowns(found, "orphaned-account")).toBe(1);
	});

	it("are no matter without a personnel system", async () => {
		const found = await judged({ okta: { a: account("a") } });
		expect(found.policies.find(({ policy }) => policy === "orphaned-account")).toMatchObject({ fail: 0, unknown: 0, pass: 0 });
		expect(found.policies.find(({ policy }) => policy === "account-link-collision")).toMatchObject({ fail: 0, unknown: 0, pass: 0 });
	});
});

describe("a person", () => {
	const both = (change: object = {}) => ({
		okta: { a: account("a", { login: "ana@acme.example", displayName: "Ana Lopez", employeeId: "7" }) },
		google: { g: account("g", { login: "a.lopez@acme.example", employeeId: "7", ...change }) },
		factors: { okta: { a: { items: [passkey] } } },
	});

	it("with a strong factor in one system and a password in another is told with the way in", async () => {
		const found = await judged(both());
		const [finding] = found.findings.filter(({ policy }) => policy === "person-password-way-in");
		expect(finding).toMatchObject({ subject: { kind: "person", label: "Ana Lopez" }, system: "people" });
		expect(finding?.message).toBe(
			"Ana Lopez has a phishing-resistant factor, and can be reached with a password: a.lopez@acme.example signs in at google directly, with a password alone: no second factor is enrolled there",
		);
	});

	it("is not, where that system signs in through an identity provider only, or the account is disabled", async () => {
		for (const change of [{ credentialProvider: "federated" }, { enabled: false }])
			expect(failing(await judged(both(change)), "person-password-way-in")).toEqual([]);
	});

	it("is unknown where the other system's factors were not read", async () => {
		const found = await judged({
			...both(),
			factors: { okta: { a: { items: [passkey] } }, google: {} },
			coverage: { google: { authenticators: "unreadable" } },
		});
		expect(failing(found, "person-password-way-in")).toEqual([]);
		expect(unknowns(found, "person-password-way-in")).toBe(1);
	});

	it("who is at work in one system is not dormant in the other", async () => {
		const idle = { lastActivity: at - 100 * day };
		const make = (there: object) =>
			judged({ okta: { a: account("a", { employeeId: "7", ...idle }) }, google: { g: account("g", { employeeId: "7", ...there }) } });
		expect(failing(await make({ lastActivity: at - day }), "dormant-account")).toEqual([]);
		expect(failing(await make(idle), "dormant-account").sort()).toEqual(["google/g", "okta/a"]);
		const vague = await make({ lastActivity: undefined });
		expect(failing(vague, "dormant-account")).toEqual([]);
		expect(unknowns(vague, "dormant-account")).toBe(2);
	});

	it("is known by the id that an app of one system has of the account in the other", async () => {
		const link = { kind: "account", field: "externalId in google", value: "104857600000000000001", provider: "google" };
		const found = await judged({
			okta: { a: account("a", { login: "ana@acme.example" }) },
			google: { "104857600000000000001": account("104857600000000000001", { login: "lopez@other.example" }) },
			factors: { okta: { a: { items: [passkey] } } },
			assignments: { "0oa1/a": { app: "0oa1", principalType: "account", principal: "a", source: "rule", link } },
		});
		expect(found.findings.find(({ policy }) => policy === "person-password-way-in")?.message ?? "").toContain(
			"lopez@other.example signs in at google directly",
		);
	});

	it("whom only the log of another system has seen is at work", async () => {
		const idle = { lastActivity: at - 100 * day };
		const found = await judged({
			okta: { a: account("a", { employeeId: "7", ...idle }) },
			google: { g: account("g", { employeeId: "7", lastActivity: null }) },
			activity: { google: { g: { at: at - day, signal: "log: user.session.start" } } },
		});
		expect(failing(found, "dormant-account")).toEqual([]);
	});

	it("who answers for a service account is judged by the own accounts", async () => {
		const found = await judged({
			okta: { a: account("a", { employeeId: "7" }), s: account("s", { login: "svc-backup@acme.example", employeeId: "7" }) },
			google: { g: account("g", { employeeId: "7" }) },
			factors: { okta: { a: { items: [passkey] } }, google: { g: { items: [passkey] } } },
		});
		expect(found.policies.find(({ policy }) => policy === "person-password-way-in")).toMatchObject({ pass: 1, unknown: 0 });
	});

	it("is not dormant, nor anybody's account an orphan, while a system of the stack file was never read", async () => {
		const idle = { lastActivity: at - 100 * day, employeeId: null, email: null };
		for (const workers of [undefined, { 7: { status: "active" } }]) {
			const found = await judged({ okta: { a: account("a", idle) }, unread: ["google"], ...(workers && { workers }) });
			for (const policy of ["dormant-account", ...(workers ? ["orphaned-account"] : [])]) {
				expect(failing(found, policy), policy).toEqual([]);
				expect(unknowns(found, policy), policy).toBe(1);
			}
		}
		expect(failing(await judged({ okta: { a: account("a", idle) } }), "dormant-account")).toEqual(["okta/a"]);
	});

	it("findings are closed when they are mended", async () => {
		const found = await judged(both());
		const input = open.at(-1) as AssessInput;
		expect(failing(found, "person-password-way-in")).toHaveLength(1);
		const records = { accounts: both({ enabled: false }).google, authenticators: { g: { items: [] } } };
		await scanned(input.store, { records }, at + day, "google");
		const after = await assess(input);
		expect(after?.findings.filter(({ policy }) => policy === "person-password-way-in").map(({ state }) => state)).toEqual(["fixed"]);
	});
});

it("whose address two people have had is a collision, and links nothing", async () => {
	const mail = "left.finance@acme.example";
	const found = await judged({
		okta: { a: account("a", { login: mail, employeeId: "1", enabled: false, statusChanged: at - 62 * day }) },
		google: { g: account("g", { login: mail, email: mail, employeeId: null, created: at - 30 * day, emailVerified: true }) },
		workers: { 1: { ...left, ended: at - 62 * day, email: mail }, 2: { status: "active", started: at - 33 * day, email: mail } },
	});
	expect(failing(found, "leaver-still-enabled")).toEqual([]);
	expect(failing(found, "account-link-collision")).toEqual(["google/g"]);
	expect(failing(found, "orphaned-account")).toEqual([]);
});

describe("a link by hand holds for the accounts that it was made for", () => {
	const linked = (entries: { login: string; id: string | null }[], okta: Record<string, object>) =>
		judged({
			okta,
			google: { g: account("g", { login: "a.lopez@acme.example", employeeId: "7" }) },
			workers: { 7: left },
			people: {
				links: [
					{
						accounts: [
							{ system: "google", login: "a.lopez@acme.example", id: "g", path: "" },
							...entries.map((entry) => ({ system: "okta", path: "", ...entry })),
						],
						apart: false,
						reason: "same",
						path: "people.links.0",
					},
				],
			},
		});
	const ana = { login: "ana@acme.example", employeeId: null, email: null };

	it("by id and login, or by a login that one account has", async () => {
		for (const id of ["a", null]) {
			const found = await linked([{ login: "ANA@acme.example", id }], { a: account("a", ana) });
			expect(failing(found, "leaver-still-enabled").sort()).toEqual(["google/g", "okta/a"]);
		}
	});

	it("not for another login that the id has by now, nor for either of two with one login", async () => {
		const renamed = await linked([{ login: "ana@acme.example", id: "a" }], { a: account("a", { ...ana, login: "boris@acme.example" }) });
		expect(failing(renamed, "leaver-still-enabled")).toEqual(["google/g"]);
		expect(failing(renamed, "account-link-collision")).toContain("okta/a");
		const twice = await linked([{ login: "ana@acme.example", id: null }], { a: account("a", ana), b: account("b", ana) });
		expect(failing(twice, "leaver-still-enabled")).toEqual(["google/g"]);
	});
});

describe("nobody is a leaver for somebody else's departure", () => {
	it("a service account that carries its owner's number", async () => {
		const found = await judged({
			okta: { s: account("s", { login: "svc-backup@acme.example", employeeId: "7" }), a: account("a", { employeeId: "7" }) },
			workers: { 7: left },
		});
		expect(failing(found, "leaver-still-enabled")).toEqual(["okta/a"]);
	});

	it("who came back under another number, while the account still carries the old one", async () => {
		const mail = "ana@acme.example";
		const found = await judged({
			okta: { a: account("a", { login: mail, email: mail, employeeId: "7" }) },
			workers: { 7: { ...left, email: mail }, 8: { status: "active", started: at - 10 * day, email: mail } },
		});
		expect(failing(found, "leaver-still-enabled")).toEqual([]);
		expect(failing(found, "account-link-collision")).toEqual(["okta/a"]);
		expect(unknowns(found, "leaver-still-enabled")).toBe(1);
	});

	it("whose number lost its leading zeros in the file: no orphan either", async () => {
		const found = await judged({ okta: { a: account("a", { employeeId: "007" }) }, workers: { 7: { status: "terminated" }, 8: { status: "active" } } });
		expect(failing(found, "leaver-still-enabled")).toEqual([]);
		expect(failing(found, "orphaned-account")).toEqual([]);
	});

	it("a guest whose address is a leaver's, which nobody has shown to be theirs", async () => {
		const mail = "ana@home.example";
		const found = await judged({
			okta: { g: account("g", { login: mail, email: mail, employeeId: null, guest: true, emailVerified: false }) },
			workers: { 7: { ...left, email: mail } },
		});
		expect(failing(found, "leaver-still-enabled")).toEqual([]);
	});

	it("whose number was corrected between two scans", async () => {
		await judged({ okta: { a: account("a", { employeeId: "7" }) }, workers: { 7: left, 8: { status: "active" } } });
		const input = open.at(-1) as AssessInput;
		await scanned(input.store, { records: { accounts: { a: account("a", { employeeId: "8" }) } } }, at + day, "okta");
		const after = await assess(input);
		expect(after?.findings.filter((one) => one.policy === "leaver-still-enabled" && one.state !== "fixed")).toEqual([]);
	});

	it("by an address, while rows of the file are missing: one of them may be of whoever has the address now", async () => {
		const mail = "ana@acme.example";
		const found = await judged({
			okta: { a: account("a", { employeeId: "7" }) },
			google: { g: account("g", { login: mail, email: mail, emailVerified: true, employeeId: null }) },
			workers: { 7: { ...left, email: mail } },
			coverage: { hr: { workers: "partial" } },
		});
		expect(failing(found, "leaver-still-enabled")).toEqual(["okta/a"]);
		expect(unknowns(found, "leaver-still-enabled")).toBe(1);
	});

	it("where the personnel file was read long before the accounts: nor is anybody present by it, or an orphan", async () => {
		const accounts = { a: account("a", { employeeId: "7" }), b: account("b", { employeeId: "8" }), c: account("c", { employeeId: null, email: null }) };
		await judged({ okta: accounts, workers: { 7: left, 8: { status: "active" } } });
		const input = open.at(-1) as AssessInput;
		await scanned(input.store, { records: { accounts } }, at + 8 * day, "okta");
		const after = (await assess(input)) as Assessment;
		expect(failing({ ...after, findings: after.findings.filter(({ state }) => state !== "fixed") }, "leaver-still-enabled")).toEqual([]);
		expect(unknowns(after, "leaver-still-enabled")).toBe(3);
		expect(unknowns(after, "orphaned-account")).toBe(1);
	});

	it("by an address, over an account that was read long before", async () => {
		const mail = "ana@acme.example";
		const google = { g: account("g", { login: mail, email: mail, emailVerified: true, employeeId: null }) };
		const okta = { a: account("a", { login: mail, email: mail, emailVerified: true, employeeId: "7" }) };
		expect(failing(await judged({ okta, google, workers: { 7: left } }), "leaver-still-enabled").sort()).toEqual(["google/g", "okta/a"]);
		const { store, ...input } = open.at(-1) as AssessInput;
		await scanned(store, { records: { accounts: google } }, at + 8 * day, "google");
		const scan = await store.beginScan({ system: "hr", provider: "hr", started: at + 8 * day, stackDigest: "0" });
		await store.putRecords(scan, "workers", [{ id: "7", body: { id: "7", ...left } }], { call: "file", requestId: null, at });
		await store.finishCollection(
			scan,
			{ collection: "workers", state: "complete", reasons: [], eligible: null, requests: 0 },
			{ closed: true, incremental: false },
		);
		await store.finishScan(scan, at + 8 * day, 0);
		const after = await assess({ ...input, store });
		const still = after?.findings.filter((one) => one.policy === "leaver-still-enabled" && one.outcome === "fail" && one.state !== "fixed");
		expect(still?.map(({ subject }) => subject.key)).toEqual(["okta/a"]);
	});
});
