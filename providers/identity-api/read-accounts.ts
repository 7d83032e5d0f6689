import type { AccountRecord } from "../../src/model/account.js";
import type { ReadRecord } from "../../src/model/snapshot.js";
import type { Reader, ReadPage } from "../../src/provider/provider.js";
import type { IdentityConnection } from "./connection.js";
import { readScope } from "./dialect.js";
import { type Filters, pages } from "./paging.js";
import { decodeIdentity } from "./schema-identity.js";

/** Every identity that the token sees, or those of the stack file's tenant. The API has no list of changes: each scan reads all. */
export const accounts: Reader<IdentityConnection> = {
	collection: "accounts",
	after: [],
	scopes: [readScope],
	async *read(connection, context) {
		let found = 0;
		for await (const { items, request, end } of pages(connection, filtersOf(connection), context.signal)) {
			const records: ReadRecord[] = [];
			const quarantined: NonNullable<ReadPage["quarantined"]> = [];
			for (const item of items) {
				const decoded = decodeIdentity(item);
				if ("bad" in decoded) quarantined.push({ id: decoded.id, why: decoded.bad });
				else if (isMine(connection, decoded.ok)) records.push({ id: decoded.ok.id, body: decoded.ok });
			}
			found += records.length + quarantined.length;
			const page: ReadPage = { records, request, ...(quarantined.length > 0 && { quarantined }) };
			if (end) page.end = end.closed && found === 0 ? nobody(connection) : { closed: end.closed, reasons: end.reasons };
			yield page;
			context.progress(found, null);
		}
	},
};

/** What narrows every list to the stack file's tenant. */
export function filtersOf({ tenantId }: IdentityConnection): Filters {
	return tenantId === null ? {} : { tenant_id: tenantId };
}

/** A server that does not know the filter gives every tenant's. */
function isMine({ tenantId }: IdentityConnection, { profile }: AccountRecord): boolean {
	return tenantId === null || profile?.tenantId === undefined || profile.tenantId === tenantId;
}

function nobody({ tenantId, config }: IdentityConnection): NonNullable<ReadPage["end"]> {
	const whose = tenantId === null ? "this token" : `tenant ${tenantId}`;
	const detail = `the API lists no identity for ${whose}: check the token's tenant${tenantId === null ? "" : ` and systems.${config.system}.options.tenantId`}`;
	return { closed: false, reasons: [{ cause: "floor", detail }] };
}
