import type { AccountRecord } from "../../src/model/account.js";
import type { CredentialRecord, RoleAssignmentRecord } from "../../src/model/objects.js";
import type { CoverageReason, ReadRecord, RequestRef, StoredRecord } from "../../src/model/snapshot.js";
import { known, texts } from "../../src/provider/decode.js";
import type { ReadContext, Reader, ReadPage } from "../../src/provider/provider.js";
import type { SspmConnection } from "./connection.js";
import { readRole } from "./dialect.js";
import { losses } from "./read.js";
import { userKey } from "./schema-activity.js";

/** Roles of the accounts that the vendor calls elevated: it does not say which of them makes them so. */
export const roleAssignments: Reader<SspmConnection> = {
	collection: "roleAssignments",
	after: ["accounts"],
	scopes: [readRole, "IDENTITY"],
	async *read(_connection, context) {
		const lost = losses();
		let without = 0;
		yield* perRequest(context, (account) => {
			if (typeof account.profile?.isElevated !== "boolean") without++;
			return rolesOf(account).map((body) => ({ id: `${body.principal}/${body.id}`, body }));
		});
		for (const reason of dependence(context)) lost.add(reason);
		if (without > 0) lost.add({ cause: "error", detail: `of ${without} accounts the vendor does not say whether they are elevated` });
		yield { records: [], request: null, end: lost.end() };
	},
};

function rolesOf({ id, profile }: AccountRecord): RoleAssignmentRecord[] {
	if (profile?.isElevated === false) return [];
	const level = profile?.isElevated === true ? "privileged" : "unknown";
	const named = typeof profile?.roles === "string" ? (texts(JSON.parse(profile.roles)) ?? []) : [];
	const roles = named.length > 0 ? [...new Set(named)].map((role) => ({ role, label: role })) : [{ role: "elevated", label: "elevated, role not named" }];
	return roles.map(({ role, label }) => ({ id: role, principalType: "account", principal: id, role, label, level, assignment: "active", custom: false }));
}

export function rotationOf({ id, login, profile }: AccountRecord): CredentialRecord | null {
	const [created, expires] = [profile?.lastCredentialsRotated, profile?.credentialsExpiresAt];
	if (typeof created !== "number" && typeof expires !== "number") return null;
	const record = { id: `rotation/${id}`, kind: "app-key", name: `credentials of ${login ?? id}`, owner: id, created, expires };
	return known<CredentialRecord>(record as CredentialRecord);
}

/** Records made of the accounts that this scan met, each with the request that its account came with. */
export async function* perRequest(context: ReadContext, recordsOf: (account: AccountRecord) => ReadRecord[]): AsyncGenerator<ReadPage> {
	let records: ReadRecord[] = [];
	let request: RequestRef | null = null;
	for await (const { body, request: from } of seen(context)) {
		if (records.length > 0 && (from.requestId !== request?.requestId || from.at !== request.at)) {
			yield { records, request };
			records = [];
		}
		request = from;
		records.push(...recordsOf(body as AccountRecord));
	}
	if (records.length > 0) yield { records, request };
}

/** Of accounts that this scan did not meet nothing is known any more. */
async function* seen(context: ReadContext): AsyncGenerator<StoredRecord> {
	const unseen = new Set(context.coverage("accounts")?.unseen ?? []);
	for await (const record of context.current("accounts")) if (!unseen.has(record.id)) yield record;
}

export function dependence(context: ReadContext): CoverageReason[] {
	const coverage = context.coverage("accounts");
	if (coverage?.state === "complete") return [];
	const why = coverage?.reasons[0] ? `: ${coverage.reasons[0].detail}` : "";
	return [{ cause: "depends", detail: `it comes with the accounts, which were not read to the end${why}` }];
}

/** Accounts by app and address, for rows of other lists that name a person so; null where two accounts share both: it can't be said whose row it is. */
export async function accountsByMail(context: ReadContext): Promise<Map<string, string | null>> {
	const found = new Map<string, string | null>();
	for await (const { id, body } of seen(context)) {
		const { email, profile } = body as AccountRecord;
		if (typeof email !== "string" || typeof profile?.appId !== "string") continue;
		const key = mailKey(profile.appId, email);
		found.set(key, found.has(key) ? null : id);
	}
	return found;
}

export function mailKey(appId: string, email: string): string {
	return `${appId}\n${email.toLowerCase()}`;
}

/**
 * Accounts of each instance by what a row of its log may call them: their id, their id at the app, their address; null where two accounts go by the same.
 * An address that is somebody else's id is nobody's.
 */
export async function accountsByInstance(context: ReadContext): Promise<Map<string, Map<string, string | null>>> {
	const found = new Map<string, Map<string, string | null>>();
	for await (const { id, body } of seen(context)) {
		const { email, profile } = body as AccountRecord;
		const instance = profile?.instance;
		if (typeof instance !== "string") continue;
		const names = found.get(instance) ?? new Map<string, string | null>();
		found.set(instance, names);
		for (const name of new Set([id, profile?.providerId, email].flatMap((one) => (typeof one === "string" && one !== "" ? [userKey(one)] : []))))
			names.set(name, names.has(name) ? null : id);
	}
	return found;
}
