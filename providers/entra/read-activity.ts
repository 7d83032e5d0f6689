import type { AccountRecord } from "../../src/model/account.js";
import type { ActivityBody, CoverageReason, ReadRecord, RequestRef } from "../../src/model/snapshot.js";
import type { ReadContext, Reader } from "../../src/provider/provider.js";
import { signInMark } from "./buckets.js";
import type { EntraConnection } from "./connection.js";
import { list } from "./read.js";
import { identified } from "./schema.js";
import { type Activity, decodeActivity } from "./schema-account.js";

export interface SignIns {
	/** By account; a user that the list names without an activity has never signed in. */
	found: Map<string, Activity>;
	closed: boolean;
	reasons: CoverageReason[];
	quarantined: { id: string | null; why: string }[];
	request: RequestRef | null;
}

/** Sign-in activity of all users, in a pass of its own: the reports service delivers it, in smaller pages and under a limit of its own. */
export function signIns(connection: EntraConnection, context: ReadContext): Promise<SignIns> {
	return connection.shared(context.scanStarted, "signIns", async () => {
		const signs: SignIns = { found: new Map(), closed: false, reasons: [], quarantined: [], request: null };
		const query = { $select: "id,accountEnabled,signInActivity", $top: 500 };
		for await (const page of list(connection, { method: "GET", path: `/v1.0/users${signInMark}`, query }, context.signal)) {
			signs.request = page.request;
			for (const item of page.items) {
				const user = identified(item, "user");
				// Whoever never signed in has no activity at all; that is believed only of an object which is whole besides.
				const activity = "bad" in user || typeof user.raw.accountEnabled !== "boolean" ? undefined : decodeActivity(user.raw.signInActivity);
				if ("bad" in user) signs.quarantined.push({ id: null, why: user.bad });
				else if (activity) signs.found.set(user.id, activity);
				else signs.quarantined.push({ id: user.id, why: "the sign-in activity of a user is not whole" });
			}
			if (page.end) Object.assign(signs, { closed: page.end.closed, reasons: page.end.reasons });
		}
		const anyone = [...signs.found.values()].some(({ at }) => at !== null);
		if (signs.closed && !anyone) {
			signs.closed = false;
			signs.reasons = [{ cause: "floor", detail: "no user is said to have ever signed in, which no tenant is: sign-in activity is not told" }];
			signs.found.clear();
		}
		await keepNewest(signs.found, context);
		return signs;
	});
}

/** Nobody has signed in less than before: an answer that lacks what an earlier one told does not take it back. */
async function keepNewest(found: SignIns["found"], context: ReadContext): Promise<void> {
	for await (const { id, body } of context.previous("accounts")) {
		const { lastActivity: at, activitySignal: signal } = body as AccountRecord;
		const now = found.get(id);
		if (now && typeof at === "number" && signal && (now.at === null || now.at < at)) found.set(id, { at, signal });
	}
}

/** The same as a collection: it says what keeps sign-in activity from being known, where something does. */
export const activity: Reader<EntraConnection> = {
	collection: "activity",
	after: ["accounts"],
	scopes: ["AuditLog.Read.All"],
	async *read(connection, context) {
		const { found, closed, reasons, request, quarantined } = await signIns(connection, context);
		let records: ReadRecord[] = [];
		for (const [id, { at, signal }] of found) {
			if (at === null || signal === null) continue;
			records.push({ id, body: { at, signal } satisfies ActivityBody });
			if (records.length < 2000) continue;
			yield { records, request };
			records = [];
		}
		yield { records, request, ...(quarantined.length > 0 && { quarantined }), end: { closed, reasons } };
	},
};
