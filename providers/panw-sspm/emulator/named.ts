import { type Call, param } from "../../../src/emulate/call.js";
import { notFound } from "./errors.js";
import type { Idp, Instance, Tenant } from "./types.js";

/** The vendor's word list `Feature` of the identity calls. */
export const features = ["ENROLLMENT", "ACTIVITY", "LOGOUT", "IDENTITY_NHI", "IDENTITY_ACTIVITY"];

/** The instance that the path names. @throws Refusal 404 */
export function instanceIn(tenant: Tenant, call: Call): Instance {
	const found = tenant.world.seen(tenant.state.instances, param(call, "saasInstanceId"));
	if (!found) throw notFound(call, "SaaS instance does not exist");
	return found;
}

/** The identity provider that the path names. @throws Refusal 404 */
export function idpIn(tenant: Tenant, call: Call): Idp {
	const found = tenant.world.seen(tenant.state.idps, param(call, "idpId"));
	if (!found) throw notFound(call, "Identity provider does not exist");
	return found;
}
