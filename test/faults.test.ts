import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generateTenant } from "../providers/okta/emulator/generator.js";
import { DEFAULT_TOKEN, type Emulator, type Fault, startEmulator } from "../providers/okta/emulator.js";
import { provider } from "../providers/okta/index.js";
import { joinAccounts } from "../src/assess/accounts.js";
import { peopleRules } from "../src/assess/people.js";
import { indexRoles } from "../src/assess/roles.js";
import { openSnapshot } from "../src/assess/snapshot.js";
import { stackOf, world } from "../src/assess/test-tenant.js";
import type { Scan } from "../src/model/snapshot.js";
import { openStore } from "../src/store/open.js";
import { runScan } from "../src/sync/scan.js";

/** Every fault a read can meet, each hitting some requests of a scan. */
const faults: Record<string, Fault> = {
	"429 with Retry-After": { do: "throttle", retryAfterSeconds: 2, after: 3, times: 2 },
	"429 with a date": { do: "throttle", retryAfterSeconds: 2, retryAfterForm: "date", after: 5, times: 2 },
	"429 without Retry-After": { do: "throttle", after: 4, times: 2 },
	"429 for concurrency": { do: "throttle", zero: true, after: 6, times: 3 },
	"500 now and then": { do: "status", status: 500, after: 2, times: 3 },
	"503 with a page of HTML": { do: "status", status: 503, body: "<html>busy</html>", contentType: "text/html", after: 7, times: 2 },
	"500 for ever on groups' members": { do: "status", status: 500, path: /^\/api\/v1\/groups\/[^/]+\/users/ },
	"404 on a factor list": { do: "status", status: 404, path: /\/factors/, times: 2 },
	"cut before the headers": { do: "cut", at: "before-headers", after: 3, times: 2 },
	"cut in the body": { do: "cut", at: "mid-body", after: 8, times: 2 },
	"expired cursor": { do: "expired-cursor", path: /^\/api\/v1\/users\?/, times: 1 },
	"cursors always expired": { do: "expired-cursor", path: /^\/api\/v1\/users\?/ },
	"page served again": { do: "repeat-page", how: "again", path: /^\/api\/v1\/users\?/, times: 1 },
	"pages in a loop": { do: "repeat-page", how: "loop", path: /^\/api\/v1\/users\?/ },
	"empty page with a next link": { do: "empty-page", path: /^\/api\/v1\/users\?/, times: 1 },
	"next link to another origin": { do: "foreign-next", origin: "https://evil.example", path: /^\/api\/v1\/users\?/ },
	"null item": { do: "spoil", how: "null-item", path: /^\/api\/v1\/users\?/, times: 1 },
	"user without id": { do: "spoil", how: "missing-id", path: /^\/api\/v1\/users\?/, times: 1 },
	"unknown words": { do: "spoil", how: "unknown-enum" },
	"dates that are none": { do: "spoil", how: "bad-date" },
	"fields missing": { do: "spoil", how: "missing-field" },
	"list of administrators empty": { do: "truncate", path: /^\/api\/v1\/iam\/assignees/ },
	"users empty": { do: "truncate", path: /^\/api\/v1\/users\?/ },
	"session error in the middle": { do: "session", path: /^\/api\/v1\/users\?/, after: 1, times: 1 },
	"roles forbidden": { do: "status", status: 403, path: /\/roles/ },
	"rate headers joined": { do: "rate-headers", how: "joined" },
	"rate headers nonsense": { do: "rate-headers", how: "nonsense" },
};

let emulator: Emulator;
let clock = Date.UTC(2026, 0, 1);
let truth: Outcomes;
type Outcomes = Map<string, string>;

beforeAll(async () => {
	emulator = await startEmulator({
		state: generateTenant({ seed: 7, users: 205, groups: 12, now: clock, logEvents: 50, lazyFactors: false }),
		clock: () => clock,
	});
	truth = (await outcomesWith([])).outcomes;
});
afterAll(() => emulator?.close());

/** One full read into an empty store, and what the policies say of every account. */
async function outcomesWith(active: Fault[]): Promise<{ scan: Scan; outcomes: Outcomes }> {
	emulator.reset();
	emulator.knobs.faults = active.map((fault) => ({ ...fault }));
	const store = await openStore("sqlite::memory:");
	const connection = await provider.connect({
		system: "okta",
		url: emulator.url,
		credential: { method: "ssws", token: DEFAULT_TOKEN },
		options: {},
		purpose: "read",
		now: () => clock,
		log: () => {},
		sleep: async (ms) => {
			clock += ms;
		},
	});
	const scan = await runScan({
		store,
		provider,
		connection,
		system: "okta",
		stackDigest: "",
		budget: { perAccountRequests: 8, perAccountMaxAge: 1e12 },
		now: () => clock,
	});
	const input = await world();
	const stack = stackOf();
	const snapshot = openSnapshot(store, scan);
	const outcomes: Outcomes = new Map();
	const people = peopleRules(stack, "okta", input.compile);
	for await (const batch of joinAccounts({ snapshot, roles: await indexRoles(snapshot), people, withGroups: false, now: Date.UTC(2026, 0, 1) }))
		for (const { account } of batch)
			for (const policy of input.policies)
				if (policy.policy.for === "account") outcomes.set(`${policy.policy.id} ${account.id}`, policy.judge(account, Date.UTC(2026, 0, 1)));
	await connection.close();
	await store.close();
	await input.store.close();
	return { scan, outcomes };
}

/**
 * A verdict under faults may be missing or unknown, never the opposite of the truth.
 * The truth run has a budget too, so that a verdict the faulty run knows and the truth run doesn't is possible and no contradiction.
 */
function contradictions(outcomes: Outcomes): string[] {
	const firm = new Set(["pass", "fail"]);
	return [...outcomes]
		.filter(([key, outcome]) => firm.has(outcome) && firm.has(truth.get(key) ?? "") && truth.get(key) !== outcome)
		.map(([key, outcome]) => `${key}: ${outcome}, in truth ${truth.get(key)}`);
}

function clearlyPartial(scan: Scan): void {
	for (const coverage of scan.coverage) if (coverage.state !== "complete") expect(coverage.reasons.length, coverage.collection).toBeGreaterThan(0);
}

describe("a scan under one fault", () => {
	it.each(Object.entries(faults))("%s", async (_name, fault) => {
		const { scan, outcomes } = await outcomesWith([fault]);
		expect(contradictions(outcomes)).toEqual([]);
		clearlyPartial(scan);
	});
});

describe("faults that pass leave no gap", () => {
	it.each([
		"429 with Retry-After",
		"429 with a date",
		"429 without Retry-After",
		"429 for concurrency",
		"500 now and then",
		"cut before the headers",
		"cut in the body",
		"expired cursor",
		"rate headers joined",
		"rate headers nonsense",
	])("%s", async (name) => {
		const { scan, outcomes } = await outcomesWith([faults[name] as Fault]);
		expect(scan.coverage.filter(({ state, reasons }) => state !== "complete" && reasons.some(({ cause }) => cause !== "budget"))).toEqual([]);
		expect(outcomes).toEqual(truth);
	});
});

describe("a scan under two faults at once", () => {
	const names = Object.keys(faults);
	const pairs = names.flatMap((a, i) => names.slice(i + 1).map((b) => [a, b] as const));
	it.each(names.slice(0, -1).map((name) => [name]))("%s and each of the others", async (name) => {
		for (const [a, b] of pairs.filter(([first]) => first === name)) {
			const { scan, outcomes } = await outcomesWith([faults[a] as Fault, faults[b] as Fault]);
			expect(contradictions(outcomes), `${a} and ${b}`).toEqual([]);
			clearlyPartial(scan);
		}
	});
});
