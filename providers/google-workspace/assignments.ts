import type { RoleAssignmentRecord } from "../../src/model/objects.js";
import type { CollectionName } from "../../src/model/snapshot.js";
import type { ReadContext, ReadPage } from "../../src/provider/provider.js";
import type { GoogleConnection } from "./connection.js";
import { lists } from "./lists.js";
import { once } from "./memo.js";
import { decodePage, list, whole } from "./read.js";
import { decodeRole, type Role } from "./roles.js";
import { assignmentKey, decodeAssignment, type Holders } from "./schema-role.js";
import { readScope } from "./scopes.js";
import { type Tally, tally } from "./tally.js";

/** Roles and who holds them, as this scan reads them. */
export interface Assignments {
	roles: Map<string, Role>;
	pages: ReadPage[];
	held: RoleAssignmentRecord[];
	failures: Tally;
}

export function assignments(connection: GoogleConnection, context: ReadContext): Promise<Assignments> {
	return once(connection, context, "assignments", async () => {
		const failures = tally();
		const { customer } = connection;
		const base = "/admin/directory/v1/customer/{customer}";
		const options = { scope: readScope.roles, signal: context.signal };
		const found = await whole(
			connection,
			{ method: "GET", path: `${base}/roles`, params: { customer }, query: { maxResults: 100 } },
			{ ...options, shape: lists.roles },
		);
		const decoded = found.items.map(decodeRole);
		const roles = new Map(decoded.flatMap((one) => (one ? [[one.id, one.role]] : [])));
		failures.end(found.end, readScope.roles);
		if (decoded.includes(null)) failures.fail({ cause: "quarantine", detail: "a role could not be understood" });
		const holders: Holders = { accounts: await ids(context, "accounts"), groups: await ids(context, "groups") };
		const pages: ReadPage[] = [];
		const request = { method: "GET" as const, path: `${base}/roleassignments`, params: { customer }, query: { maxResults: 200 } };
		for await (const page of list(connection, request, { ...options, shape: lists.roleAssignments })) {
			pages.push({ ...decodePage(page, (item) => decodeAssignment(item, roles, holders), assignmentKey), request: page.request });
			if (page.end) failures.end(page.end, readScope.roles);
		}
		return { roles, pages, held: pages.flatMap(({ records }) => records.map(({ body }) => body as RoleAssignmentRecord)), failures };
	});
}

/** Ids of a collection; null where it was not read to the end. */
export async function ids(context: ReadContext, collection: CollectionName): Promise<Set<string> | null> {
	if (context.coverage(collection)?.state !== "complete") return null;
	const found = new Set<string>();
	for await (const { id } of context.current(collection)) found.add(id);
	return found;
}
