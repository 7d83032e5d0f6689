import { expect, it } from "vitest";
import { policiesDir, stackOf } from "../assess/test-tenant.js";
import { choose } from "./choose.js";

const ids = async (policies: Parameters<typeof stackOf>[0]) => (await choose(policiesDir, stackOf(policies))).compiled.map(({ policy }) => policy.id);

it("puts the policies of a pack in force, and a policy named by itself", async () => {
	expect(await ids({ policies: { use: ["dormant-account"], dirs: [], set: {} } })).toEqual(["dormant-account"]);
	expect((await ids({ policies: { use: ["recommended"], dirs: [], set: {} } })).length).toBeGreaterThan(15);
});

it("leaves out what is switched off, and changes the digest with a parameter or a severity", async () => {
	const use = ["dormant-account", "never-signed-in"];
	expect(await ids({ policies: { use, dirs: [], set: { "never-signed-in": { enabled: false, severity: null, params: {} } } } })).toEqual(["dormant-account"]);
	const digest = async (params: Record<string, unknown>, severity: string | null) =>
		(await choose(policiesDir, stackOf({ policies: { use, dirs: [], set: { "dormant-account": { enabled: true, severity, params } } } }))).digest;
	expect(new Set([await digest({}, null), await digest({ days: 30 }, null), await digest({}, "high")]).size).toBe(3);
});

it("refuses a parameter the policy doesn't have, and a severity that is none", async () => {
	const wrong = async (params: Record<string, unknown>, severity: string | null) =>
		(await choose(policiesDir, stackOf({ policies: { use: ["recommended"], dirs: [], set: { "dormant-account": { enabled: true, severity, params } } } })))
			.diagnostics;
	expect(await wrong({ dayz: 30 }, null)).toMatchObject([{ hint: expect.stringContaining("days") }]);
	expect(await wrong({}, "terrible")).toHaveLength(1);
});
