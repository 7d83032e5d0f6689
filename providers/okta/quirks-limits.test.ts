import { afterEach, describe, expect, it } from "vitest";
import { closeQuirkOrgs, quirkOrg, smallTenant } from "./test-quirks.js";

afterEach(closeQuirkOrgs);

const minutes = 60_000;
const small = { perMinute: { other: 60, apps: 40, groups: 20, users: 20, clients: 20 } };

describe("Okta's rate limits", () => {
	it.each([
		["the same", 0],
		["ten minutes behind ours", -10 * minutes],
		["ten minutes ahead of ours", 10 * minutes],
	])("name no Retry-After: the wait is until Reset by the answer's own Date and a second more, with the org's clock %s", async (_name, skew) => {
		const org = await quirkOrg({ skew });
		org.emulator.knobs.faults = [{ do: "throttle", path: /\/api\/v1\/users\?/, times: 1 }];
		const read = await org.scan({ only: ["accounts"] });
		expect(read.coverage("accounts")).toMatchObject({ state: "complete", reasons: [] });
		const waited = org.waits.reduce((sum, ms) => sum + ms, 0);
		// The emulator's Reset is 60 s after its Date, both in whole seconds.
		expect(waited).toBeGreaterThanOrEqual(61_000);
		expect(waited).toBeLessThanOrEqual(62_500);
	});

	it("for requests at once come as 0 of 0 with a guessed Reset: a short pause, and nobody waits for that Reset", async () => {
		const org = await quirkOrg();
		org.emulator.knobs.faults = [{ do: "throttle", zero: true, after: 5, times: 4 }];
		const read = await org.scan({ only: ["accounts", "groups", "groupRules", "memberships"] });
		for (const coverage of read.scan.coverage) expect(coverage).toMatchObject({ state: "complete", reasons: [] });
		expect(org.emulator.requests.filter(({ status }) => status === 429)).toHaveLength(4);
		expect(org.waits.length).toBeGreaterThan(0);
		expect(Math.max(...org.waits)).toBeLessThanOrEqual(5000);
	});

	it("give one app half of each bucket: the ceiling is learnt from the headers, and no request is refused", async () => {
		const org = await quirkOrg({ state: smallTenant(100), limits: small });
		const read = await org.scan({ only: ["accounts", "groups", "groupRules", "memberships", "authenticators"] });
		expect(read.coverage("authenticators")).toMatchObject({ state: "complete", reasons: [] });
		expect(org.emulator.requests.length).toBeGreaterThan(90);
		expect(org.emulator.requests.filter(({ status }) => status === 429)).toEqual([]);
		// 30 a minute in that bucket, a little of it left for others.
		expect(org.now() - read.scan.started).toBeGreaterThanOrEqual(2 * minutes);
		expect(org.now() - read.scan.started).toBeLessThanOrEqual(5 * minutes);
	});

	it("come twice in one header, joined by a comma, and are read all the same", async () => {
		const org = await quirkOrg({ state: smallTenant(100), limits: small, knobs: { faults: [{ do: "rate-headers", how: "joined" }] } });
		const read = await org.scan({ only: ["accounts", "groups", "groupRules", "memberships", "authenticators"] });
		expect(read.coverage("authenticators")).toMatchObject({ state: "complete", reasons: [] });
		expect(org.emulator.requests.filter(({ status }) => status === 429)).toEqual([]);
	});

	it("are counted by bucket: with the one for apps used up, everything else goes on", async () => {
		const org = await quirkOrg({ limits: { perMinute: { apps: 6 } } });
		const times = new Map<string, number>();
		const read = await org.scan({ after: (collection) => times.set(collection, org.now()) });
		expect(read.coverage("authenticators").state).toBe("complete");
		expect(times.get("settings")).toBeLessThan(read.scan.started + minutes);
		expect(times.get("appAssignments")).toBeGreaterThan(read.scan.started + 3 * minutes);
		expect(org.emulator.requests.filter(({ status }) => status === 429)).toEqual([]);
	});
});
