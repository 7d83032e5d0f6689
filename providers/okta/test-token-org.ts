import type { ServerResponse } from "node:http";
import { compactVerify, decodeJwt, decodeProtectedHeader, exportPKCS8, generateKeyPair, importJWK, jwtVerify } from "jose";
import type { ConnectConfig } from "../../src/provider/provider.js";
import { createJumpClock } from "../../src/provider/test-clock.js";
import { json, type Seen, type TestServer, testServer } from "../../src/provider/test-server.js";
import { connectHttp, type OktaHttp, type OktaHttpOptions } from "./http.js";

/** A token call as a test org saw it. */
export interface TokenCall {
	seen: Seen;
	scope: string[];
	assertion: Record<string, unknown>;
	dpop: string | undefined;
	index: number;
}

export interface TestOrg {
	server: TestServer;
	http: OktaHttp;
	clock: ReturnType<typeof createJumpClock>;
	/** Requests but those for tokens. */
	calls(): Seen[];
	tokenCalls(): number;
	close(): Promise<void>;
}

export interface TestOrgOptions {
	/** Default: grants everything for an hour, as Bearer. */
	token?(call: TokenCall, response: ServerResponse): void | Promise<void>;
	answer?(seen: Seen, response: ServerResponse, index: number): void;
	credential?: Record<string, unknown>;
	connect?: Partial<OktaHttpOptions>;
	config?: Partial<ConnectConfig>;
}

export function grant(response: ServerResponse, call: TokenCall, more: Record<string, unknown> = {}): void {
	json(response, 200, { token_type: "Bearer", expires_in: 3600, access_token: `token-${call.index}`, scope: call.scope.join(" "), ...more });
}

export const keys = await generateKeyPair("ES256", { extractable: true });
export const pem = await exportPKCS8(keys.privateKey);

/** A tiny org on loopback and a connection to it. Assertions and proofs are verified, and no `jti` is taken twice. */
export async function testOrg(options: TestOrgOptions): Promise<TestOrg> {
	const clock = createJumpClock(Math.floor(Date.now() / 1000) * 1000);
	const used = new Set<string>();
	let tokens = 0;
	const calls: Seen[] = [];
	const server = await testServer(async (seen, response) => {
		if (seen.url !== "/oauth2/v1/token") {
			const index = calls.push(seen) - 1;
			return options.answer ? options.answer(seen, response, index) : json(response, 200, []);
		}
		const form = new URLSearchParams(seen.body);
		const token = form.get("client_assertion") ?? "";
		const { payload } = await compactVerify(token, keys.publicKey);
		const assertion: Record<string, unknown> = JSON.parse(new TextDecoder().decode(payload));
		const { iss, sub, aud } = assertion;
		if (iss !== "0oaREAD" || sub !== iss || aud !== `${server.url}/oauth2/v1/token`) throw new Error("not our assertion");
		once(used, assertion.jti);
		const dpop = seen.headers.dpop === undefined ? undefined : String(seen.headers.dpop);
		if (dpop !== undefined) once(used, decodeJwt(dpop).jti);
		const call = { seen, scope: (form.get("scope") ?? "").split(" "), assertion, dpop, index: tokens++ };
		return options.token ? options.token(call, response) : grant(response, call);
	});
	const config: ConnectConfig = {
		system: "okta",
		url: server.url,
		credential: { method: "private-key-jwt", clientId: "0oaREAD", key: pem, keyId: "k1", ...options.credential },
		options: {},
		purpose: "read",
		now: clock.now,
		log() {},
		...options.config,
	};
	const http = await connectHttp(config, { scopes: ["okta.users.read", "okta.groups.read"], sleep: clock.sleep, ...options.connect });
	return {
		server,
		http,
		clock,
		calls: () => calls,
		tokenCalls: () => tokens,
		async close() {
			await http.close();
			await server.close();
		},
	};
}

function once(used: Set<string>, jti: unknown): void {
	if (typeof jti !== "string" || used.has(jti)) throw new Error("a jti is missing or was used before");
	used.add(jti);
}

/** The claims of a proof whose signature fits the key inside it. */
export async function verifyProof(proof: string): Promise<Record<string, unknown>> {
	const header = decodeProtectedHeader(proof);
	if (header.typ !== "dpop+jwt" || header.jwk === undefined || "d" in header.jwk) throw new Error("not a proof");
	const { payload } = await jwtVerify(proof, await importJWK(header.jwk, header.alg), { typ: "dpop+jwt" });
	return { ...payload };
}
