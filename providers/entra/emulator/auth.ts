import { createHmac } from "node:crypto";
import { param, Refusal } from "../../../src/emulate/call.js";
import { iso } from "../../../src/emulate/random.js";
import { checkAssertion, type KeySource } from "./assertion.js";
import { unauthenticated } from "./errors.js";
import type { Client } from "./state.js";
import { guid } from "./state.js";
import type { Caller, GraphCall, GraphHandler, Tenant } from "./tenant.js";

/** Seconds that an access token lives. */
const lifetime = 3599;
const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const graph = "https://graph.microsoft.com";

/** What proves that a client is itself. */
export interface Proof {
	/** Secrets with their end, milliseconds since the epoch. */
	secrets: { text: string; end: number }[];
	keys: KeySource;
}

export interface Authority {
	token: GraphHandler;
	/** @throws Refusal for a token that is none, or that has run out */
	caller(call: GraphCall): Caller;
	clients: Map<string, { client: Client; proof: Proof }>;
	/** Every token given out so far. */
	issued: string[];
	/** Takes back what was given out. */
	reset(): void;
}

export function makeAuthority(tenant: Tenant): Authority {
	const clients: Authority["clients"] = new Map();
	const tokens = new Map<string, { client: Client; expires: number }>();
	const issued: string[] = [];

	function wrong(call: GraphCall, status: number, error: string, code: number, text: string): Refusal {
		const now = iso(tenant.world.now());
		const at = `${now.slice(0, 10)} ${now.slice(11, 19)}Z`;
		const correlation = guid("correlation", call.requestId);
		return new Refusal(status, {
			error,
			error_description: `AADSTS${code}: ${text} Trace ID: ${call.requestId} Correlation ID: ${correlation} Timestamp: ${at}`,
			error_codes: [code],
			timestamp: at,
			trace_id: call.requestId,
			correlation_id: correlation,
			error_uri: `https://login.microsoftonline.com/error?code=${code}`,
		});
	}

	const token: GraphHandler = async (call) => {
		const form = call.body instanceof URLSearchParams ? call.body : new URLSearchParams();
		const need = (name: string): string => {
			const value = form.get(name);
			if (!value) throw wrong(call, 400, "invalid_request", 900144, `The request body must contain the following parameter: '${name}'.`);
			return value;
		};
		const name = param(call, "tenant").toLowerCase();
		const domains = [...tenant.state.domains.keys()];
		if (name !== tenant.state.tenantId && !domains.includes(name))
			throw wrong(
				call,
				400,
				"invalid_request",
				90002,
				`Tenant '${name}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`,
			);
		const grant = need("grant_type");
		if (grant !== "client_credentials") throw wrong(call, 400, "unsupported_grant_type", 70003, `The app requested an unsupported grant type '${grant}'.`);
		const clientId = need("client_id").toLowerCase();
		const known = clients.get(clientId);
		const directory = tenant.state.tenantId;
		if (!known)
			throw wrong(call, 400, "unauthorized_client", 700016, `Application with identifier '${clientId}' was not found in the directory '${directory}'.`);
		const scope = need("scope");
		if (!scope.endsWith("/.default"))
			throw wrong(
				call,
				400,
				"invalid_scope",
				1002012,
				`The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
			);
		const resource = scope.slice(0, -"/.default".length);
		if (resource !== graph && resource !== call.base && resource !== "00000003-0000-0000-c000-000000000000")
			throw wrong(call, 400, "invalid_resource", 500011, `The resource principal named ${resource} was not found in the tenant named ${directory}.`);
		await prove(call, form, clientId, known.proof);
		const principal = tenant.state.servicePrincipals.get(known.client.principal);
		if (principal?.accountEnabled === false) throw wrong(call, 400, "unauthorized_client", 7000112, `Application '${clientId}' is disabled.`);
		return {
			status: 200,
			body: { token_type: "Bearer", expires_in: lifetime, ext_expires_in: lifetime, access_token: issue(known.client) },
			headers: { "Cache-Control": "no-store" },
		};
	};

	async function prove(call: GraphCall, form: URLSearchParams, clientId: string, proof: Proof): Promise<void> {
		const assertion = form.get("client_assertion");
		if (assertion !== null) {
			if (form.get("client_assertion_type") !== assertionType)
				throw wrong(call, 400, "invalid_request", 900144, "The request body must contain the following parameter: 'client_assertion_type'.");
			const audiences = [`${call.base}${call.path}`, `https://login.microsoftonline.com/${tenant.state.tenantId}/oauth2/v2.0/token`];
			const fault = await checkAssertion(assertion, { clientId, audiences, keys: proof.keys, now: tenant.world.now() });
			if (fault) throw wrong(call, fault.status, "invalid_client", fault.code, fault.text);
			return;
		}
		const secret = form.get("client_secret");
		if (!secret)
			throw wrong(call, 401, "invalid_client", 7000218, "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.");
		const found = proof.secrets.find(({ text }) => text === secret);
		if (!found)
			throw wrong(
				call,
				401,
				"invalid_client",
				7000215,
				`Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
			);
		if (found.end <= tenant.world.now())
			throw wrong(call, 401, "invalid_client", 7000222, `The provided client secret keys for app '${clientId}' are expired.`);
	}

	function issue(client: Client): string {
		const seconds = Math.floor(tenant.world.now() / 1000);
		const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
		const claims = { aud: graph, iss: `https://sts.windows.net/${tenant.state.tenantId}/`, iat: seconds, nbf: seconds, exp: seconds + lifetime };
		const who = { appid: client.appId, oid: client.principal, idtyp: "app", roles: [...client.scopes], tid: tenant.state.tenantId, uti: issued.length };
		const head = `${part({ typ: "JWT", alg: "RS256", kid: "emulated" })}.${part({ ...claims, ...who })}`;
		const text = `${head}.${createHmac("sha256", tenant.state.seed).update(`${head}/${Math.random()}`).digest("base64url")}`;
		tokens.set(text, { client, expires: tenant.world.now() + lifetime * 1000 });
		issued.push(text);
		return text;
	}

	function caller(call: GraphCall): Caller {
		const text = /^Bearer\s+(\S+)$/i.exec(String(call.headers.authorization ?? ""))?.[1];
		if (text === undefined) throw unauthenticated("Access token is empty.");
		if (text.split(".").length !== 3)
			throw unauthenticated("IDX14100: JWT is not well formed, there are no dots (.).\nThe token needs to be in JWS or JWE Compact Serialization Format.");
		const found = tokens.get(text);
		if (!found) throw unauthenticated("Access token validation failure. Invalid audience or signature.");
		if (found.expires <= tenant.world.now()) throw unauthenticated("Lifetime validation failed, the token is expired.");
		return { client: found.client, scopes: found.client.scopes };
	}

	return { token, caller, clients, issued, reset: () => tokens.clear() };
}
