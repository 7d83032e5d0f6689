import type { ReadContext, ReadPage } from "../../src/provider/provider.js";
import type { GoogleConnection } from "./connection.js";
import { keptJson, type LogPoint, logPoint } from "./events.js";
import { groupSettingRecord } from "./group-settings.js";
import { groupList } from "./groups.js";
import { touchedSince } from "./membership-memory.js";
import { isDue } from "./moment.js";
import { concurrently } from "./pool.js";
import { isGone, one } from "./read.js";
import type { ListedGroup } from "./schema-group.js";
import { readScope } from "./scopes.js";
import type { Tally } from "./tally.js";

const scope = readScope.groupSettings;
const cursor = "google.group-settings";

interface Memory {
	point: LogPoint;
	/** Groups read or confirmed. */
	read: string[];
}

/** Who can join, post and look, group by group: a request each. In later scans only groups that a log names, or whose turn has come. */
export async function* groupSettings(connection: GoogleConnection, context: ReadContext, failures: Tally): AsyncGenerator<ReadPage> {
	const { groups, end } = await groupList(connection, context);
	if (!end.closed) failures.fail({ cause: "depends", detail: "groups were not read to the end, and each has settings" });
	const memory = context.full || context.budget.recheck ? null : await keptJson<Memory>(context, cursor);
	const touched = memory && (await touchedSince(connection, context, memory.point));
	const before = new Set(memory && touched ? memory.read : []);
	const stays = ({ record, addresses }: ListedGroup): boolean =>
		before.has(record.id) &&
		!touched?.has(record.id) &&
		!addresses.some((address) => touched?.has(address)) &&
		!isDue(record.id, memory?.point.at ?? 0, context.scanStarted, context.budget.perAccountMaxAge);
	const confirmed = groups.filter(stays).map(({ record }) => record.id);
	if (confirmed.length > 0) yield { records: [], request: null, confirmed: confirmed.map((id) => `group-settings/${id}`) };
	const kept = new Set(confirmed);
	const waiting = groups.filter(({ record }) => !kept.has(record.id));
	const state = { stop: false };
	for await (const page of concurrently(waiting, 8, (group) => settingsOf(connection, context, group, failures, state))) {
		for (const { id } of page?.records ?? []) kept.add(id.slice("group-settings/".length));
		if (page) yield page;
	}
	await context.setCursor(cursor, JSON.stringify({ point: logPoint(connection, context), read: [...kept] } satisfies Memory));
}

async function settingsOf(
	connection: GoogleConnection,
	context: ReadContext,
	{ record, email }: ListedGroup,
	failures: Tally,
	state: { stop: boolean },
): Promise<ReadPage | null> {
	if (state.stop) return null;
	if (!email) {
		failures.fail({ cause: "depends", detail: `the group ${record.name} has no address that its settings could be asked by` });
		return null;
	}
	const request = { method: "GET" as const, path: "/groups/v1/groups/{groupUniqueId}", params: { groupUniqueId: email }, query: { alt: "json" } };
	const answer = await one(connection, request, context.signal);
	if ("error" in answer) {
		const gone = isGone(answer.error) && (await groupIsGone(connection, context, record.id));
		if (!gone) failures.add(answer.error, scope);
		if (answer.error.cause === "scope") state.stop = true;
		return null;
	}
	const body = groupSettingRecord(record, answer.body);
	if (!body) return { records: [], request: answer.request, quarantined: [{ id: record.id, why: "the answer holds no settings of a group" }] };
	return { records: [{ id: body.id, body }], request: answer.request };
}

async function groupIsGone(connection: GoogleConnection, context: ReadContext, groupKey: string): Promise<boolean> {
	const answer = await one(connection, { method: "GET", path: "/admin/directory/v1/groups/{groupKey}", params: { groupKey } }, context.signal);
	return "error" in answer && isGone(answer.error);
}
