import type { Authority } from "./auth.js";
import type { Route } from "./call.js";
import { kindRoutes } from "./kinds.js";
import { authenticatorRoutes } from "./kinds-authenticators.js";
import { deviceRoutes } from "./kinds-devices.js";
import { featureRoutes } from "./kinds-features.js";
import { idpRoutes } from "./kinds-idps.js";
import { networkKinds } from "./kinds-network.js";
import { signalKinds, signalRoutes } from "./kinds-signals.js";
import { appCredentialRoutes } from "./routes-app-credentials.js";
import { appGrantRoutes } from "./routes-app-grants.js";
import { appWriteRoutes } from "./routes-app-writes.js";
import { appRoutes } from "./routes-apps.js";
import { enrollmentRoutes } from "./routes-enrollments.js";
import { factorRoutes } from "./routes-factors.js";
import { groupWriteRoutes } from "./routes-group-writes.js";
import { groupRoutes } from "./routes-groups.js";
import { iamRoutes } from "./routes-iam.js";
import { iamWriteRoutes } from "./routes-iam-writes.js";
import { identitySourceRoutes } from "./routes-identity-sources.js";
import { logRoutes } from "./routes-logs.js";
import { oauthRoutes } from "./routes-oauth.js";
import { orgRoutes } from "./routes-org.js";
import { policyRoutes } from "./routes-policies.js";
import { policyAppRoutes } from "./routes-policy-apps.js";
import { rateRoutes } from "./routes-rates.js";
import { roleTargetRoutes } from "./routes-role-targets.js";
import { roleRoutes } from "./routes-roles.js";
import { schemaRoutes } from "./routes-schemas.js";
import { serviceAccountRoutes } from "./routes-service-accounts.js";
import { settingRoutes } from "./routes-settings.js";
import { tokenRoutes } from "./routes-tokens.js";
import { userOauthRoutes } from "./routes-user-oauth.js";
import { userRiskRoutes } from "./routes-user-risk.js";
import { userRoutes } from "./routes-users.js";

/** Every operation served. */
export function allRoutes(authority: Authority): Route[] {
	return [
		...[userRoutes, userOauthRoutes, userRiskRoutes, factorRoutes, enrollmentRoutes],
		...[groupRoutes, groupWriteRoutes, roleRoutes, roleTargetRoutes, iamRoutes, iamWriteRoutes],
		...[policyRoutes, policyAppRoutes, appRoutes, appWriteRoutes, appCredentialRoutes, appGrantRoutes],
		...[tokenRoutes, authenticatorRoutes, deviceRoutes, featureRoutes, idpRoutes, signalRoutes],
		...[...networkKinds, ...signalKinds].map(kindRoutes),
		...[orgRoutes, settingRoutes, rateRoutes, schemaRoutes, serviceAccountRoutes, identitySourceRoutes, logRoutes],
		oauthRoutes(authority),
	].flat();
}
