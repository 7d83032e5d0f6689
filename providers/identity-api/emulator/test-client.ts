import type { startIdentityApi } from "../emulator.js";
import type { WireIdentity } from "../wire.js";

export const at = Date.parse("2026-11-25T12:00:00Z");

export type Started = Awaited<ReturnType<typeof startIdentityApi>>;

export interface Got {
	status: number;
	headers: Headers;
	body: {
		data?: WireIdentity[];
		pagination?: { next_cursor: string | null; has_more: boolean; total: number };
		error?: { code: string; message: string; request_id: string };
	};
}

/** One request with the reading or the acting token. */
export async function send(server: Started, path: string, init: RequestInit & { as?: "auth" | "act"; token?: string } = {}): Promise<Got> {
	const { as = "auth", token = String(server.system[as].token), ...rest } = init;
	const headers = { authorization: `Bearer ${token}`, ...(rest.body !== undefined && { "content-type": "application/json" }) };
	const response = await fetch(`${server.system.url}${path}`, { ...rest, headers });
	return { status: response.status, headers: response.headers, body: (await response.json()) as Got["body"] };
}

export function post(server: Started, path: string, body: unknown, as: "auth" | "act" = "act"): Promise<Got> {
	return send(server, path, { method: "POST", body: JSON.stringify(body), as });
}

/** Every identity that fits, over all pages. */
export async function everything(server: Started, query = ""): Promise<WireIdentity[]> {
	const found: WireIdentity[] = [];
	for (let cursor: string | null | undefined = ""; cursor !== null && cursor !== undefined; ) {
		const { body }: Got = await send(server, `/v1/identity?page[limit]=7${query}${cursor && `&page[cursor]=${cursor}`}`);
		found.push(...(body.data ?? []));
		cursor = body.pagination?.next_cursor;
	}
	return found;
}
