import type { PlannedRequests, TenantSize } from "../../src/provider/provider.js";
import { pageSize } from "./paging.js";

/** No limit is documented: a modest pace, so that the estimate is rather too long. */
const assumedPerSecond = 5;
/** Controls that the vendor maps, and features of two identity providers. */
const controls = 40;

/** The requests of a full read; sends nothing. `size.apps` is how many apps are watched. */
export function estimate(size: Pick<TenantSize, "accounts" | "apps">): PlannedRequests[] {
	const source = `pages of ${pageSize}; the vendor names no limit, ${assumedPerSecond} requests a second are assumed`;
	const apps = Math.max(1, size.apps);
	const of = (collection: PlannedRequests["collection"], call: string, requests: number): PlannedRequests => ({
		collection,
		call,
		requests,
		bucket: "all",
		perSecond: assumedPerSecond,
		source,
	});
	return [
		of("accounts", "GET /sspm/identity/v1/saas_instances/{saasInstanceId}/saas_accounts", 1 + apps + Math.floor(size.accounts / pageSize)),
		of("settings", "GET /sspm/api/v1/apps/{app_id}/configs", 4 * apps + controls + 12),
		of("apps", "GET /sspm/api/v1/plugins", 2 + Math.ceil(apps / 20)),
		of("credentials", "GET /sspm/api/v1/plugins", 1 + Math.ceil(apps / 20)),
		of("activity", "GET /sspm/identity/v1/idps/{idpId}/mfa_activity", 2 + Math.ceil((size.accounts * 2) / pageSize)),
	];
}
