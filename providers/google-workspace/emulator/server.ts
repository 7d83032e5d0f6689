import type { Call, Reply } from "../../../src/emulate/call.js";
import { Refusal } from "../../../src/emulate/call.js";
import type { VendorServer } from "../../../src/emulate/server.js";
import type { Authority, Grant } from "./auth.js";
import { isModern, isOAuth, legacy, modern, noSuchPath, oauthRefusal } from "./errors.js";
import { fieldMask } from "./fields.js";
import { makeLimits, throttled } from "./limits.js";
import { badToken } from "./paging.js";
import { admit, type Needs, type Operation } from "./rights.js";
import { deviceRoutes } from "./routes-devices.js";
import { groupRoutes } from "./routes-groups.js";
import { membershipRoutes } from "./routes-memberships.js";
import { moreRoutes } from "./routes-more.js";
import { orgRoutes } from "./routes-org.js";
import { policyRoutes } from "./routes-policies.js";
import { reportRoutes } from "./routes-reports.js";
import { roleRoutes } from "./routes-roles.js";
import { settingsRoutes } from "./routes-settings.js";
import { userRoutes } from "./routes-users.js";
import type { Tenant } from "./types.js";
import { accountWrites } from "./writes-account.js";
import { groupWrites } from "./writes-groups.js";
import { securityWrites } from "./writes-security.js";
import { userWrites } from "./writes-users.js";

/** The vendor's hosts behind one address: token endpoint, Admin SDK, Groups Settings, Cloud Identity, Licensing, Alert Center, IAM Credentials. */
export function vendorServer(tenant: Tenant, authority: Authority, limits: "off" | "vendor"): VendorServer<Needs, Grant> {
	const count = limits === "vendor" ? makeLimits(tenant) : () => {};
	const open: Needs = { service: "oauth2.googleapis.com", scopes: [], privilege: null };
	const who: Needs = { service: "oauth2.googleapis.com", scopes: ["openid", "userinfo.email", "userinfo.profile"], privilege: null };
	const routes: Operation[] = [
		{ method: "POST", template: "/token", needs: open, handler: authority.token },
		{ method: "POST", template: "/oauth2/v2/tokeninfo", needs: open, handler: authority.tokenInfo },
		...["/oauth2/v2/userinfo", "/userinfo/v2/me"].map((template) => ({ method: "GET", template, needs: who, handler: authority.userInfo })),
		{ method: "GET", template: "/tokeninfo", needs: open, handler: authority.tokenInfo },
		{
			method: "POST",
			template: "/v1/projects/{projectsId}/serviceAccounts/{serviceAccountsId}",
			needs: { service: "iamcredentials.googleapis.com", scopes: ["cloud-platform"], privilege: null },
			handler: authority.signJwt,
		},
		...userRoutes(tenant),
		...userWrites(tenant),
		...securityWrites(tenant),
		...groupRoutes(tenant),
		...groupWrites(tenant),
		...accountWrites(tenant),
		...roleRoutes(tenant),
		...orgRoutes(tenant),
		...deviceRoutes(tenant),
		...reportRoutes(tenant),
		...settingsRoutes(tenant),
		...policyRoutes(tenant),
		...membershipRoutes(tenant),
		...moreRoutes(tenant),
	];
	return {
		world: tenant.world,
		routes: routes.map(masked),
		admit(call, route) {
			admit(tenant, authority.tokens, call, route?.needs);
			count(call);
		},
		headers: (call) => ({
			Vary: "Origin, X-Origin, Referer",
			Server: "ESF",
			"X-XSS-Protection": "0",
			"X-Frame-Options": "SAMEORIGIN",
			"X-Content-Type-Options": "nosniff",
			"Cache-Control": "private",
			"X-Guploader-Uploadid": call.requestId,
		}),
		// A method that a path doesn't have is answered like a path nobody has.
		unknown: (call) => noSuchPath(call.path),
		throttled: (call) => throttled(tenant, call),
		badBody: (call) =>
			isOAuth(call.path)
				? oauthRefusal(400, "invalid_request", "Bad Request")
				: isModern(call.path)
					? modern(400, "Invalid JSON payload received.")
					: legacy(400, "parseError", "Parse Error"),
		expiredCursor: badToken,
		broken: (call) =>
			// Without a description (google-auth-library-python#368).
			isOAuth(call.path)
				? new Refusal(500, { error: "internal_failure" })
				: isModern(call.path)
					? modern(503, "The service is currently unavailable.")
					: legacy(503, "backendError", "Service unavailable. Please try again"),
		cursorParam: "pageToken",
		link: (_, cursor) => cursor,
	};
}

/** Every operation knows `fields` and `alt`. */
function masked(route: Operation): Operation {
	return {
		...route,
		async handler(call: Call<Grant>): Promise<Reply> {
			const alt = call.query.get("alt");
			if (alt !== null && !["json", "atom", "media", "proto"].includes(alt))
				throw new Refusal(400, { error: { code: 400, message: `Invalid value at 'alt': ${alt}`, status: "INVALID_ARGUMENT" } });
			const mask = fieldMask(call.query.get("fields"));
			const reply = await route.handler(call);
			if (typeof reply.body === "string") return reply;
			const { list } = reply;
			if (!list) return reply.body === undefined ? reply : { ...reply, body: mask(reply.body) };
			return { ...reply, list: { ...list, wrap: (items, next) => mask(list.wrap(items, next)) } };
		},
	};
}
