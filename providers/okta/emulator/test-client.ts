import { createHash, randomUUID } from "node:crypto";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { DEFAULT_TOKEN } from "./auth.js";

/** One answer, read to its end. */
export interface Answered {
	status: number;
	headers: Headers;
	// Tests look into answers of many shapes.
	// biome-ignore lint/suspicious/noExplicitAny: see above
	body: any;
	text: string;
	/** Target of the next link. */
	next?: string;
}

/** A bare client for tests: `at("GET /api/v1/users")`. */
export function clientOf(url: string, headers: Record<string, string> = { authorization: `SSWS ${DEFAULT_TOKEN}` }) {
	return async (request: string, body?: unknown, more: Record<string, string> = {}): Promise<Answered> => {
		const [method = "GET", path = "/"] = request.split(" ");
		const json = body === undefined ? {} : { body: JSON.stringify(body) };
		const type = body === undefined ? {} : { "content-type": "application/json" };
		const response = await fetch(path.startsWith("http") ? path : `${url}${path}`, {
			method,
			...json,
			headers: { ...type, ...headers, ...more } as Record<string, string>,
		});
		const text = await response.text();
		const next = /<([^>]+)>; rel="next"/.exec(response.headers.get("link") ?? "")?.[1];
		const parsed = response.headers.get("content-type")?.startsWith("application/json") && text !== "" ? JSON.parse(text) : undefined;
		return { status: response.status, headers: response.headers, body: parsed, text, ...(next === undefined ? {} : { next }) };
	};
}

export type Client = ReturnType<typeof clientOf>;

/** Follows next links to the end; fails after 1,000 pages. */
export async function all(at: Client, path: string): Promise<{ rows: { id: string }[]; pages: number }> {
	const rows: { id: string }[] = [];
	let pages = 0;
	for (let next: string | undefined = path; next !== undefined; pages++) {
		if (pages > 1000) throw new Error("The list does not end");
		const answer: Answered = await at(`GET ${next}`);
		if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
		rows.push(...answer.body);
		next = answer.next;
	}
	return { rows, pages };
}

export type Key = Awaited<ReturnType<typeof generateKeyPair>>;

/** A key pair and its public half as registered with a client. */
export async function makeKey(kid: string, alg = "ES256"): Promise<{ key: Key; jwk: JWK }> {
	const key = await generateKeyPair(alg, { extractable: true });
	return { key, jwk: { ...(await exportJWK(key.publicKey)), kid, alg } };
}

export interface AssertionParts {
	url: string;
	clientId: string;
	key: Key;
	kid: string;
	alg?: string;
	audience?: string;
	/** Seconds. */
	lifetime?: number;
	now?: number;
}

/** A client assertion for the token endpoint. */
export function assertion(of: AssertionParts): Promise<string> {
	const now = Math.floor((of.now ?? Date.now()) / 1000);
	return new SignJWT({})
		.setProtectedHeader({ alg: of.alg ?? "ES256", kid: of.kid })
		.setIssuer(of.clientId)
		.setSubject(of.clientId)
		.setAudience(of.audience ?? `${of.url}/oauth2/v1/token`)
		.setJti(randomUUID())
		.setIssuedAt(now)
		.setExpirationTime(now + (of.lifetime ?? 300))
		.sign(of.key.privateKey);
}

/** Asks for a token; the answer as it came. */
export async function askToken(url: string, jwt: string, scope: string, headers: Record<string, string> = {}): Promise<Answered> {
	const form = new URLSearchParams({
		grant_type: "client_credentials",
		scope,
		client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
		client_assertion: jwt,
	});
	const response = await fetch(`${url}/oauth2/v1/token`, { method: "POST", body: form, headers });
	const text = await response.text();
	return { status: response.status, headers: response.headers, body: JSON.parse(text), text };
}

/** A DPoP proof; `over` replaces claims. */
export async function proof(key: Key, method: string, url: string, over: Record<string, unknown> = {}, accessToken?: string): Promise<string> {
	const ath = accessToken === undefined ? {} : { ath: createHash("sha256").update(accessToken).digest("base64url") };
	const claims = { htm: method, htu: url, iat: Math.floor(Date.now() / 1000), jti: randomUUID(), ...ath, ...over };
	return new SignJWT(claims).setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk: await exportJWK(key.publicKey) }).sign(key.privateKey);
}
