import type { AccountRecord } from "../../src/model/account.js";
import type { AppRecord } from "../../src/model/objects.js";
import type { CoverageReason } from "../../src/model/snapshot.js";
import type { ReadContext, Reader } from "../../src/provider/provider.js";
import { administratorsOf } from "./administrators.js";
import { type Assignments, assignments } from "./assignments.js";
import type { GoogleConnection } from "./connection.js";
import { readScope } from "./scopes.js";

/** Who holds which administrator's role: users, groups, service accounts. The flags that users carry must agree with it. */
export const roleAssignments: Reader<GoogleConnection> = {
	collection: "roleAssignments",
	after: ["accounts", "groups", "memberships"],
	scopes: [readScope.roles],
	async *read(connection, context) {
		const found = await assignments(connection, context);
		yield* found.pages;
		const { failures, held } = found;
		const reasons = failures.reasons("lists of roles");
		if (failures.failed() === 0) {
			if (held.length === 0)
				reasons.push({
					cause: "floor",
					detail: "the list of role assignments is empty, and every tenant has an administrator: this credential does not see them",
				});
			else reasons.push(...(await contradicted(context, found)));
		}
		yield { records: [], request: null, end: { closed: reasons.length === 0, reasons } };
	},
};

/** Accounts that say of themselves that they are administrators, and hold nothing by the list. */
async function contradicted(context: ReadContext, { held }: Assignments): Promise<CoverageReason[]> {
	const top = new Set(held.flatMap(({ level, principal }) => (level === "top" || level === "unknown" ? [principal] : [])));
	const all = await administratorsOf(context, held);
	const short: string[] = [];
	for await (const { id, body } of context.current("accounts")) {
		const { profile, status } = body as AccountRecord;
		if (status === "deleted") continue;
		if (profile?.isAdmin === true && !top.has(id)) short.push(id);
		if (profile?.isDelegatedAdmin === true && all.whole && !all.accounts.has(id)) short.push(id);
	}
	const [first] = short;
	if (first === undefined) return [];
	const who = short.length === 1 ? `the account ${first} is` : `${short.length} accounts, ${first} among them, are`;
	return [{ cause: "floor", detail: `${who} marked as administrator and hold no such role by the list of assignments: the list is not whole` }];
}

/** Service accounts that hold a role of this tenant: all that Google's APIs tell of them here. */
export function serviceAccounts({ held }: Assignments): AppRecord[] {
	const ids = new Set(held.flatMap(({ principalType, principal }) => (principalType === "client" ? [principal] : [])));
	return [...ids].map((id) => ({ id, name: `service account ${id}`, type: "service-account", active: true, nonHuman: true, clientId: id }));
}
