import type { ReadContext } from "../../src/provider/provider.js";
import type { EntraConnection } from "./connection.js";
import type { ChainEnd } from "./paging.js";
import { whole } from "./read.js";
import { flag, object, text, word } from "./schema.js";
import type { Domains } from "./schema-account.js";

/** The tenant's domains as they came, and how the list ended; fetched once a scan. */
export function domainList(connection: EntraConnection, context: ReadContext): ReturnType<typeof whole> {
	return connection.shared(context.scanStarted, "domains", () => whole(connection, { method: "GET", path: "/v1.0/domains" }, context.signal));
}

/** Domains by name; null where they could not all be read: then it can't be said where anybody signs in. */
export function domainsOf({ items, end }: { items: unknown[]; end: ChainEnd }): Domains | null {
	if (!end.closed || items.length === 0) return null;
	const domains: Domains = {};
	for (const item of items) {
		const name = word(object(item)?.id)?.toLowerCase();
		if (name === undefined || name === "__proto__") return null;
		domains[name] = { authentication: text(object(item)?.authenticationType) ?? null, verified: flag(object(item)?.isVerified) === true };
	}
	return domains;
}
