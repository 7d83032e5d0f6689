import { at, word } from "../../src/provider/decode.js";
import type { DoctorReport, TenantSize } from "../../src/provider/provider.js";
import type { GoogleConnection } from "./connection.js";
import { estimate } from "./estimate.js";
import { lists } from "./lists.js";
import { list, whole } from "./read.js";
import { int64 } from "./schema.js";
import { readScope } from "./scopes.js";

/** What a full read of this tenant costs, by its own numbers: users and groups are counted by their lists, ids only. Null where they can't be read. */
export async function measured(connection: GoogleConnection): Promise<DoctorReport["estimate"]> {
	const { customer, config } = connection;
	const size: TenantSize = { accounts: 0, groups: 0, memberships: 0, apps: 0, administrators: 0 };
	const users = {
		method: "GET" as const,
		path: "/admin/directory/v1/users",
		query: { customer, maxResults: 500, fields: "kind,nextPageToken,users(id,isAdmin,isDelegatedAdmin)" },
	};
	for await (const page of list(connection, users, { shape: lists.users, scope: readScope.users, signal: config.signal })) {
		if (page.end && !page.end.closed) return null;
		size.accounts += page.items.length;
		size.administrators += page.items.filter((item) => at(item, "isAdmin") === true || at(item, "isDelegatedAdmin") === true).length;
	}
	const groups = {
		method: "GET" as const,
		path: "/admin/directory/v1/groups",
		query: { customer, maxResults: 200, fields: "kind,nextPageToken,groups(id,directMembersCount)" },
	};
	const found = await whole(connection, groups, { shape: lists.groups, scope: readScope.groups, signal: config.signal });
	if (!found.end.closed) return null;
	for (const group of found.items) {
		if (word(at(group, "id"))) size.groups += 1;
		size.memberships += int64(at(group, "directMembersCount")) ?? 0;
	}
	const parts = estimate(size);
	const requests = parts.reduce((sum, part) => sum + part.requests, 0);
	const byBucket = new Map<string, number>();
	for (const { bucket, requests: count, perSecond } of parts) byBucket.set(bucket, (byBucket.get(bucket) ?? 0) + count / perSecond);
	const seconds = Math.round([...byBucket.values()].reduce((sum, one) => sum + one, 0));
	const grants = size.accounts * 2;
	const detail = `${size.accounts} users, ${size.groups} groups with ${size.memberships} members; ${grants} of the requests are for grants and app passwords, which later scans read only where they changed`;
	return { requests, seconds, detail };
}
