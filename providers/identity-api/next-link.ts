import type { IdentityConnection } from "./connection.js";

function listUrl({ config }: IdentityConnection): URL {
	return new URL(`${config.url.replace(/\/+$/, "")}/v1/identity`);
}

/** A next link may be relative to the list's own address. */
export function absolute(connection: IdentityConnection, url: string): string {
	const list = listUrl(connection);
	return URL.canParse(url, list) ? new URL(url, list).href : url;
}

/** To another path of the same server; another server is the client's to refuse. */
export function leadsAway(connection: IdentityConnection, url: string): boolean {
	const list = listUrl(connection);
	if (!URL.canParse(url)) return false;
	const to = new URL(url);
	return to.origin === list.origin && to.pathname.replace(/\/+$/, "") !== list.pathname;
}
