import type { GroupRecord, MembershipRecord, RoleAssignmentRecord } from "../../src/model/objects.js";
import type { CoverageReason } from "../../src/model/snapshot.js";
import type { ReadContext, Reader, ReadPage } from "../../src/provider/provider.js";
import type { OktaConnection } from "./connection.js";
import { concurrently } from "./pool.js";
import { decodePage, list, whole } from "./read.js";
import { appList, appsOf } from "./read-app-list.js";
import { customAssignments } from "./read-custom-roles.js";
import { hasGone, hasLeft } from "./read-gone.js";
import { governance } from "./read-governance.js";
import { type Tally, tally } from "./read-tally.js";
import { idOf } from "./schema.js";
import { isAdministrators } from "./schema-group.js";
import { decodeRoleAssignment, type Permissions, type Principal, roleAssignmentKey } from "./schema-role.js";

const scope = "okta.roles.read";

const paths = {
	account: { path: "/api/v1/users/{userId}/roles", param: "userId" },
	group: { path: "/api/v1/groups/{groupId}/roles", param: "groupId" },
	client: { path: "/oauth2/v1/clients/{clientId}/roles", param: "clientId" },
} as const;

/**
 * Who holds which administrator's role: users who hold one themselves, groups, OAuth clients, and members of custom roles' bindings.
 * Groups without a role are passed over on the word of the groups' list; where anything contradicts that word, every group is asked.
 */
export const roleAssignments: Reader<OktaConnection> = {
	collection: "roleAssignments",
	after: ["groups", "memberships"],
	scopes: [scope],
	async *read(connection, context) {
		const failures = tally();
		const governed = governance(connection, context);
		const seen = { tops: 0, accounts: new Set<string>(), groups: new Set<string>() };
		const track = (page: ReadPage): ReadPage => {
			for (const record of page.records) {
				const body = record.body as RoleAssignmentRecord;
				if (body.level === "top") seen.tops += 1;
				if (body.principalType === "account") seen.accounts.add(body.principal);
				if (body.principalType === "group") seen.groups.add(body.principal);
				// Governance tells of standard roles at users only.
				if (governed.concerns(body) && (body.custom || body.principalType !== "account")) body.governed = null;
			}
			return page;
		};

		const assignees = await whole(connection, { method: "GET", path: "/api/v1/iam/assignees/users" }, { scope, key: "value", signal: context.signal });
		failures.end(assignees.end, scope);
		// All that follows needs the same scope.
		if (assignees.end.error?.cause === "scope")
			return yield { records: [], request: null, end: { closed: false, reasons: failures.reasons("lists of roles") } };
		const permissions: Permissions = new Map();
		for await (const page of customAssignments(connection, context, permissions, failures)) yield track(page);

		const admins = [...new Set(assignees.items.map(idOf))];
		if (admins.includes(null))
			failures.end({ closed: false, reasons: [{ cause: "quarantine", detail: "an administrator in the list of assignees has no id" }] }, scope);
		if (assignees.end.closed && admins.length === 0)
			failures.end(
				{
					closed: false,
					reasons: [{ cause: "floor", detail: "the list of administrators is empty, and every org has one: this credential does not see them" }],
				},
				scope,
			);
		const withoutOwn = new Set<string>();
		for await (const pages of rolesOf(connection, context, principals("account", admins), permissions, failures)) {
			for (const page of pages.pages) {
				for (const { body } of page.records) await governed.tell(body as RoleAssignmentRecord);
				yield track(page);
			}
			if (pages.isEmpty) withoutOwn.add(pages.principal.id);
		}

		const groups = await current(context);
		const asked = new Set<string>();
		const silent = new Set<string>();
		const ask = async function* (ids: Iterable<string>): AsyncGenerator<ReadPage> {
			const fresh = [...ids].filter((id) => !asked.has(id));
			for (const id of fresh) asked.add(id);
			for await (const { principal, pages, isEmpty } of rolesOf(connection, context, principals("group", fresh), permissions, failures)) {
				if (isEmpty) silent.add(principal.id);
				for (const page of pages) yield track(page);
			}
		};
		const listed = groups.filter((group) => group.grantsRole !== false).map((group) => group.id);
		const before = await previousGroups(context, new Set(groups.map((group) => group.id)));
		yield* ask(new Set([...listed, ...before, ...seen.groups]));
		const denied = groups.filter((group) => group.grantsRole === false && seen.groups.has(group.id));
		if (denied.length > 0 || (await unexplained(context, withoutOwn, seen)).length > 0) yield* ask(groups.map((group) => group.id));
		const missed = groups.filter((group) => group.grantsRole && silent.has(group.id) && !seen.groups.has(group.id) && !isAdministrators(group));
		const open = await stillHere(connection, context, await unexplained(context, withoutOwn, seen));
		for (const reason of contradictions(missed, open)) failures.end({ closed: false, reasons: [reason] }, scope);
		if (context.coverage("groups")?.state !== "complete")
			failures.end({ closed: false, reasons: [{ cause: "depends", detail: "groups were not read to the end, and a group can carry a role" }] }, scope);

		const apps = await appList(connection, context);
		if (!apps.whole)
			failures.end({ closed: false, reasons: [{ cause: "depends", detail: "apps were not read to the end, and a service app can hold a role" }] }, scope);
		const clients = appsOf(apps).filter((app) => app.record.nonHuman && app.record.active && app.record.clientId);
		for await (const { pages } of rolesOf(
			connection,
			context,
			principals(
				"client",
				clients.map((app) => app.record.clientId ?? null),
			),
			permissions,
			failures,
		))
			for (const page of pages) yield track(page);

		for (const reason of governed.reasons()) failures.note(reason);
		if (failures.failed() === 0 && seen.tops === 0)
			failures.end(
				{ closed: false, reasons: [{ cause: "floor", detail: "no super administrator was found, and every org has one: this credential does not see them" }] },
				scope,
			);
		yield { records: [], request: null, end: { closed: failures.failed() === 0, reasons: failures.reasons("lists of roles") } };
	},
};

function principals(type: Principal["type"], ids: Iterable<string | null>): Principal[] {
	return [...ids].filter((id) => id !== null).map((id) => ({ type, id }));
}

interface RolesOf {
	principal: Principal;
	pages: ReadPage[];
	/** The list was read to its end, and has nothing: no assignment, not even one that is not in force. */
	isEmpty: boolean;
}

async function* rolesOf(
	connection: OktaConnection,
	context: ReadContext,
	asked: Principal[],
	permissions: Permissions,
	failures: Tally,
): AsyncGenerator<RolesOf> {
	let done = 0;
	let stop = false;
	const work = async (principal: Principal): Promise<RolesOf> => {
		const { path, param } = paths[principal.type];
		const pages: ReadPage[] = [];
		let listed = 0;
		let closed = false;
		if (stop) return { principal, pages, isEmpty: false };
		for await (const page of list(connection, { method: "GET", path, params: { [param]: principal.id } }, { scope, signal: context.signal })) {
			pages.push({
				...decodePage(page, { decode: (item) => decodeRoleAssignment(item, principal, permissions), id: roleAssignmentKey }),
				request: page.request,
			});
			listed += page.items.length + page.quarantined.length;
			closed = page.end?.closed ?? closed;
			if (page.end?.error?.status === 404 && pages.length === 1 && (await holdsNone(connection, context, principal))) continue;
			// Without the scope, the next thousand would be refused too.
			if (page.end?.error?.cause === "scope") stop = true;
			if (page.end) failures.end(page.end, scope);
		}
		return { principal, pages, isEmpty: closed && listed === 0 };
	};
	for await (const result of concurrently(asked, 20, work)) {
		yield result;
		context.progress(++done, asked.length);
	}
}

/** Gone, or deactivated since it was listed: then it holds no role. A service app was listed a moment ago. */
async function holdsNone(connection: OktaConnection, context: ReadContext, { type, id }: Principal): Promise<boolean> {
	if (type === "client") return false;
	return type === "account" ? hasLeft(connection, id, context.signal) : hasGone(connection, type, id, context.signal);
}

/** Administrators whose own list is empty, who are in no binding nor in a group found to carry a role: some role, or membership, was missed. */
async function unexplained(context: ReadContext, admins: Set<string>, seen: { accounts: Set<string>; groups: Set<string> }): Promise<string[]> {
	const open = new Set([...admins].filter((id) => !seen.accounts.has(id)));
	if (open.size === 0) return [];
	for await (const record of context.current("memberships")) {
		const { group, account } = record.body as MembershipRecord;
		if (seen.groups.has(group)) open.delete(account);
	}
	return [...open];
}

/** Those that are not known to have left since they were listed; many at once are not looked up. */
async function stillHere(connection: OktaConnection, context: ReadContext, accounts: string[]): Promise<string[]> {
	if (accounts.length > 20) return accounts;
	const found: string[] = [];
	for (const id of accounts) if (!(await hasLeft(connection, id, context.signal))) found.push(id);
	return found;
}

function contradictions(groups: GroupRecord[], accounts: string[]): CoverageReason[] {
	const found: CoverageReason[] = [];
	const [group] = groups;
	const [account] = accounts;
	if (group)
		found.push({
			cause: "floor",
			detail: `Okta says that ${groups.length === 1 ? `group ${group.name} carries a role` : `${groups.length} groups carry a role (the first: ${group.name})`}, and shows none`,
		});
	if (account)
		found.push({
			cause: "floor",
			detail: `Okta names ${accounts.length === 1 ? `account ${account} as an administrator` : `${accounts.length} accounts as administrators (the first: ${account})`}, and shows no role for it by itself or through a group`,
		});
	return found;
}

async function current(context: ReadContext): Promise<GroupRecord[]> {
	const found: GroupRecord[] = [];
	for await (const record of context.current("groups")) found.push(record.body as GroupRecord);
	return found;
}

async function previousGroups(context: ReadContext, existing: Set<string>): Promise<Set<string>> {
	const found = new Set<string>();
	for await (const record of context.previous("roleAssignments")) {
		const { principalType, principal } = record.body as RoleAssignmentRecord;
		if (principalType === "group" && existing.has(principal)) found.add(principal);
	}
	return found;
}
