import { randomUUID } from "node:crypto";
import { decodeProtectedHeader, exportJWK, generateKeyPair, importJWK, type JWK, jwtVerify, SignJWT } from "jose";
import { type Authority, type ClientConfig, clocks, nonces, type OAuthRefusal, PROOF_TOLERANCE_MS } from "./auth.js";
import { type Call, ok, type Reply, type Route, route } from "./call.js";
import { checkProof } from "./dpop.js";
import type { Tenant } from "./tenant.js";

const TOKEN_PATH = "/oauth2/v1/token";
const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/** Seconds a token lives, and the longest an assertion may. */
const HOUR_S = 3600;

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;
let signingKey: Promise<KeyPair> | undefined;
/** One key for all emulators of a process: making it is the slow part. */
function orgKey(): Promise<KeyPair> {
	signingKey ??= generateKeyPair("RS256");
	return signingKey;
}

function refuse(status: number, error: string, description: string, headers: Record<string, string> = {}): OAuthRefusal {
	return { oauthError: true, status, error, description, headers };
}

async function clientOf(authority: Authority, tenant: Tenant, form: URLSearchParams, path = TOKEN_PATH): Promise<ClientConfig> {
	if (form.get("client_assertion_type") !== ASSERTION_TYPE) throw refuse(401, "invalid_client", "No client credentials found");
	const assertion = form.get("client_assertion") ?? "";
	const deny = (why: string): OAuthRefusal => refuse(401, "invalid_client", why);
	const header = headerOf(assertion);
	if (header === undefined) throw deny("The client_assertion token is not a JWT.");
	for (const client of authority.config.clients) {
		const jwk = client.jwks.keys.find((key) => key.kid === header.kid && header.kid !== undefined);
		if (!jwk) continue;
		const payload = await verified(assertion, jwk, header.alg ?? "RS256");
		if (payload === undefined) throw deny("The client_assertion signature is invalid.");
		if (payload.iss !== client.clientId || payload.sub !== client.clientId) continue;
		if (payload.aud !== `${tenant.url}${path}`) throw deny("The audience claim for client_assertion must be the endpoint invoked for the request.");
		if (typeof payload.exp !== "number") throw deny("The client_assertion token must have an expiration.");
		const left = clocks(tenant).map((now) => (payload.exp as number) - now / 1000);
		if (left.every((seconds) => seconds <= 0)) throw deny("The client_assertion token is expired.");
		if (left.every((seconds) => seconds <= 0 || seconds > HOUR_S)) throw deny("The client_assertion token has an expiration too far into the future.");
		if (typeof payload.jti === "string") {
			if (authority.assertions.has(payload.jti)) throw deny("The client_assertion token has been used before.");
			authority.assertions.add(payload.jti);
		}
		return client;
	}
	throw deny("The client_assertion token names no known client and key.");
}

function headerOf(jwt: string): { alg?: string; kid?: string } | undefined {
	try {
		return decodeProtectedHeader(jwt);
	} catch {
		return undefined;
	}
}

async function verified(jwt: string, jwk: JWK, alg: string): Promise<Record<string, unknown> | undefined> {
	try {
		const algorithms = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"];
		// Expiry is judged by the caller, on the org's clock.
		const result = await jwtVerify(jwt, await importJWK(jwk, alg), { algorithms, clockTolerance: "100 years" });
		return result.payload;
	} catch {
		return undefined;
	}
}

function grantedScopes(client: ClientConfig, asked: string): Set<string> {
	if (asked.trim() === "") throw refuse(400, "invalid_scope", "No scopes were requested.");
	const granted = asked.split(/\s+/).filter((scope) => client.scopes.includes(scope));
	if (granted.length === 0)
		throw refuse(400, "invalid_scope", "The authorization server resource does not have any configured default scopes, 'scope' must be provided.");
	return new Set(granted);
}

async function token(authority: Authority, call: Call): Promise<Reply> {
	const { tenant } = call;
	const form = new URLSearchParams(typeof call.body === "string" ? call.body : "");
	if (form.get("grant_type") !== "client_credentials") throw refuse(400, "unsupported_grant_type", "The grant type in the request isn't supported.");
	const client = await clientOf(authority, tenant, form);
	const accepted = nonces(authority, tenant.now());
	const nonceHeader = { "dpop-nonce": accepted[0] ?? "" };
	let thumbprint: string | undefined;
	if (client.dpop) {
		const proof = call.headers.dpop;
		const expected = { method: "POST", url: `${tenant.url}${TOKEN_PATH}`, nonces: accepted, toleranceMs: PROOF_TOLERANCE_MS, clocks: clocks(tenant) };
		const result = await checkProof(typeof proof === "string" ? proof : undefined, expected, authority.proofs);
		if (!result.ok) throw refuse(400, result.nonceNeeded ? "use_dpop_nonce" : "invalid_dpop_proof", result.error, result.nonceNeeded ? nonceHeader : {});
		thumbprint = result.thumbprint;
	}
	const scopes = grantedScopes(client, form.get("scope") ?? "");
	const now = tenant.now();
	const { privateKey } = await orgKey();
	const claims = { ver: 1, cid: client.clientId, scp: [...scopes], ...(thumbprint === undefined ? {} : { cnf: { jkt: thumbprint } }) };
	const access = await new SignJWT(claims)
		.setProtectedHeader({ alg: "RS256", kid: "emulator" })
		.setJti(`AT.${randomUUID()}`)
		.setIssuer(tenant.url)
		.setAudience(tenant.url)
		.setSubject(client.clientId)
		.setIssuedAt(Math.floor(now / 1000))
		.setExpirationTime(Math.floor(now / 1000) + HOUR_S)
		.sign(privateKey);
	authority.tokens.set(access, { clientId: client.clientId, scopes, expiresAt: now + HOUR_S * 1000, ...(thumbprint === undefined ? {} : { thumbprint }) });
	const body = { token_type: thumbprint === undefined ? "Bearer" : "DPoP", expires_in: HOUR_S, access_token: access, scope: [...scopes].join(" ") };
	return ok(body, { "Cache-Control": "no-cache, no-store", Pragma: "no-cache", ...(thumbprint === undefined ? {} : nonceHeader) });
}

/** Who asks about a token, and the token. A client may ask about its own only. */
async function ownToken(authority: Authority, call: Call): Promise<{ client: ClientConfig; token: string }> {
	const form = new URLSearchParams(typeof call.body === "string" ? call.body : "");
	const client = await clientOf(authority, call.tenant, form, call.template);
	const asked = form.get("token") ?? "";
	if (asked === "") throw refuse(400, "invalid_request", "The 'token' parameter is missing.");
	return { client, token: asked };
}

/** What is not known, not the client's or over is just not active. */
async function introspect(authority: Authority, call: Call): Promise<Reply> {
	const { tenant } = call;
	const { client, token: asked } = await ownToken(authority, call);
	const found = authority.tokens.get(asked);
	if (!found || found.clientId !== client.clientId || tenant.now() >= found.expiresAt) return ok({ active: false });
	const exp = Math.floor(found.expiresAt / 1000);
	const who = { client_id: client.clientId, sub: client.clientId, iss: tenant.url, aud: tenant.url };
	const bound = found.thumbprint === undefined ? {} : { cnf: { jkt: found.thumbprint } };
	return ok({
		active: true,
		token_type: found.thumbprint === undefined ? "Bearer" : "DPoP",
		scope: [...found.scopes].join(" "),
		...who,
		exp,
		iat: exp - HOUR_S,
		...bound,
	});
}

async function revoke(authority: Authority, call: Call): Promise<Reply> {
	const { client, token: asked } = await ownToken(authority, call);
	if (authority.tokens.get(asked)?.clientId === client.clientId) authority.tokens.delete(asked);
	return { status: 200 };
}

function metadata(call: Call): Reply {
	const { url } = call.tenant;
	return ok({
		issuer: url,
		authorization_endpoint: `${url}/oauth2/v1/authorize`,
		token_endpoint: `${url}${TOKEN_PATH}`,
		registration_endpoint: `${url}/oauth2/v1/clients`,
		jwks_uri: `${url}/oauth2/v1/keys`,
		response_types_supported: ["code"],
		response_modes_supported: ["query", "fragment", "form_post"],
		grant_types_supported: ["client_credentials"],
		subject_types_supported: ["public"],
		scopes_supported: ["openid"],
		token_endpoint_auth_methods_supported: ["private_key_jwt"],
		token_endpoint_auth_signing_alg_values_supported: ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"],
		dpop_signing_alg_values_supported: ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"],
		...(call.path.endsWith("openid-configuration") ? { id_token_signing_alg_values_supported: ["RS256"], userinfo_endpoint: `${url}/oauth2/v1/userinfo` } : {}),
	});
}

async function keys(): Promise<Reply> {
	const { publicKey } = await orgKey();
	return ok({ keys: [{ ...(await exportJWK(publicKey)), alg: "RS256", kid: "emulator", use: "sig" }] });
}

function organization(call: Call): Reply {
	return ok({ id: call.tenant.state.org.id, pipeline: "idx", _links: { organization: { href: call.tenant.url } } });
}

export function oauthRoutes(authority: Authority): Route[] {
	return [
		route("POST", TOKEN_PATH, null, (call) => token(authority, call)),
		route("POST", "/oauth2/v1/introspect", null, (call) => introspect(authority, call)),
		route("POST", "/oauth2/v1/revoke", null, (call) => revoke(authority, call)),
		route("GET", "/oauth2/v1/keys", null, keys),
		route("GET", "/.well-known/oauth-authorization-server", null, metadata),
		route("GET", "/.well-known/openid-configuration", null, metadata),
		route("GET", "/.well-known/okta-organization", null, organization),
	];
}
