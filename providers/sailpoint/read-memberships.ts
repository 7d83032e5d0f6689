import type { GroupRecord, MembershipRecord } from "../../src/model/objects.js";
import type { ReadContext, Reader, ReadPage } from "../../src/provider/provider.js";
import type { SailPointConnection } from "./connection.js";
import { concurrently } from "./pool.js";
import { decodePage, list, type Tally, tally } from "./read.js";
import { type Held, heldBy } from "./role-details.js";
import { type Role, rolesOf } from "./role-list.js";
import { type Decoded, identified, lookUp, object, word } from "./schema.js";

/** How an identity came by a role, by the vendor's word. */
const sources = { ACCESS_REQUEST: "direct", ROLE_MEMBERSHIP: "rule" } as const;

/**
 * Who holds each role, by role: by identity it would be a request an identity. What was requested may begin later, or have ended, and only
 * the identity's own assignments tell: those who hold such a role are asked for. Roles are members of the access profiles that come with them.
 * No list tells who got an access profile by itself, on request.
 */
export const memberships: Reader<SailPointConnection> = {
	collection: "memberships",
	after: ["accounts", "groups"],
	scopes: ["idn:role-unchecked:read", "idn:identity:read"],
	async *read(connection, context) {
		const failures = tally();
		const { roles, end } = await rolesOf(connection, context);
		failures.end(end);
		yield nested(roles, await profiles(context));
		const requested = new Map<string, string[]>();
		let done = 0;
		for await (const pages of concurrently(roles, 8, (role) => holders(connection, context, role, failures))) {
			for (const page of pages) yield { ...page, records: page.records.filter(({ body }) => !isRequested(body as MembershipRecord, requested)) };
			context.progress(++done, roles.length);
		}
		let unread = 0;
		for await (const held of concurrently(requested, 10, async ([identity, wanted]) => ({
			identity,
			wanted,
			...(await heldBy(connection, context, identity, wanted)),
		}))) {
			if ("budget" in held) unread += 1;
			else if ("error" in held) failures.add(held.error);
			else if ("odd" in held) failures.end({ closed: false, reasons: [{ cause: "error", detail: held.odd }] });
			else yield effective(held.identity, held.wanted, held.roles, held.request, failures);
		}
		if (unread > 0)
			failures.end({
				closed: false,
				reasons: [
					{ cause: "budget", detail: `whether requested roles of ${unread} identities are in force was not read: a request each, and the budget is used up` },
				],
			});
		yield { records: [], request: null, end: { closed: failures.failed() === 0, reasons: failures.reasons("lists of who holds a role") } };
	},
};

function isRequested({ account, group, source }: MembershipRecord, requested: Map<string, string[]>): boolean {
	// Of a source we don't know it can't be said either whether it is in force.
	if (source === "rule") return false;
	requested.set(account, [...(requested.get(account) ?? []), group]);
	return true;
}

function effective(identity: string, wanted: string[], roles: Map<string, Held>, request: ReadPage["request"], failures: Tally): ReadPage {
	const records: ReadPage["records"] = [];
	for (const group of wanted) {
		const held = roles.get(group);
		if (held === undefined || held === "unknown")
			failures.end({
				closed: false,
				reasons: [
					{
						cause: "floor",
						detail: `the vendor lists identity ${identity} as a holder of role ${group}, and its own assignments do not tell whether it is in force`,
					},
				],
			});
		else if (held === "now") records.push({ id: `${group}/${identity}`, body: { group, account: identity, source: "direct" } satisfies MembershipRecord });
	}
	return { records, request };
}

async function holders(connection: SailPointConnection, context: ReadContext, { group }: Role, failures: Tally): Promise<ReadPage[]> {
	const decode = (item: unknown): Decoded<MembershipRecord> => {
		const found = identified(item, "role's holder");
		if ("bad" in found) return found;
		return { ok: { group: group.id, account: found.id, source: lookUp(sources, word(object(item)?.roleAssignmentSource)) ?? "unknown" } };
	};
	const pages: ReadPage[] = [];
	const request = { path: "/v2026/roles/{id}/assigned-identities", params: { id: group.id }, query: { sorters: "id" } };
	for await (const page of list(connection, request, context.signal)) {
		pages.push({ ...decodePage(page, decode, (one) => `${one.group}/${one.account}`), request: page.request });
		if (page.end) failures.end(page.end);
	}
	return pages;
}

/** Ids of the access profiles that were read: a role may name others that are gone. */
async function profiles(context: ReadContext): Promise<Set<string>> {
	const found = new Set<string>();
	for await (const { id, body } of context.current("groups")) if ((body as GroupRecord).type === "ACCESS_PROFILE") found.add(id);
	return found;
}

function nested(roles: Role[], there: Set<string>): ReadPage {
	const found = roles.flatMap(({ group, accessProfiles }) =>
		[...new Set(accessProfiles ?? [])]
			.filter((id) => there.has(id))
			.map((id) => ({ id: `${id}/${group.id}`, body: { group: id, account: group.id, memberType: "group", source: "rule" } satisfies MembershipRecord })),
	);
	const quarantined = roles
		.filter(({ accessProfiles }) => accessProfiles === null)
		.map(({ group }) => ({ id: group.id, why: "the access profiles of a role can't be read" }));
	return { records: found, request: null, ...(quarantined.length > 0 && { quarantined }) };
}
