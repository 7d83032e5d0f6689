import { jwtVerify, SignJWT } from "jose";
import type { Call, Reply, Route } from "../../../src/emulate/call.js";
import { ok } from "../../../src/emulate/call.js";
import { forbidden, oauthRefusal, unauthenticated } from "./errors.js";
import { objectId, uuid } from "./ids.js";
import type { Tenant } from "./types.js";

/** Tokens live this long, always (pan.dev, SASE "Access Tokens"). */
const lifeSeconds = 15 * 60;

/** A part of the API that a role opens; the vendor's catalogue has the same words for what an application supports. */
export type Area = "SCAN" | "THIRD_PARTY_APPS" | "IDENTITY" | "IAM" | null;

export interface Needs {
	area: Area;
	write?: boolean;
	/** `x-ps-tenant` must be sent. */
	tenantHeader?: boolean;
	/** Answers without a token. */
	open?: boolean;
}

export interface ServiceAccount {
	id: string;
	clientId: string;
	secret: string;
	/** Predefined roles of the vendor: `view_only_admin` reads, `superuser` does everything. */
	roles: string[];
	name: string;
	/** Areas taken away although a role opens them. */
	without: Set<string>;
}

export interface Authority {
	accounts: ServiceAccount[];
	/** Every token given out. */
	tokens: string[];
	admit(call: Call<ServiceAccount>, needs: Needs | undefined): Promise<void>;
	routes: Route<Needs, ServiceAccount>[];
}

/** A service account of the tenant, its secret in the form of the vendor's example. */
export function serviceAccount(tenant: Tenant, name: string, roles: string[]): ServiceAccount {
	const secret = uuid(`secret/${tenant.tsgId}/${name}`);
	return { id: uuid(`sa/${name}`), clientId: `${name}@${tenant.tsgId}.iam.panserviceaccount.com`, secret, roles, name, without: new Set() };
}

/** Gives and checks tokens. A token for a tenant that the account doesn't belong to is given, and refused on the call (pan.dev, "Access Tokens"). */
export function makeAuthority(tenant: Tenant, accounts: ServiceAccount[]): Authority {
	const key = new TextEncoder().encode(objectId(`key/${tenant.tsgId}`).repeat(2));
	const tokens: string[] = [];
	let issued = 0;

	async function give(call: Call): Promise<Reply> {
		const form = call.body instanceof URLSearchParams ? call.body : new URLSearchParams();
		const { id, secret } = clientOf(call, form);
		const account = accounts.find((one) => one.clientId === id);
		if (!account || account.secret !== secret) throw oauthRefusal(401, "invalid_client", "Client authentication failed");
		if (form.get("grant_type") !== "client_credentials") throw oauthRefusal(400, "unsupported_grant_type", "Grant type is not supported");
		const scope = form.get("scope") ?? "";
		const tsg = /(^| )tsg_id:(\d{10})( |$)/.exec(scope)?.[2];
		if (tsg === undefined) throw oauthRefusal(400, "invalid_scope", "Unknown/invalid scope(s): a tsg_id of ten digits is needed");
		const now = Math.floor(tenant.world.now() / 1000);
		const token = await new SignJWT({ tsg_id: tsg, scope, access: { [`prn:${tsg}::::`]: account.roles } })
			.setProtectedHeader({ alg: "HS256", typ: "JWT" })
			.setSubject(account.id)
			.setIssuer("https://auth.apps.paloaltonetworks.com/am/oauth2")
			.setAudience(account.clientId)
			.setJti(String(++issued))
			.setIssuedAt(now)
			.setExpirationTime(now + lifeSeconds)
			.sign(key);
		tokens.push(token);
		return ok({ access_token: token, scope, token_type: "Bearer", expires_in: lifeSeconds - 1 }, { "Cache-Control": "no-store" });
	}

	/** Who holds the token, and which tenant it is for. */
	async function holder(token: string): Promise<{ account: ServiceAccount; tsg: string } | null> {
		const verified = await jwtVerify(token, key, { currentDate: new Date(tenant.world.now()) }).catch(() => null);
		const account = accounts.find((one) => one.id === verified?.payload.sub);
		return verified && account ? { account, tsg: String(verified.payload.tsg_id) } : null;
	}

	async function claims(call: Call): Promise<Reply> {
		const sent = call.body instanceof URLSearchParams ? call.body.get("access_token") : null;
		const found = await holder(sent ?? bearer(call) ?? "");
		if (!found) throw oauthRefusal(401, "invalid_token", "The access token is invalid or has expired");
		const { account } = found;
		return ok({ sub: account.id, name: account.name, given_name: account.name, family_name: "service account", email: account.clientId });
	}

	const open: Needs = { area: null, open: true };
	return {
		accounts,
		tokens,
		async admit(call, needs) {
			if (needs?.open) return;
			const token = bearer(call);
			const found = token === undefined ? null : await holder(token);
			if (!found) throw unauthenticated(call, token === undefined ? "No authorization header" : "Invalid Credential");
			call.caller = found.account;
			if (found.tsg !== tenant.tsgId || (needs && !may(found.account, needs))) throw forbidden(call);
		},
		routes: [
			...["/oauth2/access_token", "/auth/v1/oauth2/access_token"].map((template) => ({ method: "POST", template, needs: open, handler: give })),
			...["GET", "POST"].map((method) => ({ method, template: "/auth/v1/oauth2/userinfo", needs: open, handler: claims })),
		],
	};
}

function may(account: ServiceAccount, needs: Needs): boolean {
	if (account.roles.length === 0 || (needs.area !== null && account.without.has(needs.area))) return false;
	return !needs.write || account.roles.some((role) => role === "superuser" || role === "sspm_appowner_superuser");
}

function bearer(call: Call): string | undefined {
	return /^Bearer (.+)$/i.exec(call.headers.authorization ?? "")?.[1];
}

/** Basic is documented; published clients also send the two in the form. */
function clientOf(call: Call, form: URLSearchParams): { id: string; secret: string } {
	const basic = /^Basic (.+)$/i.exec(call.headers.authorization ?? "")?.[1];
	if (basic === undefined) return { id: form.get("client_id") ?? "", secret: form.get("client_secret") ?? "" };
	const text = Buffer.from(basic, "base64").toString("utf8");
	const at = text.indexOf(":");
	return { id: unescaped(text.slice(0, at)), secret: unescaped(text.slice(at + 1)) };
}

/** The two may come form-encoded (RFC 6749 section 2.3.1) or plain (RFC 7617). */
function unescaped(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
