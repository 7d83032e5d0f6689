import type { BucketStats } from "../../src/provider/http.js";
import type { DoctorReport } from "../../src/provider/provider.js";
import type { OktaConnection } from "./connection.js";
import { list, one } from "./read.js";
import { mostRequests } from "./read-activity.js";
import { idOf } from "./schema.js";
import { decodeApp } from "./schema-app.js";
import { decodeGroup } from "./schema-group.js";

/** What decides how many requests a full read takes. */
export interface TenantSize {
	users: number;
	groups: number;
	/** Pages of members over all groups. */
	memberPages: number;
	apps: number;
	clients: number;
	/** Apps that may hold refresh tokens of users. */
	tokenApps: number;
	/** The risk of users can be read: a request each. */
	risks: boolean;
}

/** Counts a tenant by its groups, whose statistics hold the numbers of members, and its apps; null where they can't be read. */
export async function sizes(connection: OktaConnection): Promise<TenantSize | null> {
	const size: TenantSize = { users: 0, groups: 0, memberPages: 0, apps: 0, clients: 0, tokenApps: 0, risks: false };
	const signal = connection.config.signal;
	for await (const page of list(
		connection,
		{ method: "GET", path: "/api/v1/groups", query: { limit: 200, expand: "stats" } },
		{ scope: "okta.groups.read", signal },
	)) {
		if (page.end && !page.end.closed) return null;
		for (const item of page.items) {
			const group = decodeGroup(item);
			if ("bad" in group) continue;
			const members = group.ok.reportedMembers ?? 0;
			size.groups += 1;
			if (group.ok.type === "BUILT_IN") size.users = Math.max(size.users, members);
			else size.memberPages += Math.max(1, Math.ceil(members / 1000));
		}
	}
	for await (const page of list(connection, { method: "GET", path: "/api/v1/apps", query: { limit: 200 } }, { scope: "okta.apps.read", signal })) {
		if (page.end && !page.end.closed) return null;
		for (const item of page.items) {
			const app = decodeApp(item);
			if ("bad" in app) continue;
			size.apps += 1;
			if (app.ok.ownClient) size.clients += 1;
			if (app.ok.refreshTokens !== false) size.tokenApps += 1;
		}
	}
	size.risks = await tellsRisks(connection);
	return size;
}

/** Whether some user's risk is told: without the licence or the scope nobody's is. */
async function tellsRisks(connection: OktaConnection): Promise<boolean> {
	const { signal } = connection.config;
	if ((await connection.http.missingScopes()).includes("okta.userRisk.read")) return false;
	const users = await one(connection, { method: "GET", path: "/api/v1/users", query: { limit: 1 } }, signal);
	const id = "body" in users && Array.isArray(users.body) ? idOf(users.body[0]) : null;
	return id !== null && "body" in (await one(connection, { method: "GET", path: "/api/v1/users/{userId}/risk", params: { userId: id } }, signal));
}

/** Requests a minute for one app, half of the org's, from the last table Okta published: used until a header says better. */
export const assumed: Record<string, number> = { users: 300, groups: 250, group: 500, apps: 50, other: 600, clients: 50, logs: 60 };

/** Requests and seconds of a first, full read. Seconds are requests over each bucket's limit: the vendor's floor. */
export function estimate(size: TenantSize, buckets: Record<string, BucketStats>): NonNullable<DoctorReport["estimate"]> {
	const requests: Record<string, number> = {
		users: Math.ceil(size.users / 200) + 2,
		groups: Math.ceil(size.groups / 200) + 1,
		// Members, factors of every account, their risk, and about 200 for roles, policies and settings.
		other: size.memberPages + size.users * (size.risks ? 2 : 1) + 200,
		// Apps themselves, then for each its groups and at least one page of its users, and a client's credentials.
		apps: Math.ceil(size.apps / 200) + 2 * size.apps + 2 * size.clients + size.tokenApps,
		clients: size.clients,
		// Sign-ins of 90 days, one a day for each, a thousand a page.
		logs: Math.min(mostRequests, Math.ceil((size.users * 90) / 1000)),
	};
	let total = 0;
	let seconds = 0;
	for (const [bucket, count] of Object.entries(requests)) {
		total += count;
		seconds += (count / (buckets[bucket]?.limit || assumed[bucket] || 600)) * 60;
	}
	return {
		requests: total,
		seconds: Math.round(seconds),
		detail: `${size.users} users, ${size.groups} groups, ${size.apps} apps; ${size.users} of the requests are for factors${size.risks ? ` and ${size.users} for risk` : ""}, which later scans read only where they changed; apps with more than 500 users take more`,
	};
}
