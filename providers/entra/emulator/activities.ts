import { stamp } from "./moment.js";
import { rowsOf } from "./rows.js";
import { guid, type Raw } from "./state.js";
import { raw, type Tenant } from "./tenant.js";

const never = { lastSignInDateTime: null, lastSignInRequestId: null, lastNonInteractiveSignInDateTime: null, lastNonInteractiveSignInRequestId: null };

function activity(tenant: Tenant, at: number | undefined, key: string): Raw | null {
	if (at === undefined) return null;
	return { ...never, lastSignInDateTime: stamp(at), lastSignInRequestId: guid(tenant.state.seed, "request", key, at) };
}

/** Last use of each service principal that has been used in the report's time. */
export function servicePrincipalActivities(tenant: Tenant): Raw[] {
	return rowsOf(tenant, "servicePrincipals").flatMap((row) => {
		const at = tenant.state.used.get(String(row.id));
		if (at === undefined) return [];
		const last = activity(tenant, at, String(row.id));
		return [
			raw({
				id: Buffer.from(String(row.appId)).toString("base64"),
				appId: row.appId,
				delegatedClientSignInActivity: null,
				delegatedResourceSignInActivity: null,
				applicationAuthenticationClientSignInActivity: last,
				applicationAuthenticationResourceSignInActivity: null,
				lastSignInActivity: last,
			}),
		];
	});
}

/** Last use of each credential of the tenant's applications. */
export function appCredentialActivities(tenant: Tenant): Raw[] {
	const principals = new Map([...tenant.state.servicePrincipals.values()].map((row) => [row.appId, row]));
	return [...tenant.state.applications.values()].flatMap((app) => {
		const secrets = (app.passwordCredentials ?? []).map((one) => ({ ...one, keyType: "clientSecret" }));
		const keys = (app.keyCredentials ?? []).map((one) => ({ ...one, keyType: "certificate" }));
		return [...secrets, ...keys].flatMap(({ keyId, keyType, startDateTime, endDateTime }) => {
			const at = tenant.state.used.get(String(keyId));
			if (at === undefined) return [];
			return [
				raw({
					id: Buffer.from(`${app.appId}|${keyId}`).toString("base64"),
					keyId,
					keyType,
					keyUsage: keyType === "certificate" ? "verify" : "sign",
					appId: app.appId,
					appObjectId: app.id,
					servicePrincipalObjectId: principals.get(app.appId)?.id ?? null,
					resourceId: null,
					credentialOrigin: "application",
					createdDateTime: startDateTime,
					expirationDateTime: endDateTime,
					signInActivity: activity(tenant, at, String(keyId)),
				}),
			];
		});
	});
}
