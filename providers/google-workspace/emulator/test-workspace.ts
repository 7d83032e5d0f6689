import { importPKCS8, SignJWT } from "jose";
import { type EmulatedWorkspace, startGoogleWorkspace } from "../emulator.js";
import { actScopes, full, readScopes } from "./scopes.js";

// biome-ignore lint/suspicious/noExplicitAny: bodies of every shape are looked into
type Body = Record<string, any>;

export interface Answer {
	status: number;
	// biome-ignore lint/suspicious/noExplicitAny: bodies of every shape are looked into
	body: any;
	headers: Headers;
}

export const now = Date.parse("2026-11-25T12:00:00Z");

/** Starts a tenant; `call` asks it in the name of the acting credential, `read` in that of the reading one. */
export async function tenantFor(options: Partial<Parameters<typeof startGoogleWorkspace>[0]> = {}) {
	const tenant = await startGoogleWorkspace({ users: 30, seed: 7, now, ...options });
	const tokens = new Map<string, string>();
	const token = async (which: "auth" | "act"): Promise<string> => {
		const found = tokens.get(which) ?? (await tokenOf(tenant, { which })).body.access_token;
		tokens.set(which, found);
		return found;
	};
	const ask = async (which: "auth" | "act", method: string, path: string, sent?: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
		send(tenant, method, path, sent, { authorization: `Bearer ${await token(which)}`, ...headers });
	return {
		tenant,
		read: (path: string) => ask("auth", "GET", path),
		call: (method: string, path: string, sent?: unknown, headers?: Record<string, string>) => ask("act", method, path, sent, headers),
		readWith: (method: string, path: string, sent?: unknown) => ask("auth", method, path, sent),
	};
}

export async function send(tenant: EmulatedWorkspace, method: string, path: string, sent?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
	const response = await fetch(tenant.system.url + path, {
		method,
		headers: { ...(sent !== undefined && { "content-type": "application/json" }), ...headers },
		...(sent !== undefined && { body: JSON.stringify(sent) }),
	});
	const text = await response.text();
	const json = response.headers.get("content-type")?.startsWith("application/json") && text !== "";
	return { status: response.status, body: json ? JSON.parse(text) : text, headers: response.headers };
}

interface Asked {
	which?: "auth" | "act";
	scopes?: readonly string[];
	claims?: Body;
	/** Signs with another key. */
	pem?: string;
	kid?: string;
}

/** Asks the token endpoint with an assertion made here. */
export async function tokenOf(tenant: EmulatedWorkspace, { which = "auth", scopes, claims = {}, pem, kid }: Asked = {}): Promise<Answer> {
	const credential = tenant.system[which] as { key: string; subject: string };
	const file = JSON.parse(credential.key) as Record<string, string>;
	const key = await importPKCS8(pem ?? file.private_key ?? "", "RS256");
	const at = Math.floor(tenant.now() / 1000);
	const wanted = scopes ?? (which === "act" ? actScopes : readScopes);
	const payload = {
		iss: file.client_email,
		sub: credential.subject,
		scope: wanted.map(full).join(" "),
		aud: "https://oauth2.googleapis.com/token",
		iat: at,
		exp: at + 3600,
		...claims,
	};
	const assertion = await new SignJWT(payload).setProtectedHeader({ alg: "RS256", kid: kid ?? file.private_key_id ?? "", typ: "JWT" }).sign(key);
	return exchange(tenant, assertion);
}

export async function exchange(tenant: EmulatedWorkspace, assertion: string, grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"): Promise<Answer> {
	const response = await fetch(`${tenant.system.url}/token`, { method: "POST", body: new URLSearchParams({ grant_type: grant, assertion }) });
	return { status: response.status, body: await response.json(), headers: response.headers };
}

/** Follows the pages of a list to its end. */
export async function every(read: (path: string) => Promise<Answer>, path: string, key: string): Promise<Body[]> {
	const found: Body[] = [];
	let token = "";
	do {
		const { status, body } = await read(`${path}${path.includes("?") ? "&" : "?"}pageToken=${encodeURIComponent(token)}`);
		if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
		found.push(...(body[key] ?? []));
		token = body.nextPageToken ?? "";
	} while (token !== "");
	return found;
}
