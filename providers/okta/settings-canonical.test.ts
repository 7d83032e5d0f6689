import { describe, expect, it } from "vitest";
import { differences } from "../../src/drift/values.js";
import type { SettingRecord } from "../../src/model/objects.js";
import type { Json } from "./schema.js";
import { decodePolicy, decodePolicyRule } from "./schema-policy.js";
import { settingSpecs } from "./settings.js";

const spec = (kind: string) => {
	const found = settingSpecs.find((one) => one.kind === kind);
	if (!found) throw new Error(kind);
	return found;
};
const signon = (more: Json): Json => ({ actions: { signon: more } });
const app = (more: Json): Json => ({ actions: { appSignOn: more } });
const possession = (more: Json): Json => app({ access: "ALLOW", verificationMethod: { type: "ASSURANCE", constraints: [{ possession: more }] } });
const authenticators = (...list: [string, string][]): Json => ({ settings: { authenticators: list.map(([key, self]) => ({ key, enroll: { self } })) } });
const networked = (more: Json): Json => ({ conditions: { network: more } });

describe("one form", () => {
	it.each<[string, string, Json, Json]>([
		[
			"the order of a set",
			"rule/OKTA_SIGN_ON",
			{ conditions: { people: { users: { exclude: ["b", "a"] } } } },
			{ conditions: { people: { users: { exclude: ["a", "b"] } } } },
		],
		["an empty set and none", "rule/PASSWORD", { conditions: { people: { groups: { include: [] } } } }, { conditions: null }],
		[
			"a default and nothing",
			"rule/OKTA_SIGN_ON",
			signon({ session: { maxSessionIdleMinutes: 120, maxSessionLifetimeMinutes: 0, usePersistentCookie: false } }),
			{},
		],
		["null and nothing", "rule/OKTA_SIGN_ON", signon({ factorPromptMode: null }), {}],
		[
			"the case of the vendor's words",
			"rule/ACCESS_POLICY",
			possession({ phishingResistant: "required", types: ["SECURITY_KEY"] }),
			possession({ phishingResistant: "REQUIRED", types: ["security_key"] }),
		],
		["what the server says itself", "policy/PASSWORD", { id: "1", created: "x", lastUpdated: "y", system: true, _links: {} }, { id: "2" }],
		["zones where any network will do", "rule/MFA_ENROLL", networked({ connection: "ANYWHERE", include: ["nzo1"] }), networked({ connection: "ANYWHERE" })],
		[
			"a session where access is denied",
			"rule/OKTA_SIGN_ON",
			signon({ access: "DENY", session: { maxSessionLifetimeMinutes: 5 } }),
			signon({ access: "DENY" }),
		],
		[
			"an authenticator that is not allowed, and one not named",
			"policy/MFA_ENROLL",
			authenticators(["webauthn", "REQUIRED"], ["okta_email", "NOT_ALLOWED"]),
			authenticators(["webauthn", "REQUIRED"]),
		],
	])("for %s", (_, kind, a, b) => {
		expect(spec(kind).canonical(a)).toEqual(spec(kind).canonical(b));
	});

	it.each<[string, string, Json, Json]>([
		["no limit and a limit", "rule/OKTA_SIGN_ON", signon({ session: { maxSessionLifetimeMinutes: 0 } }), signon({ session: { maxSessionLifetimeMinutes: 1 } })],
		["allow and deny", "rule/OKTA_SIGN_ON", signon({ access: "ALLOW" }), signon({ access: "DENY" })],
		[
			"knowledge asked for and none",
			"rule/ACCESS_POLICY",
			app({ verificationMethod: { type: "ASSURANCE", constraints: [{ knowledge: {} }] } }),
			app({ verificationMethod: { type: "ASSURANCE", constraints: [{}] } }),
		],
		["required and optional", "rule/ACCESS_POLICY", possession({ hardwareProtection: "REQUIRED" }), possession({})],
		[
			"included and excluded",
			"rule/PASSWORD",
			{ conditions: { people: { groups: { include: ["a"] } } } },
			{ conditions: { people: { groups: { exclude: ["a"] } } } },
		],
		["a zone and anywhere", "rule/PASSWORD", networked({ connection: "ZONE", include: ["nzo1"] }), networked({ include: ["nzo1"] })],
		["an authenticator more", "policy/MFA_ENROLL", authenticators(["webauthn", "OPTIONAL"]), authenticators()],
		["another number", "policy/PASSWORD", { settings: { password: { complexity: { minLength: 12 } } } }, {}],
	])("but not for %s", (_, kind, a, b) => {
		expect(spec(kind).canonical(a)).not.toEqual(spec(kind).canonical(b));
	});

	it("never hides a declared key that nobody knows", () => {
		const { canonical } = spec("rule/OKTA_SIGN_ON");
		const live = signon({ access: "ALLOW" });
		expect(differences(signon({ session: { maxIdle: 5 } }), { values: live, canonical }).map(({ path }) => path)).toEqual(["actions.signon.session.maxIdle"]);
		expect(differences({ status: "INACTIVE" }, { values: { ...live, status: "ACTIVE" }, canonical }).map(({ path }) => path)).toEqual(["status"]);
	});
});

describe("what a change would leave, for the lock-out proof", () => {
	const policy = decodePolicy(
		{
			id: "00p1",
			type: "OKTA_SIGN_ON",
			status: "ACTIVE",
			name: "P",
			priority: 1,
			conditions: { people: { groups: { include: ["00g1"] }, users: { exclude: ["00uX"] } } },
		},
		"OKTA_SIGN_ON",
	);
	const accessPolicy = decodePolicy({ id: "00p2", type: "ACCESS_POLICY", status: "ACTIVE", name: "A", priority: 1 }, "ACCESS_POLICY");
	const rule = (of: typeof policy, raw: Json, appliesTo: string | null): SettingRecord => {
		if ("bad" in of) throw new Error(of.bad);
		const found = decodePolicyRule(
			{ id: "0pr1", name: "R", status: "ACTIVE", priority: 1, conditions: { people: { users: { exclude: ["00uY"] } } }, ...raw },
			of.ok,
			appliesTo,
		);
		if ("bad" in found) throw new Error(found.bad);
		return found.ok;
	};
	const session = rule(policy, signon({ access: "ALLOW", requireFactor: false, session: { maxSessionLifetimeMinutes: 0 } }), null);
	const console = rule(accessPolicy, app({ access: "ALLOW", verificationMethod: { type: "ASSURANCE", factorMode: "2FA", constraints: [] } }), "saasure");
	const predicted = (record: SettingRecord, values: Json) => spec(record.kind).predict?.(record, values);

	it("is the record as a reader would read it, whom its policy is for included", () => {
		const after = predicted(session, signon({ requireFactor: true, session: { maxSessionLifetimeMinutes: 720 } }));
		expect(after).toMatchObject({ id: session.id, active: true, priority: 1, session: { maxLifetimeMinutes: 720 } });
		expect(after?.signIn).toEqual({ ...session.signIn, mfaRequired: true });
		expect(after?.signIn).toMatchObject({ excludedAccounts: ["00uX", "00uY"], includedGroups: ["00g1"], appliesTo: null });
	});

	it("tells of a rule that comes to refuse, to ask for more, or to hang on a network", () => {
		expect(predicted(session, signon({ access: "DENY" }))?.signIn?.allows).toBe(false);
		expect(predicted(session, networked({ connection: "ZONE", include: ["nzo1"] }))?.signIn?.networkBound).toBe(true);
		expect(predicted(console, possession({ phishingResistant: "REQUIRED" }))?.signIn).toMatchObject({ phishingResistantRequired: true, appliesTo: "saasure" });
		expect(predicted(console, { conditions: { riskScore: { level: "HIGH" } } })?.signIn?.otherConditions).toBe(true);
	});

	it("can't be said where the people change, who also follow from the policy, nor without the values", () => {
		expect(predicted(session, { conditions: { people: { users: { exclude: [] } } } })).toBeNull();
		const { values: _, ...bare } = session;
		expect(predicted(bare, signon({ requireFactor: true }))).toBeNull();
		if ("bad" in policy) throw new Error(policy.bad);
		expect(predicted(policy.ok.record, { conditions: { people: { groups: { include: ["00g2"] } } } })).toBeNull();
		expect(predicted(policy.ok.record, { description: "new" })?.values).toMatchObject({ description: "new" });
	});

	it("can't be said where an authenticator is forbidden; one more that is asked for is for the proof to look at", () => {
		const found = decodePolicy(
			{ id: "00p3", type: "MFA_ENROLL", status: "ACTIVE", name: "E", priority: 1, ...authenticators(["webauthn", "OPTIONAL"], ["okta_verify", "REQUIRED"]) },
			"MFA_ENROLL",
		);
		if ("bad" in found) throw new Error(found.bad);
		const { record } = found.ok;
		expect(predicted(record, authenticators(["webauthn", "OPTIONAL"], ["okta_verify", "OPTIONAL"], ["duo", "OPTIONAL"]))).toBeTruthy();
		expect(predicted(record, authenticators(["webauthn", "OPTIONAL"]))).toBeNull();
		expect(predicted(record, authenticators(["webauthn", "REQUIRED"], ["okta_verify", "REQUIRED"]))).toBeTruthy();
	});
});
