import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { setTimeout as timersSleep } from "node:timers/promises";
import type { Millis } from "../../src/model/known.js";
import type { ConnectConfig } from "../../src/provider/provider.js";
import { createTransport } from "../../src/provider/transport.js";
import { makeAssertion, readAssertionKey } from "./assertion.js";
import { at, word } from "./schema.js";

/** Form fields by which the client proves itself to the token endpoint; made anew for every request. */
export type Proof = (audience: string, serverNow: Millis, signal: AbortSignal) => Promise<Record<string, string>>;

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** @throws Error that names the field and the mend */
export function proofOf(config: ConnectConfig, where: string, env: Record<string, string | undefined> = process.env): Proof {
	const { credential } = config;
	switch (credential.method) {
		case "client-secret": {
			const secret = plain(credential, "clientSecret", where);
			return async () => ({ client_secret: secret });
		}
		case "certificate": {
			const key = readAssertionKey(plain(credential, "privateKey", where), plain(credential, "certificate", where), credential.algorithm, where);
			const clientId = plain(credential, "clientId", where);
			return async (audience, serverNow) => asserted(makeAssertion(key, clientId, audience, serverNow));
		}
		case "workload-identity":
			return async (_audience, _now, signal) => asserted(await workloadToken(config, where, env, signal));
		default:
			throw new Error(`method of ${where} must be client-secret, certificate or workload-identity`);
	}
}

function asserted(assertion: string): Record<string, string> {
	return { client_assertion_type: assertionType, client_assertion: assertion };
}

/** The workload's own OIDC token, which lives for minutes only: read at every exchange. */
async function workloadToken(config: ConnectConfig, where: string, env: Record<string, string | undefined>, signal: AbortSignal): Promise<string> {
	const { token, tokenFile } = config.credential;
	if (typeof token === "string" && token.trim() !== "") return token.trim();
	if (typeof tokenFile === "string" && tokenFile !== "") {
		try {
			return (await readFile(resolve(config.folder ?? ".", tokenFile), "utf8")).trim();
		} catch {
			throw new Error(`tokenFile of ${where} cannot be read: ${tokenFile}`);
		}
	}
	const [url, bearer] = [env.ACTIONS_ID_TOKEN_REQUEST_URL, env.ACTIONS_ID_TOKEN_REQUEST_TOKEN];
	if (!url || !bearer || !URL.canParse(url))
		throw new Error(`${where} has neither token nor tokenFile, and this is no GitHub Actions job with the permission id-token: write`);
	return githubToken(new URL(url), bearer, signal, config.sleep ?? ((ms) => timersSleep(ms, undefined, { signal })));
}

const tries = 4;

/** https://docs.github.com/actions/security-for-github-actions/security-hardening-your-deployments/about-security-hardening-with-openid-connect */
async function githubToken(url: URL, bearer: string, signal: AbortSignal, sleep: NonNullable<ConnectConfig["sleep"]>): Promise<string> {
	url.searchParams.set("audience", "api://AzureADTokenExchange");
	const transport = createTransport({ origin: url, connections: 1 });
	const headers = new Headers({ authorization: `Bearer ${bearer}`, accept: "application/json" });
	try {
		for (let attempt = 1; ; attempt++) {
			const answer = await transport.send({ method: "GET", url: url.href, headers, body: null, signal });
			const token = answer.status === 200 ? word(at(JSON.parse(answer.text), "value")) : undefined;
			if (token !== undefined) return token;
			const busy = answer.status === 429 || answer.status >= 500;
			if (busy && attempt < tries) await sleep(500 * 2 ** attempt, signal);
			else if (busy) throw new Error(`GitHub gave no OIDC token (status ${answer.status}, ${tries} tries): try again later`);
			else throw new Error(`GitHub gave no OIDC token (status ${answer.status}): the job needs the permission id-token: write`);
		}
	} catch (error) {
		if (error instanceof SyntaxError) throw new Error("GitHub's answer to the request for an OIDC token is not JSON");
		throw error;
	} finally {
		await transport.close();
	}
}

/** A text of the credential: a line break at its end, as files have it, is taken off. @throws Error naming the field */
export function plain(credential: Record<string, unknown>, name: string, where: string): string {
	const value = credential[name];
	if (typeof value !== "string" || value.trim() === "") throw new Error(`${name} of ${where} is missing`);
	return value.trim();
}
