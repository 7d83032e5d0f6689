import { conditionalAccess, writes } from "./access.js";
import type { Authority } from "./auth.js";
import { batch } from "./batch.js";
import { both, type Collection, collectionRoutes, type GraphRoute } from "./collections.js";
import { directoryCollections } from "./collections-directory.js";
import { roleCollections } from "./collections-roles.js";
import { securityCollections } from "./collections-security.js";
import { deltaRoutes } from "./delta.js";
import { userGate } from "./gate.js";
import type { Limiter } from "./limits.js";
import { appRoutes } from "./routes-apps.js";
import { deletedRoutes } from "./routes-deleted.js";
import { groupRoutes } from "./routes-groups.js";
import { linkRoutes } from "./routes-links.js";
import { methodRoutes } from "./routes-methods.js";
import { policyRoutes } from "./routes-policies.js";
import { riskRoutes } from "./routes-risk.js";
import { roleRoutes } from "./routes-roles.js";
import { userRoutes } from "./routes-users.js";
import { userOf } from "./rows.js";
import { scheduleRoutes } from "./schedules.js";
import type { Needs, Tenant } from "./tenant.js";

const open: Needs = { service: "login", scopes: [], cost: 1, bucket: "none" };

/** Every operation served. */
export function allRoutes(tenant: Tenant, authority: Authority, limiter: Limiter): GraphRoute[] {
	const collections: Collection[] = [...directoryCollections, ...roleCollections, ...securityCollections].map((one) =>
		one.path === "/users" ? { ...one, gate: userGate(limiter), find: userOf } : one,
	);
	return [
		{ method: "POST", template: "/{tenant}/oauth2/v2.0/token", needs: open, handler: authority.token },
		...both("POST", "/$batch", open, batch),
		...collections.flatMap((one) => collectionRoutes(tenant, one)),
		...deltaRoutes(tenant),
		...userRoutes(tenant),
		...methodRoutes(tenant),
		...groupRoutes(tenant),
		...linkRoutes(tenant),
		...appRoutes(tenant),
		...roleRoutes(tenant),
		...scheduleRoutes(tenant),
		...policyRoutes(tenant, conditionalAccess(writes.access)),
		...riskRoutes(tenant),
		...deletedRoutes(tenant),
	];
}
