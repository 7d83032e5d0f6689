import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Account } from "../model/account.js";
import { assess } from "./assess.js";
import { findAccounts } from "./lookup.js";
import { account, at, type Seen, scanned, world } from "./test-tenant.js";

const day = 86_400_000;
const sso = "user.authentication.sso";

async function joined(own: number | null | undefined, log: number | undefined, state: "complete" | "partial" | "unreadable" = "complete") {
	const input = await world();
	const { lastActivity: _, activitySignal: __, ...rest } = account("ana");
	const record = own === undefined ? rest : { ...rest, lastActivity: own, activitySignal: "lastLogin" };
	const seen: Seen = {
		records: { accounts: { ana: record }, activity: log === undefined ? {} : { ana: { at: log, signal: sso } } },
		coverage: { activity: state },
	};
	await scanned(input.store, seen);
	const [found] = await findAccounts(input, "okta/ana");
	await input.store.close();
	if (!found) throw new Error("ana was not found");
	return found;
}

const of = ({ lastActivity, activitySignal }: Account) => [lastActivity, activitySignal];

describe("an account's last activity", () => {
	it("is the newest of its own last sign-in and the log's, with the signal that gave it and the request that told of it", async () => {
		const time = fc.integer({ min: at - 100 * day, max: at });
		await fc.assert(
			fc.asyncProperty(fc.option(time, { nil: null }), fc.option(time, { nil: undefined }), async (own, log) => {
				const { account: found, requests } = await joined(own, log);
				const wins = log !== undefined && (own === null || log > own);
				expect(of(found)).toEqual(wins ? [log, sso] : [own, "lastLogin"]);
				expect(requests.activity?.call ?? null).toBe(wins ? "GET /activity" : null);
			}),
			{ numRuns: 30 },
		);
	});

	it("stays unknown where the account's own is: the log says only that it is then or later", async () => {
		expect(of((await joined(undefined, at - day)).account)).toEqual([undefined, undefined]);
	});

	it.each(["partial", "unreadable"] as const)("rests on what the log told before, when this time it was %s", async (state) => {
		expect(of((await joined(at - 90 * day, at - day, state)).account)).toEqual([at - day, sso]);
	});

	it("is not believed of an account that a broken-off list did not name", async () => {
		const input = await world();
		await scanned(input.store, { records: { accounts: { ana: account("ana"), ben: account("ben") }, activity: { ana: { at: at - day, signal: sso } } } });
		await scanned(input.store, { records: { accounts: { ben: account("ben") } }, coverage: { accounts: "partial", activity: "partial" } }, at + 1);
		const [found] = await findAccounts(input, "okta/ana");
		expect(found && of(found.account)).toEqual([undefined, undefined]);
		await input.store.close();
	});

	it("is shown in a finding with the request that decided it", async () => {
		const input = await world();
		const quiet = { lastActivity: at - 200 * day };
		await scanned(input.store, {
			records: { accounts: { ana: account("ana", quiet), ben: account("ben", quiet) }, activity: { ana: { at: at - 100 * day, signal: sso } } },
		});
		const found = await assess(input);
		const calls = found?.findings
			.filter(({ policy }) => policy === "dormant-account")
			.map(({ subject, evidence }) => [subject.label, evidence.find(({ field }) => field === "account.lastActivity")?.call]);
		expect(calls?.sort()).toEqual([
			["ana@acme.example", "GET /activity"],
			["ben@acme.example", "GET /accounts"],
		]);
		await input.store.close();
	});
});

it("a tenant sees its settings, and that some may be missing; one that was not met again is left out", async () => {
	const stream = { id: "log-stream/1", kind: "log-stream", name: "siem", active: true, builtIn: false };
	const outcomes = async (seen: Seen[]) => {
		const input = await world();
		for (const [index, one] of seen.entries()) await scanned(input.store, one, at + index);
		const judged = await assess(input);
		await input.store.close();
		const counts = judged?.policies.find(({ policy }) => policy === "log-streaming-on");
		return [counts?.pass, counts?.fail, counts?.unknown];
	};
	const whole: Seen = { records: { settings: { "log-stream/1": stream } } };
	expect(await outcomes([whole])).toEqual([1, 0, 0]);
	expect(await outcomes([{ records: {} }])).toEqual([0, 1, 0]);
	expect(await outcomes([{ records: {}, coverage: { settings: "partial" } }])).toEqual([0, 0, 1]);
	expect(await outcomes([whole, { records: {}, coverage: { settings: "partial" } }])).toEqual([0, 0, 1]);
});
