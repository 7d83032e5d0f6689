import { createHash, randomUUID } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import { Refusal, type Reply } from "../../../src/emulate/call.js";
import type { World } from "../../../src/emulate/world.js";
import { experimentalMissing, forbidden, unauthorized } from "./errors.js";
import type { Caller, Credential, SailCall, SailRoute, State } from "./state.js";

/** Lifetime of an access token, seconds, as the vendor answers it. */
const LIFETIME = 749;

/** Issues and checks the tenant's tokens. */
export interface Authority {
	token(call: SailCall): Promise<Reply>;
	/** Who asks. @throws Refusal 401 */
	caller(call: SailCall): Promise<Caller>;
	/** Every token given out. */
	issued: Set<string>;
}

export function makeAuthority(state: State, world: World, credentials: readonly Credential[]): Authority {
	const key = createHash("sha256").update(`${state.name} signing key`).digest();
	const issued = new Set<string>();

	async function token(call: SailCall): Promise<Reply> {
		const form = formOf(call);
		const grant = form.get("grant_type");
		if (!grant) throw oauth(400, "invalid_request", "Missing grant type");
		if (grant !== "client_credentials") throw oauth(400, "unsupported_grant_type", `Unsupported grant type: ${grant}`);
		const { id, secret } = clientOf(call, form);
		const credential = credentials.find((one) => one.clientId === id && one.clientSecret === secret);
		if (!credential) throw oauth(401, "invalid_client", "Bad client credentials");
		const wanted = (form.get("scope") ?? "").split(" ").filter((word) => word !== "");
		const strange = wanted.find((word) => !holds(credential, [word]));
		if (strange !== undefined) throw oauth(400, "invalid_scope", `Invalid scope: ${strange}`);
		return { status: 200, body: await issue(credential) };
	}

	async function issue(credential: Credential): Promise<Record<string, unknown>> {
		const jti = randomUUID().replaceAll("-", "");
		const now = Math.floor(world.now() / 1000);
		const identity = state.identities.get(credential.identityId);
		const about = {
			tenant_id: createHash("md5").update(state.name).digest("hex"),
			pod: "emulated",
			org: state.name,
			identity_id: credential.identityId,
			user_name: identity?.alias ?? "",
			strong_auth: true,
		};
		const scope = credential.scopes.filter((word) => !credential.withheld.has(word));
		const claims = { ...about, client_id: credential.clientId, authorities: credential.levels, scope };
		const text = await new SignJWT(claims)
			.setProtectedHeader({ alg: "HS256", typ: "JWT" })
			.setJti(jti)
			.setIssuedAt(now)
			.setExpirationTime(now + LIFETIME)
			.sign(key);
		issued.add(text);
		return { access_token: text, token_type: "bearer", expires_in: LIFETIME, scope: scope.join(" "), ...about, strong_auth_supported: true, jti };
	}

	async function caller(call: SailCall): Promise<Caller> {
		const header = call.headers.authorization ?? "";
		const text = /^bearer (.+)$/i.exec(header)?.[1];
		if (!text) throw unauthorized("JWT is missing");
		const checked = await jwtVerify(text, key, { currentDate: new Date(world.now()) }).catch((error: { code?: string }) => error.code ?? "");
		if (checked === "ERR_JWT_EXPIRED") throw unauthorized("JWT is expired");
		if (typeof checked === "string") throw unauthorized("JWT is invalid");
		const credential = credentials.find((one) => one.clientId === checked.payload.client_id);
		if (!credential) throw unauthorized("JWT is invalid");
		return { credential, token: text };
	}
	return { token, caller, issued };
}

/** The fields of a token request: a form, the parts of a multipart body (the vendor's own clients send that), or the query. */
function formOf(call: SailCall): URLSearchParams {
	const form = new URLSearchParams(call.query);
	const { body } = call;
	if (body instanceof URLSearchParams) for (const [name, value] of body) form.set(name, value);
	const boundary = /boundary="?([^";]+)/.exec(call.headers["content-type"] ?? "")?.[1];
	if (typeof body !== "string" || boundary === undefined) return form;
	for (const part of body.split(`--${boundary}`)) {
		const found = /name="([^"]+)"[^\r\n]*\r?\n(?:[^\r\n]+\r?\n)*\r?\n([\s\S]*?)\r?\n?$/.exec(part);
		if (found) form.set(found[1] ?? "", found[2] ?? "");
	}
	return form;
}

function clientOf(call: SailCall, form: URLSearchParams): { id: string | null; secret: string | null } {
	const basic = /^basic (.+)$/i.exec(call.headers.authorization ?? "")?.[1];
	if (basic === undefined) return { id: form.get("client_id"), secret: form.get("client_secret") };
	const [id = "", secret = ""] = Buffer.from(basic, "base64").toString("utf8").split(":").map(decodeURIComponent);
	return { id, secret };
}

function oauth(status: number, error: string, description: string): Refusal {
	return new Refusal(status, { error, error_description: description });
}

function holds({ scopes, withheld }: Credential, wanted: readonly string[]): boolean {
	return wanted.some((word) => !withheld.has(word) && (scopes.includes(word) || scopes.includes("sp:scopes:all")));
}

/** Refuses a caller who lacks the scope or the user level; both are needed. @throws Refusal 400, 403 */
export function checkRights(call: SailCall, { needs, method }: SailRoute, { credential }: Caller): void {
	if (needs.scopes.length > 0 && !holds(credential, needs.scopes)) throw forbidden(call);
	// Operations without a scope of their own: a token that is cut down to some scopes cannot write by them.
	if (needs.scopes.length === 0 && method !== "GET" && !holds(credential, ["sp:scopes:all"])) throw forbidden(call);
	if (needs.levels.length > 0 && !needs.levels.some((level) => credential.levels.includes(level) && !credential.withheld.has(level))) throw forbidden(call);
	if (needs.experimental && call.headers["x-sailpoint-experimental"] !== "true") throw experimentalMissing();
}
