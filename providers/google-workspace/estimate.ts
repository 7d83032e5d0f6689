import type { PlannedRequests, TenantSize } from "../../src/provider/provider.js";
import { perMinute } from "./http.js";
import { mostRequests } from "./read-activity.js";
import { products } from "./read-licences.js";

const sizes = "page sizes of the Admin SDK's reference (developers.google.com/workspace/admin)";
const directory = {
	bucket: "Directory API",
	perSecond: perMinute.admin / 60,
	source: `${sizes}; 2,400 queries a minute by default (developers.google.com/admin-sdk/directory/v1/limits)`,
};
const reports = {
	bucket: "Reports API, filtered",
	perSecond: perMinute.reports / 60,
	source: `${sizes}; 250 filtered queries a minute (developers.google.com/admin-sdk/reports/v1/limits)`,
};
const identity = {
	bucket: "Cloud Identity",
	perSecond: perMinute.identity / 60,
	source: "100 policies a page; the quota is not published, and two queries a second is what is kept to",
};
const groupSettings = {
	bucket: "Groups Settings API",
	perSecond: perMinute.groupSettings / 60,
	source: "one request a group; the quota is the project's, and ten a second is what is kept to",
};

const licensing = {
	bucket: "Licensing API",
	perSecond: perMinute.licensing / 60,
	source:
		"1,000 assignments a page (developers.google.com/workspace/admin/licensing); the quota is not published, and five queries a second is what is kept to",
};

/** Requests of a full read; later reads ask again only for groups and grants that the audit logs name. */
export function estimate(size: TenantSize): PlannedRequests[] {
	const pages = (rows: number, page: number): number => Math.max(1, Math.ceil(rows / page));
	const perGroup = size.groups === 0 ? 0 : size.groups * pages(size.memberships / size.groups, 200);
	return [
		{ collection: "accounts", call: "GET /admin/directory/v1/users", requests: pages(size.accounts, 500) + 3, ...directory },
		{ collection: "groups", call: "GET /admin/directory/v1/groups", requests: pages(size.groups, 200) + 1, ...directory },
		{ collection: "groupRules", call: "GET /v1/groups:search", requests: 1, ...identity },
		{ collection: "memberships", call: "GET /admin/directory/v1/groups/{groupKey}/members", requests: perGroup, ...directory },
		{ collection: "roleAssignments", call: "GET …/roleassignments", requests: 1 + pages(size.administrators, 200), ...directory },
		{ collection: "settings", call: "GET /v1/policies", requests: 12, ...identity },
		{ collection: "settings", call: "GET /groups/v1/groups/{groupUniqueId}", requests: size.groups, ...groupSettings },
		{ collection: "settings", call: "GET /apps/licensing/v1/product/{productId}/users", requests: products.length + pages(size.accounts, 1000), ...licensing },
		{ collection: "credentials", call: "GET /admin/directory/v1/users/{userKey}/tokens and …/asps", requests: size.accounts * 2, ...directory },
		// Twelve phones for ten people.
		{ collection: "devices", call: "GET …/devices/mobile", requests: pages(size.accounts * 1.2, 100), ...directory },
		{ collection: "authenticators", call: "GET /admin/reports/v1/usage/users/all/dates/{date}", requests: pages(size.accounts, 1000) + 3, ...reports },
		{
			collection: "activity",
			call: "GET /admin/reports/v1/activity/users/all/applications/login",
			requests: Math.min(mostRequests, pages(size.accounts * 30, 1000)),
			...reports,
		},
	];
}
