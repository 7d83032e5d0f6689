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
	const detail = `the API lists identities that are not ${askedFor(connection)}, and of ${met.unsaid} it does not say whose they are`;
	return { closed: false, reasons: [{ cause: "error", detail }] };
}

function unique(records: ReadRecord[]): ReadRecord[] {
	return [...new Map(records.map((record) => [record.id, record])).values()];
}

/** What narrows every list to what the stack file asks for. */
export function filtersOf({ tenantId, onlyProvider }: IdentityConnection): Filters {
	return { ...(tenantId !== null && { tenant_id: tenantId }), ...(onlyProvider !== null && { provider: onlyProvider }) };
}

/** What the stack file asks for, in words. */
export function askedFor({ tenantId, onlyProvider }: IdentityConnection): string {
	return [tenantId !== null && `of tenant ${tenantId}`, onlyProvider !== null && `of provider ${onlyProvider}`].filter(Boolean).join(" and ");
}

/** Whose an account is; a server that does not know a filter gives everybody. Without a tenant or provider in the stack file, all are ours. */
export function tenancy({ tenantId, onlyProvider }: IdentityConnection, { profile }: AccountRecord): "ours" | "foreign" | "unsaid" {
	const asked = [
		[tenantId, profile?.tenantId],
		[onlyProvider, profile?.provider],
	].filter(([wanted]) => wanted !== null);
	if (asked.some(([wanted, told]) => typeof told === "string" && told !== wanted)) return "foreign";
	return asked.every(([wanted, told]) => told === wanted) ? "ours" : "unsaid";
}

function nobody(connection: IdentityConnection): ReadEnd {
	const { tenantId, onlyProvider, config } = connection;
	const whose = tenantId === null && onlyProvider === null ? "for this token" : askedFor(connection);
	const options = [tenantId !== null && "tenantId", onlyProvider !== null && "provider"].filter((name) => name !== false);
	const also = options.map((name) => ` and systems.${config.system}.options.${name}`).join("");
	return { closed: false, reasons: [{ cause: "floor", detail: `the API lists no identity ${whose}: check the token's tenant${also}` }] };
}
