import { kimAdded } from "./acme-groups.js";
import { acmeId, acmeUserId } from "./acme-ids.js";
import { addConsent, addRouting, addSamlIdp } from "./gen-consents.js";
import { makeEvent, systemActor, userTarget } from "./gen-log.js";
import { day, hour } from "./gen-random.js";
import type { TenantState } from "./state.js";

/** The partner's identity provider: its certificate ends in twelve days. */
const partner = { id: acmeId("app", "Partner IdP"), name: "Partner login", domain: "partner.example" };

/** Consents, the partner's identity provider with its routing, and the account the vendor holds for hijacked. */
export function addAcmeSignals(state: TenantState, now: number): void {
	const payroll = acmeId("app", "Payroll");
	// Tom once let the payroll app act for him on everything, and it has not done so for more than a year.
	addConsent(state, {
		userId: acmeUserId("tom.becker"),
		clientId: payroll,
		scopes: ["offline_access", "okta.apps.manage", "okta.groups.manage", "okta.users.manage"],
		granted: now - 900 * day,
		used: now - 410 * day,
	});
	addConsent(state, {
		userId: acmeUserId("dana.cole"),
		clientId: payroll,
		scopes: ["openid", "offline_access"],
		granted: now - 120 * day,
		used: now - 2 * day,
	});
	addConsent(state, { userId: acmeUserId("nina.osei"), clientId: acmeId("app", "Dashboard"), scopes: ["openid", "profile"], granted: now - 60 * day });

	const created = now - 1083 * day;
	addSamlIdp(state, { ...partner, created, expires: now + 12 * day, users: [acmeUserId("rosa.melo")] });
	const rule = (name: string): string => acmeId("policyRule", `routing/${name}`);
	addRouting(state, { id: acmeId("policy", "Routing"), rule: rule("Partner"), defaultRule: rule("Default"), created, idp: partner });

	const tom = acmeUserId("tom.becker");
	const reason = "Suspicious sign-ins from a new country";
	state.userRisk = new Map([[tom, "HIGH"]]);
	state.userRiskReasons = new Map([[tom, reason]]);
	const user = state.users.get(tom);
	if (!user) return;
	state.log.push(
		makeEvent({
			// The morning after the night of the intruder.
			at: kimAdded(now) + 6 * hour,
			eventType: "user.risk.change",
			message: "User risk level changed",
			actor: systemActor,
			target: [userTarget(user)],
			debug: { Risk: `{level=HIGH, reasons=${reason}, previousLevel=NONE}` },
		}),
	);
}
