import { type Call, isRecord, noContent, ok, param, type Reply, type Route, route } from "./call.js";
import { keyOfCertificate } from "./certificate.js";
import { apiError, invalid, notFound } from "./errors.js";
import { demandFreshName, demandOneOf, demandText, type Kind, kindRoutes, objectAt, type Raw } from "./kinds.js";
import { afterOf, limitOf, linked, pageOf } from "./paging.js";
import { link, stored } from "./render.js";
import { logEvent, target } from "./syslog.js";
import { drop, iso, newId, put, sortedKeys, type Tenant } from "./tenant.js";

/** Protocol of each type of identity provider. */
const PROTOCOLS: Record<string, readonly string[]> = { SAML2: ["SAML2"], X509: ["MTLS"], OIDC: ["OIDC"] };
const SOCIAL = ["AMAZON", "APPLE", "DISCORD", "FACEBOOK", "GITHUB", "GITLAB", "GOOGLE", "LINKEDIN", "LOGINGOV", "LOGINGOV_SANDBOX", "MICROSOFT"];
const MORE = ["OKTA_INTEGRATION", "PAYPAL", "PAYPAL_SANDBOX", "SALESFORCE", "SPOTIFY", "XERO", "YAHOO", "YAHOOJP"];
const PROOFING = ["IDV_CLEAR", "IDV_INCODE", "IDV_PERSONA", "IDV_STANDARD"];
const TYPES = [...Object.keys(PROTOCOLS), ...SOCIAL, ...MORE, ...PROOFING];

/** The key of the store an identity provider trusts. */
function trustKid(idp: Raw): string | undefined {
	const protocol = isRecord(idp.protocol) ? idp.protocol : {};
	const credentials = isRecord(protocol.credentials) ? protocol.credentials : {};
	return isRecord(credentials.trust) && typeof credentials.trust.kid === "string" ? credentials.trust.kid : undefined;
}

function check(call: Call, given: Raw, before: Raw | undefined): void {
	demandText(given, "name", 100);
	const type = demandOneOf(given, "type", TYPES);
	demandFreshName(call, IDPS, given, before);
	if (before && before.type !== type) throw invalid("type", "The type of an identity provider can't be changed");
	if (!isRecord(given.protocol)) throw invalid("protocol", "The field cannot be left blank");
	const wanted = PROTOCOLS[type] ?? (PROOFING.includes(type) ? ["ID_PROOFING"] : ["OAUTH2", "OIDC"]);
	demandOneOf({ "protocol.type": given.protocol.type }, "protocol.type", wanted);
	if (type !== "SAML2") return;
	const kid = trustKid(given);
	if (kid === undefined) throw invalid("protocol.credentials.trust.kid", "The field cannot be left blank");
	if (!call.tenant.state.idpKeys?.has(kid)) throw invalid("protocol.credentials.trust.kid", "No key with this kid is in the key store");
}

/** A client secret is shown to nobody. */
function withoutSecret(protocol: unknown): unknown {
	if (!isRecord(protocol) || !isRecord(protocol.credentials) || !isRecord(protocol.credentials.client)) return protocol;
	const { client_secret: _, ...client } = protocol.credentials.client;
	return { ...protocol, credentials: { ...protocol.credentials, client } };
}

function linksOf(tenant: Tenant, idp: Raw): Record<string, unknown> {
	const path = `/api/v1/idps/${String(idp.id)}`;
	const move = idp.status === "ACTIVE" ? "deactivate" : "activate";
	const common = { [move]: link(tenant, `${path}/lifecycle/${move}`, "POST"), users: link(tenant, `${path}/users`, "GET") };
	if (idp.type !== "SAML2") return { ...common, clientRedirectUri: link(tenant, "/oauth2/v1/authorize/callback", "POST") };
	const metadata = { ...link(tenant, `${path}/metadata.xml`, "GET"), type: "application/xml" };
	return { ...common, metadata, acs: { ...link(tenant, `/sso/saml2/${String(idp.id)}`, "POST"), type: "application/xml" } };
}

const IDPS: Kind = {
	base: "/api/v1/idps",
	resource: "idps",
	type: "IdentityProvider",
	id: "idpId",
	of: (t) => t.state.idps,
	own: (t) => {
		t.state.idps ??= new Map();
		return t.state.idps;
	},
	page: [20, 200],
	equal: ["type"],
	allow: ["GET", "PUT", "DELETE"],
	lifecycle: true,
	writes: ["POST", "PUT", "DELETE"],
	prefix: "0oa",
	event: (verb) => `system.idp.lifecycle.${verb}`,
	check,
	complete: (_, given) => ({ issuerMode: given.issuerMode ?? "DYNAMIC", protocol: withoutSecret(given.protocol) }),
	render: (tenant, idp) => ({ ...stored(tenant, idp), _links: linksOf(tenant, idp) }),
};

const KEYS = "/api/v1/idps/credentials/keys";

function keysOf(tenant: Tenant): Map<string, Raw> {
	tenant.state.idpKeys ??= new Map();
	return tenant.state.idpKeys;
}

function keyAt(call: Call): Raw & { kid: string } {
	const kid = param(call, "kid");
	const key = call.tenant.state.idpKeys?.get(kid);
	if (!key) throw notFound(kid, "IdpKeyCredential");
	return { ...key, kid };
}

function listKeys(call: Call): Reply {
	const keys = call.tenant.state.idpKeys ?? new Map<string, Raw>();
	const page = pageOf(sortedKeys(keys), afterOf(call), limitOf(call, 20, 200), (kid) => keys.get(kid));
	return linked(call, page, (key) => key);
}

/** POST and PUT of a certificate into the key store. */
function putKey(call: Call): Reply {
	const { tenant } = call;
	const before = call.method === "PUT" ? keyAt(call) : undefined;
	const chain = isRecord(call.body) ? call.body.x5c : undefined;
	if (!Array.isArray(chain) || typeof chain[0] !== "string") throw invalid("x5c", "The field cannot be left blank");
	const read = keyOfCertificate(chain[0]);
	if (read === undefined) throw invalid("x5c", "The certificate is not valid");
	const now = iso(tenant.now());
	const kid = before?.kid ?? newId("kid");
	const key = { kid, created: before?.created ?? now, lastUpdated: now, use: "sig", ...read };
	put(tenant, keysOf(tenant), kid, key);
	logEvent(tenant, call, `system.idp.key.${before ? "update" : "create"}`, "Identity provider key", [target(kid, "IdpKey", kid)]);
	return ok(key);
}

function removeKey(call: Call): Reply {
	const { tenant } = call;
	const { kid } = keyAt(call);
	for (const idp of tenant.state.idps?.values() ?? [])
		if (trustKid(idp) === kid) throw apiError("E0000001", "kid", [`kid: The key is used by the identity provider ${String(idp.name)}.`]);
	drop(tenant, keysOf(tenant), kid);
	logEvent(tenant, call, "system.idp.key.delete", "Identity provider key", [target(kid, "IdpKey", kid)]);
	return noContent();
}

/** Keys Okta itself signs with towards one identity provider. */
function signingKeys(call: Call): Raw[] {
	const idp = objectAt(call, IDPS);
	return call.tenant.state.idpSigningKeys?.get(idp.id) ?? [];
}

function signingKeyAt(call: Call): Reply {
	const kid = param(call, "kid");
	const key = signingKeys(call).find((one) => one.kid === kid);
	if (!key) throw notFound(kid, "IdpKeyCredential");
	return ok(key);
}

/** Users whose credentials are kept at the identity provider, by the links of the org. */
function listUsers(call: Call): Reply {
	const { tenant } = call;
	const idp = objectAt(call, IDPS);
	const users = tenant.state.idpUsers?.get(idp.id) ?? new Map<string, Raw>();
	const page = pageOf(sortedKeys(users), afterOf(call), limitOf(call, 20, 200), (id) => users.get(id));
	return linked(call, page, (user) => ({
		...user,
		_links: { idp: link(tenant, `/api/v1/idps/${idp.id}`), user: link(tenant, `/api/v1/users/${String(user.id)}`) },
	}));
}

const one = "/api/v1/idps/{idpId}";

export const idpRoutes: Route[] = [
	...kindRoutes(IDPS),
	route("GET", KEYS, "idps", listKeys),
	route("POST", KEYS, "idps", putKey),
	route("GET", `${KEYS}/{kid}`, "idps", (call) => ok(keyAt(call))),
	route("PUT", `${KEYS}/{kid}`, "idps", putKey),
	route("DELETE", `${KEYS}/{kid}`, "idps", removeKey),
	route("GET", `${one}/credentials/keys`, "idps", (call) => ({ status: 200, list: { items: signingKeys(call) } })),
	route("GET", `${one}/credentials/keys/active`, "idps", (call) => ({ status: 200, list: { items: signingKeys(call).slice(0, 1) } })),
	route("GET", `${one}/credentials/keys/{kid}`, "idps", signingKeyAt),
	route("GET", `${one}/users`, "idps", listUsers),
];
