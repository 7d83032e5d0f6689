import type { AccountRecord } from "../../src/model/account.js";
import type { ReadRecord } from "../../src/model/snapshot.js";
import { known } from "../../src/provider/decode.js";
import type { ReadEnd, Reader, ReadPage } from "../../src/provider/provider.js";
import type { IdentityConnection } from "./connection.js";
import { readScope } from "./dialect.js";
import { type ChainEnd, type Filters, pages } from "./paging.js";
import { decodeIdentity } from "./schema-identity.js";

/** Every identity that the token sees, or those of the stack file's tenant. The API has no list of changes: each scan reads all. */
export const accounts: Reader<IdentityConnection> = {
	collection: "accounts",
	after: [],
	scopes: [readScope],
	async *read(connection, context) {
		const met = { found: 0, foreign: 0, unsaid: 0 };
		const mine = new Set<string>();
		for await (const { items, twice, request, end } of pages(connection, filtersOf(connection), context.signal)) {
			const records: ReadRecord[] = [];
			const quarantined: NonNullable<ReadPage["quarantined"]> = [];
			for (const item of items) {
				const decoded = decodeIdentity(item, request.at + (connection.client.clockSkew() ?? 0));
				if ("bad" in decoded) {
					quarantined.push({ id: decoded.id, why: decoded.bad });
					continue;
				}
				const { ok: account } = decoded;
				const whose = tenancy(connection, account);
				if (whose === "foreign") met.foreign++;
				else {
					if (whose === "unsaid") met.unsaid++;
					mine.add(account.id);
					if (!twice.includes(account.id)) records.push({ id: account.id, body: account });
				}
			}
			for (const id of twice.filter((one) => mine.has(one))) {
				records.push({ id, body: known<AccountRecord>({ id, login: undefined, status: undefined, enabled: undefined }) });
				quarantined.push({ id, why: "the list holds it twice and says two things of it" });
			}
			met.found += records.length + quarantined.length;
			const page: ReadPage = { records: unique(records), request, ...(quarantined.length > 0 && { quarantined }) };
			if (end) page.end = endOf(connection, end, met);
			yield page;
			context.progress(mine.size, null);
		}
	},
};

function endOf(connection: IdentityConnection, { closed, reasons }: ChainEnd, met: { found: number; foreign: number; unsaid: number }): ReadEnd {
	if (!closed) return { closed, reasons };
	if (met.found === 0) return nobody(connection);
	if (met.foreign === 0 || met.unsaid === 0) return { closed, reasons };
	const detail = `the API lists other tenants' identities than ${connection.tenantId}'s, and of ${met.unsaid} it does not say whose they are`;
	return { closed: false, reasons: [{ cause: "error", detail }] };
}

function unique(records: ReadRecord[]): ReadRecord[] {
	return [...new Map(records.map((record) => [record.id, record])).values()];
}

/** What narrows every list to the stack file's tenant. */
export function filtersOf({ tenantId }: IdentityConnection): Filters {
	return tenantId === null ? {} : { tenant_id: tenantId };
}

/** Whose an account is; a server that does not know the filter gives every tenant's. Without a tenant in the stack file, all are ours. */
export function tenancy({ tenantId }: IdentityConnection, { profile }: AccountRecord): "ours" | "foreign" | "unsaid" {
	const told = profile?.tenantId;
	if (tenantId === null || told === tenantId) return "ours";
	return typeof told === "string" ? "foreign" : "unsaid";
}

function nobody({ tenantId, config }: IdentityConnection): ReadEnd {
	const whose = tenantId === null ? "this token" : `tenant ${tenantId}`;
	const detail = `the API lists no identity for ${whose}: check the token's tenant${tenantId === null ? "" : ` and systems.${config.system}.options.tenantId`}`;
	return { closed: false, reasons: [{ cause: "floor", detail }] };
}
