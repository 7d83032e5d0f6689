import type { CoverageReason, ReadRecord, RequestRef } from "../../src/model/snapshot.js";
import type { ReadContext, Reader } from "../../src/provider/provider.js";
import type { EntraConnection } from "./connection.js";
import { list } from "./read.js";
import { decodeGroup, groupProperties } from "./schema-group.js";

interface Groups {
	groups: ReadRecord[];
	rules: ReadRecord[];
	quarantined: { id: string | null; why: string }[];
	request: RequestRef | null;
	end: { closed: boolean; reasons: CoverageReason[] };
}

const scopes = ["GroupMember.Read.All"];

function groupList(connection: EntraConnection, context: ReadContext): Promise<Groups> {
	return connection.shared(context.scanStarted, "groups", async () => {
		const all: Groups = { groups: [], rules: [], quarantined: [], request: null, end: { closed: false, reasons: [] } };
		for await (const page of list(connection, { method: "GET", path: "/v1.0/groups", query: { $select: groupProperties, $top: 999 } }, context.signal)) {
			all.request = page.request;
			for (const item of page.items) {
				const group = decodeGroup(item);
				if ("bad" in group) {
					all.quarantined.push({ id: group.id, why: group.bad });
					continue;
				}
				all.groups.push({ id: group.ok.record.id, body: group.ok.record });
				if (group.ok.rule) all.rules.push({ id: group.ok.rule.id, body: group.ok.rule });
			}
			if (page.end) all.end = { closed: page.end.closed, reasons: page.end.reasons };
		}
		return all;
	});
}

export const groups: Reader<EntraConnection> = {
	collection: "groups",
	after: [],
	scopes,
	async *read(connection, context) {
		const { groups: records, quarantined, request, end } = await groupList(connection, context);
		yield { records, request, ...(quarantined.length > 0 && { quarantined }), end };
	},
};

/** The rules of dynamic groups: the group's id is the rule's. */
export const groupRules: Reader<EntraConnection> = {
	collection: "groupRules",
	after: ["groups"],
	scopes,
	async *read(connection, context) {
		const { rules: records, quarantined, request, end } = await groupList(connection, context);
		yield { records, request, ...(quarantined.length > 0 && { quarantined }), end };
	},
};
