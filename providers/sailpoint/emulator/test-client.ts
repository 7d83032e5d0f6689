import type { EmulatedTenant, EmulationOptions } from "../../../src/emulate/contract.js";
import { emulation } from "../emulator.js";

export const NOW = Date.parse("2026-01-15T12:00:00Z");

export interface Answer {
	status: number;
	// biome-ignore lint/suspicious/noExplicitAny: bodies of many shapes, looked into by tests only
	body: any;
	headers: Headers;
}

export interface Client {
	tenant: EmulatedTenant;
	/** A call with the reading credential, or with the acting one. */
	call(method: string, path: string, body?: unknown, as?: "auth" | "act", headers?: Record<string, string>): Promise<Answer>;
	get(path: string, as?: "auth" | "act"): Promise<Answer>;
	token(as?: "auth" | "act"): Promise<string>;
}

/** Starts a tenant and speaks to it as a client would. */
export async function startClient(options: Partial<EmulationOptions> = {}): Promise<Client> {
	const tenant = await emulation.start({ users: 60, seed: 7, now: NOW, ...options });
	const kept = new Map<string, string>();
	async function token(as: "auth" | "act" = "auth"): Promise<string> {
		const { clientId, clientSecret } = tenant.system[as] as { clientId: string; clientSecret: string };
		const form = new URLSearchParams({ grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret });
		const response = await fetch(`${tenant.system.url}/oauth/token`, { method: "POST", body: form });
		return ((await response.json()) as { access_token: string }).access_token;
	}
	async function call(method: string, path: string, body?: unknown, as: "auth" | "act" = "auth", headers: Record<string, string> = {}): Promise<Answer> {
		const bearer = kept.get(as) ?? (await token(as));
		kept.set(as, bearer);
		const response = await fetch(`${tenant.system.url}${path}`, {
			method,
			headers: { authorization: `Bearer ${bearer}`, ...(body !== undefined && { "content-type": "application/json" }), ...headers },
			...(body !== undefined && { body: JSON.stringify(body) }),
		});
		const text = await response.text();
		return { status: response.status, body: text === "" ? undefined : JSON.parse(text), headers: response.headers };
	}
	return { tenant, call, token, get: (path, as) => call("GET", path, undefined, as) };
}
