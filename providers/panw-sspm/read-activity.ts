import type { ActivityBody } from "../../src/model/snapshot.js";
import { at, date, word } from "../../src/provider/decode.js";
import type { ReadContext, Reader, ReadPage } from "../../src/provider/provider.js";
import type { SspmConnection } from "./connection.js";
import { readRole } from "./dialect.js";
import { numberedPages } from "./paging.js";
import { countedList, type Losses, losses } from "./read.js";
import { accountsByMail, dependence, mailKey } from "./read-derived.js";
import { saasActivity } from "./read-saas-activity.js";
import { type Signs, signsOf } from "./signs.js";

/**
 * The newest sign that each account is used: sign-ins that the identity providers report, for the account of the same address in the app that was signed
 * in to, and what was done in the apps themselves. It is activity and no list of second factors: who has not signed in is not there. Logs are kept for a
 * time and may be read in part: a record only moves forward, and its absence proves nothing.
 */
export const activity: Reader<SspmConnection> = {
	collection: "activity",
	after: ["accounts"],
	scopes: [readRole, "IDENTITY"],
	async *read(connection, context) {
		const lost = losses();
		const signs: Signs = { newest: new Map(), kept: new Set() };
		for await (const { id, body } of context.previous("activity")) signs.newest.set(id, (body as ActivityBody).at);
		const gone = await goneOf(context, signs.newest);
		for (const id of gone) signs.newest.delete(id);
		for (const id of signs.newest.keys()) signs.kept.add(id);
		if (gone.length > 0) yield { records: [], request: null, gone };
		yield* signIns(connection, context, signs, lost);
		yield* saasActivity(connection, context, signs, lost);
		for (const reason of dependence(context)) lost.add(reason);
		yield { records: [], request: null, end: { ...lost.end(), incremental: true } };
	},
};

/** Accounts with a record that there are no more; none where the accounts were not read to the end. */
async function goneOf(context: ReadContext, before: ReadonlyMap<string, unknown>): Promise<string[]> {
	if (before.size === 0 || context.coverage("accounts")?.state !== "complete") return [];
	const left = new Set(before.keys());
	for await (const { id } of context.current("accounts")) left.delete(id);
	return [...left];
}

async function* signIns(connection: SspmConnection, context: ReadContext, signs: Signs, lost: Losses): AsyncGenerator<ReadPage> {
	const owners = await accountsByMail(context);
	const now = connection.config.now();
	const list = await countedList(connection, { method: "GET", path: "/sspm/identity/v1/idps" }, lost, context.signal);
	for (const item of list?.items ?? []) {
		const idpId = word(at(item, "idpId"));
		if (idpId === undefined) {
			lost.add({ cause: "error", detail: `${list?.request.call}: an identity provider has no idpId` });
			continue;
		}
		const path = "/sspm/identity/v1/idps/{idpId}/mfa_activity";
		for await (const page of numberedPages(connection, { method: "GET", path, params: { idpId } }, { grows: true, signal: context.signal })) {
			const met = page.items.flatMap((row) => {
				const [appId, email, time] = [word(at(row, "appId")), word(at(row, "email")), date(at(row, "timestamp"))];
				if (appId === undefined || email === undefined || typeof time !== "number") return [];
				const account = owners.get(mailKey(appId, email));
				// A clock that runs ahead: nobody has signed in after now.
				return account ? [{ account, at: Math.min(time, now), signal: "mfa_activity" }] : [];
			});
			for (const reason of page.end?.reasons ?? []) lost.add(reason);
			yield { ...signsOf(signs, met), request: page.request };
		}
	}
}
