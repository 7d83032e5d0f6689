import { idOf } from "./build.js";

/** Who owns a source, an access profile and a role, and so cannot be deleted. */
export const acmeOwner = "peter.lang";

/** Id of somebody of Acme, by the worker's key. */
export function acmeIdentityId(key: string): string {
	return idOf("identity", key);
}
