import * as oauth from "oauth4webapi";
import type { Millis } from "../../src/model/known.js";
import { plainRequestId } from "../../src/provider/http-error.js";
import { parseHttpDate } from "../../src/provider/retry-after.js";
import type { Transport } from "../../src/provider/transport.js";
import type { DpopProver } from "./dpop.js";
import type { SigningKey } from "./key.js";

export interface TokenRequest {
	transport: Transport;
	base: URL;
	clientId: string;
	key: SigningKey;
	scopes: string[];
	dpop: DpopProver | null;
	dpopHandle: oauth.DPoPHandle | null;
	/** Server clock minus ours. */
	skew: Millis;
	now(): Millis;
	signal: AbortSignal;
	userAgent: string;
}

export interface TokenAnswer {
	token: string;
	dpop: boolean;
	expiresIn: Millis;
	/** What was granted, as the server said it; null = not said. */
	scopes: string[] | null;
}

/** Why there is no token, as the token endpoint or the way to it said. `error` is OAuth's word, or `http-503`. */
export interface TokenRefusal {
	error: string;
	description: string;
	status: number;
	retryAfter: string | null;
	serverDate: Millis | null;
	requestId: string | null;
}

/** A fixed life for a token whose answer names none: short, so that a wrong guess costs a request and no failure. */
const unknownLife = 300_000;

/** One request to `/oauth2/v1/token`: client credentials with a signed assertion. Transport failures are thrown as they are. */
export async function requestToken(request: TokenRequest): Promise<TokenAnswer | TokenRefusal> {
	const endpoint = `${request.base.origin}/oauth2/v1/token`;
	// Okta takes its token address as the audience; the library puts the issuer there.
	const server: oauth.AuthorizationServer = { issuer: endpoint, token_endpoint: endpoint };
	// The library counts from this machine's clock; `now` and the server's may be others.
	const client: oauth.Client = { client_id: request.clientId, [oauth.clockSkew]: Math.round((request.now() - Date.now() + request.skew) / 1000) };
	const authentication = oauth.PrivateKeyJwt({ key: request.key.key, ...(request.key.kid !== undefined && { kid: request.key.kid }) });
	let met: (Omit<TokenRefusal, "error" | "description"> & { text: string }) | null = null;
	const send: typeof fetch = async (_url, init) => {
		const answer = await request.transport.send({
			method: "POST",
			url: endpoint,
			headers: new Headers({ ...(init?.headers as Record<string, string>), "user-agent": request.userAgent }),
			body: String(init?.body),
			signal: request.signal,
		});
		const date = answer.headers.get("date");
		met = {
			status: answer.status,
			retryAfter: answer.headers.get("retry-after"),
			serverDate: date === null ? null : parseHttpDate(date, request.now()),
			requestId: plainRequestId(answer.headers.get("x-okta-request-id")),
			text: answer.text,
		};
		return new Response([204, 304].includes(answer.status) ? null : answer.text, { status: answer.status, headers: answer.headers });
	};
	try {
		const response = await oauth.clientCredentialsGrantRequest(
			server,
			client,
			authentication,
			{ scope: request.scopes.join(" ") },
			{
				[oauth.customFetch]: send,
				// parseBaseUrl lets http through on loopback only.
				[oauth.allowInsecureRequests]: request.base.protocol === "http:",
				signal: request.signal,
				...(request.dpopHandle && { DPoP: request.dpopHandle }),
			},
		);
		const granted = await oauth.processClientCredentialsResponse(server, client, response);
		return {
			token: granted.access_token,
			dpop: granted.token_type === "dpop",
			expiresIn: granted.expires_in === undefined ? unknownLife : granted.expires_in * 1000,
			scopes: granted.scope === undefined ? null : granted.scope.split(" ").filter(Boolean),
		};
	} catch (error) {
		// Read through a function: the compiler does not see that `send` has set it.
		const answer = (() => met)();
		if (answer === null) throw error;
		return refusalOf(answer);
	}
}

/** OAuth's error words, or Okta's own where the token endpoint answers in the form of its management API. */
function refusalOf({ text, ...met }: Omit<TokenRefusal, "error" | "description"> & { text: string }): TokenRefusal {
	const body = parseObject(text);
	const word = (name: string): string | undefined => (typeof body[name] === "string" ? body[name] : undefined);
	return {
		...met,
		error: word("error") ?? word("errorCode") ?? `http-${met.status}`,
		description: word("error_description") ?? word("errorSummary") ?? "the answer is not one of an OAuth token endpoint",
	};
}

function parseObject(text: string): Record<string, unknown> {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === "object" && value !== null ? { ...value } : {};
	} catch {
		return {};
	}
}
