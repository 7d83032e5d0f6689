import type { Millis } from "../../src/model/known.js";
import type { ActivityBody } from "../../src/model/snapshot.js";
import { at, date, word } from "../../src/provider/decode.js";
import type { Reader } from "../../src/provider/provider.js";
import type { SspmConnection } from "./connection.js";
import { readRole } from "./dialect.js";
import { numberedPages } from "./paging.js";
import { countedList, losses } from "./read.js";
import { accountsByMail, dependence, mailKey } from "./read-derived.js";

/**
 * Sign-ins that the identity providers report, for the account of the same address in the app that was signed in to.
 * It is activity and no list of second factors: who has not signed in is not there.
 */
export const activity: Reader<SspmConnection> = {
	collection: "activity",
	after: ["accounts"],
	scopes: [readRole, "IDENTITY"],
	async *read(connection, context) {
		const lost = losses();
		const owners = await accountsByMail(context);
		const list = await countedList(connection, { method: "GET", path: "/sspm/identity/v1/idps" }, lost, context.signal);
		const newest = new Map<string, Millis>();
		for (const item of list?.items ?? []) {
			const idpId = word(at(item, "idpId"));
			if (idpId === undefined) {
				lost.add({ cause: "error", detail: `${list?.request.call}: an identity provider has no idpId` });
				continue;
			}
			const path = "/sspm/identity/v1/idps/{idpId}/mfa_activity";
			for await (const page of numberedPages(connection, { method: "GET", path, params: { idpId } }, { grows: true, signal: context.signal })) {
				const records = new Map<string, ActivityBody>();
				for (const row of page.items) {
					const [appId, email, when] = [word(at(row, "appId")), word(at(row, "email")), date(at(row, "timestamp"))];
					if (appId === undefined || email === undefined || typeof when !== "number") continue;
					const account = owners.get(mailKey(appId, email));
					if (!account || (newest.get(account) ?? 0) >= when) continue;
					newest.set(account, when);
					records.set(account, { at: when, signal: "mfa_activity" });
				}
				for (const reason of page.end?.reasons ?? []) lost.add(reason);
				yield { records: [...records].map(([id, body]) => ({ id, body })), request: page.request };
			}
		}
		for (const reason of dependence(context)) lost.add(reason);
		yield { records: [], request: null, end: lost.end() };
	},
};
