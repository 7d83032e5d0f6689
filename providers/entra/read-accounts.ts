import type { AccountRecord } from "../../src/model/account.js";
import type { CoverageReason } from "../../src/model/snapshot.js";
import type { ReadContext, Reader, ReadPage } from "../../src/provider/provider.js";
import type { EntraConnection } from "./connection.js";
import { decodeAll, list } from "./read.js";
import { changesSince, deltaStart } from "./read-accounts-changed.js";
import { signIns } from "./read-activity.js";
import { domainList, domainsOf } from "./read-domains.js";
import { tally } from "./read-tally.js";
import { type Beside, decode, userQuery } from "./read-user.js";
import { decodeUser, userProperties } from "./schema-account.js";

const cursor = "entra.users";

/**
 * Every user, and those deleted within 30 days. Sign-in activity comes in a pass of its own and is read anew by every scan:
 * the vendor's changes do not name it. Of the rest, a second scan reads what the vendor says has changed.
 */
export const accounts: Reader<EntraConnection> = {
	collection: "accounts",
	after: [],
	scopes: ["User.Read.All"],
	async *read(connection, context) {
		const beside: Beside = { domains: domainsOf(await domainList(connection, context)), signs: await signIns(connection, context) };
		const domains = JSON.stringify(beside.domains);
		const kept = context.full || context.budget.recheck ? null : parsed(await context.cursor(cursor));
		const usable = kept !== null && kept.domains === domains && (await context.previousCount("accounts")) > 0;
		const changes = usable ? await changesSince(connection, context, kept.link) : null;
		const failures = tally();
		if (changes && kept) {
			yield* changes.pages(beside, failures);
			yield* deleted(connection, context, failures, changes.named);
			if (failures.failed() === 0) await context.setCursor(cursor, JSON.stringify({ link: changes.link, domains }));
			else await context.setCursor(cursor, JSON.stringify(kept));
			return yield { records: [], request: null, end: { closed: failures.failed() === 0, reasons: failures.reasons(), incremental: true } };
		}
		// Asked for before the list: what changes while it is read is read again next time.
		const link = await deltaStart(connection, context);
		let count = 0;
		let odd = false;
		for await (const page of list(connection, { method: "GET", path: "/v1.0/users", query: { ...userQuery, $top: 999 } }, context.signal)) {
			const decoded = decodeAll(
				page.items,
				(item) => decode(item, beside),
				(user: AccountRecord) => user.id,
			);
			count += decoded.records.length;
			odd ||= decoded.quarantined !== undefined;
			yield { ...decoded, request: page.request };
			context.progress(count, null);
			failures.end(page.end ?? { closed: true, reasons: [] });
		}
		if (failures.failed() === 0 && count === 0) failures.fail(nobody);
		yield* deleted(connection, context, failures);
		if (failures.failed() === 0 && !odd && link !== null) await context.setCursor(cursor, JSON.stringify({ link, domains }));
		yield { records: [], request: null, end: { closed: failures.failed() === 0, reasons: failures.reasons() } };
	},
};

const nobody: CoverageReason = {
	cause: "floor",
	detail: "the vendor answered an empty list of users, which no tenant has: this credential sees none",
};

/** Deleted users can be restored for 30 days, with everything they had. https://learn.microsoft.com/graph/api/directory-deleteditems-list */
async function* deleted(
	connection: EntraConnection,
	context: ReadContext,
	failures: ReturnType<typeof tally>,
	named?: ReadonlyMap<string, boolean>,
): AsyncGenerator<ReadPage> {
	const gone = new Set<string>();
	for await (const { id, body } of context.previous("accounts")) if ((body as AccountRecord).status === "deleted") gone.add(id);
	const path = "/v1.0/directory/deletedItems/microsoft.graph.user";
	const $select = [...userProperties.filter((name) => name !== "passwordProfile"), "deletedDateTime"].join(",");
	for await (const page of list(connection, { method: "GET", path, query: { $select, $top: 999 } }, context.signal)) {
		const decoded = decodeAll(
			page.items,
			(item) => decodeUser(item, null, undefined, true),
			(user: AccountRecord) => user.id,
		);
		for (const { id } of decoded.records) gone.delete(id);
		// Whoever was deleted before and is not there any more was restored, and named by the changes, or is gone for good.
		const over = page.end?.closed && named ? [...gone].filter((id) => !named.has(id)) : [];
		yield { ...decoded, request: page.request, ...(over.length > 0 && { gone: over }) };
		failures.end(page.end ?? { closed: true, reasons: [] });
	}
}

function parsed(text: string | null): { link: string; domains: string } | null {
	return text === null ? null : (JSON.parse(text) as { link: string; domains: string });
}
