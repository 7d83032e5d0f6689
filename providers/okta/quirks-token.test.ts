import { afterEach, describe, expect, it } from "vitest";
import { closeQuirkOrgs, quirkOrg, smallTenant } from "./test-quirks.js";

afterEach(closeQuirkOrgs);

const hour = 3600_000;
const tokenCalls = /^\/oauth2\/v1\/token$/;

describe("Okta's tokens", () => {
	it("bound to a key take no proof twice: many parallel reads each bring a fresh one, and none is refused", async () => {
		const org = await quirkOrg({ state: smallTenant(150) });
		const read = await org.scan();
		for (const coverage of read.scan.coverage) expect(coverage, coverage.collection).toMatchObject({ state: "complete", reasons: [] });
		expect(org.emulator.requests.length).toBeGreaterThan(200);
		expect(org.emulator.requests.filter(({ path, status }) => !tokenCalls.test(path) && (status === 400 || status === 401))).toEqual([]);
		// Without a proof, with a proof and no nonce, with both.
		expect(org.calls(tokenCalls).map(({ status }) => status)).toEqual([400, 400, 200]);
	});

	it("are asked for with a nonce that grows old: the challenge for a new one is answered", async () => {
		const org = await quirkOrg();
		await org.scan({ only: ["groups"] });
		org.forget();
		org.pass(5 * 24 * hour);
		const read = await org.scan({ only: ["groups"] });
		expect(read.coverage("groups")).toMatchObject({ state: "complete", reasons: [] });
		expect(org.calls(tokenCalls).map(({ status }) => status)).toEqual([400, 200]);
	});

	it("that the org no longer takes in the middle of a scan (401) are renewed, and the scan goes on", async () => {
		const org = await quirkOrg();
		let renewals = 0;
		const read = await org.scan({
			after(collection) {
				if (collection !== "groups") return;
				renewals = org.calls(tokenCalls).filter(({ status }) => status === 200).length;
				// The org's clock alone: to the client, the token has most of its hour left.
				org.emulator.advance(hour);
			},
		});
		for (const coverage of read.scan.coverage) expect(coverage, coverage.collection).toMatchObject({ state: "complete", reasons: [] });
		expect(org.emulator.requests.some(({ status }) => status === 401)).toBe(true);
		expect(org.calls(tokenCalls).filter(({ status }) => status === 200)).toHaveLength(renewals + 1);
	});

	it("meet an `Invalid session` in the middle of a page chain: the page is asked for once more with a new token", async () => {
		const org = await quirkOrg({ state: smallTenant(450) });
		org.emulator.knobs.faults = [{ do: "session", path: /\/api\/v1\/users\?.*after=/, times: 1 }];
		const read = await org.scan({ only: ["accounts"] });
		expect(read.coverage("accounts")).toMatchObject({ state: "complete", reasons: [], known: org.state.users.size });
		expect(org.calls(/after=/).map(({ status }) => status)).toEqual([403, 200, 200]);
		expect(org.calls(tokenCalls).filter(({ status }) => status === 200)).toHaveLength(2);
	});

	it("hold fewer scopes than were asked for, without an error: what they open is unknown, named, and nothing else is", async () => {
		const org = await quirkOrg({ without: ["okta.networkZones.read"] });
		const read = await org.scan();
		expect(read.coverage("settings")).toMatchObject({ state: "partial", reasons: [{ cause: "scope", scope: "okta.networkZones.read" }] });
		for (const coverage of read.scan.coverage.filter(({ collection }) => collection !== "settings"))
			expect(coverage, coverage.collection).toMatchObject({ state: "complete", reasons: [] });
		const { unknowns } = await org.connection.doctor();
		expect(unknowns).toEqual(
			expect.arrayContaining([expect.objectContaining({ collection: "settings", reason: expect.objectContaining({ scope: "okta.networkZones.read" }) })]),
		);
	});
});
