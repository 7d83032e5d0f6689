import type { Call } from "../../../src/emulate/call.js";
import { Refusal } from "../../../src/emulate/call.js";
import type { VendorServer } from "../../../src/emulate/server.js";
import type { Authority } from "./auth.js";
import type { GraphRoute } from "./collections.js";
import { badQuery, badRequest, clientRequestId, denied, pimError, refusal, signed } from "./errors.js";
import { noAuditScope, notPremium } from "./gate.js";
import { type Limiter, throttled } from "./limits.js";
import { expiredPage } from "./list.js";
import { guid } from "./state.js";
import type { Caller, GraphCall, Needs, Tenant } from "./tenant.js";

const rank = { none: 0, p1: 1, p2: 2 };
const login = /\/oauth2\/v2\.0\/token$/i;

function noScope(needs: Needs): Refusal {
	switch (needs.service) {
		case "policy":
			return refusal(403, "AccessDenied", "You cannot perform the requested operation, required scopes are missing in the token.");
		case "risk":
			return refusal(403, "Forbidden", "You cannot perform the requested operation, required scopes are missing in the token.");
		case "pim":
			return pimError(403, "PermissionScopeNotGranted", `Authorization failed due to missing permission scope ${needs.scopes.join(",")}.`);
		case "audit":
			return noAuditScope(needs.scopes);
		case "methods":
			return refusal(403, "accessDenied", "Request Authorization failed");
		default:
			return denied();
	}
}

function noLicence(needs: Needs): Refusal {
	if (needs.service === "pim")
		return refusal(400, "AadPremiumLicenseRequired", "The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.");
	if (needs.service === "risk") return refusal(403, "Forbidden", "Your tenant is not licensed for this feature.");
	return notPremium();
}

/** What the vendor's gateway does around every operation. */
export function vendorServer(tenant: Tenant, authority: Authority, limiter: Limiter, routes: readonly GraphRoute[]): VendorServer<Needs, Caller> {
	const { world } = tenant;
	const costs = new WeakMap<Call, Record<string, string>>();

	/** The first part of a path that no operation has there. */
	function unknownSegment(path: string): string {
		const parts = path.split("/").filter((part) => part !== "");
		for (let depth = 2; depth <= parts.length; depth++) {
			const head = parts.slice(0, depth);
			const known = routes.some(({ template }) => {
				const own = template.split("/").filter((part) => part !== "");
				return own.length >= depth && head.every((part, at) => own[at]?.startsWith("{") || own[at]?.toLowerCase() === part.toLowerCase());
			});
			if (!known) return parts[depth - 1] ?? "";
		}
		return parts.at(-1) ?? "";
	}

	return {
		world,
		routes: routes.map((route) => ({
			...route,
			handler: async (call) => {
				try {
					return await route.handler(call);
				} catch (error) {
					throw error instanceof Refusal ? signed(error, call, world.now()) : error;
				}
			},
		})),
		caselessPaths: true,
		admit(call, route) {
			try {
				admit(call, route);
			} catch (error) {
				throw error instanceof Refusal ? signed(error, call, world.now()) : error;
			}
		},
		headers: (call): Record<string, string> => {
			if (login.test(call.path)) return { "x-ms-request-id": call.requestId, "x-ms-ests-server": "2.1.1 - EMULATED" };
			const metadata = "odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";
			return {
				"request-id": call.requestId,
				"client-request-id": clientRequestId(call),
				"OData-Version": "4.0",
				...(call.method === "GET" && { "x-ms-metadata-format": metadata }),
				"x-ms-ags-diagnostic": JSON.stringify({ ServerInfo: { DataCenter: "Emulated", Slice: "E", Ring: "1", ScaleUnit: "000", RoleInstance: "EM00000001" } }),
				...costs.get(call),
			};
		},
		unknown(call, allowed) {
			if (allowed)
				return signed(
					refusal(405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.", { Allow: allowed.join(", ") }),
					call,
					world.now(),
				);
			const [, first = ""] = call.path.split("/");
			const version = /^(v1\.0|beta)$/i.test(first);
			return signed(badQuery(version ? `Resource not found for the segment '${unknownSegment(call.path)}'.` : `Invalid version: ${first}`), call, world.now());
		},
		throttled: (call) => signed(throttled({}), call, world.now()),
		badBody: (call) =>
			signed(
				call.badBody === "json"
					? badQuery("Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.")
					: badRequest("Write requests (excluding DELETE) must contain the Content-Type header declaration."),
				call,
				world.now(),
			),
		expiredCursor: (call) => signed(expiredPage(), call, world.now()),
		broken: (call) => signed(refusal(500, "UnknownError", "The server has met an unexpected condition."), call, world.now()),
		cursorParam: "$skiptoken",
		link: (call, cursor) => {
			// A delta's state is all in its token.
			const kept = /\/(microsoft\.graph\.)?delta(\(\))?$/i.test(call.path) ? [] : [...call.query].filter(([name]) => name.toLowerCase() !== "$skiptoken");
			const options = kept.map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
			return `${call.base}${call.path}?${[...options, `$skiptoken=${cursor}`].join("&")}`;
		},
	};

	function admit(call: GraphCall, route: { needs: Needs } | null): void {
		if (login.test(call.path)) return;
		call.caller = authority.caller(call);
		if (!route) return;
		const { needs } = route;
		costs.set(call, limiter.spend(call, call.caller.client.appId, needs));
		const { scopes } = call.caller;
		if (needs.scopes.length > 0 && !needs.scopes.some((scope) => scopes.has(scope))) throw noScope(needs);
		if (needs.licence && rank[tenant.licences] < rank[needs.licence]) throw noLicence(needs);
	}
}

/** Ids that follow from what has been made so far, so that they are the same in every run. */
export function newId(tenant: Tenant, kind: string): string {
	return guid(tenant.state.seed, "made", kind, ++tenant.made);
}
