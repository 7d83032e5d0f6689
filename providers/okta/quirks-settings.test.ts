import { afterEach, describe, expect, it } from "vitest";
import type { SettingRecord } from "../../src/model/objects.js";
import { makeApp, makePolicy } from "./emulator/build.js";
import { closeQuirkOrgs, quirkOrg, smallTenant } from "./test-quirks.js";

afterEach(closeQuirkOrgs);

const only = ["settings" as const];
const appRule = (more: object, constraint: object): Record<string, unknown> => ({
	...more,
	actions: { appSignOn: { access: "allow", verificationMethod: { type: "assurance", factorMode: "2fa", constraints: [{ possession: constraint }] } } },
});

describe("Okta's policies", () => {
	it("hold words in lower case where the specification has upper case: they mean the same", async () => {
		const state = smallTenant();
		const lower = makePolicy(state, "ACCESS_POLICY", "Lower", {}, [{ ...appRule({}, { phishingResistant: "required", userPresence: "required" }) }]);
		const org = await quirkOrg({ state });
		const read = await org.scan({ only });
		const [rule] = state.policyRules.get(lower) ?? [];
		expect(await read.body("settings", `rule/ACCESS_POLICY/${lower}/${rule?.id}`)).toMatchObject({
			signIn: { allows: true, mfaRequired: true, phishingResistantRequired: true },
		});
		expect(read.coverage("settings")).toMatchObject({ state: "complete", reasons: [] });
	});

	it("hold words that no list names: the rule is kept, and what they decide is unknown", async () => {
		const state = smallTenant();
		const policy = makePolicy(state, "ACCESS_POLICY", "New", {}, [{ actions: { appSignOn: { access: "MAYBE", verificationMethod: { type: "TELEPATHY" } } } }]);
		const org = await quirkOrg({ state });
		const read = await org.scan({ only });
		const [rule] = state.policyRules.get(policy) ?? [];
		const found = await read.body("settings", `rule/ACCESS_POLICY/${policy}/${rule?.id}`);
		for (const name of ["allows", "mfaRequired", "phishingResistantRequired"]) expect(found).not.toHaveProperty(`signIn.${name}`);
		expect(found).toHaveProperty("signIn.excludedAccounts", []);
		expect(read.coverage("settings").state).toBe("complete");
	});

	it("end in a catch-all rule of the system's own, which decides for everybody the others leave: it is read, marked, and last", async () => {
		const state = smallTenant();
		const policy = makePolicy(state, "ACCESS_POLICY", "With catch-all", {}, [
			appRule({ name: "Strict", priority: 0 }, { phishingResistant: "REQUIRED" }),
			{
				name: "Catch-all Rule",
				priority: 99,
				system: true,
				conditions: null,
				actions: { appSignOn: { access: "ALLOW", verificationMethod: { type: "ASSURANCE", factorMode: "1FA", constraints: [] } } },
			},
		]);
		const org = await quirkOrg({ state });
		const read = await org.scan({ only });
		const rules = (await read.records("settings"))
			.map(({ body }) => body as SettingRecord)
			.filter(({ kind, parent }) => kind === "rule/ACCESS_POLICY" && parent === policy);
		const inOrder = rules.toSorted((a, b) => (a.priority ?? 0) - (b.priority ?? 0));
		expect(inOrder).toMatchObject([
			{ name: "Strict", builtIn: false },
			{ name: "Catch-all Rule", builtIn: true, active: true, signIn: { allows: true, mfaRequired: false, includedGroups: [], excludedAccounts: [] } },
		]);
	});

	it("may claim one priority together until Okta renumbers them: both are read, and their order is unknown, not guessed", async () => {
		const state = smallTenant();
		const twins = ["One", "Two"].map((name) => makePolicy(state, "OKTA_SIGN_ON", name, { priority: 7 }, [{ name }]));
		const off = makePolicy(state, "OKTA_SIGN_ON", "Off", { priority: 7, status: "INACTIVE" });
		const alone = makePolicy(state, "OKTA_SIGN_ON", "Alone", { priority: 8 }, [
			{ name: "a", priority: 1 },
			{ name: "b", priority: 1 },
			{ name: "c", priority: 2 },
		]);
		const apps = ["A", "B"].map((name) => makePolicy(state, "ACCESS_POLICY", name, { priority: 1 }));
		const org = await quirkOrg({ state });
		const read = await org.scan({ only });
		const found = (await read.records("settings")).map(({ body }) => body as SettingRecord);
		const priorities = (ids: string[]): unknown[] =>
			ids.map((id) => found.filter((record) => record.id.endsWith(id) && record.kind !== "rule-order").map((record) => record.priority));
		expect(priorities(twins)).toEqual([[undefined], [undefined]]);
		expect(priorities([off, alone, ...apps])).toEqual([[7], [8], [1], [1]]);
		expect(
			found
				.filter(({ kind, parent }) => kind === "rule/OKTA_SIGN_ON" && parent === alone)
				.map(({ name, priority }) => [name, priority])
				.toSorted(),
		).toEqual([
			["a", undefined],
			["b", undefined],
			["c", 2],
		]);
		for (const id of ["policy-order/OKTA_SIGN_ON", `rule-order/${alone}`]) {
			expect(found.map((one) => one.id)).toContain(id);
			expect(
				found.find((one) => one.id === id),
				id,
			).not.toHaveProperty("values");
		}
	});

	it("for inactivity stand under a type that Okta's list does not name: they are read", async () => {
		const state = smallTenant();
		const id = makePolicy(state, "USER_LIFECYCLE", "Suspend after 90 days", {}, [{ name: "90 days" }]);
		const org = await quirkOrg({ state });
		const read = await org.scan({ only });
		expect(await read.body("settings", `policy/USER_LIFECYCLE/${id}`)).toMatchObject({ active: true });
	});

	it("of a type that the org does not know are refused with 400: no gap", async () => {
		const org = await quirkOrg();
		const body = { errorCode: "E0000001", errorSummary: "Api validation failed: type", errorCauses: [] };
		org.emulator.knobs.faults = [{ do: "status", status: 400, body, path: /policies\?type=(?:ENTITY_RISK|POST_AUTH_SESSION)/ }];
		const read = await org.scan({ only });
		expect(read.coverage("settings")).toMatchObject({ state: "complete", reasons: [] });
	});
});

describe("Okta's error bodies", () => {
	it.each([
		["a list, as documented", [{ errorSummary: "zones are closed" }]],
		["a single object, as in one of Okta's examples", { errorSummary: "zones are closed" }],
	])("hold the causes as %s: people are told them, and the code alone decides", async (_name, errorCauses) => {
		const org = await quirkOrg();
		const body = { errorCode: "E0000006", errorSummary: "You may not", errorLink: "E0000006", errorId: "oae1", errorCauses };
		org.emulator.knobs.faults = [{ do: "status", status: 403, body, path: /\/api\/v1\/zones/ }];
		const read = await org.scan({ only });
		expect(read.coverage("settings")).toMatchObject({
			state: "partial",
			reasons: [{ cause: "role", detail: expect.stringContaining("E0000006: You may not: zones are closed") }],
		});
	});
});

describe("Okta's list of apps", () => {
	it("has no default page size and holds inactive apps: it is asked for by 200, and the status tells", async () => {
		const state = smallTenant();
		for (let index = 0; index < 205; index++) makeApp(state, `App ${index}`);
		const off = makeApp(state, "Off", { status: "INACTIVE" });
		const org = await quirkOrg({ state });
		const read = await org.scan({ only: ["apps"] });
		expect(await read.body("apps", off)).toMatchObject({ active: false });
		expect(read.coverage("apps")).toMatchObject({ state: "complete", known: state.apps.size });
		expect(org.calls(/\/api\/v1\/apps/).map(({ url }) => new URL(url, org.emulator.url).searchParams.get("limit"))).toEqual(["200", "200"]);
	});
});
