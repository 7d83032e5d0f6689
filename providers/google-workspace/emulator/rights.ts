import type { Call, Handler, Route } from "../../../src/emulate/call.js";
import type { Grant } from "./auth.js";
import { forbidden, isModern, legacy, modern, scopeMissing, unauthenticated } from "./errors.js";
import { full } from "./scopes.js";
import type { AssignmentBody, Tenant } from "./types.js";

export interface Needs {
	service: string;
	/** Any of these opens the operation; none: no token is looked at. */
	scopes: readonly string[];
	/** Privilege that a delegated administrator's role must hold; `SUPER` for super administrators alone. Null: nobody's role is asked. */
	privilege: string | null;
}

export type Operation = Route<Needs, Grant>;
export type Work = Handler<Grant>;

/** Roles of one holder: direct, or through groups. */
export function rolesOf(tenant: Tenant, id: string): AssignmentBody[] {
	const { state, world } = tenant;
	const now = world.now();
	const groups = [...state.groups.values()].filter(({ members }) => members.has(id)).map((group) => group.id);
	const holders = new Set([id, ...groups]);
	return [...state.assignments.values()].filter(
		({ assignedTo, expirationDetails }) => holders.has(assignedTo) && !(expirationDetails?.expireTime && Date.parse(expirationDetails.expireTime) < now),
	);
}

function may(tenant: Tenant, grant: Grant, privilege: string): boolean {
	const held = rolesOf(tenant, grant.subject?.id ?? grant.account.uniqueId).map(({ roleId }) => tenant.state.roles.get(roleId));
	if (held.some((role) => role?.isSuperAdminRole)) return true;
	if (privilege === "SUPER") return false;
	const whole = privilege.replace(/_[A-Z]+$/, "_ALL");
	return held.some((role) => role?.rolePrivileges?.some(({ privilegeName }) => privilegeName === privilege || privilegeName === whole));
}

/** Checks token, scope and the administrator's role, in the vendor's order. */
export function admit(tenant: Tenant, tokens: ReadonlyMap<string, Grant>, call: Call<Grant>, needs: Needs | undefined): void {
	if (needs?.scopes.length === 0) return;
	const header = call.headers.authorization;
	const sent = /^Bearer\s+(.+)$/i.exec(header ?? "")?.[1] ?? call.query.get("access_token");
	const grant = sent ? tokens.get(sent) : undefined;
	if (!needs) {
		if (grant) call.caller = grant;
		return;
	}
	if (!grant || grant.expires <= tenant.world.now()) throw unauthenticated(call, header !== undefined);
	call.caller = grant;
	if (!needs.scopes.some((scope) => grant.scopes.includes(full(scope)))) throw scopeMissing(call, needs.service);
	if (tenant.choices.apisOff) throw legacy(403, "domainCannotUseApis", "Domain cannot use apis.");
	if (needs.privilege === null || grant.signer) return;
	// The subject as it is now: a suspended or demoted administrator loses its rights at once.
	const subject = grant.subject && tenant.state.users.get(grant.subject.id);
	const gone = grant.subject !== null && (!subject || subject.deleted !== null || subject.body.suspended || subject.body.archived);
	if (gone || !may(tenant, grant, needs.privilege)) throw isModern(call.path) ? modern(403, "The caller does not have permission") : forbidden();
}
