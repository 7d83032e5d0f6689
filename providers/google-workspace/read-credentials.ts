import type { CredentialRecord } from "../../src/model/objects.js";
import type { CoverageReason } from "../../src/model/snapshot.js";
import type { ReadContext, ReadEnd, Reader } from "../../src/provider/provider.js";
import { assignments } from "./assignments.js";
import type { GoogleConnection } from "./connection.js";
import { type Grants, grants } from "./grants.js";
import { serviceAccounts } from "./read-roles.js";
import { readScope } from "./scopes.js";

/** What users have granted to applications, and their app passwords. */
export const credentials: Reader<GoogleConnection> = {
	collection: "credentials",
	after: ["accounts", "roleAssignments"],
	scopes: [readScope.security, readScope.audit],
	async *read(connection, context) {
		const found = await grants(connection, context);
		yield* found.pages;
		const confirmed: string[] = [];
		for await (const { id, body } of context.previous("credentials")) if (found.confirmed.has((body as CredentialRecord).owner ?? "")) confirmed.push(id);
		if (confirmed.length > 0) yield { records: [], request: null, confirmed };
		yield { records: [], request: null, end: endOf(found, context) };
	},
};

/** Applications that a user has granted something to, and service accounts that hold a role. Google has no list of either. */
export const apps: Reader<GoogleConnection> = {
	collection: "apps",
	after: ["accounts", "roleAssignments"],
	scopes: [readScope.security, readScope.roles],
	async *read(connection, context) {
		const roles = await assignments(connection, context);
		yield { records: serviceAccounts(roles).map((body) => ({ id: body.id, body })), request: roles.pages.at(-1)?.request ?? null };
		const found = await grants(connection, context);
		yield { records: found.apps.map((body) => ({ id: body.id, body })), request: found.pages.at(-1)?.request ?? null };
		const read = new Set(found.apps.map(({ id }) => id));
		const confirmed = new Set<string>();
		for await (const { body } of context.previous("credentials")) {
			const { owner, app } = body as CredentialRecord;
			if (app && !read.has(app) && found.confirmed.has(owner ?? "")) confirmed.add(app);
		}
		const stored: string[] = [];
		if (confirmed.size > 0) for await (const { id } of context.previous("apps")) if (confirmed.has(id)) stored.push(id);
		if (stored.length > 0) yield { records: [], request: null, confirmed: stored };
		const end = endOf(found, context);
		const short = roles.failures.failed() > 0;
		yield { records: [], request: null, end: { closed: end.closed && !short, reasons: [...end.reasons, ...roles.failures.reasons("lists of roles")] } };
	},
};

function endOf({ failures, left }: Grants, context: ReadContext): ReadEnd {
	const reasons: CoverageReason[] = failures.reasons("accounts' grants");
	if (left > 0)
		reasons.push({
			cause: "budget",
			detail: `${left} accounts are left for later scans: this one was allowed ${context.budget.perAccountRequests} requests for single accounts`,
		});
	const whole = context.coverage("accounts")?.state === "complete";
	if (!whole) reasons.push({ cause: "depends", detail: "accounts were not read to the end" });
	return { closed: failures.failed() === 0 && left === 0 && whole, reasons };
}
