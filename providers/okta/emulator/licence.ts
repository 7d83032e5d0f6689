import type { Call } from "./call.js";
import { apiError } from "./errors.js";

/** Products an org may lack. */
export type Product = "identity-threat-protection" | "privileged-access" | "identity-governance" | "user-classification";

/** Refuses what the org has no licence for. @throws ApiError E0000015 */
export function demandLicence(call: Call, product: Product): void {
	if (call.tenant.knobs.unlicensed.includes(product)) throw apiError("E0000015");
}
