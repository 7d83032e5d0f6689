import type { Call } from "./call.js";
import { rightsOf } from "./rights.js";
import { resolveUserId } from "./users-find.js";

/** Only super administrators may change an administrator; organization administrators may change all but those. */
export function protects(call: Call): boolean {
	if (call.method === "GET" || call.caller.roles.has("SUPER_ADMIN") || !call.template.startsWith("/api/v1/users/{")) return false;
	const given = call.params.id ?? call.params.userId;
	const id = given === undefined ? undefined : resolveUserId(call, given);
	if (id === undefined || id === call.caller.userId) return false;
	const { roles } = rightsOf(call.tenant.state, "user", id);
	if (roles.size === 0) return false;
	return roles.has("SUPER_ADMIN") || !call.caller.roles.has("ORG_ADMIN");
}
