import type { ReadContext, ReadPage } from "../../src/provider/provider.js";
import { ids } from "./assignments.js";
import type { GoogleConnection } from "./connection.js";
import { changesSince, eventsOf, keptJson, type LogPoint, logPoint } from "./events.js";
import { once } from "./memo.js";
import { isDue } from "./moment.js";
import type { ListedGroup } from "./schema-group.js";

const cursor = "google.memberships";

/** What the last scan that ended knew of each group whose members it read whole or confirmed. */
interface Memory {
	point: LogPoint;
	groups: Record<string, string>;
}

/** Logs in which a group's members can change: by administrators, by its owners, by other services. */
const applications = ["admin", "groups_enterprise", "groups"];
const namesGroup = ["GROUP_EMAIL", "group_email", "group_id"];

/**
 * Groups whose stored members hold now: as many as before, and named by no event since. A dynamic group changes without an event, and a group
 * that holds everybody with every account.
 */
export async function unchangedGroups(connection: GoogleConnection, context: ReadContext, groups: ListedGroup[]): Promise<Set<string>> {
	const memory = context.full || context.budget.recheck ? null : await keptJson<Memory>(context, cursor);
	if (!memory || (await context.previousCount("memberships")) === 0) return new Set();
	const touched = await touchedSince(connection, context, memory.point);
	if (!touched) return new Set();
	const stays = ({ record, addresses }: ListedGroup): boolean =>
		record.source === "direct" &&
		record.reportedMembers !== undefined &&
		memory.groups[record.id] === fingerprint({ record }) &&
		!touched.has(record.id) &&
		!addresses.some((address) => touched.has(address)) &&
		!isDue(record.id, memory.point.at, context.scanStarted, context.budget.perAccountMaxAge);
	return new Set(groups.filter(stays).map(({ record }) => record.id));
}

/** Groups that the logs name since, by id or by address in lower case; null where they can't say it all. */
export function touchedSince(connection: GoogleConnection, context: ReadContext, from: LogPoint): Promise<Set<string> | null> {
	return once(connection, context, `touched/${from.until}`, () => touchedGroups(connection, context, from));
}

async function touchedGroups(connection: GoogleConnection, context: ReadContext, from: LogPoint): Promise<Set<string> | null> {
	const touched = new Set<string>();
	for (const application of applications) {
		const changes = await changesSince(connection, context, application, from);
		if (!changes) return null;
		for (const { name, parameters } of changes.flatMap(eventsOf)) {
			const named = namesGroup.flatMap((key) => parameters.get(key) ?? []);
			for (const one of named) touched.add(one.toLowerCase().replace(/^groups\//, ""));
			if (named.length === 0 && /member/i.test(name)) return null;
		}
	}
	return touched;
}

export async function rememberGroups(connection: GoogleConnection, context: ReadContext, groups: ListedGroup[]): Promise<void> {
	const memory: Memory = { point: logPoint(connection, context), groups: Object.fromEntries(groups.map((group) => [group.record.id, fingerprint(group)])) };
	await context.setCursor(cursor, JSON.stringify(memory));
}

function fingerprint({ record }: Pick<ListedGroup, "record">): string {
	return `${record.type} ${record.source} ${record.reportedMembers ?? ""}`;
}

/** The stored memberships of unchanged groups, as confirmed; an account that is gone takes its memberships along. */
export async function* confirmedIn(context: ReadContext, unchanged: Set<string>): AsyncGenerator<ReadPage> {
	if (unchanged.size === 0) return;
	const accounts = await ids(context, "accounts");
	const before = new Set<string>();
	// An account of the last scan that is no more; addresses from outside were never one.
	if (accounts) for await (const { id } of context.previous("accounts")) if (!accounts.has(id)) before.add(id);
	let batch: string[] = [];
	for await (const { id } of context.previous("memberships")) {
		const slash = id.indexOf("/");
		if (!unchanged.has(id.slice(0, slash)) || before.has(id.slice(slash + 1))) continue;
		batch.push(id);
		if (batch.length < 5000) continue;
		yield { records: [], request: null, confirmed: batch };
		batch = [];
	}
	if (batch.length > 0) yield { records: [], request: null, confirmed: batch };
}
