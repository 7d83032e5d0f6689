import fc from "fast-check";
import { expect, test } from "vitest";
import type { PlannedAction } from "../../src/plan/plan.js";
import type { Json } from "./schema.js";
import { getsIn, type Person, type RawPolicy, type RawRule, type RawZone, type TrueTenant } from "./sign-in-simulator.test-suite.js";
import { proof } from "./test-lockout.js";

const seldom = (most: number) => fc.integer({ min: 0, max: most }).map((one) => one === 0);
const status = seldom(5).map((off) => (off ? "INACTIVE" : "ACTIVE"));
const zoneIds = ["z1", "z2", "z3"];
const cidr = fc.constantFrom("10.0.0.0/26", "10.0.0.64/26", "10.0.0.0/25", "10.0.0.128/25", "0.0.0.0/0");
const content = fc.oneof(
	{
		weight: 3,
		arbitrary: fc.record({ type: fc.constant("IP"), gateways: fc.array(cidr, { maxLength: 2 }).map((list) => list.map((value) => ({ type: "CIDR", value }))) }),
	},
	{
		weight: 1,
		arbitrary: fc.record({ type: fc.constant("DYNAMIC"), locations: fc.subarray([{ country: "DE" }, { country: "US" }], { minLength: 1, maxLength: 1 }) }),
	},
);
const zones: fc.Arbitrary<RawZone[]> = fc
	.tuple(...zoneIds.map(() => fc.tuple(content, status, seldom(3))))
	.map((made) =>
		made.map(([held, active, blocks], at) => ({ id: zoneIds[at] ?? "", name: `Z${at}`, status: active, usage: blocks ? "BLOCKLIST" : "POLICY", ...held })),
	);
const network = fc.oneof(
	{ weight: 3, arbitrary: fc.constant({ connection: "ANYWHERE" }) },
	{ weight: 2, arbitrary: fc.record({ connection: fc.constant("ZONE"), include: fc.subarray(zoneIds, { minLength: 1, maxLength: 2 }) }) },
	{ weight: 1, arbitrary: fc.record({ connection: fc.constant("ZONE"), exclude: fc.subarray(zoneIds, { minLength: 1, maxLength: 1 }) }) },
);
const people = fc.record(
	{
		users: fc.record({ exclude: fc.subarray(["a", "b"], { maxLength: 1 }) }),
		groups: fc.record({ include: fc.subarray(["g1", "g2", "g3"], { maxLength: 1 }), exclude: fc.subarray(["g3"]) }),
	},
	{ requiredKeys: [] },
);
const access = seldom(5).map((denies) => (denies ? "DENY" : "ALLOW"));
const rules = (
	prefix: string,
	conditions: fc.Arbitrary<RawRule["conditions"]>,
	actions: fc.Arbitrary<RawRule["actions"]>,
	most: number,
): fc.Arbitrary<RawRule[]> =>
	fc
		.array(fc.tuple(status, conditions, actions), { maxLength: most })
		.map((made) =>
			made.map(([active, when, then], at) => ({ id: `${prefix}${at}`, name: `${prefix}${at}`, status: active, priority: at, conditions: when, actions: then })),
		);
const when = fc.record({ network, people });
const signon = access.map((word) => ({ signon: { access: word } }));
const appSignOn = fc.tuple(access, fc.boolean()).map(([word, strict]) => ({
	appSignOn: {
		access: word,
		verificationMethod: { type: "ASSURANCE", factorMode: "2FA", constraints: strict ? [{ possession: { phishingResistant: "REQUIRED" } }] : [] },
	},
}));
const idp = fc
	.oneof(
		{ weight: 3, arbitrary: fc.constant<{ type: string; id?: string }[]>([{ type: "OKTA" }]) },
		{ weight: 2, arbitrary: fc.subarray([{ type: "SAML2", id: "i1" }, { type: "OKTA" }], { minLength: 1 }) },
	)
	.map((providers) => ({ idp: { providers } }));
const routed = fc.record({
	network,
	userIdentifier: fc.subarray(["@acme.example", "@other.example"], { maxLength: 1 }).map((list) => ({
		type: "IDENTIFIER",
		patterns: list.map((value) => ({ matchType: "SUFFIX", value })),
	})),
});
const forGroups = fc.subarray(["g1", "g2"], { minLength: 1 }).map((include) => ({ people: { groups: { include } } }));
const policies = fc.array(fc.tuple(status, forGroups, rules("s", when, signon, 3)), { minLength: 1, maxLength: 2 }).map((made) =>
	made.map(
		([active, conditions, of], at): RawPolicy => ({
			id: `p${at}`,
			name: `P${at}`,
			status: active,
			priority: at,
			conditions,
			rules: of.map((rule) => ({ ...rule, id: `p${at}${rule.id}` })),
		}),
	),
);
const keys = ["okta_password", "okta_verify", "webauthn", "phone_number"];
const enrolments = fc.array(fc.tuple(forGroups, fc.subarray(["okta_verify", "webauthn"])), { maxLength: 1 }).map((made) =>
	made.map(
		([conditions, asked], at): RawPolicy => ({
			...{ id: `e${at}`, name: `E${at}`, status: "ACTIVE", priority: at, conditions, rules: [] },
			settings: { authenticators: ["okta_verify", "webauthn"].map((key) => ({ key, enroll: { self: asked.includes(key) ? "REQUIRED" : "OPTIONAL" } })) },
		}),
	),
);
const tenant: fc.Arbitrary<TrueTenant> = fc.record({
	zones,
	routes: rules("i", routed, idp, 2),
	policies,
	console: rules("c", when, appSignOn, 3).filter((list) => list.length > 0),
	enrolments,
	authenticators: fc
		.tuple(...keys.map(() => seldom(6)))
		.map((off) => keys.map((key, at) => ({ id: `k${at}`, key, name: key, status: key !== "okta_password" && off[at] ? "INACTIVE" : "ACTIVE" }))),
});
const factor = fc.constantFrom({ type: "webauthn", key: "webauthn" }, { type: "push", key: "okta_verify" }, { type: "sms", key: "phone_number" });
const persons: fc.Arbitrary<Person[]> = fc
	.tuple(
		...["a", "b"].map(() =>
			fc.tuple(fc.subarray(["g1", "g2", "g3"], { minLength: 1 }), fc.array(factor, { minLength: 1, maxLength: 2 }), fc.constantFrom("acme", "other")),
		),
	)
	.map((made) => made.map(([groups, factors, domain], at) => ({ id: ["a", "b"][at] ?? "", login: `${at}@${domain}.example`, groups, factors })));

/** A change of one object: of what, and to which values. */
const changes = fc.array(
	fc.record({
		kind: fc.constantFrom("zones", "routes", "signon", "console", "authenticators", "enrolments"),
		at: fc.nat({ max: 5 }),
		zone: fc.record({ content, status, usage: fc.constantFrom("POLICY", "BLOCKLIST") }),
		network,
		access,
		status,
		providers: idp,
		leave: fc.boolean(),
	}),
	{ minLength: 1, maxLength: 2 },
);
type Change = typeof changes extends fc.Arbitrary<(infer T)[]> ? T : never;

/** The setting that a change names, its new values, and the tenant's own object to be changed; null: there is none. */
function aim(change: Change, held: TrueTenant): { setting: string; values: Json; object: object } | null {
	const pick = <T>(list: T[]): T | undefined => list[change.at % Math.max(1, list.length)];
	const found = (setting: string, values: Json, object: object | undefined) => (object ? { setting, values, object } : null);
	const zone = pick(held.zones);
	const route = pick(held.routes);
	const policy = pick(held.policies);
	const rule = policy && pick(policy.rules);
	const app = pick(held.console);
	const authenticator = pick(held.authenticators.filter(({ key }) => key !== "okta_password"));
	const enrolment = pick(held.enrolments);
	switch (change.kind) {
		case "zones":
			return found(`zone/${zone?.id}`, { ...change.zone.content, status: change.zone.status, usage: change.zone.usage }, zone);
		case "routes":
			return found(`rule/IDP_DISCOVERY/d/${route?.id}`, { conditions: { network: change.network }, actions: change.providers }, route);
		case "signon":
			return found(
				`rule/OKTA_SIGN_ON/${policy?.id}/${rule?.id}`,
				{ conditions: { network: change.network }, actions: { signon: { access: change.access } } },
				rule,
			);
		case "console":
			return found(`rule/ACCESS_POLICY/con/${app?.id}`, { conditions: { network: change.network }, actions: { appSignOn: { access: change.access } } }, app);
		case "authenticators":
			return found(`authenticator/${authenticator?.id}`, { status: change.status }, authenticator);
		default:
			return found(
				`policy/MFA_ENROLL/${enrolment?.id}`,
				{ settings: { authenticators: ["okta_verify", "webauthn"].map((key) => ({ key, enroll: { self: change.leave ? "REQUIRED" : "OPTIONAL" } })) } },
				enrolment,
			);
	}
}

/** As Okta would: objects are merged, lists replaced. */
function put(into: object, values: object): void {
	for (const [key, value] of Object.entries(values)) {
		const now: unknown = Reflect.get(into, key);
		const both = [now, value].every((one) => typeof one === "object" && one !== null && !Array.isArray(one));
		if (both) put(now as object, value);
		else Reflect.set(into, key, structuredClone(value));
	}
}

test("whoever is proven to get in still does once the plan is applied, by Okta's own order of evaluation", () => {
	let positive = 0;
	let networks = 0;
	fc.assert(
		fc.property(tenant, persons, changes, fc.boolean(), (before, who, wanted, leaves) => {
			// Not structuredClone: what the generators share would be changed together.
			const after = JSON.parse(JSON.stringify(before)) as TrueTenant;
			const actions: PlannedAction[] = [];
			for (const change of wanted) {
				const found = aim(change, after);
				if (!found || actions.some(({ target }) => target.setting === found.setting)) continue;
				put(found.object, found.values);
				actions.push({ system: "okta", kind: "update-setting", target: { setting: found.setting, values: found.values } } as unknown as PlannedAction);
			}
			if (leaves) actions.push({ system: "okta", kind: "remove-group-member", target: { account: "a", group: "g1" } } as unknown as PlannedAction);
			const later = who.map((one) => (leaves && one.id === "a" ? { ...one, groups: one.groups.filter((group) => group !== "g1") } : one));
			for (const { account, from } of proof(before, who, actions)?.witnesses ?? []) {
				positive++;
				if (from !== undefined) networks++;
				const person = later.find(({ id }) => id === account);
				expect(person && getsIn(person, after), account).toBe(true);
			}
		}),
		{ numRuns: 3000 },
	);
	// Else the property would say little.
	expect(positive).toBeGreaterThan(100);
	expect(networks).toBeGreaterThan(5);
});
