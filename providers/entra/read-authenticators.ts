import type { AccountRecord, Authenticator } from "../../src/model/account.js";
import type { KnownList } from "../../src/model/known.js";
import type { RoleAssignmentRecord, SettingRecord } from "../../src/model/objects.js";
import type { ReadRecord, RequestRef } from "../../src/model/snapshot.js";
import type { ReadContext, Reader, ReadPage } from "../../src/provider/provider.js";
import { batch } from "./batch.js";
import type { EntraConnection } from "./connection.js";
import { methodOf, ownMethod, registeredMethod } from "./methods.js";
import { current, isGone, list } from "./read.js";
import { type Tally, tally } from "./read-tally.js";
import { at, type Decoded, flag, identified, texts } from "./schema.js";

interface Registration {
	id: string;
	capable: boolean;
	/** Kinds of methods that it names. */
	kinds: ReadonlySet<string>;
	items: KnownList<Authenticator>;
}

/**
 * `GET /reports/authenticationMethods/userRegistrationDetails` item. `isMfaCapable` says that a registered method is also allowed:
 * where it is not, what is registered is no second factor. A contradiction leaves the list open.
 */
function decodeRegistration(item: unknown): Decoded<Registration> {
	const found = identified(item, "registration");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const [capable, types] = [flag(raw.isMfaCapable), texts(raw.methodsRegistered)];
	if (capable === undefined || types === undefined) return { bad: "a registration does not tell isMfaCapable or methodsRegistered", id };
	const all = types.map(registeredMethod);
	const factors = all.filter(isFactor);
	const items: KnownList<Authenticator> = capable ? all : all.filter((one) => !isFactor(one));
	// Capable by something that the list does not hold: a certificate, or a method of another provider.
	if (capable && factors.length === 0) items.partial = true;
	return { ok: { id, capable, kinds: new Set(types.map(kindOf)), items: sorted(items) } };
}

/** One word for what report and list call differently. */
function kindOf(type: string): string {
	const method = methodOf(type);
	return method?.path ?? method?.policy ?? type;
}

function isFactor({ recoveryOnly, strength }: Authenticator): boolean {
	return !recoveryOnly && strength !== "unknown";
}

/**
 * Everybody's registered methods by one report, then administrators' own lists, which name each method: only those can be taken away.
 * Disabled users are missing from the report (MicrosoftDocs/entra-docs#878): that says nothing of their methods.
 */
export const authenticators: Reader<EntraConnection> = {
	collection: "authenticators",
	after: ["accounts", "memberships", "roleAssignments", "settings"],
	scopes: ["AuditLog.Read.All", "UserAuthenticationMethod.Read.All"],
	async *read(connection, context) {
		const failures = tally();
		const accounts = new Map((await current<AccountRecord>(context, "accounts")).map((account) => [account.id, account]));
		const met = new Map<string, Registration>();
		let request: RequestRef | null = null;
		const path = "/v1.0/reports/authenticationMethods/userRegistrationDetails";
		for await (const page of list(connection, { method: "GET", path, query: { $top: 999 } }, context.signal)) {
			request = page.request;
			const quarantined: { id: string | null; why: string }[] = [];
			for (const item of page.items) {
				const user = decodeRegistration(item);
				if ("bad" in user) quarantined.push({ id: user.id, why: user.bad });
				else if (accounts.has(user.ok.id)) met.set(user.ok.id, user.ok);
			}
			if (quarantined.length > 0) yield { records: [], request, quarantined };
			failures.end(page.end ?? { closed: true, reasons: [] });
			context.progress(met.size, null);
		}
		const admins = await administrators(context, accounts);
		const own = yield* ownLists(connection, context, admins, met, failures);
		let records: ReadRecord[] = [];
		for (const [id, { items }] of met) {
			if (own.has(id)) continue;
			records.push({ id, body: { items } });
			if (records.length < 2000) continue;
			yield { records, request };
			records = [];
		}
		if (context.coverage("accounts")?.state !== "complete") failures.fail({ cause: "depends", detail: "accounts were not read to the end" });
		// The report is made anew a few times a day: whoever is new or disabled is not in it.
		const eligible = [...accounts.values()].filter(({ id, enabled, guest }) => met.has(id) || own.has(id) || (enabled !== false && !guest)).length;
		yield { records, request, end: { closed: failures.failed() === 0, reasons: failures.reasons(), eligible } };
	},
};

async function administrators(context: ReadContext, accounts: Map<string, AccountRecord>): Promise<string[]> {
	const recheck = context.budget.recheck ?? new Set<string>();
	const holders = (await current<RoleAssignmentRecord>(context, "roleAssignments")).filter(({ principalType }) => principalType === "account");
	const ids = new Set([...recheck, ...holders.map(({ principal }) => principal)]);
	return [...ids].filter((id) => accounts.has(id) && accounts.get(id)?.status !== "deleted");
}

async function* ownLists(
	connection: EntraConnection,
	context: ReadContext,
	ids: string[],
	met: Map<string, Registration>,
	failures: Tally,
): AsyncGenerator<ReadPage, Set<string>> {
	const read = new Set<string>();
	const certificates = await mayHaveCertificates(context);
	const most = context.budget.perAccountRequests ?? ids.length;
	const some = ids.slice(0, most);
	if (some.length < ids.length)
		failures.note({
			cause: "budget",
			detail: `${ids.length - some.length} administrators are known by the registration report alone: ${most} requests for single accounts were allowed`,
		});
	for (let first = 0; first < some.length; first += 20) {
		const part = some.slice(first, first + 20);
		const asked = part.map((id) => ({ path: "/users/{userId}/authentication/methods", params: { userId: id } }));
		for (const [index, answer] of (await batch(connection, asked, "v1.0", context.signal)).entries()) {
			const id = part[index] ?? "";
			if ("error" in answer) {
				if (!isGone(answer.error)) failures.add(answer.error);
				continue;
			}
			const value = at(answer.body, "value");
			const found = (Array.isArray(value) ? value : [null]).map(ownMethod);
			const bad = found.find((one) => "bad" in one);
			if (bad && "bad" in bad) {
				yield { records: [], request: answer.request, quarantined: [{ id, why: bad.bad }] };
				continue;
			}
			const listed = found.flatMap((one) => ("ok" in one && one.ok ? [one.ok] : []));
			read.add(id);
			yield { records: [{ id, body: { items: sorted(allowed(listed, met.get(id), certificates)) } }], request: answer.request };
		}
	}
	return read;
}

/**
 * A method that the tenant's policy forbids is listed all the same, and the report says so; of one that is newer than the report it can't be said.
 * Certificates are in no list: where they may stand behind it, an empty list is not whole.
 */
function allowed(listed: Authenticator[], report: Registration | undefined, certificates: boolean): KnownList<Authenticator> {
	const factors = listed.filter(isFactor);
	const forbidden = report?.capable === false;
	const items: KnownList<Authenticator> = forbidden ? listed.filter((one) => !isFactor(one)) : listed;
	const open = forbidden ? factors.some(({ type }) => !report.kinds.has(kindOf(type))) : factors.length === 0 && (report !== undefined || certificates);
	if (open) items.partial = true;
	return items;
}

/** https://learn.microsoft.com/entra/identity/authentication/concept-certificate-based-authentication */
async function mayHaveCertificates(context: ReadContext): Promise<boolean> {
	const settings = await current<SettingRecord>(context, "settings");
	return settings.find(({ id }) => id === "authenticationMethodConfiguration/X509Certificate")?.active !== false;
}

/** By id, so that another order in the answer is no change. */
function sorted(items: KnownList<Authenticator>): KnownList<Authenticator> {
	return items.sort((a, b) => (a.id < b.id ? -1 : 1));
}
