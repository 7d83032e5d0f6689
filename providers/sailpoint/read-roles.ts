import type { AccountRecord } from "../../src/model/account.js";
import type { RoleAssignmentRecord } from "../../src/model/objects.js";
import type { CoverageReason } from "../../src/model/snapshot.js";
import type { ReadContext, Reader, ReadPage } from "../../src/provider/provider.js";
import { type AuthAnswer, authUserOf } from "./auth-users.js";
import type { SailPointConnection } from "./connection.js";
import { concurrently } from "./pool.js";
import { isGone, tally } from "./read.js";
import { userLevel } from "./roles.js";

/** Who administers Identity Security Cloud itself: the user levels in each identity's sign-in record, a request each. */
export const roleAssignments: Reader<SailPointConnection> = {
	collection: "roleAssignments",
	after: ["accounts"],
	scopes: ["sp:auth-user:read"],
	async *read(connection, context) {
		const failures = tally();
		const reasons: CoverageReason[] = [];
		const open = { budget: 0, odd: 0, tops: 0 };
		const accounts = await everybody(context);
		let done = 0;
		for await (const { id, status, answer } of concurrently(accounts, 10, async (one) => ({ ...one, answer: await authUserOf(connection, context, one.id) }))) {
			const page = pageOf(id, answer);
			if (page) {
				open.tops += page.records.filter(({ body }) => (body as RoleAssignmentRecord).level === "top").length;
				yield page;
			} else if ("budget" in answer) open.budget += 1;
			// Who never registered has no sign-in record.
			else if ("error" in answer && !(isGone(answer.error) && status === "UNREGISTERED")) failures.add(answer.error);
			else if (!("error" in answer)) open.odd += 1;
			context.progress(++done, accounts.length);
		}
		if (open.budget > 0)
			reasons.push({ cause: "budget", detail: `the user levels of ${open.budget} identities were not read: a request each, and the budget is used up` });
		if (open.odd > 0) reasons.push({ cause: "error", detail: `the user levels of ${open.odd} identities could not be understood` });
		if (context.coverage("accounts")?.state !== "complete")
			reasons.push({ cause: "depends", detail: "identities were not read to the end, and each may have a user level" });
		if (failures.failed() === 0 && reasons.length === 0 && open.tops === 0)
			reasons.push({ cause: "floor", detail: "no Org Admin was found, and every tenant has one: this credential does not see them" });
		reasons.push(...failures.reasons("sign-in records"));
		yield { records: [], request: null, end: { closed: failures.failed() === 0 && reasons.length === 0, reasons } };
	},
};

/** @returns null where nothing is known of this identity's levels */
function pageOf(id: string, answer: AuthAnswer): ReadPage | null {
	if (!("user" in answer) || answer.user.capabilities === undefined) return null;
	const records = [...new Set(answer.user.capabilities ?? [])].map((capability) => {
		const body: RoleAssignmentRecord = {
			id: capability,
			principalType: "account",
			principal: id,
			role: capability,
			...userLevel(capability),
			assignment: "active",
			scope: null,
			// A user level has no end.
			ends: null,
			custom: false,
		};
		return { id: `${id}/${capability}`, body };
	});
	return { records, request: answer.request };
}

async function everybody(context: ReadContext): Promise<{ id: string; status: string | undefined }[]> {
	const found: { id: string; status: string | undefined }[] = [];
	for await (const { id, body } of context.current("accounts")) found.push({ id, status: (body as AccountRecord).status });
	return found;
}
