import { Ajv2020 } from "ajv/dist/2020.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makePolicy } from "./emulator/build.js";
import { type Json, object } from "./schema.js";
import { settingSpecs } from "./settings.js";
import { type Acting, acting, actionOf, carryOut, takeBack } from "./test-act.js";

let org: Acting;
let policy: string;
let setting: string;

const signon = {
	access: "ALLOW",
	requireFactor: false,
	primaryFactor: "PASSWORD_IDP",
	session: { usePersistentCookie: true, maxSessionIdleMinutes: 120, maxSessionLifetimeMinutes: 0 },
};
const conditions = { people: { users: { exclude: ["00uB", "00uA"] } }, network: { connection: "ANYWHERE" }, risk: { behaviors: ["x"] } };

beforeEach(async () => {
	org = await acting();
	policy = makePolicy(org.state, "OKTA_SIGN_ON", "Workforce", {}, [
		{ name: "Anywhere", conditions, actions: { signon } },
		{ name: "Default", system: true, conditions: null, actions: { signon } },
	]);
	setting = `rule/OKTA_SIGN_ON/${policy}/${rule().id}`;
});
afterEach(() => org.close());

const rule = (at = 0): Json => object(org.state.policyRules.get(policy)?.[at]) ?? {};
const spec = (kind: string) => {
	const found = settingSpecs.find((one) => one.kind === kind);
	if (!found?.update) throw new Error(kind);
	return { ...found, update: found.update };
};
const lifetime = (minutes: number): Json => ({ actions: { signon: { session: { maxSessionLifetimeMinutes: minutes, usePersistentCookie: false } } } });
const inspect = (values: Json, of = setting) => actionOf("update-setting").inspect(org.connection, { setting: of, values });

describe("update-setting", () => {
	it("changes what is declared, keeps all else, and is taken back", async () => {
		const before = structuredClone(rule());
		const done = await carryOut(org, "update-setting", { setting, values: lifetime(720) });
		expect(done.verification).toMatchObject({ holds: true, proof: "read-back" });
		expect(rule()).toEqual({
			...before,
			lastUpdated: rule().lastUpdated,
			actions: { signon: { ...signon, session: { usePersistentCookie: false, maxSessionIdleMinutes: 120, maxSessionLifetimeMinutes: 720 } } },
		});
		expect(done.inverse?.target.values).toEqual({ actions: { signon: { session: { maxSessionLifetimeMinutes: 0, usePersistentCookie: true } } } });
		await takeBack(org, done);
		expect(rule()).toEqual({ ...before, lastUpdated: rule().lastUpdated });
	});

	it("keeps of the object only what takes the change back", async () => {
		const { facts } = await inspect(lifetime(720));
		expect(facts).toEqual({ name: rule().name, is: expect.stringMatching(/^[0-9a-f]{64}$/), before: expect.anything() });
		expect(Object.keys(facts.before as Json)).toEqual(["actions"]);
	});

	it("takes back what was not there before", async () => {
		const done = await carryOut(org, "update-setting", { setting, values: { actions: { signon: { factorPromptMode: "ALWAYS", requireFactor: true } } } });
		expect(done.inverse?.target.values).toEqual({ actions: { signon: { factorPromptMode: null, requireFactor: false } } });
		await takeBack(org, done);
		expect(rule().actions).toEqual({ signon });
	});

	it("has nothing to do where the values are there in another form", async () => {
		const values = {
			conditions: { people: { users: { exclude: ["00uA", "00uB"] }, groups: { include: [] } } },
			actions: { signon: { rememberDeviceByDefault: false } },
		};
		expect(await inspect(values)).toMatchObject({ exists: true, done: true, refused: null });
	});

	it.each([
		["an unknown key", { actions: { signon: { session: { maxIdle: 5 } } } }, "actions.signon.session.maxIdle is not a value that can be declared here"],
		["the server's own", { lastUpdated: "2026-01-01T00:00:00.000Z" }, "lastUpdated is not a value that can be declared here"],
		["a wrong word", { actions: { signon: { access: "MAYBE" } } }, "actions.signon.access must be equal to one of the allowed values"],
		["an emoji", { name: "Rule 😀" }, "name must match pattern"],
		["nothing", {}, "the setting must NOT have fewer than 1 properties"],
	])("refuses %s before anything is sent", async (_, values, why) => {
		if (Object.keys(values).length > 0) expect((await inspect(values)).refused).toContain(why);
		await expect(actionOf("update-setting").perform(org.connection, { setting, values })).rejects.toMatchObject({
			ambiguous: false,
			message: expect.stringContaining(why),
		});
		expect(org.writes()).toEqual([]);
	});

	it("refuses an object that somebody changed since it was looked at", async () => {
		const values = lifetime(720);
		const before = await inspect(values);
		await spec("rule/OKTA_SIGN_ON").update(org.connection, `${policy}/${rule().id}`, lifetime(60));
		await expect(actionOf("update-setting").perform(org.connection, { setting, values }, before)).rejects.toThrow("was changed by somebody else");
		expect(org.writes()).toHaveLength(1);
	});

	it("refuses what Okta keeps of its own default rule, and changes the rest of it", async () => {
		const own = `rule/OKTA_SIGN_ON/${policy}/${rule(1).id}`;
		expect((await inspect({ name: "Mine" }, own)).refused).toBe("Default is Okta's own default: its name can't be changed");
		const values = { conditions: { network: { connection: "ZONE", include: ["nzo1"] } } };
		await expect(actionOf("update-setting").perform(org.connection, { setting: own, values })).rejects.toThrow("its conditions can't be changed");
		expect((await carryOut(org, "update-setting", { setting: own, values: lifetime(60) })).verification.holds).toBe(true);
	});

	it("finds out after a cut connection whether it was done, and counts 429 as not yet", async () => {
		const values = lifetime(90);
		org.emulator.knobs.faults = [
			{ do: "cut", at: "after-write", method: "PUT", times: 1 },
			{ do: "throttle", retryAfterSeconds: 2, method: "PUT", times: 1 },
		];
		expect((await carryOut(org, "update-setting", { setting, values })).verification.holds).toBe(true);
		expect(org.writes().map((line) => line.split(" ").at(-1))).toEqual(["0", "429", "200"]);
	});

	it("does not take an accepted change for one that is there", async () => {
		org.emulator.knobs.faults = [{ do: "status", status: 200, method: "PUT", body: {} }];
		expect((await carryOut(org, "update-setting", { setting, values: lifetime(90) })).verification).toMatchObject({
			holds: false,
			detail: "the values differ from those declared",
		});
	});
});

describe("an object by another name", () => {
	it("is absent where Okta says so, and an error where the kind or the id does not fit", async () => {
		expect(await spec("policy/OKTA_SIGN_ON").read(org.connection, "00pNone")).toMatchObject({ exists: false, values: {} });
		expect(await inspect(lifetime(1), "rule/OKTA_SIGN_ON/00pNone/0prNone")).toMatchObject({ exists: false, refused: "Okta has no such policy or rule" });
		await expect(spec("policy/PASSWORD").read(org.connection, policy)).rejects.toThrow("is of type OKTA_SIGN_ON");
		await expect(spec("rule/PASSWORD").read(org.connection, policy)).rejects.toThrow("rule/PASSWORD/<policy id>/<rule id>");
		await expect(inspect({}, "zone/nzo1")).rejects.toThrow("is no setting that can be changed here");
	});
});

it("gives every kind a schema of its own that is one", () => {
	for (const { valuesSchema, kind } of settingSpecs) expect(new Ajv2020({ strict: false }).validateSchema(valuesSchema), kind).toBe(true);
	expect(settingSpecs.every(({ lockOutCapable, pulumiTypes, arrange }) => lockOutCapable && (arrange !== undefined || pulumiTypes.length > 0))).toBe(true);
});
