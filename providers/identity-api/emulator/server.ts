import type { Call, Route } from "../../../src/emulate/call.js";
import type { VendorServer } from "../../../src/emulate/server.js";
import { act, actions } from "./act.js";
import { badRequest, forbidden, internal, notFound, rateLimited, unauthorized, wrongMethod } from "./errors.js";
import { makeLimiter } from "./limits.js";
import { listIdentities } from "./list.js";
import type { Server, Token } from "./tenant.js";

/** The permission an operation needs. */
type Needs = "identity:read" | "identity:write";

/** The contract's four operations; there is no call for one identity. `limited`: the rate limit is held. */
export function vendorServer(server: Server, limited: boolean): { vendor: VendorServer<Needs, Token>; forget(): void } {
	const limiter = makeLimiter(server.world);
	const routes: Route<Needs, Token>[] = [
		{ method: "GET", template: "/v1/identity", needs: "identity:read", handler: (call) => listIdentities(server, call) },
		...actions.map(
			(action): Route<Needs, Token> => ({
				method: "POST",
				template: `/v1/identity/{id}/${action}`,
				needs: "identity:write",
				handler: (call) => act(server, call, action),
			}),
		),
	];
	const vendor: VendorServer<Needs, Token> = {
		world: server.world,
		routes,
		admit(call, route) {
			const secret = bearer(call);
			const token = server.tokens.find((one) => one.secret === secret);
			if (!token) throw unauthorized(call);
			call.caller = token;
			const wait = limited ? limiter.count(token.secret) : null;
			if (wait !== null) throw rateLimited(call, { "Retry-After": String(wait) });
			if (route && !token.permissions.has(route.needs)) throw forbidden(call, route.needs);
		},
		headers: (call) => ({ "X-Request-Id": call.requestId, ...(limited && call.caller && limiter.headers(call.caller.secret)) }),
		unknown: (call, allowed) => (allowed ? wrongMethod(call, allowed) : notFound(call, "Nothing is served at this path.")),
		throttled: (call) => rateLimited(call, { "RateLimit-Limit": "120", "RateLimit-Remaining": "0", "RateLimit-Reset": "1" }),
		badBody: (call) => badRequest(call, "The body is not JSON."),
		expiredCursor: (call) => badRequest(call, "page[cursor] has expired."),
		broken: internal,
		cursorParam: "page[cursor]",
		link: (_, cursor) => cursor,
	};
	return { vendor, forget: limiter.forget };
}

function bearer(call: Call): string | undefined {
	return /^Bearer (.+)$/i.exec(call.headers.authorization ?? "")?.[1];
}
