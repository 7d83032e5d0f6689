import type { GroupRecord, MembershipRecord } from "../../src/model/objects.js";
import type { ReadRecord, RequestRef } from "../../src/model/snapshot.js";
import type { ReadContext, Reader, ReadPage } from "../../src/provider/provider.js";
import type { EntraConnection } from "./connection.js";
import type { ChainEnd } from "./paging.js";
import { current, list } from "./read.js";
import { membersByGroup } from "./read-members.js";
import { tally } from "./read-tally.js";
import { at, word } from "./schema.js";
import { recordOf } from "./schema-membership.js";

const scope = "GroupMember.Read.All";
const path = "/v1.0/groups/delta";
const cursor = "entra.groupMembers";

/** A member that came, or went, in the order in which the vendor tells it. */
interface Step {
	group: string;
	member: string;
	type: string;
	gone: boolean;
}

/**
 * Direct members of every group from the list of changes, which is the only one that gives them without a call per group:
 * https://learn.microsoft.com/graph/api/group-delta. Devices, contacts and service principals are no accounts and are left out.
 */
export const memberships: Reader<EntraConnection> = {
	collection: "memberships",
	after: ["groups"],
	scopes: [scope],
	async *read(connection, context) {
		const groups = new Map((await current<GroupRecord>(context, "groups")).map((group) => [group.id, group]));
		const kept = context.full || context.budget.recheck || (await context.previousCount("memberships")) === 0 ? null : await context.cursor(cursor);
		if (kept !== null) {
			const changes = await stepsOf(connection, context, kept);
			if (changes.end.closed && changes.end.delta && changes.bad.length === 0 && (await knowsAll(context, changes, groups))) {
				yield* changed(context, changes, groups);
				await context.setCursor(cursor, changes.end.delta);
				return yield { records: [], request: null, end: { closed: true, reasons: [], incremental: true } };
			}
		}
		const all = await stepsOf(connection, context, null);
		const failures = tally();
		if (!all.end.closed && all.end.error && all.end.error.cause !== "scope") {
			// Where the vendor does not give changes, each group is asked.
			yield* membersByGroup(connection, context, [...groups.values()], failures);
			return yield { records: [], request: null, end: { closed: failures.failed() === 0, reasons: failures.reasons() } };
		}
		const held = new Map<string, Step>();
		for (const step of all.steps)
			if (step.gone) held.delete(`${step.group}/${step.member}`);
			else held.set(`${step.group}/${step.member}`, step);
		for (const id of all.removed) for (const key of [...held.keys()]) if (key.startsWith(`${id}/`)) held.delete(key);
		const records = [...held.values()].filter(({ group }) => groups.has(group)).flatMap((step) => recordOf(step, groups.get(step.group)));
		for (let first = 0; first < records.length; first += 2000) yield { records: records.slice(first, first + 2000), request: all.request };
		failures.end(all.end);
		if (all.bad.length > 0) yield { records: [], request: all.request, quarantined: all.bad };
		const named = all.end.closed && all.bad.length === 0 ? unnamed(groups, all.named) : null;
		if (named !== null) failures.fail({ cause: "floor", detail: `the list of groups' members lacks ${named}, which the list of groups has` });
		if (failures.failed() === 0 && all.bad.length === 0 && all.end.delta) await context.setCursor(cursor, all.end.delta);
		yield { records: [], request: null, end: { closed: failures.failed() === 0, reasons: failures.reasons() } };
	},
};

interface Steps {
	steps: Step[];
	/** Groups that were deleted. */
	removed: Set<string>;
	named: Set<string>;
	bad: { id: string | null; why: string }[];
	request: RequestRef | null;
	end: ChainEnd;
}

async function stepsOf(connection: EntraConnection, context: ReadContext, from: string | null): Promise<Steps> {
	const found: Steps = { steps: [], removed: new Set(), named: new Set(), bad: [], request: null, end: { closed: false, reasons: [] } };
	const options = { delta: true, ...(from !== null && { from }) };
	for await (const page of list(connection, { method: "GET", path, query: { $select: "id,members" } }, context.signal, options)) {
		found.request = page.request;
		for (const item of page.items) {
			const group = word(at(item, "id"));
			if (group === undefined) {
				found.bad.push({ id: null, why: "a changed group has no id" });
				continue;
			}
			found.named.add(group);
			if (at(item, "@removed") !== undefined) found.removed.add(group);
			else found.removed.delete(group);
			const members = at(item, "members@delta") ?? [];
			for (const one of Array.isArray(members) ? members : [null]) {
				const [member, type] = [word(at(one, "id")), word(at(one, "@odata.type"))];
				if (member === undefined || type === undefined) found.bad.push({ id: group, why: "a member of a group has no id or no type" });
				else found.steps.push({ group, member, type, gone: at(one, "@removed") !== undefined });
			}
		}
		if (page.end) found.end = page.end;
	}
	return found;
}

async function* changed(context: ReadContext, { steps, removed, request }: Steps, groups: Map<string, GroupRecord>): AsyncGenerator<ReadPage> {
	const last = new Map(steps.map((step) => [`${step.group}/${step.member}`, step]));
	const gone = [...last].filter(([, step]) => step.gone).map(([id]) => id);
	const records = [...last.values()].filter((step) => !step.gone && groups.has(step.group)).flatMap((step) => recordOf(step, groups.get(step.group)));
	const fresh = new Set(records.map(({ id }) => id));
	let confirmed: string[] = [];
	const others: ReadRecord[] = [];
	for await (const { id, body } of context.previous("memberships")) {
		const { group: groupId, source } = body as MembershipRecord;
		const group = groups.get(groupId);
		if (removed.has(groupId) || group === undefined) gone.push(id);
		else if (fresh.has(id) || last.get(id)?.gone) continue;
		// The group may have become another one's to fill.
		else if (group.source !== source) others.push({ id, body: { ...(body as MembershipRecord), source: group.source } });
		else confirmed.push(id);
		if (confirmed.length < 5000) continue;
		yield { records: [], request, confirmed };
		confirmed = [];
	}
	yield { records: [...records, ...others], request, confirmed, gone };
}

/**
 * Each group's members were told: by the last scan, or by these changes. One that was made between that scan's two lists, or came back, is in neither,
 * and the vendor does not name it again.
 */
async function knowsAll(context: ReadContext, { named }: Steps, groups: Map<string, GroupRecord>): Promise<boolean> {
	const fresh = new Set([...groups.keys()].filter((id) => !named.has(id)));
	for await (const { id } of context.previous("groups")) fresh.delete(id);
	return fresh.size === 0;
}

/** A group that the list of groups has and the list of members lacks. */
function unnamed(groups: Map<string, GroupRecord>, named: Set<string>): string | null {
	for (const { id, name } of groups.values()) if (!named.has(id)) return name;
	return null;
}
