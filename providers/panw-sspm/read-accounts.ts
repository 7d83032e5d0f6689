import type { AccountRecord } from "../../src/model/account.js";
import type { ReadContext, Reader } from "../../src/provider/provider.js";
import type { SspmConnection } from "./connection.js";
import { readRole } from "./dialect.js";
import { numberedPages } from "./paging.js";
import { instances } from "./places.js";
import { decodeAll, losses } from "./read.js";
import { decodeAccount } from "./schema-account.js";

/** The accounts of every SaaS instance. The API tells of no changes: each scan reads all. */
export const accounts: Reader<SspmConnection> = {
	collection: "accounts",
	after: [],
	scopes: [readRole, "IDENTITY"],
	async *read(connection, context) {
		const lost = losses();
		const places = await instances(connection, lost, context.signal);
		if (places) yield { records: [], request: places.request, ...(places.bad.length > 0 && { quarantined: places.bad }) };
		const before = await countsBefore(context);
		let found = 0;
		for (const [done, { id: instance, name }] of (places?.found ?? []).entries()) {
			const path = "/sspm/identity/v1/saas_instances/{saasInstanceId}/saas_accounts";
			let own = 0;
			for await (const page of numberedPages(connection, { method: "GET", path, params: { saasInstanceId: instance } }, { signal: context.signal })) {
				const decoded = decodeAll(
					page.items,
					(item) => decodeAccount(item, instance),
					({ id }) => id,
				);
				own += page.items.length;
				for (const reason of page.end?.reasons ?? []) lost.add(reason);
				yield { ...decoded, request: page.request };
			}
			const had = before.get(instance) ?? 0;
			if (own === 0 && had > 0) lost.add({ cause: "floor", detail: `no account of ${name ?? instance}, of which ${had} were read the last time` });
			found += own;
			context.progress(done + 1, places?.found.length ?? null);
		}
		if (places && found === 0) lost.add({ cause: "floor", detail: "the vendor lists no account in any SaaS instance: check tsgId" });
		yield { records: [], request: null, end: lost.end() };
	},
};

/** Accounts of each instance that the last scan had. */
async function countsBefore(context: ReadContext): Promise<Map<string, number>> {
	const counts = new Map<string, number>();
	for await (const { body } of context.previous("accounts")) {
		const instance = (body as AccountRecord).profile?.instance;
		if (typeof instance === "string") counts.set(instance, (counts.get(instance) ?? 0) + 1);
	}
	return counts;
}
