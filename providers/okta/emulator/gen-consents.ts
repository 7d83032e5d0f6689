import { keyOfCertificate, makeCertificate } from "./certificate.js";
import { idOf, prefixes } from "./gen-ids.js";
import { addPolicy, idpRule } from "./gen-policies.js";
import { day, iso, type Random, random } from "./gen-random.js";
import type { TenantState } from "./state.js";

/** A user's consent to scopes of a client, and with `used` the refresh token that lives by it. Times in milliseconds. */
export function addConsent(state: TenantState, of: { userId: string; clientId: string; scopes: readonly string[]; granted: number; used?: number }): void {
	const { userId, clientId, scopes } = of;
	const issuer = `https://${state.org.subdomain}.okta.com`;
	const granted = iso(of.granted);
	const common = { status: "ACTIVE", created: granted, issuer, clientId, userId };
	const grants = scopes.map((scopeId) => {
		const id = idOf(prefixes.grant, `${userId}/${clientId}/${scopeId}`);
		return { id, ...common, lastUpdated: granted, scopeId, source: "END_USER" };
	});
	state.userGrants.set(userId, [...(state.userGrants.get(userId) ?? []), ...grants]);
	if (of.used === undefined) return;
	state.refreshTokens ??= new Map();
	const used = iso(of.used);
	const token = {
		id: idOf(prefixes.refreshToken, `${userId}/${clientId}`),
		...common,
		lastUpdated: used,
		expiresAt: iso(of.used + 3650 * day),
		scopes: [...scopes],
	};
	state.refreshTokens.set(userId, [...(state.refreshTokens.get(userId) ?? []), token]);
}

/** A SAML identity provider with its certificate in the key store. Times in milliseconds. */
export function addSamlIdp(
	state: TenantState,
	of: { id: string; name: string; domain: string; created: number; expires: number; users?: readonly string[] },
): void {
	const created = iso(of.created);
	const dates = { created, lastUpdated: created };
	const kid = idOf(prefixes.idpKey, of.id);
	const key = keyOfCertificate(makeCertificate({ name: of.domain, from: of.created, to: of.expires }));
	state.idpKeys ??= new Map();
	state.idpKeys.set(kid, { kid, ...dates, use: "sig", ...key });
	state.idps ??= new Map();
	const address = `https://sso.${of.domain}/saml`;
	const trust = { issuer: `https://sso.${of.domain}`, audience: `https://www.okta.com/saml2/service-provider/${of.id}`, kid };
	const signature = (scope: string) => ({ signature: { algorithm: "SHA-256", scope } });
	state.idps.set(of.id, {
		id: of.id,
		type: "SAML2",
		name: of.name,
		status: "ACTIVE",
		issuerMode: "DYNAMIC",
		...dates,
		protocol: {
			type: "SAML2",
			endpoints: { sso: { url: address, binding: "HTTP-POST", destination: address }, acs: { binding: "HTTP-POST", type: "INSTANCE" } },
			algorithms: { request: signature("REQUEST"), response: signature("ANY") },
			settings: { nameFormat: "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified", honorPersistentNameId: true },
			credentials: { trust, signing: { kid: idOf(prefixes.idpKey, `${of.id}/signing`) } },
		},
		policy: {
			provisioning: {
				action: "DISABLED",
				profileMaster: false,
				groups: { action: "NONE" },
				conditions: { deprovisioned: { action: "NONE" }, suspended: { action: "NONE" } },
			},
			accountLink: { filter: null, action: "AUTO" },
			subject: { userNameTemplate: { template: "idpuser.subjectNameId" }, filter: null, matchType: "USERNAME" },
			maxClockSkew: 120_000,
		},
	});
	const links = (of.users ?? []).map((id): [string, Record<string, unknown>] => [id, { id, externalId: `${of.domain}/${id}`, ...dates, profile: {} }]);
	state.idpUsers ??= new Map();
	state.idpUsers.set(of.id, new Map(links));
}

/** The org's one routing policy: everybody signs in at Okta, unless a login's domain belongs to an identity provider. */
export function addRouting(
	state: TenantState,
	of: { id: string; rule: string; defaultRule: string; created: number; idp: { id: string; name: string; domain: string } },
): void {
	const { created } = of;
	addPolicy(
		state,
		{
			id: of.id,
			type: "IDP_DISCOVERY",
			name: "Idp Discovery Policy",
			description: "Policy to route users to identity providers",
			priority: 1,
			system: true,
			created,
		},
		[
			idpRule({
				id: of.rule,
				name: `To ${of.idp.name}`,
				priority: 1,
				created,
				domain: of.idp.domain,
				provider: { id: of.idp.id, name: of.idp.name, type: "SAML2" },
			}),
			idpRule({ id: of.defaultRule, name: "Default Rule", priority: 2, system: true, created, provider: { type: "OKTA" } }),
		],
	);
}

const SCOPES = [
	["openid", "profile", "offline_access"],
	["openid", "email", "offline_access"],
	["openid", "offline_access", "okta.users.read"],
	["openid", "offline_access", "okta.users.manage", "okta.groups.manage", "okta.apps.manage"],
] as const;

/** Consents, refresh tokens, an identity provider with its routing, and users at risk of a generated tenant. */
export function addGeneratedConsents(state: TenantState, of: { seed: number | string; now: number }): void {
	const r = random(`${of.seed}/consents`);
	const clients = [...state.apps].flatMap(([id, app]) => (app.signOnMode === "OPENID_CONNECT" && isPerson(app) ? [id] : []));
	const users = [...state.users.keys()];
	if (clients.length > 0) {
		for (let i = Math.min(400, Math.max(4, Math.round(users.length / 50))); i > 0; i--) addOne(state, r, users, clients, of.now);
	}
	const created = of.now - 800 * day;
	const idp = { id: idOf(prefixes.app, `${of.seed}/idp`), name: "Partner IdP", domain: "partner.example" };
	const federated: string[] = [];
	for (const [id, user] of state.users) {
		if (federated.length >= 200) break;
		if (user.credentials?.provider?.type === "FEDERATION") federated.push(id);
	}
	addSamlIdp(state, { ...idp, created, expires: of.now + (20 + r.int(700)) * day, users: federated });
	const rule = (name: string): string => idOf(prefixes.policyRule, `${of.seed}/routing/${name}`);
	addRouting(state, { id: idOf(prefixes.policy, `${of.seed}/routing`), rule: rule("partner"), defaultRule: rule("default"), created, idp });
	state.userRisk = new Map();
	for (let i = Math.min(50, Math.max(3, Math.round(users.length / 500))); i > 0; i--) {
		const id = r.pick(users);
		if (state.users.get(id)?.status === "ACTIVE") state.userRisk.set(id, i === 1 ? "HIGH" : r.pick(["LOW", "MEDIUM", "HIGH"]));
	}
}

/** Whether people sign in to an app: a service app has nobody's consent. */
function isPerson(app: Record<string, unknown>): boolean {
	const settings = app.settings as { oauthClient?: { application_type?: string } } | undefined;
	return settings?.oauthClient?.application_type !== "service" && settings?.oauthClient !== undefined;
}

function addOne(state: TenantState, r: Random, users: readonly string[], clients: readonly string[], now: number): void {
	const userId = r.pick(users);
	const clientId = r.pick(clients);
	const scopes = r.pick(SCOPES);
	const user = state.users.get(userId);
	const born = Date.parse(user?.activated ?? "");
	if (user?.status !== "ACTIVE" || Number.isNaN(born) || state.refreshTokens?.get(userId)?.some((token) => token.clientId === clientId)) return;
	const granted = born + Math.floor(r.next() * (now - born));
	const used = r.chance(0.6) ? now - Math.floor(r.next() * Math.min(30 * day, now - granted)) : granted;
	addConsent(state, { userId, clientId, scopes, granted, used });
}
