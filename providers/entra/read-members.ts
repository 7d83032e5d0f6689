import type { GroupRecord } from "../../src/model/objects.js";
import type { ReadRecord } from "../../src/model/snapshot.js";
import type { ReadContext, ReadPage } from "../../src/provider/provider.js";
import { batch } from "./batch.js";
import type { EntraConnection } from "./connection.js";
import { isGone, list } from "./read.js";
import type { Tally } from "./read-tally.js";
import { at, word } from "./schema.js";
import { recordOf } from "./schema-membership.js";

const path = "/groups/{groupId}/members";

/** Members group by group, twenty groups in one call; a group with more than a page of members is followed by itself. */
export async function* membersByGroup(connection: EntraConnection, context: ReadContext, groups: GroupRecord[], failures: Tally): AsyncGenerator<ReadPage> {
	for (let first = 0; first < groups.length; first += 20) {
		const some = groups.slice(first, first + 20);
		const parts = some.map(({ id }) => ({ path, params: { groupId: id }, query: "?$select=id&$top=999" }));
		for (const [index, answer] of (await batch(connection, parts, "v1.0", context.signal)).entries()) {
			const group = some[index] as GroupRecord;
			if ("error" in answer) {
				if (!isGone(answer.error)) failures.add(answer.error);
				continue;
			}
			yield { ...decode(at(answer.body, "value"), group), request: answer.request };
			const from = word(at(answer.body, "@odata.nextLink"));
			if (from === undefined) continue;
			const request = { method: "GET" as const, path: `/v1.0${path}`, params: { groupId: group.id } };
			for await (const page of list(connection, request, context.signal, { from })) {
				yield { ...decode(page.items, group), request: page.request };
				failures.end(page.end ?? { closed: true, reasons: [] });
			}
		}
		context.progress(first + some.length, groups.length);
	}
}

function decode(items: unknown, group: GroupRecord): Pick<ReadPage, "records" | "quarantined"> {
	const records: ReadRecord[] = [];
	const quarantined: { id: string | null; why: string }[] = [];
	for (const item of Array.isArray(items) ? items : [null]) {
		const [member, type] = [word(at(item, "id")), word(at(item, "@odata.type"))];
		if (member === undefined || type === undefined) quarantined.push({ id: group.id, why: "a member of a group has no id or no type" });
		else records.push(...recordOf({ group: group.id, member, type }, group));
	}
	return { records, ...(quarantined.length > 0 && { quarantined }) };
}
