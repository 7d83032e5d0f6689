import type { PlannedRequests, TenantSize } from "../../src/provider/provider.js";

const source =
	"https://developer.sailpoint.com/docs/api/rate-limit: 100 requests in 10 s for an access token; pages of 250 (roles 50), by the API's specification";

/** The requests of a full read. How many accounts sources hold nobody tells beforehand: three for each identity. */
export function estimate({ accounts, groups, memberships, apps }: TenantSize): PlannedRequests[] {
	const plan = (collection: PlannedRequests["collection"], call: string, requests: number): PlannedRequests => ({
		collection,
		call,
		requests,
		bucket: "token",
		perSecond: 10,
		source,
	});
	const pages = (rows: number, size = 250): number => Math.max(1, Math.ceil(rows / size));
	return [
		plan("accounts", "GET /v2026/identities", pages(accounts)),
		plan("accounts", "GET /v2026/accounts", pages(accounts * 3) + apps),
		plan("roleAssignments", "GET /v2026/auth-users/{id}", accounts),
		plan("groups", "GET /v2026/roles", pages(groups, 50)),
		plan("groups", "GET /v2026/access-profiles", pages(groups)),
		plan("memberships", "GET /v2026/roles/{id}/assigned-identities", groups + Math.floor(memberships / 250)),
		plan("settings", "GET /v2026/campaigns, certifications, entitlements", 3),
		plan("apps", "GET /v2026/sources, oauth-clients", pages(apps) + 1),
		plan("credentials", "GET /v2026/personal-access-tokens", 1),
	];
}
