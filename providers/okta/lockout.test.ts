import { expect, test } from "vitest";
import type { SettingRecord } from "../../src/model/objects.js";
import type { PlannedAction } from "../../src/plan/plan.js";
import { policyOrder, ruleOrder } from "./order.js";
import type { Json } from "./schema.js";
import { decodeOrgSetting } from "./schema-setting.js";
import type { Person, RawRule, RawZone, TrueTenant } from "./sign-in-simulator.test-suite.js";
import { proof } from "./test-lockout.js";

const anywhere = { network: { connection: "ANYWHERE" } };
const rule = (id: string, more: Partial<RawRule>): RawRule => ({ id, name: id, status: "ACTIVE", priority: 1, conditions: anywhere, actions: {}, ...more });
const zone = (id: string, more: Partial<RawZone> = {}): RawZone => ({
	...{ id, name: id, type: "IP", status: "ACTIVE", usage: "POLICY", gateways: [{ type: "CIDR", value: "192.0.2.0/24" }] },
	...more,
});
const keys = ["okta_password", "okta_verify", "webauthn"];
const ana: Person = { id: "ana", login: "ana@acme.example", groups: ["g1"], factors: [{ type: "webauthn", key: "webauthn" }] };

function tenant(more: Partial<TrueTenant> = {}): TrueTenant {
	return {
		zones: [],
		routes: [],
		policies: [
			{
				...{ id: "p1", name: "Everybody", status: "ACTIVE", priority: 1, conditions: { people: { groups: { include: ["g1"] } } } },
				rules: [rule("r1", { actions: { signon: { access: "ALLOW" } } })],
			},
		],
		console: [],
		enrolments: [],
		authenticators: keys.map((key) => ({ id: `${key}1`, key, name: key, status: "ACTIVE" })),
		...more,
	};
}

/** With the sign-on rule bound to these zones. */
function bound(zones: RawZone[], network: { include?: string[]; exclude?: string[] }): TrueTenant {
	const made = tenant({ zones });
	for (const policy of made.policies) for (const one of policy.rules) one.conditions = { network: { connection: "ZONE", ...network } };
	return made;
}

const update = (setting: string, values: Json): PlannedAction =>
	({ system: "okta", kind: "update-setting", target: { setting, values } }) as unknown as PlannedAction;
const suspend = { system: "okta", kind: "suspend-account", target: { account: "somebody" } } as unknown as PlannedAction;
const of = (held: TrueTenant, action = suspend, more: SettingRecord[] = [], person = ana) => proof(held, [person], [action], more);
const why = (...args: Parameters<typeof of>) => of(...args)?.countedOut[0]?.why;

const saml = { idp: { providers: [{ type: "SAML2", id: "i1" }] } };
const here = { idp: { providers: [{ type: "OKTA" }] } };
const suffix = (value: string) => ({ userIdentifier: { type: "IDENTIFIER", patterns: [{ matchType: "SUFFIX", value }] } });

test("whoever is routed to another identity provider is not counted on, by the first rule that matches", () => {
	expect(why(tenant({ routes: [rule("Acme", { conditions: suffix("@acme.example"), actions: saml })] }))).toBe(
		"routing rule Acme of policy Routing sends it to another identity provider, which is not seen here",
	);
	const first = rule("Here", { conditions: suffix("@acme.example"), actions: here });
	expect(of(tenant({ routes: [first, rule("All", { priority: 2, actions: saml })] }))?.holds).toBe(true);
	expect(why(tenant({ routes: [{ ...first, status: "INACTIVE" }, rule("All", { priority: 2, actions: saml })] }))).toMatch(/routing rule All/);
	expect(of(tenant({ routes: [rule("Others", { conditions: suffix("@other.example"), actions: saml })] }))?.holds).toBe(true);
});

test.each<[string, Partial<RawRule>]>([
	["a login in other letters", { conditions: suffix("@ACME.example") }],
	["a part of a domain", { conditions: suffix("me.example") }],
	["a regular expression", { conditions: { userIdentifier: { type: "IDENTIFIER", patterns: [{ matchType: "EXPRESSION", value: ".*" }] } } }],
	["an attribute", { conditions: { userIdentifier: { type: "ATTRIBUTE", patterns: [{ matchType: "EQUALS", value: "x" }] } } }],
	["a condition nobody knows", { conditions: { moon: "full" } as RawRule["conditions"] }],
	["a network", { conditions: { network: { connection: "ZONE", include: ["z1"] } } }],
])("a routing rule that hangs on %s may apply", (_, more) => {
	expect(why(tenant({ routes: [rule("Maybe", { actions: saml, ...more })] }))).toMatch(/routing rule Maybe of policy Routing may send it/);
});

test("a changed routing rule needs the proof, and is looked at as it will be", () => {
	const held = tenant({ routes: [rule("R", { actions: here })] });
	expect(of(held, update("rule/IDP_DISCOVERY/d/R", { actions: saml }))).toMatchObject({ holds: false });
	expect(of(held, update("rule/IDP_DISCOVERY/d/R", { name: "S" }))).toMatchObject({ holds: true });
});

test("where only a zone is let in, the zone is what the witness hangs on", () => {
	expect(of(bound([zone("Office")], { include: ["Office"] }))?.witnesses[0]).toMatchObject({ from: "Office" });
	expect(why(bound([zone("Office", { gateways: [] })], { include: ["Office"] }))).toBe("no rule that surely applies lets it in");
	expect(why(bound([zone("Office", { status: "INACTIVE" })], { include: ["Office"] }))).toBe("no rule that surely applies lets it in");
	const { gateways: _, ...unread } = zone("Office");
	expect(why(bound([{ ...unread, gateways: "?" as never }], { include: ["Office"] }))).toBe("no rule that surely applies lets it in");
	const overlapping = zone("Lab", { gateways: [{ type: "RANGE", value: "192.0.2.250-192.0.3.9" }] });
	expect(why(bound([zone("Office"), overlapping], { include: ["Office"], exclude: ["Lab"] }))).toBe("no rule that surely applies lets it in");
	const apart = zone("Lab", { gateways: [{ type: "CIDR", value: "198.51.100.0/24" }] });
	expect(of(bound([zone("Office"), apart], { include: ["Office"], exclude: ["Lab"] }))?.holds).toBe(true);
});

test("a zone or a zone's rule that the plan changes carries no witness", () => {
	const held = bound([zone("Office")], { include: ["Office"] });
	expect(of(held, update("zone/Office", { gateways: [{ type: "CIDR", value: "192.0.2.0/25" }] }))).toMatchObject({ holds: false, witnesses: [] });
	expect(of(held, update("rule/OKTA_SIGN_ON/p1/r1", { name: "Renamed" }))).toMatchObject({ holds: false, witnesses: [] });
	expect(of(tenant({ zones: [zone("Office")] }), update("zone/Office", { name: "HQ" }))).toMatchObject({ holds: true });
});

test("a block list that grows counts on nobody but in networks that it surely leaves out", () => {
	const blocked = zone("Blocked", { usage: "BLOCKLIST", gateways: [{ type: "CIDR", value: "203.0.113.0/24" }] });
	const grow = (value: string) =>
		update("zone/Blocked", {
			gateways: [
				{ type: "CIDR", value: "203.0.113.0/24" },
				{ type: "CIDR", value },
			],
		});
	expect(of(tenant({ zones: [blocked] }))?.holds).toBe(true);
	expect(why(tenant({ zones: [blocked] }), grow("198.51.100.0/24"))).toBe("it can't be said from which network it would be let in");
	const withOffice = tenant({ zones: [blocked, zone("Office")] });
	expect(of(withOffice, grow("198.51.100.0/24"))?.witnesses[0]).toMatchObject({ account: "ana", from: "Office" });
	expect(of(withOffice, grow("192.0.2.7/32"))?.holds).toBe(false);
	expect(of(tenant({ zones: [blocked] }), update("zone/Blocked", { gateways: [] }))?.holds).toBe(true);
	expect(of(tenant({ zones: [zone("Office")] }), update("zone/Office", { usage: "BLOCKLIST" }))?.holds).toBe(false);
});

test("a block list of everything, or of nobody knows what, lets nobody in", () => {
	const all = zone("All", {
		usage: "BLOCKLIST",
		gateways: [
			{ type: "CIDR", value: "0.0.0.0/1" },
			{ type: "CIDR", value: "128.0.0.0/1" },
		],
	});
	expect(of(tenant({ zones: [all] }))?.holds).toBe(false);
	expect(of(tenant({ zones: [{ ...all, status: "INACTIVE" }] }))?.holds).toBe(true);
	expect(of(tenant({ zones: [zone("New", { type: "NEW", usage: "BLOCKLIST" })] }))?.holds).toBe(false);
	const asides = { ...zone("But", { type: "DYNAMIC_V2", usage: "BLOCKLIST" }), locations: { include: [], exclude: [{ country: "DE" }] } };
	expect(of(tenant({ zones: [asides as unknown as RawZone] }))?.holds).toBe(false);
	const tor = { ...zone("Tor", { type: "DYNAMIC_V2", usage: "BLOCKLIST" }), ipServiceCategories: { include: ["ALL_ANONYMIZERS"], exclude: [] } };
	const anonymisers = bound([zone("Office"), tor as unknown as RawZone], { include: ["Office"] });
	expect(of(anonymisers)?.holds).toBe(true);
});

test("ThreatInsight that blocks is said, and what it does must be known", () => {
	const insight = (values: Json): SettingRecord[] => {
		const decoded = decodeOrgSetting(values, "threat-insight", "ThreatInsight");
		return "ok" in decoded ? [decoded.ok] : [];
	};
	const held = tenant({ zones: [zone("Office")] });
	const caveat = ["ThreatInsight turns away requests from addresses that Okta finds suspicious; exempt from it: Office"];
	expect(of(held, suspend, insight({ action: "audit", excludeZones: [] }))?.caveats).toEqual([]);
	expect(of(held, update("threat-insight/org", { action: "block" }), insight({ action: "audit", excludeZones: ["Office"] }))).toMatchObject({
		holds: true,
		caveats: caveat,
	});
	expect(why(held, suspend, insight({ action: "explode" }))).toBe("what ThreatInsight does can't be said");
});

test("an authenticator that is switched off for the whole org is no way in", () => {
	const off = (key: string): TrueTenant =>
		tenant({ authenticators: keys.map((one) => ({ id: `${one}1`, key: one, name: one, status: one === key ? "INACTIVE" : "ACTIVE" })) });
	expect(why(off("webauthn"))).toBe("authenticators of its kind are switched off for the whole tenant");
	expect(of(off("okta_verify"))?.holds).toBe(true);
	expect(of(tenant(), update("authenticator/webauthn1", { status: "INACTIVE" }))).toMatchObject({ holds: false, witnesses: [] });
	const both = { ...ana, factors: [...ana.factors, { type: "push", key: "okta_verify" }] };
	expect(of(tenant(), update("authenticator/webauthn1", { status: "INACTIVE" }), [], both)?.witnesses[0]?.authenticator).toBe("push");
	const unlisted = { ...ana, factors: [{ type: "sms", key: "phone_number" }] };
	expect(why(tenant(), suspend, [], unlisted)).toBe("it can't be said that authenticators of its kind are switched on");
});

test("an authenticator that must be set up from now on is a prompt, unless it is switched off", () => {
	const enrolment = (self: string) => ({ settings: { authenticators: [{ key: "okta_verify", enroll: { self } }] } });
	const policy = {
		id: "e1",
		name: "Enrol",
		status: "ACTIVE",
		priority: 1,
		conditions: { people: { groups: { include: ["g1"] } } },
		rules: [],
		...enrolment("OPTIONAL"),
	};
	const asked = update("policy/MFA_ENROLL/e1", enrolment("REQUIRED"));
	expect(of(tenant({ enrolments: [policy] }), asked)).toMatchObject({
		holds: true,
		caveats: ["whoever policy Enrol is for is asked to set up okta_verify at the next sign-in"],
	});
	const authenticators = keys.map((key) => ({ id: `${key}1`, key, name: key, status: key === "okta_verify" ? "INACTIVE" : "ACTIVE" }));
	expect(why(tenant({ enrolments: [policy], authenticators }), asked)).toBe("policy Enrol asks for okta_verify, which is switched off for the whole tenant");
	const others = { ...policy, conditions: { people: { groups: { include: ["g9"] } } } };
	expect(of(tenant({ enrolments: [others], authenticators }), asked)?.holds).toBe(true);
});

const place = (id: string, priority: number) => ({ id: `x/${id}`, name: id, builtIn: false, priority });
const deny = { signon: { access: "DENY" } };

test("an order of rules or policies is judged as it will be: what refuses everybody, put first, locks out", () => {
	const held = tenant();
	const [everybody] = held.policies;
	if (!everybody) throw new Error("no policy");
	everybody.rules.push(rule("r2", { priority: 2, actions: deny }));
	held.policies.push({ ...everybody, id: "p2", name: "Freeze", priority: 2, rules: [rule("r3", { actions: deny })] });
	const rules = ruleOrder("p1", { name: "Everybody", active: true } as SettingRecord, [place("r1", 1), place("r2", 2)]);
	const policies = policyOrder("OKTA_SIGN_ON", [place("p1", 1), place("p2", 2)]);
	const to = (setting: string, ...order: string[]) => of(held, update(setting, { order }), [rules, policies]);
	expect(to("rule-order/p1", "r1", "r2")?.holds).toBe(true);
	expect(to("rule-order/p1", "r2", "r1")).toMatchObject({ holds: false, countedOut: [{ why: "rule r2 of policy Everybody refuses it" }] });
	expect(to("policy-order/OKTA_SIGN_ON", "p1", "p2")?.holds).toBe(true);
	expect(to("policy-order/OKTA_SIGN_ON", "p2", "p1")).toMatchObject({ holds: false, countedOut: [{ why: "rule r3 of policy Freeze refuses it" }] });
	expect(to("policy-order/OKTA_SIGN_ON", "p1")?.countedOut[0]?.why).toMatch(/what that asks of a sign-in can't be said/);
});
