import { createHash, randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { JSONWebKeySet } from "jose";
import type { Caller } from "./call.js";
import { checkProof } from "./dpop.js";
import { type ApiError, apiError } from "./errors.js";
import { rightsOf } from "./rights.js";
import type { Tenant } from "./tenant.js";

/** Who may call. */
export interface AuthConfig {
	/**
	 * API tokens. With `userId` a token has that user's admin roles and dies with the user; without it, it is a super administrator's.
	 * With `apiTokenId` it is the token of that id in `state.apiTokens` and is revoked with it.
	 */
	ssws?: { token: string; userId?: string; apiTokenId?: string }[];
	/**
	 * OAuth service apps. `scopes` are those granted. `roles` are admin role types; without it the assignments in the state count,
	 * and where the state has none for the client it is a super administrator.
	 */
	clients?: { clientId: string; jwks: JSONWebKeySet; scopes: string[]; dpop: boolean; roles?: string[] }[];
}

export type ClientConfig = NonNullable<AuthConfig["clients"]>[number];

/** The token that works when no `auth` is given. */
export const DEFAULT_TOKEN = "00emulator-token";

export interface AccessToken {
	clientId: string;
	scopes: Set<string>;
	/** Milliseconds, org's clock. */
	expiresAt: number;
	/** Thumbprint of the key a DPoP-bound token is bound to. */
	thumbprint?: string;
}

/** Everything the server remembers about credentials. */
export interface Authority {
	config: Required<AuthConfig>;
	tokens: Map<string, AccessToken>;
	/** `jti` values of proofs and of client assertions seen. */
	proofs: Set<string>;
	assertions: Set<string>;
	/** Clients without any admin role at the start, which are taken for super administrators. */
	unbound: Set<string>;
	nonceSeed: string;
}

export function makeAuthority(tenant: Tenant, config: AuthConfig = { ssws: [{ token: DEFAULT_TOKEN }] }): Authority {
	const clients = config.clients ?? [];
	const held = new Set(tenant.state.roles.filter((r) => r.principalType === "client").map((r) => r.principalId));
	const unbound = new Set(clients.filter((c) => c.roles === undefined && !held.has(c.clientId)).map((c) => c.clientId));
	return {
		config: { ssws: config.ssws ?? [], clients },
		tokens: new Map(),
		proofs: new Set(),
		assertions: new Set(),
		unbound,
		nonceSeed: randomBytes(12).toString("base64url"),
	};
}

const DAY_MS = 86_400_000;

/** DPoP nonces accepted now, newest first: a new one each day, each good for three days. */
export function nonces(authority: Authority, now: number): string[] {
	const day = Math.floor(now / DAY_MS);
	return [0, 1, 2].map((age) =>
		createHash("sha256")
			.update(`${authority.nonceSeed}/${day - age}`)
			.digest("base64url")
			.slice(0, 32),
	);
}

/** Clocks by which a client's own times are judged: the org's alone while it is skewed, else the real one too. */
export function clocks(tenant: Tenant): number[] {
	return tenant.knobs.clockSkewMs === 0 ? [tenant.now(), Date.now()] : [tenant.now()];
}

/** Times in a DPoP proof may be this far off. */
export const PROOF_TOLERANCE_MS = 300_000;

/** A refusal in OAuth's own form instead of the vendor's. */
export interface OAuthRefusal {
	oauthError: true;
	status: number;
	error: string;
	description: string;
	headers: Record<string, string>;
}

export function isOAuthRefusal(value: unknown): value is OAuthRefusal {
	return typeof value === "object" && value !== null && "oauthError" in value;
}

const badToken = (): ApiError => apiError("E0000011");

/**
 * Finds out who calls.
 * @throws ApiError 401 E0000011 for a token that is unknown, expired, revoked or used in the wrong scheme
 * @throws OAuthRefusal 400 for a DPoP proof that doesn't hold
 */
export async function authenticate(
	authority: Authority,
	tenant: Tenant,
	request: { method: string; path: string; headers: IncomingHttpHeaders },
): Promise<Caller> {
	const [given = "", credential] = (request.headers.authorization ?? "").trim().split(/\s+/);
	if (credential === undefined) throw badToken();
	// Names of schemes know no case (RFC 9110 §11.1).
	const scheme = { ssws: "SSWS", bearer: "Bearer", dpop: "DPoP" }[given.toLowerCase()];
	if (scheme === "SSWS") return sswsCaller(authority, tenant, credential);
	if (scheme !== "Bearer" && scheme !== "DPoP") throw badToken();
	const token = authority.tokens.get(credential);
	if (!token || tenant.now() >= token.expiresAt) throw badToken();
	const client = authority.config.clients.find((c) => c.clientId === token.clientId);
	if (!client) throw badToken();
	if (token.thumbprint !== undefined) {
		if (scheme === "Bearer") throw { ...badToken(), headers: { "WWW-Authenticate": 'DPoP error="invalid_token"' } };
		const proof = request.headers.dpop;
		const expected = { method: request.method, url: `${tenant.url}${request.path}`, accessToken: credential };
		const result = await checkProof(
			typeof proof === "string" ? proof : undefined,
			{ ...expected, toleranceMs: PROOF_TOLERANCE_MS, clocks: clocks(tenant) },
			authority.proofs,
		);
		if (!result.ok) throw proofRefusal(result.error);
		if (result.thumbprint !== token.thumbprint) throw proofRefusal("The DPoP proof JWT was signed by another key than the access token is bound to.");
	} else if (scheme === "DPoP") throw badToken();
	return clientCaller(authority, tenant, client, token);
}

function proofRefusal(description: string): OAuthRefusal {
	return { oauthError: true, status: 400, error: "invalid_dpop_proof", description, headers: { "WWW-Authenticate": 'DPoP error="invalid_dpop_proof"' } };
}

function sswsCaller(authority: Authority, tenant: Tenant, credential: string): Caller {
	const entry = authority.config.ssws.find((t) => t.token === credential);
	if (!entry) throw badToken();
	if (entry.apiTokenId !== undefined && !tenant.state.apiTokens.has(entry.apiTokenId)) throw badToken();
	const key = `ssws ${authority.config.ssws.indexOf(entry)}`;
	if (entry.userId === undefined) return { kind: "ssws", key, roles: new Set(["SUPER_ADMIN"]), permissions: new Set() };
	const owner = tenant.state.users.get(entry.userId);
	if (!owner || owner.status === "DEPROVISIONED" || owner.status === "SUSPENDED") throw badToken();
	return { kind: "ssws", key, userId: entry.userId, ...rightsOf(tenant.state, "user", entry.userId) };
}

function clientCaller(authority: Authority, tenant: Tenant, client: ClientConfig, token: AccessToken): Caller {
	const { clientId } = client;
	const base = { kind: "client" as const, key: `client ${clientId}`, clientId, scopes: token.scopes };
	if (client.roles !== undefined) return { ...base, roles: new Set(client.roles), permissions: new Set() };
	if (authority.unbound.has(clientId)) return { ...base, roles: new Set(["SUPER_ADMIN"]), permissions: new Set() };
	return { ...base, ...rightsOf(tenant.state, "client", clientId) };
}
