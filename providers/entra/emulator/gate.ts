import { betaUsers, users, withActivity } from "./collections-directory.js";
import { badRequest, refusal, unsupported } from "./errors.js";
import type { Limiter } from "./limits.js";
import type { Listed } from "./list.js";
import { filteredProperties, queryOf } from "./query.js";
import { type GraphCall, may, type Tenant, version } from "./tenant.js";

/** What the vendor answers where a tenant hasn't paid. */
export function notPremium() {
	return refusal(403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant", "Neither tenant is B2C or tenant doesn't have premium license");
}

/** Permission that the log and report services miss, in their words. */
export function noAuditScope(scopes: readonly string[]) {
	return refusal(
		403,
		"Authentication_MSGraphPermissionMissing",
		`The principal does not have required Microsoft Graph permission(s): ${scopes.join(",")} to call this API. For more information about Microsoft Graph permissions, please visit https://docs.microsoft.com/graph/permissions-overview.`,
	);
}

/** Sign-in activity comes from the reports service: it has its own licence, permission, limits and page size. */
export function userGate(limiter: Limiter) {
	return (tenant: Tenant, call: GraphCall, single: boolean): Listed | undefined => {
		const query = queryOf(call);
		const filtered = query.filter ? filteredProperties(query.filter) : [];
		const own = version(call) === "beta" ? betaUsers : users;
		if (query.select?.includes("employeeLeaveDateTime") && !may(call, "User-LifeCycleInfo.Read.All", "User-LifeCycleInfo.ReadWrite.All"))
			throw refusal(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
		if (!query.select?.includes("signInActivity") && !filtered.includes("signInActivity")) return undefined;
		if (tenant.licences === "none") throw notPremium();
		if (!may(call, "AuditLog.Read.All")) throw noAuditScope(["AuditLog.Read.All"]);
		const appId = call.caller?.client.appId ?? "";
		if (single) {
			if (call.params.id?.includes("@")) throw badRequest("Get By Key only supports UserId and the key has to be a valid Guid");
			limiter.activityOfOne(call, appId);
			return undefined;
		}
		limiter.spend(call, appId, { bucket: "reports", cost: 1 });
		if (filtered.includes("signInActivity") && filtered.some((name) => name !== "signInActivity"))
			throw unsupported("Filter on signInActivity is not supported together with other filters.");
		return { ...own, page: withActivity };
	};
}
