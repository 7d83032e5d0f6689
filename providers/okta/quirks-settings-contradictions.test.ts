import { afterEach, describe, expect, it } from "vitest";
import { makePolicy } from "./emulator/build.js";
import type { Fault } from "./emulator/knobs.js";
import { closeQuirkOrgs, quirkOrg, smallTenant } from "./test-quirks.js";

afterEach(closeQuirkOrgs);

const only = ["settings" as const];
const page = "<html><body>no such page</body></html>";
const word = (errorCode: string): Record<string, unknown> => ({ errorCode, errorSummary: "no", errorCauses: [] });
const fault = (status: number, path: RegExp, body: string | Record<string, unknown>): Fault =>
	typeof body === "string" ? { do: "status", status, path, body, contentType: "text/html" } : { do: "status", status, path, body };
const accessPolicies = /\/policies\?type=ACCESS_POLICY/;

async function settingsWith(faults: Fault[], state = smallTenant()) {
	const org = await quirkOrg({ state });
	org.emulator.knobs.faults = faults;
	const { state: coverage, reasons } = (await org.scan({ only })).coverage("settings");
	return { coverage, reasons: reasons.map(({ detail }) => detail) };
}

function classic() {
	const state = smallTenant();
	for (const app of state.apps.values()) Reflect.deleteProperty(app, "accessPolicy");
	for (const [id, { type }] of state.policies) if (type === "ACCESS_POLICY") state.policies.delete(id);
	for (const app of state.apps.values()) Reflect.deleteProperty(app._links ?? {}, "accessPolicy");
	return state;
}

describe("what an org does not have", () => {
	it.each([
		["an unknown name", 400, "E0000001"],
		["an unknown path", 404, "E0000007"],
		["a path without this method", 405, "E0000022"],
		["a feature that is off", 401, "E0000015"],
	])("is no gap in Okta's own words: %s", async (_name, status, code) => {
		const faults = [fault(status, /\/policies\?type=ENTITY_RISK/, word(code)), fault(status, /\/logStreams/, word(code))];
		expect(await settingsWith(faults)).toEqual({ coverage: "complete", reasons: [] });
	});

	it("is the access policies in a Classic org, whose apps have none", async () => {
		expect(await settingsWith([fault(400, accessPolicies, word("E0000001"))], classic())).toEqual({ coverage: "complete", reasons: [] });
	});

	it.each([
		["a proxy's page", 404, page],
		["a refused cursor", 400, word("E0000029")],
		["a refused filter", 400, word("E0000031")],
	])("is not told by %s: the list is not whole", async (_name, status, body) => {
		const { coverage, reasons } = await settingsWith([fault(status, /\/logStreams/, body)]);
		expect(coverage).toBe("partial");
		expect(reasons).toEqual([expect.stringContaining("/logStreams")]);
	});

	it.each([
		[404, word("E0000007")],
		[400, word("E0000001")],
	])("is not told by a later page (%s): that list broke off", async (status, body) => {
		const state = smallTenant();
		for (let index = 0; index < 205; index++)
			makePolicy(state, "ACCESS_POLICY", `P${index}`, {}, [{ name: "Catch-all Rule", system: true, actions: { appSignOn: { access: "DENY" } } }]);
		const { coverage } = await settingsWith([fault(status, /\/policies\?.*type=ACCESS_POLICY.*after=|\/policies\?after=.*ACCESS_POLICY/, body)], state);
		expect(coverage).toBe("partial");
	});
});

describe("policies that are missing", () => {
	it.each([
		["refused as an unknown type", fault(400, accessPolicies, word("E0000001"))],
		["an empty list", { do: "truncate", path: accessPolicies } satisfies Fault],
	])("though apps have access policies (%s): settings are not whole", async (_name, broken) => {
		const { coverage, reasons } = await settingsWith([broken]);
		expect(coverage).toBe("partial");
		expect(reasons).toEqual([expect.stringMatching(/access policies that apps have were not listed/)]);
	});

	it("authenticators, though apps have access policies, as only Identity Engine has: settings are not whole", async () => {
		const { coverage, reasons } = await settingsWith([fault(404, /\/authenticators/, word("E0000022"))]);
		expect(coverage).toBe("partial");
		expect(reasons).toEqual([expect.stringContaining("authenticators")]);
	});
});

describe("rules that are missing", () => {
	const state = () => {
		const made = smallTenant();
		const policy = makePolicy(made, "ACCESS_POLICY", "Console", {}, [{ name: "Catch-all Rule", system: true, actions: { appSignOn: { access: "DENY" } } }]);
		return { made, policy, rules: new RegExp(`/policies/${policy}/rules`) };
	};

	it("of a policy that is still there, by a 404: settings are not whole", async () => {
		const { made, rules } = state();
		const { coverage, reasons } = await settingsWith([fault(404, rules, word("E0000007"))], made);
		expect(coverage).toBe("partial");
		expect(reasons).toEqual([expect.stringContaining("/policies/{policyId}/rules: 404")]);
	});

	it("by an empty list of a policy that always has a catch-all rule: settings are not whole", async () => {
		const { made, rules } = state();
		const { coverage, reasons } = await settingsWith([{ do: "truncate", path: rules }], made);
		expect(coverage).toBe("partial");
		expect(reasons).toEqual([expect.stringContaining("policy Console shows no rules")]);
	});

	it("of a default policy, by an empty list: settings are not whole; one made by hand may have none yet", async () => {
		const { made } = state();
		const system = [...made.policies.values()].find(({ type, system }) => type === "OKTA_SIGN_ON" && system === true);
		makePolicy(made, "OKTA_SIGN_ON", "New", {}, []);
		expect(await settingsWith([], made)).toEqual({ coverage: "complete", reasons: [] });
		const { reasons } = await settingsWith([{ do: "truncate", path: new RegExp(`/policies/${system?.id}/rules`) }], made);
		expect(reasons).toEqual([expect.stringContaining(`policy ${system?.name} shows no rules`)]);
	});

	it.each(["truncate", "status"] as const)("of a policy that was deleted since it was listed (%s) are no gap", async (how) => {
		const { made, policy, rules } = state();
		const broken: Fault = how === "truncate" ? { do: how, path: rules } : fault(404, rules, word("E0000007"));
		expect(await settingsWith([broken, fault(404, new RegExp(`/policies/${policy}$`), word("E0000007"))], made)).toEqual({ coverage: "complete", reasons: [] });
	});
});
