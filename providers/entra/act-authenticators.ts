import type { RequestRef } from "../../src/model/snapshot.js";
import { ActionError, type EntraAction, needed } from "./act-guard.js";
import { absent, accountFacts, liveAccount, outranked } from "./act-live.js";
import { type Look, readBack, sendOnce } from "./act-read-back.js";
import type { EntraConnection } from "./connection.js";
import { methodOf } from "./methods.js";
import { isGone, whole } from "./read.js";
import { at, lookUp, word } from "./schema.js";

/** Collections of methods with a call that deletes; the base collection has none (microsoftgraph/msgraph-sdk-powershell#937). */
const deletable = new Set([
	"emailMethods",
	"fido2Methods",
	"microsoftAuthenticatorMethods",
	"phoneMethods",
	"platformCredentialMethods",
	"softwareOathMethods",
	"temporaryAccessPassMethods",
	"windowsHelloForBusinessMethods",
]);

interface Place {
	list: string;
	id: string;
}

/** The three phones of an account have fixed ids. https://learn.microsoft.com/graph/api/resources/phoneauthenticationmethod */
const phones: Record<string, string> = {
	mobilePhone: "3179e48a-750b-4051-897c-87b9720928f7",
	alternateMobilePhone: "b6332ec1-7057-4abe-9331-3d72feddfe41",
	officePhone: "e37fc753-ff3b-4958-9484-eaa9425c82bc",
};

/** What is meant by the reader's id. The report names kinds only: then it is the account's one method of that kind. */
async function resolve(connection: EntraConnection, userId: string, authenticator: string): Promise<Place | { refused: string } | { gone: RequestRef }> {
	const slash = authenticator.indexOf("/");
	const [list, id] = [authenticator.slice(0, slash), authenticator.slice(slash + 1)];
	if (list !== "report") return deletable.has(list) && id !== "" ? { list, id } : { refused: nobodys };
	const path = methodOf(id)?.path ?? null;
	if (path === null) return { refused: nobodys };
	const phone = lookUp(phones, id);
	if (phone !== undefined) return { list: path, id: phone };
	const found = await methodsIn(connection, userId, path);
	const ids = found.items.map((item) => word(at(item, "id")));
	if (ids.length === 0) return { gone: found.request };
	return ids.length > 1 || ids[0] === undefined
		? { refused: `the account has ${ids.length} methods of this kind: it can't be said which is meant` }
		: { list: path, id: ids[0] };
}

async function methodsIn(connection: EntraConnection, userId: string, list: string) {
	const request = { method: "GET" as const, path: `/v1.0/users/{userId}/authentication/${list}`, params: { userId } };
	const found = await whole(connection, request, connection.config.signal);
	if (found.end.error && !isGone(found.end.error)) throw found.end.error;
	if (!found.end.closed && !found.end.error) throw new ActionError("the account's methods could not be read to the end");
	return found;
}

const look =
	(connection: EntraConnection, userId: string, { list, id }: Place) =>
	async (): Promise<Look> => {
		const found = await methodsIn(connection, userId, list);
		const there = found.items.some((item) => word(at(item, "id")) === id);
		return { holds: !there, detail: there ? "the method is still there" : "the method is gone", request: found.request };
	};

/** One enrolled method. https://learn.microsoft.com/graph/api/resources/authenticationmethods-overview */
export const deleteAuthenticator: EntraAction = {
	kind: "delete-authenticator",
	scopes: ["UserAuthenticationMethod.ReadWrite.All", "User.Read.All"],
	reversible: false,
	operatorOnly: true,
	effect:
		"The account loses this one authentication method for good; the user registers it anew. Sessions go on. The default method goes last: Entra refuses it while there are others.",
	async inspect(connection, target) {
		const account = await liveAccount(connection, needed(target, "account"));
		if (!account) return absent();
		const place = await resolve(connection, needed(target, "account"), needed(target, "authenticator"));
		const facts = accountFacts(account);
		if ("refused" in place) return { exists: true, done: false, refused: place.refused, facts, request: account.request };
		if ("gone" in place) return { exists: true, done: true, refused: null, facts, request: place.gone };
		const { holds, request } = await look(connection, needed(target, "account"), place)();
		const refused = holds ? null : await outranked(connection, needed(target, "account"));
		return { exists: true, done: holds, refused, facts: { ...facts, method: `${place.list}/${place.id}` }, request };
	},
	async perform(connection, target, before) {
		const userId = needed(target, "account");
		const place = await resolve(connection, userId, named(before?.facts.method) ?? needed(target, "authenticator"));
		if ("refused" in place) throw new ActionError(place.refused);
		if ("gone" in place) return place.gone;
		const path = `/v1.0/users/{userId}/authentication/${place.list}/{methodId}`;
		return sendOnce(connection, { method: "DELETE", path, params: { userId, methodId: place.id } }, look(connection, userId, place));
	},
	async verify(connection, target, before) {
		const userId = needed(target, "account");
		const authenticator = named(before.facts.method) ?? needed(target, "authenticator");
		return readBack(connection, async () => {
			const place = await resolve(connection, userId, authenticator);
			if ("refused" in place) return { holds: false, detail: place.refused, request: null };
			if ("gone" in place) return { holds: true, detail: "there is no method of this kind any more", request: place.gone };
			return look(connection, userId, place)();
		});
	},
	inverse: () => null,
};

const nobodys = "methods of this kind can't be deleted here";

function named(value: unknown): string | undefined {
	return typeof value === "string" ? value : undefined;
}
