import type { AccountRecord } from "../../src/model/account.js";
import type { RequestRef } from "../../src/model/snapshot.js";
import { ActionError } from "../../src/provider/action-error.js";
import { at, word } from "../../src/provider/decode.js";
import type { HttpRequest } from "../../src/provider/http.js";
import type { SspmConnection } from "./connection.js";
import { numberedPages } from "./paging.js";
import { instances } from "./places.js";
import { countedList, type Losses, losses, one } from "./read.js";
import { decodeAccount } from "./schema-account.js";

/** An account as the vendor has it now. */
export interface Holder {
	account: AccountRecord;
	/** Identity providers that have seen its person sign in, and who that is there. */
	places: { idp: string; user: string }[];
	request: RequestRef;
}

/**
 * Finds an account by its id in the instances' lists, for there is no call for a single one; null where there is none.
 * @throws HttpError, and ActionError where the lists are not whole
 */
export async function holderOf(connection: SspmConnection, id: string): Promise<Holder | null> {
	const { signal } = connection.config;
	const lost = losses();
	const all = await instances(connection, lost, signal);
	// The filter's grammar is that of the SSPM calls; where a server takes it for something else, the lists themselves are read.
	for (const filter of [`id:${id}`, undefined])
		for (const instance of all?.found ?? []) {
			const request: HttpRequest = {
				method: "GET",
				path: "/sspm/identity/v1/saas_instances/{saasInstanceId}/saas_accounts",
				params: { saasInstanceId: instance.id },
				...(filter !== undefined && { query: { filter } }),
			};
			const found = await rowOf(connection, request, filter === undefined ? lost : losses(), (row) => at(row, "id") === id);
			if (!found) continue;
			const account = decodeAccount(found.row, instance.id);
			if ("bad" in account) throw new ActionError(account.bad);
			return { account: account.ok, request: found.request, places: await placesOf(connection, account.ok) };
		}
	assertWhole(lost, "the account was not met");
	return null;
}

async function placesOf(connection: SspmConnection, { email }: AccountRecord): Promise<Holder["places"]> {
	if (!email) return [];
	const { signal } = connection.config;
	const lost = losses();
	const list = await countedList(connection, { method: "GET", path: "/sspm/identity/v1/idps" }, lost, signal);
	const places: Holder["places"] = [];
	for (const item of list?.items ?? []) {
		const idp = word(at(item, "idpId"));
		if (idp === undefined) throw new ActionError("an identity provider has no id: it can't be said where the person signs in");
		const params = { idpId: idp };
		const state = await one(connection, { method: "GET", path: "/sspm/identity/v1/idps/{idpId}/feature_state", params, query: { feature: "LOGOUT" } }, signal);
		// A provider without that feature answers 400 or 404.
		if ("error" in state && ![400, 404].includes(state.error.status)) throw state.error;
		if ("error" in state) continue;
		const user = await userAt(connection, params, email, lost);
		if (user !== undefined) places.push({ idp, user });
	}
	assertWhole(lost, "it can't be said at which identity providers the person signs in");
	return places;
}

/**
 * The person's id at an identity provider, by the mail address in its sign-ins.
 * @throws ActionError where several ids signed in with it: an address may have been given on, and nobody is logged out for somebody else
 */
async function userAt(connection: SspmConnection, params: { idpId: string }, email: string, lost: Losses): Promise<string | undefined> {
	const request: HttpRequest = { method: "GET", path: "/sspm/identity/v1/idps/{idpId}/mfa_activity", params };
	const users = new Set<string>();
	const collect = (row: unknown): boolean => {
		const user = word(at(row, "userId"));
		if (user !== undefined && word(at(row, "email"))?.toLowerCase() === email.toLowerCase()) users.add(user);
		return false;
	};
	// A value with one of the grammar's own characters can't be written in it.
	const filtered = losses();
	if (!/[,|:]/.test(email)) await rowOf(connection, { ...request, query: { filter: `email:${email}` } }, filtered, collect);
	if (users.size === 0 || !filtered.end().closed) await rowOf(connection, request, lost, collect, true);
	if (users.size > 1)
		throw new ActionError(
			`${email} is the address of several users at identity provider ${params.idpId} (${[...users].join(", ")}): it can't be said whose sessions are meant`,
		);
	return [...users][0];
}

/** The first row that fits, and null where none does; rows of others are passed over, whatever the server made of a filter. */
async function rowOf(
	connection: SspmConnection,
	request: HttpRequest,
	lost: Losses,
	fits: (row: unknown) => boolean,
	grows = false,
): Promise<{ row: unknown; request: RequestRef } | null> {
	for await (const page of numberedPages(connection, request, { signal: connection.config.signal, grows })) {
		const row = page.items.find(fits);
		if (row !== undefined) return { row, request: page.request };
		if (page.end?.error && page.end.error.status !== 400) throw page.end.error;
		for (const reason of page.end?.reasons ?? []) lost.add(reason);
	}
	return null;
}

function assertWhole(lost: Losses, what: string): void {
	const { closed, reasons } = lost.end();
	if (!closed) throw new ActionError(`${what}, and the lists could not be read whole: ${reasons[0]?.detail}`);
}
