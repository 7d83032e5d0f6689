import type { AccountRecord } from "../../src/model/account.js";
import type { Millis } from "../../src/model/known.js";
import type { CoverageReason } from "../../src/model/snapshot.js";
import { known } from "../../src/provider/decode.js";
import type { ReadContext, Reader, ReadPage } from "../../src/provider/provider.js";
import type { GoogleConnection } from "./connection.js";
import { lists } from "./lists.js";
import { missingAccounts } from "./missing-accounts.js";
import { decodePage, list } from "./read.js";
import { decodeUser, listFields } from "./schema-account.js";
import { readScope } from "./scopes.js";
import { type SsoView, ssoView } from "./sso.js";

const scope = readScope.users;

/**
 * Every user, and those deleted within the last 20 days, who are in a list of their own. Where each signs in is told by the SSO profiles;
 * where these can't be read it stays unknown, and the accounts are whole all the same.
 */
export const accounts: Reader<GoogleConnection> = {
	collection: "accounts",
	after: [],
	scopes: [scope],
	async *read(connection, context) {
		const seen = new Set<string>();
		const me = connection.http.signer.subject.toLowerCase();
		const state: State = { seen, sso: null, meSeen: false, me, before: await lastActivities(context) };
		const live = yield* chain(connection, context, false, state);
		const deleted = yield* chain(connection, context, true, state);
		const reasons: CoverageReason[] = [...live.reasons, ...deleted.reasons];
		if (live.closed && !state.meSeen) reasons.push(notThere(seen.size, me));
		const doubt = reasons.length > 0;
		if (live.closed && deleted.closed && !doubt) reasons.push(...(await missingAccounts(connection, context, seen)));
		const closed = live.closed && deleted.closed && reasons.length === 0;
		const { unread } = state.sso ?? { unread: null };
		if (unread) reasons.push({ ...unread, detail: `where accounts sign in is not known: ${unread.detail}` });
		yield { records: [], request: null, end: { closed, reasons, eligible: null } };
	},
};

interface State {
	seen: Set<string>;
	sso: SsoView | null;
	/** Address of the administrator that is acted as: whoever asks is in the list. */
	me: string;
	meSeen: boolean;
	/** Last sign-ins that the last scan knew. */
	before: ReadonlyMap<string, Millis>;
}

async function lastActivities(context: ReadContext): Promise<Map<string, Millis>> {
	const known = new Map<string, Millis>();
	for await (const { id, body } of context.previous("accounts")) {
		const { lastActivity } = body as AccountRecord;
		if (typeof lastActivity === "number") known.set(id, lastActivity);
	}
	return known;
}

/** Nobody has signed in less than before: of some accounts Google says never in one answer, and a time in the next (GAM-team/GAM#444). */
function newest({ id, lastActivity }: AccountRecord, before: ReadonlyMap<string, Millis>): AccountRecord["lastActivity"] {
	const then = before.get(id);
	return lastActivity === undefined || then === undefined ? lastActivity : Math.max(lastActivity ?? then, then);
}

async function* chain(
	connection: GoogleConnection,
	context: ReadContext,
	deleted: boolean,
	state: State,
): AsyncGenerator<ReadPage, { closed: boolean; reasons: CoverageReason[] }> {
	const query = {
		customer: connection.customer,
		maxResults: 500,
		orderBy: "email",
		projection: "full",
		fields: listFields,
		...(deleted && { showDeleted: "true" }),
	};
	let end = { closed: false, reasons: [] as CoverageReason[] };
	for await (const page of list(
		connection,
		{ method: "GET", path: "/admin/directory/v1/users", query },
		{ shape: lists.users, scope, signal: context.signal },
	)) {
		const decoded = decodePage(
			page,
			(item) => decodeUser(item, deleted),
			(user) => user.id,
		);
		if (decoded.records.length > 0 && !deleted) state.sso ??= await ssoView(connection, context);
		for (const record of decoded.records) {
			const user = record.body as AccountRecord;
			// In both lists: deleted while they were read.
			state.seen.add(user.id);
			if (user.login?.toLowerCase() === state.me || user.aliases?.some((alias) => alias.toLowerCase() === state.me)) state.meSeen = true;
			const provider = state.sso?.providerOf({ id: user.id, orgUnitPath: user.profile?.orgUnitPath, isAdmin: user.profile?.isAdmin });
			record.body = known({ ...user, lastActivity: newest(user, state.before), credentialProvider: provider });
		}
		yield { ...decoded, request: page.request };
		if (page.end) end = { closed: page.end.closed, reasons: page.end.reasons };
		context.progress(state.seen.size, null);
	}
	return end;
}

function notThere(count: number, me: string): CoverageReason {
	const what = count === 0 ? "the list of users is empty, which no tenant's is" : `the list of ${count} users lacks ${me}, who asks`;
	return { cause: "floor", detail: `${what}: the administrator's role of this credential does not see every user` };
}
