import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EmulatedTenant } from "../../src/emulate/contract.js";
import type { SettingRecord } from "../../src/model/objects.js";
import { actionSpecs } from "../../src/plan/specs.js";
import type { EntraConnection } from "./connection.js";
import { type EntraOptions, emulation } from "./emulator.js";
import { provider } from "./index.js";
import { connectTo, scanTenant, testNow } from "./test-entra.js";

let tenant: EmulatedTenant;
let act: EntraConnection;
let policy: string;
beforeEach(async () => {
	tenant = await emulation.start({ users: 20, seed: 7, now: testNow, limits: "off", lagMs: 45_000 } as EntraOptions);
	act = await connectTo(tenant, "act");
	const settings = await (await scanTenant(tenant, { only: ["settings"] })).bodies<SettingRecord>("settings");
	policy = settings.find(({ kind, active }) => kind === "conditionalAccessPolicy" && active === true)?.id ?? "";
});
afterEach(async () => {
	await act.close();
	await tenant.close();
});

function spec() {
	const found = actionSpecs(provider).find(({ kind }) => kind === "update-setting");
	if (!found) throw new Error("no setting can be changed");
	return found;
}

async function change(setting: string, values: Record<string, unknown>) {
	const target = { setting, values };
	const before = await spec().inspect(act, target);
	expect(before).toMatchObject({ exists: true, done: false, refused: null });
	await spec().perform(act, target, before);
	return { target, before, verified: await spec().verify(act, target, before) };
}

describe("a setting", () => {
	it("is read back until it shows: it takes the vendor a while", async () => {
		const { target, verified } = await change(policy, { state: "enabledForReportingButNotEnforced" });
		expect(verified).toMatchObject({ holds: true, proof: "read-back" });
		expect(await spec().inspect(act, target)).toMatchObject({ done: true });
	});

	it("is not believed where it does not show", async () => {
		const target = { setting: policy, values: { state: "disabled" } };
		const before = await spec().inspect(act, target);
		expect(await spec().verify(act, target, before)).toMatchObject({ holds: false });
	});

	it("is given back as it was, and only what was declared", async () => {
		const authorization = "authorizationPolicy/authorizationPolicy";
		const { values } = await spec()
			.inspect(act, { setting: authorization, values: { allowInvitesFrom: "", defaultUserRolePermissions: { allowedToCreateApps: true } } })
			.then(({ facts }) => ({ values: facts.before as { allowInvitesFrom: string; defaultUserRolePermissions: { allowedToCreateApps: boolean } } }));
		const apps = values.defaultUserRolePermissions.allowedToCreateApps;
		const invites = values.allowInvitesFrom === "none" ? "everyone" : "none";
		const { before, target } = await change(authorization, { allowInvitesFrom: invites, defaultUserRolePermissions: { allowedToCreateApps: !apps } });
		const back = spec().inverse(target, before);
		expect(back?.target.values).toEqual(values);
		expect((await change(authorization, back?.target.values ?? {})).verified.holds).toBe(true);
	});

	it("that would be enforced at once is refused before anybody approves it", async () => {
		await change(policy, { state: "disabled" });
		const seen = await spec().inspect(act, { setting: policy, values: { state: "enabled" } });
		expect(seen.refused).toMatch(/enabledForReportingButNotEnforced first/);
	});

	it("is refused with the reason where the values can't be declared, or somebody else changed it", async () => {
		expect((await spec().inspect(act, { setting: policy, values: { state: "sometimes" } })).refused).toMatch(/state/);
		const target = { setting: policy, values: { state: "disabled" } };
		const before = await spec().inspect(act, target);
		await change(policy, { state: "enabledForReportingButNotEnforced" });
		await expect(spec().perform(act, target, before)).rejects.toThrow(/changed/);
	});

	it("is not changed by the reading credential", async () => {
		const reading = await connectTo(tenant);
		await expect(spec().perform(reading, { setting: policy, values: { state: "disabled" } })).rejects.toThrow(/only reads/);
		await reading.close();
	});
});
