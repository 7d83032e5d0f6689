import type { PlannedRequests, TenantSize } from "../../src/provider/provider.js";
import { pageSize } from "./paging.js";
import { usualPages } from "./read-saas-activity.js";

/** No limit is documented: a modest pace, so that the estimate is rather too long. */
const assumedPerSecond = 5;
/** What tenants usually have: controls that the vendor maps, requests for two identity providers, third-party apps of one app, issues and links of tickets. */
const usual = { controls: 40, idps: 20, pluginsPerApp: 50, issues: 10 };
/** Catalogue, configurations, settings, tickets; and of its type the entry, sign-in and permissions. */
const perApp = 7;
/** Who let third-party apps in of those with an account: one in five. Each is asked for. */
const shareOfUsers = 0.2;

/** Rows that an app's log keeps of an account. */
const doingsPerAccount = 3;

/**
 * The requests of a full read; sends nothing. `size.apps` is how many apps are watched, `size.signIns` how many sign-ins are kept [two an account],
 * `size.activityPages` how many pages of an app's log are read at the most.
 */
export function estimate(size: Pick<TenantSize, "accounts" | "apps"> & { signIns?: number; activityPages?: number }): PlannedRequests[] {
	const source = `pages of ${pageSize}; the vendor names no limit, ${assumedPerSecond} requests a second are assumed`;
	const apps = Math.max(1, size.apps);
	const { accounts, signIns = accounts * 2, activityPages = usualPages } = size;
	const logPages = Math.min(activityPages, 1 + Math.floor((accounts * doingsPerAccount) / apps / pageSize));
	const pluginPages = Math.ceil((apps * usual.pluginsPerApp) / pageSize);
	const of = (collection: PlannedRequests["collection"], call: string, requests: number): PlannedRequests => ({
		collection,
		call,
		requests: Math.ceil(requests),
		bucket: "all",
		perSecond: assumedPerSecond,
		source,
	});
	return [
		of("accounts", "GET /sspm/identity/v1/saas_instances/{saasInstanceId}/saas_accounts", 1 + apps + Math.floor(accounts / pageSize)),
		of("settings", "GET /sspm/api/v1/apps/{app_id}/configs", perApp * apps + usual.controls + usual.idps + usual.issues + 4),
		of("apps", "GET /sspm/api/v1/plugins", 1 + pluginPages),
		of("credentials", "GET /sspm/api/v1/plugin-users/{id}/plugins", pluginPages + 1 + accounts * shareOfUsers),
		of("activity", "GET /sspm/identity/v1/idps/{idpId}/mfa_activity", 2 + Math.ceil(signIns / pageSize)),
		...(logPages > 0 ? [of("activity", "GET /sspm/identity/v1/saas_instances/{saasInstanceId}/saas_activity", apps * logPages)] : []),
	];
}
