import type { EmulatedTenant } from "../../../src/emulate/contract.js";
import { type EntraOptions, emulation } from "../emulator.js";

/** When the tenants of the tests begin. */
export const builtAt = Date.UTC(2026, 5, 15, 9);

export interface Answer {
	status: number;
	// biome-ignore lint/suspicious/noExplicitAny: vendor JSON, looked at from outside
	body: any;
	headers: Headers;
}

interface Ask {
	method?: string;
	body?: unknown;
	headers?: Record<string, string>;
}

export interface Tried extends EmulatedTenant {
	/** Asks as the reading credential. */
	read(path: string, ask?: Ask): Promise<Answer>;
	/** Asks as the acting one. */
	act(method: string, path: string, body?: unknown): Promise<Answer>;
	/** Every item of a list, its next links followed. */
	all(path: string, ask?: Ask): Promise<Answer["body"][]>;
	/** Asks the token endpoint; fields that are null are left out. */
	login(fields?: Record<string, string | null>, tenant?: string): Promise<Answer>;
	ask(token: string | null, path: string, ask?: Ask): Promise<Answer>;
}

async function answered(response: Response): Promise<Answer> {
	const text = await response.text();
	const json = response.headers.get("content-type")?.startsWith("application/json");
	return { status: response.status, body: json && text !== "" ? JSON.parse(text) : text, headers: response.headers };
}

/** A running tenant, with tokens for both credentials as soon as they are needed. */
export async function tried(options: Partial<EntraOptions> = {}): Promise<Tried> {
	const tenant = await emulation.start({ users: 40, seed: 1, now: builtAt, ...options });
	const { url, auth, act } = tenant.system;
	const tokens = new Map<unknown, Promise<string>>();

	async function form(block: Record<string, unknown>, fields: Record<string, string | null>, name: unknown): Promise<Answer> {
		const usual = { grant_type: "client_credentials", client_id: String(block.clientId), client_secret: String(block.clientSecret), scope: `${url}/.default` };
		const body = new URLSearchParams();
		for (const [key, value] of Object.entries({ ...usual, ...fields })) if (value !== null) body.set(key, value);
		return answered(await fetch(`${url}/${String(name)}/oauth2/v2.0/token`, { method: "POST", body }));
	}
	function tokenOf(block: Record<string, unknown>): Promise<string> {
		const made = tokens.get(block) ?? form(block, {}, block.tenantId).then(({ body }) => String(body.access_token));
		tokens.set(block, made);
		return made;
	}
	async function ask(token: string | null, path: string, { method = "GET", body, headers = {} }: Ask = {}): Promise<Answer> {
		const own = { ...(token !== null && { authorization: `Bearer ${token}` }), ...(body !== undefined && { "content-type": "application/json" }), ...headers };
		const sent = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
		return answered(await fetch(path.startsWith("http") ? path : `${url}${path}`, { method, headers: own, ...sent }));
	}
	const read: Tried["read"] = async (path, one) => ask(await tokenOf(auth), path, one);
	return {
		...tenant,
		read,
		ask,
		act: async (method, path, body) => ask(await tokenOf(act), path, { method, body }),
		login: (fields = {}, name = String(auth.tenantId)) => form(auth, fields, name),
		async all(path, one) {
			const items: Answer["body"][] = [];
			for (let next: string | undefined = path; next !== undefined; ) {
				const { body } = await read(next, one);
				items.push(...body.value);
				next = body["@odata.nextLink"];
			}
			return items;
		},
	};
}

/** What an error answer says. */
export function told({ status, body }: Answer): [number, string] {
	return [status, body.error?.code ?? body.error];
}

export const eventual = { headers: { consistencylevel: "eventual" } };
