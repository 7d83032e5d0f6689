import type { DoctorReport } from "../../src/provider/provider.js";
import type { EntraConnection } from "./connection.js";
import { estimate } from "./estimate.js";
import { one } from "./read.js";
import { at } from "./schema.js";

/** Counts the tenant and estimates its full read; null where it can't be counted. */
export async function tenantEstimate(connection: EntraConnection): Promise<DoctorReport["estimate"]> {
	const accounts = await count(connection, "users");
	const groups = await count(connection, "groups");
	if (accounts === null || groups === null) return null;
	const apps = (await count(connection, "servicePrincipals")) ?? 300;
	// What can't be counted without reading it: a few memberships a person, and one administrator in a hundred.
	const rows = estimate({ accounts, groups, memberships: accounts * 5, apps, administrators: Math.max(5, Math.ceil(accounts / 100)) });
	const requests = rows.reduce((sum, row) => sum + row.requests, 0);
	const perBucket = new Map<string, number>();
	for (const row of rows) perBucket.set(row.bucket, (perBucket.get(row.bucket) ?? 0) + row.requests / row.perSecond);
	const detail = `${accounts} users, ${groups} groups, ${apps} service principals; the reports service, with one request in two seconds, decides the time`;
	return { requests, seconds: Math.round(Math.max(...perBucket.values())), detail };
}

/** `$count` needs the header, and answers a bare number. https://learn.microsoft.com/graph/aad-advanced-queries */
async function count(connection: EntraConnection, what: string): Promise<number | null> {
	const request = { method: "GET" as const, path: `/v1.0/${what}`, query: { $count: true, $top: 1, $select: "id" }, headers: { ConsistencyLevel: "eventual" } };
	const answer = await one(connection, request, connection.config.signal);
	const found = "body" in answer ? at(answer.body, "@odata.count") : null;
	return typeof found === "number" ? found : null;
}
