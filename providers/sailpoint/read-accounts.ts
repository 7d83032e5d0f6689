import type { AccountRecord } from "../../src/model/account.js";
import type { CoverageReason } from "../../src/model/snapshot.js";
import type { ReadContext, Reader, ReadPage } from "../../src/provider/provider.js";
import { identities } from "./address.js";
import { authUserOf, first } from "./auth-users.js";
import type { SailPointConnection } from "./connection.js";
import { concurrently } from "./pool.js";
import { records } from "./read.js";
import { decodeIdentity } from "./schema-account.js";
import { sourceAccountsOf } from "./source-accounts.js";

/**
 * Every identity: `defaultFilter=NONE`, without which the vendor leaves out the uncorrelated ones.
 * What an identity's source accounts are stands in `links`; when it signed in last, in its sign-in record.
 */
export const accounts: Reader<SailPointConnection> = {
	collection: "accounts",
	after: [],
	scopes: ["idn:identity:read"],
	async *read(connection, context) {
		const held = await sourceAccountsOf(connection, context);
		for await (const _ of concurrently(await first(context), 10, (id) => authUserOf(connection, context, id)));
		const seen = new Set<string>();
		const request = { path: identities(connection), query: { defaultFilter: "NONE", sorters: "alias" } };
		const chain = records(
			connection,
			context,
			request,
			(item) => decodeIdentity(item, held.links),
			(one: AccountRecord) => one.id,
		);
		for (;;) {
			const step = await chain.next();
			if (step.done) {
				const { closed, reasons } = step.value;
				const missing = closed ? await ownMissing(connection, seen) : null;
				const all = [...reasons, ...(missing ? [missing] : [])];
				yield { records: [], request: null, end: { closed: closed && missing === null, reasons: all, eligible: null } };
				return;
			}
			for (const { id } of step.value.records) seen.add(id);
			yield await withSignIns(connection, context, step.value);
			context.progress(seen.size, null);
		}
	},
};

async function withSignIns(connection: SailPointConnection, context: ReadContext, page: ReadPage): Promise<ReadPage> {
	const add = async ({ id, body }: ReadPage["records"][number]): Promise<void> => {
		const answer = await authUserOf(connection, context, id);
		if (!("user" in answer)) return;
		const record = body as AccountRecord;
		const { lastLogin, passwordChanged } = answer.user;
		if (lastLogin !== undefined) Object.assign(record, { lastActivity: lastLogin, activitySignal: "lastLoginTimestamp" });
		if (passwordChanged !== undefined) record.passwordChanged = passwordChanged;
	};
	for await (const _ of concurrently(page.records, 10, add));
	return page;
}

/** A personal access token is an identity's: a list without that identity is not everybody. */
async function ownMissing(connection: SailPointConnection, seen: Set<string>): Promise<CoverageReason | null> {
	const [own] = (await connection.self()).accounts;
	if (own === undefined ? seen.size > 0 : seen.has(own)) return null;
	return { cause: "floor", detail: "the list of identities lacks the one that this credential belongs to: it does not show all of them" };
}
