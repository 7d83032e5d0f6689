import type { CoverageReason } from "../../src/model/snapshot.js";
import { at, word } from "../../src/provider/decode.js";
import type { ReadContext, ReadPage } from "../../src/provider/provider.js";
import type { GoogleConnection } from "./connection.js";
import { lists } from "./lists.js";
import { once } from "./memo.js";
import type { ChainEnd } from "./paging.js";
import { list, one, scoped, type Whole, whole } from "./read.js";
import { decodeGroup, groupFields, type ListedGroup } from "./schema-group.js";
import { readScope } from "./scopes.js";

/** The groups of a scan, with the pages they came in. */
interface GroupList {
	groups: ListedGroup[];
	pages: ReadPage[];
	end: ChainEnd;
	/** Why it can't be said which groups are dynamic; null = it is known. */
	dynamicUnread: CoverageReason | null;
}

export function groupList(connection: GoogleConnection, context: Pick<ReadContext, "scanStarted" | "signal">): Promise<GroupList> {
	return once(connection, context, "groups", async () => {
		const found = await dynamicGroups(connection, context);
		const dynamic = found.end.closed ? new Set(found.items.flatMap((group) => word(at(group, "name"))?.replace(/^groups\//, "") ?? [])) : null;
		const groups: ListedGroup[] = [];
		const pages: ReadPage[] = [];
		const query = { customer: connection.customer, maxResults: 200, fields: groupFields };
		const request = { method: "GET" as const, path: "/admin/directory/v1/groups", query };
		for await (const page of list(connection, request, { shape: lists.groups, scope: readScope.groups, signal: context.signal })) {
			const records: ReadPage["records"] = [];
			const quarantined: NonNullable<ReadPage["quarantined"]> = [...page.quarantined];
			for (const item of page.items) {
				const decoded = decodeGroup(item, dynamic);
				if ("bad" in decoded) quarantined.push({ id: decoded.id, why: decoded.bad });
				else {
					groups.push(decoded.ok);
					records.push({ id: decoded.ok.record.id, body: decoded.ok.record });
				}
			}
			pages.push({ records, request: page.request, ...(quarantined.length > 0 && { quarantined }) });
			if (page.end) return { groups, pages, end: page.end, dynamicUnread: dynamic ? null : (found.end.reasons[0] ?? null) };
		}
		throw new Error("a chain of groups without an end");
	});
}

/** Groups whose members Google works out by a query. https://cloud.google.com/identity/docs/how-to/create-dynamic-groups */
export function dynamicGroups(connection: GoogleConnection, context: Pick<ReadContext, "scanStarted" | "signal">): Promise<Whole> {
	return once(connection, context, "dynamic-groups", async () => {
		const customer = await customerId(connection, context);
		if ("end" in customer) return customer;
		const query = `parent == 'customers/${customer.id}' && 'cloudidentity.googleapis.com/groups.dynamic' in labels`;
		return whole(
			connection,
			{ method: "GET", path: "/v1/groups:search", query: { query, view: "FULL", pageSize: 500 } },
			{ shape: lists.identityGroups, scope: readScope.identityGroups, signal: context.signal },
		);
	});
}

/** Cloud Identity's search takes no alias of the customer. Any user tells the id, the one that is acted as for certain. */
async function customerId(connection: GoogleConnection, context: Pick<ReadContext, "signal">): Promise<{ id: string } | Whole> {
	if (connection.customer !== "my_customer") return { id: connection.customer };
	const request = {
		method: "GET" as const,
		path: "/admin/directory/v1/users/{userKey}",
		params: { userKey: connection.http.signer.subject },
		query: { fields: "id,customerId" },
	};
	const answer = await one(connection, request, context.signal);
	if ("error" in answer)
		return { items: [], request: answer.error.request, end: { closed: false, reasons: [scoped(answer.error, readScope.users)], error: answer.error } };
	const id = word(at(answer.body, "customerId"));
	if (id) return { id };
	return { items: [], request: answer.request, end: { closed: false, reasons: [{ cause: "error", detail: "Google does not say which customer this is" }] } };
}
