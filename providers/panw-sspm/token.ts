import type { Millis } from "../../src/model/known.js";
import { createClient } from "../../src/provider/client.js";
import { at, count, word } from "../../src/provider/decode.js";
import type { HttpAnswer } from "../../src/provider/http.js";
import { HttpError } from "../../src/provider/http-error.js";
import type { ConnectConfig } from "../../src/provider/provider.js";
import { isLoopback, parseBaseUrl } from "../../src/provider/request-url.js";
import { createTransport } from "../../src/provider/transport.js";
import { limitsOf } from "./dialect.js";

/** Access tokens of one service account for one tenant. */
export interface TokenSource {
	/** A token that holds for a while yet. Throws HttpError when there is none. */
	current(): Promise<string>;
	/** This token was refused. True = there is another one now. Callers share one renewal. */
	renew(refused: string): Promise<boolean>;
	/** Requests sent for tokens. */
	requests(): number;
	unreached(): string | null;
	close(): Promise<void>;
}

const wellKnown = "https://auth.apps.paloaltonetworks.com/oauth2/access_token";

/** Tokens live 15 minutes, always; a renewal at 12 leaves time for what is under way. https://pan.dev/sase/docs/access-tokens/ */
const life: Millis = 15 * 60_000;
const margin: Millis = 3 * 60_000;

/** @throws Error naming the field that is missing or cannot be used */
export function tokenSource(config: ConnectConfig, base: URL, where: string, signal: AbortSignal): TokenSource {
	const { now } = config;
	const field = (name: string): string => textOf(config.credential, name, where);
	if (config.credential.method !== "client-secret") throw new Error(`method of ${where} must be client-secret`);
	const [clientId, clientSecret, tsgId] = [field("clientId"), field("clientSecret"), field("tsgId")];
	if (!/^\d{10}$/.test(tsgId)) throw new Error(`tsgId of ${where} must have ten digits`);
	const given = config.credential.tokenUrl === undefined ? (isLoopback(base) ? `${base.origin}/oauth2/access_token` : wellKnown) : field("tokenUrl");
	const endpoint = parseBaseUrl(given, `tokenUrl of ${where}`);
	const basic = Buffer.from(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`).toString("base64");
	const transport = createTransport({ origin: endpoint, connections: 1 });
	const client = createClient({
		baseUrl: endpoint.origin,
		transport,
		now,
		signal,
		attempts: 4,
		userAgent: "keelson",
		log: config.log,
		...(config.sleep && { sleep: config.sleep }),
		dialect: {
			async authorize(_request, headers) {
				headers.set("authorization", `Basic ${basic}`);
			},
			bucket: () => "token",
			limits: (headers) => limitsOf(headers, now()),
			judge: ({ status }) => ({ verdict: status === 429 || status >= 500 ? "retry" : "fail" }),
			describe: ({ body, status }) => ({ code: word(at(body, "error")) ?? null, summary: refusal(status, word(at(body, "error")), where, tsgId) }),
			requestId: (headers) => headers.get("x-request-id"),
			// A second token does no harm.
			repeatable: () => true,
		},
	});
	let held: { token: string; renewAt: Millis; expiresAt: Millis } | null = null;
	let pending: Promise<string> | null = null;

	async function fetchToken(): Promise<string> {
		const answer = await client.send({
			method: "POST",
			path: endpoint.pathname,
			headers: { "content-type": "application/x-www-form-urlencoded" },
			body: new URLSearchParams({ grant_type: "client_credentials", scope: `tsg_id:${tsgId}` }).toString(),
		});
		const token = word(at(answer.body, "access_token"));
		if (token === undefined || /[^\x21-\x7e]/.test(token)) throw notAToken(answer);
		const lives = (count(at(answer.body, "expires_in")) ?? 0) * 1000 || life;
		held = { token, renewAt: now() + Math.min(lives * 0.8, life - margin), expiresAt: now() + lives };
		return token;
	}

	function renewOnce(): Promise<string> {
		pending ??= fetchToken().finally(() => {
			pending = null;
		});
		return pending;
	}

	return {
		async current() {
			const before = held;
			if (before !== null && now() < before.renewAt) return before.token;
			try {
				return await renewOnce();
			} catch (error) {
				// The old token holds a while yet: a token endpoint that is down for a minute stops nothing.
				if (before !== null && now() < before.expiresAt - 30_000 && !signal.aborted) return before.token;
				throw error;
			}
		},
		async renew(refused) {
			if (held?.token === refused) held = null;
			if (held === null) await renewOnce();
			return true;
		},
		requests: () => client.requests(),
		unreached: () => transport.unreached?.()?.message ?? null,
		close: () => client.close(),
	};
}

function refusal(status: number, word: string | undefined, where: string, tsgId: string): string {
	if (status === 401 || word === "invalid_client") return `the client id or secret is wrong; check clientId and clientSecret of ${where}`;
	if (status === 400 || status === 403) return `no token for tenant ${tsgId}; check tsgId of ${where}, and that the service account has a role there`;
	return `the token endpoint answered ${status}; check tokenUrl of ${where}`;
}

function notAToken({ status, request }: HttpAnswer): HttpError {
	return new HttpError({ status, code: null, summary: "the answer of the token endpoint holds no token", cause: "error", request });
}

/** RFC 6749 section 2.3.1. */
function formEncoded(text: string): string {
	return new URLSearchParams({ a: text }).toString().slice(2);
}

function textOf(credential: Record<string, unknown>, name: string, where: string): string {
	const value = credential[name];
	const text = typeof value === "number" ? String(value) : typeof value === "string" ? value.trim() : "";
	if (text === "") throw new Error(`${name} of ${where} is missing`);
	return text;
}
