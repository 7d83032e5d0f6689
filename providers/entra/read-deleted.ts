import type { SettingRecord } from "../../src/model/objects.js";
import { reasonOf } from "../../src/provider/http-error.js";
import type { ReadContext, ReadPage } from "../../src/provider/provider.js";
import type { EntraConnection } from "./connection.js";
import { decodeAll, list } from "./read.js";
import type { Tally } from "./read-tally.js";
import { date } from "./schema.js";
import { decodeSetting } from "./schema-setting.js";
import type { SettingKind } from "./setting-kinds.js";

const root = "/v1.0/directory/deletedItems";
/** Milliseconds until the vendor deletes for good. https://learn.microsoft.com/graph/api/directory-deleteditems-list */
const kept = 30 * 86_400_000;

const kinds: (SettingKind & { plural: string })[] = [
	{
		kind: "deleted-group",
		title: "Deleted group",
		plural: "groups",
		path: `${root}/microsoft.graph.group`,
		query: { $select: "id,displayName,deletedDateTime,groupTypes,securityEnabled,mailEnabled,isAssignableToRole", $top: 999 },
	},
	{
		kind: "deleted-application",
		title: "Deleted application",
		plural: "applications",
		path: `${root}/microsoft.graph.application`,
		query: { $select: "id,appId,displayName,deletedDateTime,signInAudience", $top: 999 },
	},
];

/**
 * Groups and app registrations that can be restored. Groups need a permission that opens more than anything else here, and may be left out: then
 * it is said that they are not read. Where some were read before, the list is not whole without them until the vendor has deleted them for good.
 */
export async function* deletedObjects(connection: EntraConnection, context: ReadContext, failures: Tally): AsyncGenerator<ReadPage> {
	for (const kind of kinds)
		for await (const page of list(connection, { method: "GET", path: kind.path, ...(kind.query && { query: kind.query }) }, context.signal)) {
			const decoded = decodeAll(
				page.items,
				(item) => decodeSetting(item, kind),
				(record: SettingRecord) => record.id,
			);
			yield { ...decoded, request: page.request };
			const { error } = page.end ?? {};
			if (error?.cause === "scope" && !(await wereThere(context, kind.kind))) {
				const reason = reasonOf(error);
				failures.note({ ...reason, detail: `deleted ${kind.plural} are not read, and may be left out: ${reason.detail}` });
			} else failures.end(page.end ?? { closed: true, reasons: [] });
		}
}

async function wereThere(context: ReadContext, kind: string): Promise<boolean> {
	for await (const { body } of context.previous("settings")) {
		const { kind: own, values } = body as SettingRecord;
		if (own === kind && (date(values?.deletedDateTime) ?? context.scanStarted) + kept > context.scanStarted) return true;
	}
	return false;
}
