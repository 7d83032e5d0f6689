import type { PlannedRequests, TenantSize } from "../../src/provider/provider.js";
import { type Bucket, buckets } from "./buckets.js";

const pageSizes = "page sizes: https://learn.microsoft.com/graph/api/user-list (999; 500 with sign-in activity)";

/** The requests of a first, full read. Sends nothing. Microsoft's floor is the reports service: one request in two seconds. */
export function estimate(size: TenantSize): PlannedRequests[] {
	const row = (collection: PlannedRequests["collection"], call: string, requests: number, bucket: Bucket): PlannedRequests => ({
		...{ collection, call, requests: Math.max(1, Math.ceil(requests)), bucket: bucket.name, perSecond: bucket.perSecond },
		source: `${bucket.source}; ${pageSizes}`,
	});
	const { directory, reports, risk } = buckets;
	return [
		row("accounts", "GET /v1.0/users", size.accounts / 999, directory),
		row("accounts", "GET /v1.0/directory/deletedItems/microsoft.graph.user", 1, directory),
		row("activity", "GET /v1.0/users with signInActivity", size.accounts / 500, reports),
		row("groups", "GET /v1.0/groups", size.groups / 999, directory),
		// Groups come a hundred at once; a large group's members are spread over several pages.
		row("memberships", "GET /v1.0/groups/delta", size.groups / 100 + size.memberships / 3000, directory),
		row("roleAssignments", "GET /v1.0/roleManagement/directory/…", 4 + size.administrators / 100, directory),
		row("settings", "GET /v1.0/policies/…, /directory/deletedItems/…", 12, directory),
		row("settings", "GET /v1.0/identity/conditionalAccess/…", 2, risk),
		row("apps", "GET /v1.0/servicePrincipals, /applications", (size.apps * 2) / 999, directory),
		row("apps", "GET /v1.0/identityProtection/riskyServicePrincipals", 1, risk),
		row("credentials", "POST /v1.0/$batch", (size.apps * 1.2) / 20, directory),
		row("credentials", "GET /beta/reports/appCredentialSignInActivities", size.apps / 100, reports),
		row("risks", "GET /v1.0/identityProtection/riskyUsers, /riskDetections", 2 + size.accounts / 20_000, risk),
		// A computer and a phone for each person.
		row("devices", "GET /v1.0/devices", (size.accounts * 2) / 999, directory),
		row("authenticators", "GET /v1.0/reports/authenticationMethods/userRegistrationDetails", size.accounts / 999, reports),
		row("authenticators", "GET /v1.0/users/{userId}/authentication/methods, in batches", size.administrators, reports),
	];
}
