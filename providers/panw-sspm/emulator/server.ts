import type { Call } from "../../../src/emulate/call.js";
import type { VendorServer } from "../../../src/emulate/server.js";
import type { Authority, Needs, ServiceAccount } from "./auth.js";
import { badInput, badRequest, forbidden, internal, notFound, tooMany, wrongMethod } from "./errors.js";
import { pagePath } from "./paging.js";
import { accountRoutes } from "./routes-accounts.js";
import { iamRoutes } from "./routes-iam.js";
import { idpRoutes } from "./routes-idps.js";
import { integrationRoutes } from "./routes-integrations.js";
import { pluginRoutes } from "./routes-plugins.js";
import { sspmRoutes } from "./routes-sspm.js";
import { ticketRoutes } from "./routes-tickets.js";
import type { Tenant } from "./types.js";

/** Regions that the header may name (pan.dev, SASE "API Call"). */
const regions = ["americas", "au", "ca", "de", "europe", "in", "jp", "sg", "uk"];

/** The vendor's three services and its token endpoint behind one address. */
export function vendorServer(tenant: Tenant, authority: Authority): VendorServer<Needs, ServiceAccount> {
	return {
		world: tenant.world,
		routes: [
			...authority.routes,
			...sspmRoutes(tenant),
			...pluginRoutes(tenant),
			...integrationRoutes(tenant),
			...idpRoutes(tenant),
			...accountRoutes(tenant),
			...ticketRoutes(tenant),
			...iamRoutes(tenant, authority.accounts),
		],
		async admit(call, route) {
			await authority.admit(call, route?.needs);
			checkLicence(tenant, call);
			if (route && !route.needs.open) checkHeaders(tenant, call, route.needs);
		},
		headers: (call) => ({ "X-Request-Id": call.requestId }),
		unknown: (call, allowed) => (allowed ? wrongMethod(call, allowed) : notFound(call, "Resource does not exist")),
		throttled: tooMany,
		badBody: (call) => badInput(call, "Request body is malformed"),
		expiredCursor: (call) => badRequest(call, '"page_token" is invalid'),
		broken: internal,
		cursorParam: "page_token",
		link: (call, cursor) => pagePath(call, cursor),
	};
}

/** What an integrator's published client meets on tenants without the licence: 500 of the SSPM calls, 404 of the identity calls. */
function checkLicence(tenant: Tenant, call: Call): void {
	const { licensed } = tenant.choices;
	if (call.path.startsWith("/sspm/api/") && (licensed === "identity" || licensed === "none")) throw internal(call);
	if (call.path.startsWith("/sspm/identity/") && (licensed === "sspm" || licensed === "none")) throw notFound(call, "Resource does not exist");
}

function checkHeaders(tenant: Tenant, call: Call, needs: Needs): void {
	const { choices } = tenant;
	const region = call.headers["x-panw-region"];
	if (region !== undefined && (choices.regionHeader === "refused" || !regions.includes(String(region)))) {
		throw badInput(call, `Header "X-PANW-Region" is not valid here`);
	}
	const name = call.headers["x-ps-tenant"];
	if (name === undefined && needs.tenantHeader) throw badInput(call, `Required header "x-ps-tenant" is not present`);
	if (name !== undefined && name !== (choices.tenantHeader === "tenant" ? tenant.name : tenant.tsgId)) throw forbidden(call);
}
