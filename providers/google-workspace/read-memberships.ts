import type { AccountRecord } from "../../src/model/account.js";
import type { MembershipRecord } from "../../src/model/objects.js";
import { at } from "../../src/provider/decode.js";
import type { ReadContext, Reader, ReadPage } from "../../src/provider/provider.js";
import type { GoogleConnection } from "./connection.js";
import { groupList } from "./groups.js";
import { lists } from "./lists.js";
import { confirmedIn, rememberGroups, unchangedGroups } from "./membership-memory.js";
import { stillThere } from "./missing-accounts.js";
import { concurrently } from "./pool.js";
import { decodePage, isGone, list, one } from "./read.js";
import { decodeMember, type ListedGroup } from "./schema-group.js";
import { readScope } from "./scopes.js";
import { type Tally, tally } from "./tally.js";

const scope = readScope.members;
const path = "/admin/directory/v1/groups/{groupKey}/members";

/**
 * Direct members of each group; Google's own expansion of groups inside groups leaves members out without a word (GAM-team/GAM#1210) and is
 * never asked for. Groups with a count of none are asked too: the count leaves groups inside groups out.
 */
export const memberships: Reader<GoogleConnection> = {
	collection: "memberships",
	after: ["accounts", "groups", "groupRules"],
	scopes: [scope],
	async *read(connection, context) {
		const asked = new Set<string>();
		for await (const { id } of context.current("groups")) asked.add(id);
		const groups = (await groupList(connection, context)).groups.filter(({ record }) => asked.has(record.id));
		const failures = tally();
		const unchanged = await unchangedGroups(connection, context, groups);
		yield* confirmedIn(context, unchanged);
		const failed = new Set<string>();
		const strangers = await unknownAccounts(context);
		const waiting = groups.filter(({ record }) => !unchanged.has(record.id));
		let done = 0;
		for await (const pages of concurrently(waiting, 16, (group) => membersOf(connection, context, group, failures, failed))) {
			for (const page of pages) for (const { body } of page.records) strangers.meet(body as MembershipRecord);
			yield* pages;
			context.progress(++done, waiting.length);
		}
		const there = await stillThere(connection, context, strangers.found());
		if (there !== null)
			failures.fail({ cause: "floor", detail: `a group has ${there} as a member, which the list of users lacks and which is there: accounts are not whole` });
		await rememberGroups(
			connection,
			context,
			groups.filter(({ record }) => !failed.has(record.id)),
		);
		yield { records: [], request: null, end: { closed: failures.failed() === 0, reasons: failures.reasons("groups' members") } };
	},
};

async function membersOf(connection: GoogleConnection, context: ReadContext, group: ListedGroup, failures: Tally, failed: Set<string>): Promise<ReadPage[]> {
	const { record } = group;
	const found: ReadPage[] = [];
	let everybody = false;
	let met = 0;
	const request = { method: "GET" as const, path, params: { groupKey: record.id }, query: { maxResults: 200 } };
	for await (const page of list(connection, request, { shape: lists.members, scope, signal: context.signal })) {
		const decoded = decodePage(
			page,
			(item) => decodeMember(item, record),
			(member) => `${member.group}/${member.account}`,
		);
		met += page.items.length + page.quarantined.length;
		everybody ||= page.items.some((item) => at(item, "type") === "CUSTOMER");
		if (decoded.quarantined) failed.add(record.id);
		found.push({ ...decoded, request: page.request });
		if (!page.end) continue;
		if (page.end.closed && met === 0 && (record.reportedMembers ?? 0) > 0) {
			failed.add(record.id);
			failures.fail({ cause: "floor", detail: `the vendor counts ${record.reportedMembers} members of group ${record.name} and lists none` });
		}
		// A group that was deleted since it was listed has no members.
		if (page.end.closed || (isGone(page.end.error) && found.length === 1 && (await groupIsGone(connection, context, record.id)))) continue;
		failed.add(record.id);
		failures.end(page.end, scope);
	}
	if (everybody) {
		// Read again with every scan: its members change with the accounts, and no event says so.
		failed.add(record.id);
		found.push(await everyone(context, record.id, failures));
	}
	return found;
}

async function groupIsGone(connection: GoogleConnection, context: ReadContext, groupKey: string): Promise<boolean> {
	const answer = await one(connection, { method: "GET", path: "/admin/directory/v1/groups/{groupKey}", params: { groupKey } }, context.signal);
	return "error" in answer && isGone(answer.error);
}

/** One member of the group is the customer: everybody who has an account. */
async function everyone(context: ReadContext, group: string, failures: Tally): Promise<ReadPage> {
	if (context.coverage("accounts")?.state !== "complete")
		failures.fail({ cause: "depends", detail: `the group ${group} holds everybody, and the accounts were not read to the end` });
	const records: ReadPage["records"] = [];
	for await (const { id, body } of context.current("accounts"))
		if ((body as AccountRecord).status !== "deleted")
			records.push({ id: `${group}/${id}`, body: { group, account: id, source: "built-in" } satisfies MembershipRecord });
	return { records, request: null };
}

/** Members that the list of users lacks, where that list says that it is whole. People from outside have no account here. */
async function unknownAccounts(context: ReadContext): Promise<{ meet(member: MembershipRecord): void; found(): string[] }> {
	const known = context.coverage("accounts")?.state === "complete" ? new Set<string>() : null;
	if (known) for await (const { id } of context.current("accounts")) known.add(id);
	const found = new Set<string>();
	return {
		meet({ account, memberType }) {
			if (known && memberType !== "group" && !account.includes("@") && !known.has(account)) found.add(account);
		},
		found: () => [...found],
	};
}
