import type { AccountRecord } from "../../src/model/account.js";
import type { GroupRecord, GroupRuleRecord, MembershipRecord } from "../../src/model/objects.js";
import type { CoverageReason, RequestRef } from "../../src/model/snapshot.js";
import type { ReadContext, Reader, ReadPage } from "../../src/provider/provider.js";
import type { OktaConnection } from "./connection.js";
import { confirmedIn, isUnchanged, remember, remembered } from "./membership-memory.js";
import { concurrently } from "./pool.js";
import { decodePage, list } from "./read.js";
import { stillThere } from "./read-accounts-missing.js";
import { hasGone } from "./read-gone.js";
import { type Tally, tally } from "./read-tally.js";
import { type Decoded, identified } from "./schema.js";
import { isAdministrators, isEveryone, membershipSource } from "./schema-group.js";

const scope = "okta.groups.read";

/** Okta's default. It advises 200, because a large page may time out, which it answers with 500. */
const largePage = 1000;
const safePage = 200;

/**
 * Members of each group, by group: by account it would be a request per account.
 * Groups whose members did not change since the last scan are confirmed without a request.
 */
export const memberships: Reader<OktaConnection> = {
	collection: "memberships",
	after: ["accounts", "groups", "groupRules"],
	scopes: [scope],
	async *read(connection, context) {
		const groups = await current<GroupRecord>(context, "groups");
		const rules = context.coverage("groupRules")?.state === "complete" ? rulesByGroup(await current<GroupRuleRecord>(context, "groupRules")) : null;
		const memory = context.full ? null : await remembered(context);
		const unchanged = new Set(groups.filter((group) => !isEveryone(group) && isUnchanged(group, rules, memory)).map((group) => group.id));
		const read = groups.filter((group) => !isEveryone(group) && !unchanged.has(group.id));
		const failures = tally();
		const failed = new Set<string>();

		yield* confirmedIn(context, unchanged);
		for (const group of groups.filter(isEveryone)) yield* everyone(context, group, failures);
		const unlisted = await strangers(context);
		let done = 0;
		for await (const pages of concurrently(read, 20, (group) =>
			membersOf(connection, context, group, rules?.get(group.id) ?? (rules ? [] : null), failures, failed),
		)) {
			for (const page of pages) for (const { body } of page.records) unlisted.meet((body as MembershipRecord).account);
			yield* pages;
			context.progress(++done, read.length);
		}
		const missing = unlisted.found();
		const there = await stillThere(connection, context, missing);
		if (there !== null) failures.end({ closed: false, reasons: [notListed(missing.length, there)] }, scope);
		await remember(
			context,
			context.scanStarted + (connection.http.clockSkew() ?? 0),
			groups.filter((group) => !failed.has(group.id)),
			rules,
		);
		yield { records: [], request: null, end: { closed: failures.failed() === 0, reasons: failures.reasons("groups' members") } };
	},
};

async function membersOf(
	connection: OktaConnection,
	context: ReadContext,
	group: GroupRecord,
	rules: GroupRuleRecord[] | null,
	failures: Tally,
	failed: Set<string>,
): Promise<ReadPage[]> {
	const decode = (item: unknown): Decoded<MembershipRecord> => {
		const found = identified(item, "group member");
		return "bad" in found ? found : { ok: { group: group.id, account: found.id, source: membershipSource(group, rules, found.id) } };
	};
	const pages: ReadPage[] = [];
	const request = { method: "GET" as const, path: "/api/v1/groups/{groupId}/users", params: { groupId: group.id }, query: { limit: largePage } };
	for await (const page of list(connection, request, { scope, smaller: [safePage], signal: context.signal })) {
		const decoded = decodePage(page, { decode, id: (member) => `${member.group}/${member.account}` });
		if (decoded.quarantined) failed.add(group.id);
		pages.push({ ...decoded, request: page.request });
		if (page.end?.closed && isContradicted(group, pages)) {
			failed.add(group.id);
			failures.end({ closed: false, reasons: [notSeen(group)] }, scope);
		}
		if (!page.end || page.end.closed) continue;
		// A group that was deleted since it was listed has no members.
		if (page.end.error?.status === 404 && pages.length === 1 && (await hasGone(connection, "group", group.id, context.signal))) continue;
		const listed = isAdministrators(group) ? await administrators(connection, context, group) : null;
		if (listed) return listed;
		failed.add(group.id);
		failures.end(page.end, scope);
	}
	return pages;
}

/** Members that the list of users lacks, where that list says that it is whole. */
async function strangers(context: ReadContext): Promise<{ meet(account: string): void; found(): string[] }> {
	const known = context.coverage("accounts")?.state === "complete" ? new Set<string>() : null;
	if (known) for await (const { id } of context.current("accounts")) known.add(id);
	const found = new Set<string>();
	return {
		meet: (account) => {
			if (known && !known.has(account)) found.add(account);
		},
		found: () => [...found],
	};
}

function notListed(count: number, there: string): CoverageReason {
	return {
		cause: "floor",
		detail: `groups have ${count === 1 ? "a member" : `${count} members`} that the list of users lacks, and ${there} is still there: accounts are not whole`,
	};
}

/** The vendor counts members and lists none: a role that does not see these users gets an empty list and no error. */
function isContradicted(group: GroupRecord, pages: ReadPage[]): boolean {
	return (group.reportedMembers ?? 0) > 0 && pages.every(({ records, quarantined }) => records.length === 0 && !quarantined);
}

function notSeen(group: GroupRecord): CoverageReason {
	return {
		cause: "floor",
		detail: `the vendor counts ${group.reportedMembers} members of group ${group.name} and lists none: this credential does not see them`,
	};
}

/** The vendor's own group of everyone who is not deactivated: its members follow from the accounts, page by page saved. */
async function* everyone(context: ReadContext, group: GroupRecord, failures: Tally): AsyncGenerator<ReadPage> {
	if (context.coverage("accounts")?.state !== "complete")
		failures.end(
			{ closed: false, reasons: [{ cause: "depends", detail: `the members of ${group.name} follow from the accounts, which were not read to the end` }] },
			scope,
		);
	let page: ReadPage["records"] = [];
	let request: RequestRef | null = null;
	for await (const record of context.current("accounts")) {
		if ((record.body as AccountRecord).status === "DEPROVISIONED") continue;
		request = record.request;
		page.push({ id: `${group.id}/${record.id}`, body: { group: group.id, account: record.id, source: "built-in" } satisfies MembershipRecord });
		if (page.length < 1000) continue;
		yield { records: page, request };
		page = [];
	}
	yield { records: page, request };
}

/** The vendor does not list the members of its own group of administrators (okta/terraform-provider-okta#1845): they are the holders of roles. */
async function administrators(connection: OktaConnection, context: ReadContext, group: GroupRecord): Promise<ReadPage[] | null> {
	const pages: ReadPage[] = [];
	const decode = (item: unknown): Decoded<MembershipRecord> => {
		const found = identified(item, "administrator");
		return "bad" in found ? found : { ok: { group: group.id, account: found.id, source: "built-in" } };
	};
	for await (const page of list(
		connection,
		{ method: "GET", path: "/api/v1/iam/assignees/users" },
		{ scope: "okta.roles.read", key: "value", signal: context.signal },
	)) {
		pages.push({ ...decodePage(page, { decode, id: (member) => `${member.group}/${member.account}` }), request: page.request });
		if (page.end && !page.end.closed) return null;
	}
	return pages;
}

function rulesByGroup(rules: GroupRuleRecord[]): Map<string, GroupRuleRecord[]> {
	const byGroup = new Map<string, GroupRuleRecord[]>();
	for (const rule of rules) for (const group of rule.groups) byGroup.set(group, [...(byGroup.get(group) ?? []), rule]);
	return byGroup;
}

async function current<T>(context: ReadContext, collection: "groups" | "groupRules"): Promise<T[]> {
	const found: T[] = [];
	for await (const record of context.current(collection)) found.push(record.body as T);
	return found;
}
