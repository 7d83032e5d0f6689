import type { VendorServer } from "../../../src/emulate/server.js";
import { type Authority, checkRights } from "./auth.js";
import { badSyntax, internalFault, invalidOffset, methodNotAllowed, notFound, rateLimited } from "./errors.js";
import type { Limiter } from "./limits.js";
import type { Caller, Needs, SailRoute, Tenant } from "./state.js";

/** What the server of a tenant is made of. */
export function makeVendor(tenant: Tenant, authority: Authority, limiter: Limiter, routes: readonly SailRoute[]): VendorServer<Needs, Caller> {
	const { world } = tenant;
	return {
		world,
		routes,
		async admit(call, route) {
			if (route?.needs.open) return;
			call.caller = await authority.caller(call);
			limiter.count(call.caller.token, world.now());
			if (route) checkRights(call, route, call.caller);
		},
		headers: (call) => ({ "SLPT-Request-ID": call.requestId.replaceAll("-", ""), "Cache-Control": "no-cache, no-store, max-age=0, must-revalidate" }),
		unknown: (call, allowed) => (allowed ? methodNotAllowed(call, allowed) : notFound(call)),
		throttled: () => rateLimited(),
		badBody: badSyntax,
		expiredCursor: invalidOffset,
		broken: internalFault,
		cursorParam: "offset",
		link: (_, cursor) => cursor,
	};
}
