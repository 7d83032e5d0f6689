import { type EmulatedSspm, startPanwSspm } from "../emulator.js";

export const at = Date.parse("2026-11-25T12:00:00Z");
export type Started = EmulatedSspm;
export const acme = (choices?: Parameters<typeof startPanwSspm>[0]["choices"]) =>
	startPanwSspm({ users: 10, seed: 1, acme: true, now: at, ...(choices && { choices }) });

export type Row = Record<string, unknown>;
export interface Got {
	status: number;
	headers: Headers;
	/** Whatever came: an object, or an array as one. */
	body: Row & { items: Row[]; total: number };
	rows: Row[];
}

async function answer(response: Response): Promise<Got> {
	const text = await response.text();
	const body: unknown = text === "" ? {} : JSON.parse(text);
	return { status: response.status, headers: response.headers, body: body as Got["body"], rows: Array.isArray(body) ? body : [] };
}

/** Asks for a token; `over` changes the form. */
export async function token(server: Started, as: "auth" | "act" = "auth", over: Record<string, string> = {}, path = "/oauth2/access_token"): Promise<Got> {
	const { clientId, clientSecret, tsgId } = server.system[as];
	const form = new URLSearchParams({ grant_type: "client_credentials", scope: `tsg_id:${tsgId}`, ...over });
	const basic = Buffer.from(`${clientId}:${clientSecret}`).toString("base64");
	const headers = new Headers(over.client_id === undefined ? { authorization: `Basic ${basic}` } : undefined);
	return answer(await fetch(`${server.system.url}${path}`, { method: "POST", headers, body: form }));
}

export type Send = (path: string, init?: { method?: string; body?: unknown; headers?: Record<string, string> }) => Promise<Got>;

/** A client with a token of its own. */
export async function client(server: Started, as: "auth" | "act" = "auth"): Promise<Send> {
	const bearer = String((await token(server, as)).body.access_token);
	return async (path, { method = "GET", body, headers } = {}) => {
		const sent = { authorization: `Bearer ${bearer}`, ...(body !== undefined && { "content-type": "application/json" }), ...headers };
		return answer(await fetch(`${server.system.url}${path}`, { method, headers: sent, ...(body !== undefined && { body: JSON.stringify(body) }) }));
	};
}

/** The instance or application of a type. */
export async function idOf(send: Send, type: string, what: "instance" | "app" = "instance"): Promise<string> {
	const { body } = await send(what === "app" ? "/sspm/api/v1/apps" : "/sspm/identity/v1/saas_instances");
	const found = body.items.find((one) => (what === "app" ? one.type : one.appType) === type);
	return String(what === "app" ? found?.app_id : found?.saasInstanceId);
}

export async function idpOf(send: Send): Promise<string> {
	return String((await send("/sspm/identity/v1/idps")).body.items[0]?.idpId);
}
