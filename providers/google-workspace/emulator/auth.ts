import { randomBytes } from "node:crypto";
import { decodeJwt, importPKCS8, jwtVerify, SignJWT } from "jose";
import type { Call, Reply } from "../../../src/emulate/call.js";
import { ok, param } from "../../../src/emulate/call.js";
import { modern, noSuchPath, oauthRefusal } from "./errors.js";
import type { Account } from "./keys.js";
import { full, knownScopes } from "./scopes.js";
import type { Person, Tenant } from "./types.js";

/** Tokens live an hour; the answer says a second less. */
const lifeSeconds = 3600;
/** How far the clocks may be apart. */
const skewSeconds = 300;
const grantType = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const audiences = ["https://oauth2.googleapis.com/token", "https://www.googleapis.com/oauth2/v4/token", "https://accounts.google.com/o/oauth2/token"];

/** Who stands behind an access token. */
export interface Grant {
	account: Account;
	/** The user it acts as; null when the service account acts as itself. */
	subject: Person | null;
	scopes: string[];
	/** Milliseconds since the epoch. */
	expires: number;
	/** Of the workload that may only have assertions signed. */
	signer?: boolean;
}

export interface Authority {
	accounts: Account[];
	/** Every access token given out. */
	tokens: Map<string, Grant>;
	token(call: Call): Promise<Reply>;
	signJwt(call: Call<Grant>): Promise<Reply>;
	tokenInfo(call: Call): Reply;
	userInfo(call: Call<Grant>): Reply;
}

/** The token endpoint with domain-wide delegation, and the IAM call that signs assertions without a key file. */
export function makeAuthority(tenant: Tenant, accounts: Account[]): Authority {
	const tokens = new Map<string, Grant>();

	async function verified(assertion: string, audience: string[]): Promise<{ account: Account; claims: Record<string, unknown> }> {
		const bad = (text: string) => oauthRefusal(400, "invalid_grant", text);
		let issuer: unknown;
		try {
			issuer = decodeJwt(assertion).iss;
		} catch {
			throw oauthRefusal(400, "invalid_request", "Bad Request");
		}
		const account = accounts.find((one) => one.email === issuer);
		if (!account) throw bad("Invalid grant: account not found");
		const key = await importPKCS8(account.privatePem, "RS256").catch(() => null);
		if (!key) throw bad("Invalid JWT Signature.");
		const checked = await jwtVerify(assertion, account.publicKey, {
			algorithms: ["RS256"],
			currentDate: new Date(tenant.world.now()),
			// Times are checked below, with the vendor's words.
			clockTolerance: "1000 years",
		}).catch(() => null);
		if (!checked || (checked.protectedHeader.kid !== undefined && !account.keyIds.has(checked.protectedHeader.kid))) throw bad("Invalid JWT Signature.");
		const { iat, exp, aud } = checked.payload;
		const now = tenant.world.now() / 1000;
		const timely = iat !== undefined && exp !== undefined && iat <= now + skewSeconds && exp > now - skewSeconds && exp - iat <= lifeSeconds && exp > iat;
		if (!timely)
			throw bad("Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.");
		if (![aud].flat().some((one) => one !== undefined && audience.includes(one))) throw bad("Failed audience check.");
		return { account, claims: checked.payload };
	}

	function subjectOf(sub: unknown): Person | null {
		if (sub === undefined) return null;
		const wanted = String(sub).toLowerCase();
		for (const person of tenant.state.users.values()) {
			if (person.deleted !== null) continue;
			if (person.body.primaryEmail !== wanted && !person.body.aliases?.includes(wanted)) continue;
			if (person.body.suspended || person.body.archived) throw oauthRefusal(400, "invalid_grant", "Invalid email or User ID");
			return person;
		}
		throw oauthRefusal(400, "invalid_grant", "Invalid email or User ID");
	}

	function scopesOf(account: Account, claim: unknown, delegated: boolean): string[] {
		const wanted = String(claim ?? "")
			.split(/\s+/)
			.filter(Boolean);
		if (wanted.length === 0) throw oauthRefusal(400, "invalid_scope", "Invalid OAuth scope or ID token audience provided.");
		const unknown = wanted.filter((scope) => !knownScopes.has(scope));
		const known = wanted.filter((scope) => knownScopes.has(scope));
		if (unknown.length > 0) {
			throw oauthRefusal(400, "invalid_scope", `Some requested scopes were invalid. {valid=[${known.join(", ")}], invalid=[${unknown.join(", ")}]}`);
		}
		// One scope that is not delegated, to the letter, fails the whole token.
		if (delegated && wanted.some((scope) => !account.delegated.has(scope))) {
			throw oauthRefusal(
				401,
				"unauthorized_client",
				"Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.",
			);
		}
		return wanted;
	}

	function give(grant: Grant): string {
		const token = `ya29.c.${randomBytes(48).toString("base64url")}`;
		tokens.set(token, grant);
		return token;
	}

	return {
		accounts,
		tokens,
		async token(call) {
			const form =
				call.body instanceof URLSearchParams ? call.body : new URLSearchParams(Object.entries(Object(call.body ?? {})).map(([k, v]) => [k, String(v)]));
			const type = form.get("grant_type");
			if (type === null) throw oauthRefusal(400, "invalid_request", "Required parameter is missing: grant_type");
			if (type !== grantType) throw oauthRefusal(400, "unsupported_grant_type", `Invalid grant_type: ${type}`);
			const assertion = form.get("assertion");
			if (!assertion) throw oauthRefusal(400, "invalid_request", "Required parameter is missing: assertion");
			const { account, claims } = await verified(assertion, [...audiences, `${call.base}/token`]);
			if (tenant.choices.blocked) throw oauthRefusal(403, "access_denied", "Requested client not authorized.");
			const scopes = scopesOf(account, claims.scope, claims.sub !== undefined);
			const subject = subjectOf(claims.sub);
			const token = give({ account, subject, scopes, expires: tenant.world.now() + lifeSeconds * 1000 });
			return ok({ access_token: token, expires_in: lifeSeconds - 1, token_type: "Bearer" }, { "Cache-Control": "private" });
		},
		async signJwt(call) {
			const named = param(call, "serviceAccountsId");
			if (!named.endsWith(":signJwt")) throw noSuchPath(call.path);
			const email = named.slice(0, -":signJwt".length);
			const account = accounts.find((one) => one.email === email || one.uniqueId === email);
			if (!account) throw modern(404, `Not found; Gaia id not found for email ${email}`);
			if (call.caller?.account !== account) {
				throw modern(403, "Permission 'iam.serviceAccounts.signJwt' denied on resource (or it may not exist).", "PERMISSION_DENIED", [
					{
						"@type": "type.googleapis.com/google.rpc.ErrorInfo",
						reason: "IAM_PERMISSION_DENIED",
						domain: "iam.googleapis.com",
						metadata: { permission: "iam.serviceAccounts.signJwt" },
					},
				]);
			}
			const payload = (call.body as { payload?: unknown } | undefined)?.payload;
			let claims: Record<string, unknown>;
			try {
				claims = JSON.parse(String(payload)) as Record<string, unknown>;
			} catch {
				throw modern(400, 'Invalid value for "payload": it must be a JSON object.');
			}
			const key = await importPKCS8(account.privatePem, "RS256");
			const signedJwt = await new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: account.systemKeyId, typ: "JWT" }).sign(key);
			return ok({ keyId: account.systemKeyId, signedJwt });
		},
		tokenInfo(call) {
			const sent = call.query.get("access_token") ?? (call.body instanceof URLSearchParams ? call.body.get("access_token") : null) ?? "";
			const grant = tokens.get(sent);
			const left = grant ? Math.floor((grant.expires - tenant.world.now()) / 1000) : 0;
			if (!grant || left <= 0) throw oauthRefusal(400, "invalid_token", "Invalid Value");
			const user = grant.subject && { user_id: grant.subject.id, email: grant.subject.body.primaryEmail, verified_email: true };
			return ok({
				issued_to: grant.account.uniqueId,
				audience: grant.account.uniqueId,
				scope: grant.scopes.join(" "),
				expires_in: left,
				access_type: "offline",
				...user,
			});
		},
		userInfo(call) {
			const grant = call.caller;
			const holds = (name: string) => grant?.scopes.includes(full(name)) ?? false;
			const subject = grant?.subject;
			// A service account acting as itself has an id and an address, and no name.
			const email = subject?.body.primaryEmail ?? grant?.account.email;
			const names = subject && { name: subject.body.name?.fullName, given_name: subject.body.name?.givenName, family_name: subject.body.name?.familyName };
			return ok({
				id: subject?.id ?? grant?.account.uniqueId,
				...(holds("userinfo.email") && { email, verified_email: true }),
				...(holds("userinfo.profile") && names),
				...(subject && holds("userinfo.email") && { hd: tenant.state.customer.customerDomain }),
			});
		},
	};
}

/** Takes delegated scopes away, by their long or short names; tokens that hold them lose them. */
export function withhold(authority: Authority, account: Account, scopes: readonly string[]): void {
	const gone = new Set(scopes.map(full));
	for (const scope of gone) account.delegated.delete(scope);
	for (const grant of authority.tokens.values()) if (grant.account === account) grant.scopes = grant.scopes.filter((scope) => !gone.has(scope));
}
